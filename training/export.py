"""A training checkpoint -> a model folder in the official Ovis2 layout, weights in bfloat16."""
import argparse
import copy
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from .config import EMBED_SCALE, MODEL
from .four_bits import round_weights
from .model import Ovis, OvisConfig
from .paths import CHECKPOINT, FIXTURE
from .stage_paper import STAGES
from .tokenizer import tokenizer
from .trainer import load_model

MAX_LENGTH = 2048
QWEN_TEMPLATE = (  # the plain template of Qwen; Ovis2 builds its prompt in code, see prompt.py
    "{% if messages[0]['role'] != 'system' %}{{ '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}{% endif %}"
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


def fixture(name):
    return json.loads((FIXTURE / name).read_text())


def config_json(c, ids):
    """The official file, key for key, with our dimensions."""
    out = copy.deepcopy(fixture("config.json"))
    pad, end = ids["<|endoftext|>"], ids["<|im_end|>"]
    out |= {"hidden_size": c.language.hidden_size, "multimodal_max_length": MAX_LENGTH, "torch_dtype": "bfloat16"}
    out["llm_config"] |= {k: getattr(c.language, k) for k in c.language.__dataclass_fields__}
    out["llm_config"] |= {"bos_token_id": pad, "eos_token_id": end, "max_position_embeddings": MAX_LENGTH,
                          "max_window_layers": c.language.num_hidden_layers, "torch_dtype": "bfloat16"}
    visual = out["visual_tokenizer_config"]
    visual |= {"vocab_size": c.vision.vocab_size, "hidden_stride": c.vision.hidden_stride}
    visual["backbone_config"] |= {k: getattr(c.vision, k) for k in visual["backbone_config"] if k in c.vision.__dataclass_fields__}
    return out


def write_tokenizer(folder):
    t = tokenizer()
    full = json.loads(t.to_str())
    official = fixture("tokenizer.json")
    full["decoder"] = official["decoder"]
    full["model"] |= {"continuing_subword_prefix": "", "end_of_word_suffix": ""}
    write(folder / "tokenizer.json", full)
    model = full["model"]
    (folder / "vocab.json").write_text(json.dumps(model["vocab"], ensure_ascii=False))
    merges = [m if isinstance(m, str) else " ".join(m) for m in model["merges"]]
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n")
    ids = {content: t.token_to_id(content) for content in fixture("added_tokens.json")}
    write(folder / "added_tokens.json", dict(sorted(ids.items())))
    write(folder / "special_tokens_map.json", fixture("special_tokens_map.json"))
    config = fixture("tokenizer_config.json")
    decoder = {str(ids[v["content"]]): v for v in config["added_tokens_decoder"].values()}
    config |= {"added_tokens_decoder": decoder, "model_max_length": MAX_LENGTH, "chat_template": QWEN_TEMPLATE}
    write(folder / "tokenizer_config.json", config)
    return ids


def write(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def export(model, folder=CHECKPOINT):
    """`model` may still carry the training parametrisation; it is folded here."""
    folder.mkdir(parents=True, exist_ok=True)
    c = model.config
    ids = write_tokenizer(folder)
    assert max(ids.values()) < c.language.vocab_size
    write(folder / "config.json", config_json(c, ids))
    side = c.vision.image_size
    write(folder / "preprocessor_config.json",
          fixture("preprocessor_config.json") | {"crop_size": {"height": side, "width": side}, "size": {"shortest_edge": side}})
    pad, end = ids["<|endoftext|>"], ids["<|im_end|>"]
    write(folder / "generation_config.json", {
        "bos_token_id": pad, "do_sample": False, "eos_token_id": [end, pad], "max_partition": 1, "multimodal_max_length": MAX_LENGTH,
        "pad_token_id": pad, "repetition_penalty": 1.0, "temperature": 1.0, "top_k": 50, "top_p": 1.0,
        "transformers_version": fixture("generation_config.json")["transformers_version"]})
    weights = {k: v.to(torch.bfloat16).contiguous() for k, v in model.fold_scale().state_dict().items()}
    weights["llm.lm_head.weight"] = weights["llm.model.embed_tokens.weight"].clone()  # stored as well, as in the released files
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)


def load_exported(folder=CHECKPOINT):
    """bfloat16 weights, float32 arithmetic."""
    model = Ovis(OvisConfig.from_json(folder / "config.json"))
    weights = {k: v.float() for k, v in load_file(folder / "model.safetensors").items() if k != "llm.lm_head.weight"}
    model.load_state_dict(weights, strict=True)
    return model.eval()


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--vision", default="stage3", help="stage whose vision tower and head are taken")
    p.add_argument("--language", default="stage3", help="stage whose language model and table are taken")
    p.add_argument("--folder", type=Path, default=CHECKPOINT)
    a = p.parse_args()
    model = Ovis(MODEL, EMBED_SCALE)
    load_model(model, a.vision, ("visual_tokenizer",))
    load_model(model, a.language, ("llm", "vte"))
    if STAGES.get(a.language, {}).get("four_bits"):
        round_weights(model)
    export(model, a.folder)
    print(sum(f.stat().st_size for f in a.folder.iterdir()), "bytes in", a.folder)
