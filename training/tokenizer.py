"""Byte-level BPE of about 1,000 tokens in Qwen2's format. Text read from a picture is spelled in single-byte tokens while training."""
import json
import re
from functools import lru_cache

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from tokenizers import Regex

from .paths import FIXTURE, RUNS
from .prompt import SYSTEM

SPLIT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
VOCABULARY = 1000  # with the special tokens; the language model has 1024 rows
PATH = RUNS / "tokenizer.json"


def specials():
    """Qwen2's added tokens in the order of the official file -> [(content, special)]"""
    config = json.loads((FIXTURE / "tokenizer_config.json").read_text())
    return [(v["content"], v["special"]) for _, v in sorted(config["added_tokens_decoder"].items(), key=lambda kv: int(kv[0]))]


def corpus(n=6000):
    from .dialogue import NO_PICTURE, TALK, change, pair
    from .scene import scene

    for i in range(n):
        for _, q, a, spelled in scene(10_000_000 + i).qa:
            yield q
            yield (re.sub('".*"', '""', a) if '"' in a else "") if spelled else a
    for i in range(n // 10):
        for _, q, a, spelled in pair(20_000_000 + i)[1] + change(30_000_000 + i)[1]:
            yield q
            yield "" if spelled else a
    for _ in range(50):
        yield f"system\n{SYSTEM}\nuser\nassistant\nImage 1: \nImage 2: \n"
        yield NO_PICTURE
        for questions, answer in TALK:
            yield from questions
            yield answer


def build():
    t = Tokenizer(models.BPE())
    t.normalizer = normalizers.NFC()
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(SPLIT), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False, trim_offsets=False)])
    t.decoder = decoders.ByteLevel(add_prefix_space=False, use_regex=False, trim_offsets=False)
    t.post_processor = processors.ByteLevel(add_prefix_space=False, use_regex=False, trim_offsets=False)
    extra = specials()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    t.train_from_iterator(corpus(), trainers.BpeTrainer(vocab_size=VOCABULARY - len(extra), min_frequency=2, initial_alphabet=alphabet, show_progress=False))
    t.add_tokens([AddedToken(c, normalized=False, special=False) if not s else AddedToken(c, normalized=False, special=True) for c, s in extra])
    t.save(str(PATH))
    return t


@lru_cache
def tokenizer():
    return Tokenizer.from_file(str(PATH)) if PATH.exists() else build()


@lru_cache
def token_id(content):
    return tokenizer().token_to_id(content)


@lru_cache
def byte_ids():
    """Byte -> id of its one-byte token."""
    printable = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    table, spare = {}, 0
    for b in range(256):
        c = chr(b)
        if b not in printable:
            c = chr(256 + spare)
            spare += 1
        table[b] = tokenizer().token_to_id(c)
    return table


@lru_cache(200_000)
def encode(text):
    return tuple(tokenizer().encode(text, add_special_tokens=False).ids)


def spell(text):
    return tuple(byte_ids()[b] for b in text.encode())


def encode_answer(answer, spelled):
    """The quoted part of a spelled answer, or all of it, in single bytes."""
    if not spelled:
        return encode(answer)
    if '"' in answer:
        before, inside, after = re.match('(.*?")(.*)(".*)', answer).groups()
        return encode(before) + spell(inside) + encode(after)
    return spell(answer)


def decode(ids):
    return tokenizer().decode(list(ids), skip_special_tokens=True)
