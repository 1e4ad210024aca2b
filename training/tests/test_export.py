"""The exported folder loads again, and its tokenizer gives the ids of training."""
import json

import pytest
from tokenizers import Tokenizer

from training.paths import CHECKPOINT, FIXTURE

if not (CHECKPOINT / "model.safetensors").exists():
    pytest.skip("no checkpoint", allow_module_level=True)

from training.export import load_exported


def test_weights_match_config():
    model = load_exported()  # strict
    assert model.visual_tokenizer.backbone.trunk.post_trunk_norm.weight.eq(1).all()


def test_tokenizer_like_qwen2():
    ours, official = (json.loads((d / "tokenizer.json").read_text()) for d in (CHECKPOINT, FIXTURE))
    for key in ("normalizer", "pre_tokenizer", "decoder", "post_processor"):
        assert ours[key] == official[key]
    t = Tokenizer.from_file(str(CHECKPOINT / "tokenizer.json"))
    text = "<|im_start|>user\nWhat does it say? Ünïcode 12<|im_end|>\n"
    ids = t.encode(text, add_special_tokens=False).ids
    assert t.decode(ids, skip_special_tokens=False) == text
    config = json.loads((CHECKPOINT / "config.json").read_text())
    assert max(t.get_vocab().values()) < config["llm_config"]["vocab_size"]
    generation = json.loads((CHECKPOINT / "generation_config.json").read_text())
    assert generation["eos_token_id"] == [t.token_to_id("<|im_end|>"), t.token_to_id("<|endoftext|>")]
    assert generation["do_sample"] is False


def test_same_keys_as_official_files():
    def keys(value):
        return {k: keys(v) for k, v in value.items()} if isinstance(value, dict) else None

    read = lambda folder, name: json.loads((folder / name).read_text())
    assert keys(read(CHECKPOINT, "config.json")) == keys(read(FIXTURE, "config.json"))
    for name in ("preprocessor_config.json", "special_tokens_map.json", "added_tokens.json"):
        assert keys(read(CHECKPOINT, name)) == keys(read(FIXTURE, name))
