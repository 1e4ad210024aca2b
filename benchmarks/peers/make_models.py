"""Random weights of Ovis2-1B's shape in the form that each peer reads: make_models.py KIND FOLDER [REQUEST]."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

LANGUAGE = {
    "hidden_size": 896,
    "intermediate_size": 4864,
    "num_hidden_layers": 24,
    "num_attention_heads": 14,
    "num_key_value_heads": 2,
    "max_position_embeddings": 32768,
    "rms_norm_eps": 1e-6,
    "rope_theta": 1e6,
    "vocab_size": 151936,
    "tie_word_embeddings": False,
}


def checkpoint(folder: Path, request: dict) -> None:
    """The language model as transformers saves it, in bfloat16, with the tokenizer files of the family."""
    import torch
    from transformers import Qwen2Config, Qwen2ForCausalLM

    torch.manual_seed(0)
    torch.set_default_dtype(torch.bfloat16)
    model = Qwen2ForCausalLM(Qwen2Config(**LANGUAGE, bos_token_id=151643, eos_token_id=151645))
    model.save_pretrained(folder)
    for file in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(Path(request["tokenizer"]) / file, folder / file)


def gguf(folder: Path, request: dict) -> None:
    """Q4_0 with a Q8_0 head, as llama.cpp's own quantiser stores this shape (896 is not a multiple of 256)."""
    import numpy
    from gguf import GGMLQuantizationType, GGUFWriter

    source = numpy.random.default_rng(0)
    writer = GGUFWriter(str(folder / "model.gguf"), "qwen2")
    writer.add_context_length(LANGUAGE["max_position_embeddings"])
    writer.add_embedding_length(LANGUAGE["hidden_size"])
    writer.add_block_count(LANGUAGE["num_hidden_layers"])
    writer.add_feed_forward_length(LANGUAGE["intermediate_size"])
    writer.add_head_count(LANGUAGE["num_attention_heads"])
    writer.add_head_count_kv(LANGUAGE["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(LANGUAGE["rms_norm_eps"])
    writer.add_rope_freq_base(LANGUAGE["rope_theta"])
    writer.add_file_type(2)
    tokenizer = json.loads((Path(request["tokenizer"]) / "tokenizer.json").read_text())
    vocabulary = {word: identity for word, identity in tokenizer["model"]["vocab"].items()}
    special = {token["id"]: token["content"] for token in tokenizer["added_tokens"]}
    words = {identity: word for word, identity in vocabulary.items()} | special
    size = LANGUAGE["vocab_size"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list([words.get(identity, f"[PAD{identity}]") for identity in range(size)])
    writer.add_token_types([3 if identity in special else 1 if identity in words else 5 for identity in range(size)])
    merges = tokenizer["model"]["merges"]
    writer.add_token_merges([merge if isinstance(merge, str) else " ".join(merge) for merge in merges])
    writer.add_bos_token_id(151643)
    writer.add_eos_token_id(151645)

    def quantised(name: str, rows: int, columns: int, bits: int) -> None:
        kind = GGMLQuantizationType.Q4_0 if bits == 4 else GGMLQuantizationType.Q8_0
        block = numpy.dtype([("scale", "<f2"), ("codes", "u1", (4 * bits,))])
        blocks = numpy.empty((rows, columns // 32), block)
        blocks["codes"] = source.integers(0, 256, (rows, columns // 32, 4 * bits), numpy.uint8)
        blocks["scale"] = 0.02 / 4.6 if bits == 4 else 0.02 / 74
        writer.add_tensor(name, blocks.view(numpy.uint8).reshape(rows, -1), raw_dtype=kind)

    def plain(name: str, values) -> None:
        writer.add_tensor(name, values.astype(numpy.float32))

    hidden, wide = LANGUAGE["hidden_size"], LANGUAGE["intermediate_size"]
    key_value = hidden // LANGUAGE["num_attention_heads"] * LANGUAGE["num_key_value_heads"]
    quantised("token_embd.weight", size, hidden, 4)
    for layer in range(LANGUAGE["num_hidden_layers"]):
        block = f"blk.{layer}"
        plain(f"{block}.attn_norm.weight", numpy.ones(hidden))
        plain(f"{block}.ffn_norm.weight", numpy.ones(hidden))
        for name, rows in (("q", hidden), ("k", key_value), ("v", key_value)):
            quantised(f"{block}.attn_{name}.weight", rows, hidden, 4)
            plain(f"{block}.attn_{name}.bias", source.normal(0, 0.02, rows))
        quantised(f"{block}.attn_output.weight", hidden, hidden, 4)
        quantised(f"{block}.ffn_gate.weight", wide, hidden, 4)
        quantised(f"{block}.ffn_up.weight", wide, hidden, 4)
        quantised(f"{block}.ffn_down.weight", hidden, wide, 4)
    plain("output_norm.weight", numpy.ones(hidden))
    quantised("output.weight", size, hidden, 8)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def genai(folder: Path, request: dict) -> None:
    """The graph that onnxruntime-genai's own builder makes: int4 in blocks of 32, grouped-query attention."""
    options = ["int4_block_size=32", "int4_accuracy_level=4", "prune_lm_head=true"]
    builder = [sys.executable, "-m", "onnxruntime_genai.models.builder"]
    files = ["-i", request["checkpoint"], "-o", str(folder), "-c", str(folder / "cache"), "-p", "int4", "-e", "cpu"]
    subprocess.run([*builder, *files, "--extra_options", *options], check=True)
    shutil.rmtree(folder / "cache", ignore_errors=True)


def transformers_js(folder: Path, request: dict) -> None:
    """The same graph under the names that transformers.js looks for; hard links, so the weights are there once."""
    import onnx

    source, target = Path(request["genai"]), folder / "model"
    (target / "onnx").mkdir(parents=True)
    graph = onnx.load(source / "model.onnx", load_external_data=False)
    for tensor in graph.graph.initializer:
        for entry in tensor.external_data:
            if entry.key == "location":
                entry.value = "model_q4.onnx_data"
    head_size = LANGUAGE["hidden_size"] // LANGUAGE["num_attention_heads"]
    for cache in [*graph.graph.input, *graph.graph.output]:
        for dimension in cache.type.tensor_type.shape.dim:
            if dimension.dim_param == "kv_cache_dim":  # transformers.js takes symbols for 0
                dimension.dim_value = head_size
    onnx.save(graph, target / "onnx" / "model_q4.onnx")
    os.link(source / "model.onnx.data", target / "onnx" / "model_q4.onnx_data")
    for file in ("config.json", "generation_config.json"):
        shutil.copy(Path(request["checkpoint"]) / file, target / file)
    for file in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(source / file, target / file)


def openvino(folder: Path, request: dict) -> None:
    """What `optimum-cli export openvino --weight-format int4` makes (head and table in 8 bits)."""
    from openvino import save_model
    from openvino_tokenizers import convert_tokenizer
    from optimum.intel import OVModelForCausalLM, OVWeightQuantizationConfig
    from transformers import AutoTokenizer

    quantisation = OVWeightQuantizationConfig(bits=4, sym=False, group_size=128, ratio=1.0)
    model = OVModelForCausalLM.from_pretrained(
        request["checkpoint"], export=True, compile=False, quantization_config=quantisation
    )
    model.save_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(request["checkpoint"])
    encode, decode = convert_tokenizer(tokenizer, with_detokenizer=True)
    save_model(encode, folder / "openvino_tokenizer.xml")
    save_model(decode, folder / "openvino_detokenizer.xml")


KINDS = {
    "checkpoint": checkpoint,
    "gguf": gguf,
    "genai": genai,
    "transformers-js": transformers_js,
    "openvino": openvino,
}


def main() -> None:
    kind, target, *rest = sys.argv[1:]
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    draft = Path(f"{target}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    KINDS[kind](draft, json.loads(rest[0]) if rest else {})
    draft.rename(target)


if __name__ == "__main__":
    main()
