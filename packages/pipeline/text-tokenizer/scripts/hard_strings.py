"""Strings that tokenizers disagree about."""

import random
import unicodedata

SPECIALS = [
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|image_pad|>", "<|video_pad|>", "<|vision_start|>", "<tool_call>",
    "</tool_call>", "<tool_response>", "</tool_response>", "<think>", "</think>", "<|fim_prefix|>", "<|box_start|>",
    "<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>", "<|eom_id|>", "<|python_tag|>", "<|start_header_id|>",
    "<|end_header_id|>", "<|reserved_special_token_7|>", "<bos>", "<eos>", "<pad>", "<unk>", "<mask>", "<start_of_turn>",
    "<end_of_turn>", "<unused3>", "[@BOS@]", "<2mass>", "<h1>", "</h1>", "<code>", "</td>", "<blockquote>", "<0x0A>",
    "<0x41>", "<0xFF>", "<image>", "<video>", "<s>", "</s>", "[INST]",
]
PARTS_OF_SPECIALS = ["<|", "|>", "<|im_", "start|>", "<think", "</", "<start_of", "_turn>", "<|eot_id", "<0x", "\u2581", "<|im_start|"]
CONTRACTIONS = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"]
WORDS = (
    "the of and image square red blue describe what is shown in picture how many internationalization counter "
    "I you they we It He don can won isn naïve café façade Zürich straße İstanbul ğüş ŁÓDŹ "
    "не знаю Привет мир Ελληνικά λόγος שלום עולם مرحبا بالعالم العربية فارسی नमस्ते दुनिया क्षत्रिय தமிழ் ไทยภาษา "
    "ខ្មែរ မြန်မာ ქართული Հայերեն አማርኛ 한국어 안녕하세요 日本語 こんにちは カタカナ 图片 里有 什么 繁體 漢字 𠮷野家 "
    "ﬁnancial Ⅷ ① ½ ² x₂ ﬀ ㎏ ㍿ Å Å Ω Ω ſ K"
).split(" ")
EMOJI = [
    "😀", "👍🏽", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🧑🏿‍🚀", "❤️", "❤", "☺️", "🇩🇪", "🇺🇸🇫🇷", "🇦", "1️⃣", "#️⃣", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "👨‍❤️‍💋‍👨", "🤦🏼‍♂️", "🫠", "⚡", "™", "©️", "🀄", "🔥🔥🔥", "\u200d", "\ufe0f", "\U0001f3fd",
]
SPACES = [" ", "  ", "   ", "\t", "\n", "\r", "\r\n", "\n\n", "\n \n", " \n", "\n ", "\u00a0", "\u3000", "\u2003", "\u2028", "\u2029", "\u0085",
          "\u1680", "\u200b", "\ufeff", "\u000b", "\u000c", "\u001c", "\u180e", "\u202f", "\u2060", "\u2581"]
DIGITS = ["0", "7", "42", "123", "1234", "1234567", "3.14159", "1,000,000", "1e-9", "0xFF", "٣٤٥", "१२३", "１２３", "๑๒", "²³", "Ⅻ", "½", "𝟙𝟚", "2024-05-31", "12:30"]
PUNCTUATION = list(".,;:!?'\"()[]{}<>/\\|@#$%^&*-_=+~`") + ["...", "…", "—", "–", "«", "»", "„", "“", "”", "’", "‘", "、", "。", "？", "！", "·", "•", "¿", "§", "€", "£", "₹", "→", "⇒", "∀", "≠", "∑", "█", "░", "::", "->", "=>", "!=", "/*", "*/", "//", "```", "##", "&&", "||", "<!--", "-->"]
CODE = [
    "def f(x):\n    return x ** 2\n", "for (let i = 0; i < n; i++) {\n\t\tsum += a[i];\n}", "#include <stdio.h>\r\nint main(void) { return 0; }\r\n",
    "SELECT * FROM t WHERE a='b' AND c IS NOT NULL;", "<div class=\"a\">&nbsp;<br/></div>", "const {a, ...rest} = await f?.(x ?? y);",
    "{\"key\": [1, 2.5, null, true], \"s\": \"\\u00e9\\n\"}", "https://example.org/a/b.html?q=1&r=%20#top", "user@example.com", "C:\\Users\\me\\file.txt",
    "$\\frac{a}{b} + \\sum_{i=0}^{n} x_i^2$", "if x:\n        pass\n    else:\n\n\n        raise ValueError('no')", "snake_case camelCase PascalCase SCREAMING_CASE kebab-case",
    "| a | b |\n|---|---|\n| 1 | 2 |\n", "  - item\n    - nested\n", "\x1b[31mred\x1b[0m", "a\x00b", "git commit -m \"it's\" && echo $?",
]
COMBINING = ["\u0301", "\u0308", "\u0323", "\u0327", "\u030a", "\u0345", "\u093c", "\u05b0", "\u064b", "\u0e34", "\u3099", "\u309a", "\u20dd", "\u0338"]
BASES = list("aeiouAEIOUnNcCsSyzgkd") + ["か", "は", "ウ", "क", "ש", "ب", "ก", "Ω", "α", "я", "ﬁ", "=", "<", "∈", " "]
# Compositions, exclusions from composition, singletons, Hangul from letters, reordering of marks.
NFC = [
    "e\u0301", "\u00e9", "e\u0323\u0301", "e\u0301\u0323", "\u1e9b\u0323", "\u0958", "\u0915\u093c", "\u212b", "\u2126", "\u212a", "\u1100\u1161\u11a8",
    "\uac00\u11a8", "\u1100\u1161", "\ufb1d", "\u05d9\u05b4", "\uf900", "\U0002f800", "\u0344", "\u0374", "\u037e", "\u0387", "\u2000", "\u2001", "\u2329", "\u0340",
    "\u0343", "a\u0315\u0300\u05ae\u0300\u0062", "\u03b1\u0345\u0301", "\u0f71\u0f72", "\u0f73", "\u1b05\u1b35", "q\u0307\u0323", "\u304b\u3099", "\u0fb2\u0f80",
    "\u2adc", "\U0001d15e", "\u09c7\u09be", "\u0cc6\u0cc2\u0cd5", "<\u0338", "=\u0338", "\u00c5", "A\u030a", "ﬁ", "ﷺ", "ﾊﾟ", "ｱ", "㌀",
]
RANGES = [(0x20, 0x7e), (0xa0, 0xff), (0x100, 0x24f), (0x370, 0x3ff), (0x400, 0x4ff), (0x590, 0x5ff), (0x600, 0x6ff), (0x900, 0x97f), (0xe00, 0xe7f), (0x1100, 0x11ff),
          (0x1e00, 0x1fff), (0x2000, 0x206f), (0x20a0, 0x22ff), (0x2500, 0x27bf), (0x3040, 0x30ff), (0x4e00, 0x9fff), (0xac00, 0xd7a3), (0xf900, 0xffff), (0x10000, 0x1ffff), (0x20000, 0x2a6df)]
LONE_SURROGATES = ["\ud83d", "\ude00", "\udfff", "\ud800"]


def hand_strings() -> list[str]:
    """Each piece alone and in a few surroundings."""
    single = SPECIALS + PARTS_OF_SPECIALS + WORDS + EMOJI + SPACES + DIGITS + PUNCTUATION + CODE + COMBINING + NFC
    cases = [word + variant for word in ["It", "don", "WE", "x", "5", ""] for short in CONTRACTIONS
             for variant in (short, short.upper(), short.title(), short.replace("'", "’"))]
    odd_cases = ["it'ſ", "'ſ", "x'ſt", "DON'T'VE", "'LL'll'Ll'lL", "''s", "' s", "'S's", "don''t", "I'm'm", "they'Re", "y'all'd've", "ſ'S", "K's"]
    surrogates = LONE_SURROGATES + [f"a{each}b" for each in LONE_SURROGATES] + ["\ude00\ud83d", "\ud83d\ud83d\ude00", "😀\ude00", "\ud83d 😀"]
    long = [
        "a" * 3000, "ab" * 800, "é" * 700, "图" * 500, "😀" * 200, " " * 1000, "\n" * 600, "\t" * 300, "\r\n" * 200, "0" * 1000, "1234567890" * 60, "=" * 500,
        "-" * 257, "a " * 400, "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "antidisestablishmentarianism" * 12,
        "สวัสดีชาวโลก" * 30, "e\u0301" * 300, "a" + "\u0301" * 200, "<" * 300, "'s" * 200, "\u200d" * 100, "\ufffd" * 50, " \n" * 150, "x" * 40 + " " * 40 + "\n" * 40,
    ]
    around = [template.format(each) for each in SPECIALS for template in ("a{}b", " {} ", "{0}{0}", "\n{}\n", "é{}\u0301")]
    spaces = [f"a{first}{second}b" for first in SPACES for second in (" ", "\n", first)]
    fixed = ["", "Describe this image in detail.", "\u0000", "\u007f", "\ufeffBOM", "__proto__", "constructor", "toString", "\u2581\u2581a", "a\u2581b", " a", "a ", "  a", "a  "]
    return list(dict.fromkeys(fixed + single + cases + odd_cases + surrogates + long + around + spaces))


def generated_strings(rng: random.Random, count: int) -> list[str]:
    """Mixtures of the pieces above and random characters."""
    makers = [mixture, mixture, mixture, words, spaced, code_lines, marks, characters, characters, contractions, specials]
    return [rng.choice(makers)(rng) for _ in range(count)]


def mixture(rng: random.Random) -> str:
    pools = rng.sample([WORDS, EMOJI, SPACES, DIGITS, PUNCTUATION, NFC, COMBINING, SPECIALS, PARTS_OF_SPECIALS, CONTRACTIONS, LONE_SURROGATES], 4)
    return "".join(rng.choice(rng.choice(pools)) for _ in range(rng.randrange(2, 14)))


def words(rng: random.Random) -> str:
    def one() -> str:
        word = rng.choice(WORDS)
        return rng.choice([word, word, word.upper(), word.title(), word + rng.choice(CONTRACTIONS), word + rng.choice(DIGITS), rng.choice(PUNCTUATION) + word])

    return rng.choice([" ", " ", "", "  ", "\n"]).join(one() for _ in range(rng.randrange(1, 10)))


def spaced(rng: random.Random) -> str:
    return "".join(rng.choice(SPACES) * rng.randrange(1, 6) + rng.choice([*"aB1.-'", "图", "", "é"]) for _ in range(rng.randrange(1, 10)))


def code_lines(rng: random.Random) -> str:
    return "".join(" " * rng.randrange(0, 13) + rng.choice(CODE) + rng.choice(["\n", "\r\n", "\n\n", "  \n", ""]) for _ in range(rng.randrange(1, 3)))


def marks(rng: random.Random) -> str:
    return "".join(rng.choice(BASES) + "".join(rng.choice(COMBINING) for _ in range(rng.randrange(0, 4))) for _ in range(rng.randrange(1, 9)))


def characters(rng: random.Random) -> str:
    ranges = rng.sample(RANGES, rng.randrange(1, 4))
    return "".join(assigned(rng, *rng.choice(ranges)) for _ in range(rng.randrange(1, 18)))


def assigned(rng: random.Random, first: int, last: int) -> str:
    while True:
        character = chr(rng.randint(first, last))
        if unicodedata.category(character) not in ("Cn", "Cs", "Co"):
            return character


def contractions(rng: random.Random) -> str:
    def short() -> str:
        return "".join(rng.choice([each.lower(), each.upper()]) for each in rng.choice(CONTRACTIONS))

    return "".join(rng.choice(["I", "they", "WON", "é", " ", "1", "'", "\n", "_", "图", ""]) + short() for _ in range(rng.randrange(1, 7)))


def specials(rng: random.Random) -> str:
    return "".join(rng.choice([*SPECIALS, *SPECIALS, *PARTS_OF_SPECIALS, " ", "\n", "a", "user\n", "\u0301", "é", "▁"]) for _ in range(rng.randrange(2, 9)))
