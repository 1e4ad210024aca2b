"""Golden cases of the exported checkpoint: bfloat16 weights, float32 arithmetic (same format as the fixtures in packages/testing)."""
import json
import shutil

import torch
from PIL import Image
from safetensors.torch import save_file

from .export import load_exported
from .paths import EXAMPLES, GOLDEN
from .preprocess import placeholders, preprocess
from .prompt import prompt_ids, render
from .tokenizer import token_id, tokenizer

CASES = {  # name -> (images, query)
    "single-shapes": (["shapes.png"], "<image>\nDescribe the picture."),
    "single-wide": (["wide.png"], "<image>\nWhat does the text say?"),
    "two-images": (["icon.png", "shapes.png"], "Image 1: <image>\nImage 2: <image>\nWhat is in image 1?"),
}
SMALL = {"single-wide", "two-images"}  # these leave out the bulky intermediate tensors; the second also the pixels


@torch.no_grad()
def golden_case(model, name, files, query, folder):
    text = render(query)
    views = [preprocess(Image.open(GOLDEN / "images" / f), 128, 1) for f in files]
    pixels = torch.cat([p for p, _ in views])
    tok = model.visual_tokenizer
    features = tok.backbone(pixels)
    merged = tok.merge(features)
    logits = tok.head(merged)
    probs = torch.softmax(logits, -1)
    visual = model.visual_embeds(probs)
    ids = torch.tensor(prompt_ids(tokenizer(), text, [placeholders(g) for _, g in views]))
    embeds = model.embed(ids[None], list(visual))
    hidden = model.hidden(embeds)
    prefill = model.llm.logits(hidden[0, -1])

    x, greedy, gaps = embeds, [], []
    for _ in range(24):
        step = model.llm.logits(model.hidden(x)[0, -1])
        top = step.topk(2).values
        gaps.append((top[0] - top[1]).item())
        greedy.append(step.argmax().item())
        x = torch.cat((x, model.llm.model.embed_tokens(torch.tensor([[greedy[-1]]]))), 1)
    stop = [token_id("<|im_end|>"), token_id("<|endoftext|>")]
    answer = greedy[: next((i for i, t in enumerate(greedy) if t in stop), 24)]

    tensors = {
        "prompt_ids": torch.tensor(prompt_ids(tokenizer(), text)), "input_ids": ids, "pixel_values": pixels, "vit_features": features,
        "head_input": merged, "visual_logits": logits, "visual_probs": probs, "visual_embeds": visual, "inputs_embeds": embeds[0],
        "prefill_logits": prefill, "greedy_ids": torch.tensor(greedy),
    }
    if name in SMALL:
        for key in ("vit_features", "head_input", "visual_logits", "visual_probs", "inputs_embeds"):
            tensors.pop(key)
    if len(files) > 1:
        tensors.pop("pixel_values")
    folder.mkdir(parents=True)
    save_file({k: v.contiguous().clone() for k, v in tensors.items()}, folder / "tensors.safetensors")
    (folder / "tensors.safetensors").chmod(0o644)
    dtype = lambda t: {torch.int64: "int64", torch.float32: "float32"}[t.dtype]
    (folder / "case.json").write_text(json.dumps({
        "name": name, "query": query, "conversation": None, "images": files, "max_partition": 1, "generation_preface": "", "prompt": text,
        "sequence_length": embeds.shape[1], "grids": [list(g) for _, g in views],
        "decoded": tokenizer().decode(greedy, skip_special_tokens=True), "decoded_with_special": tokenizer().decode(greedy, skip_special_tokens=False),
        "answer": tokenizer().decode(answer, skip_special_tokens=True), "min_top2_gap": min(gaps), "min_top2_gap_answer": min(gaps[: len(answer) + 1]),
        "eos_token_id": stop, "greedy": {"max_new_tokens": 24, "do_sample": False, "repetition_penalty": None},
        "visual_top1_mean": probs.max(-1).values.mean().item(), "visual_entropy_mean": -(probs * (probs + 1e-12).log()).sum(-1).mean().item(),
        "tensors": {k: f"{dtype(v)}[{','.join(map(str, v.shape))}]" for k, v in tensors.items()},
    }, indent=2) + "\n")
    return greedy


def main():
    model = load_exported()
    if GOLDEN.exists():
        shutil.rmtree(GOLDEN)
    (GOLDEN / "images").mkdir(parents=True)
    for file in ("shapes.png", "icon.png"):
        shutil.copy(EXAMPLES / file, GOLDEN / "images" / file)
    # not square and not 128 high: exercises the resize and the padding
    word = Image.open(EXAMPLES / "word.png").convert("RGB")
    word.crop((0, word.height // 5, word.width, word.height * 4 // 5)).save(GOLDEN / "images/wide.png")
    for name, (files, query) in CASES.items():
        greedy = golden_case(model, name, files, query, GOLDEN / "cases" / name)
        print(name, repr(tokenizer().decode(greedy, skip_special_tokens=False)))
    images = {f.name: dict(zip(("width", "height"), Image.open(f).size), mode=Image.open(f).mode) for f in sorted((GOLDEN / "images").iterdir())}
    (GOLDEN / "images/images.json").write_text(json.dumps(images, indent=2) + "\n")
    (GOLDEN / "fixture.json").write_text(json.dumps({
        "name": "nano", "generation": "2", "stored_dtype": "bfloat16", "compute_dtype": "float32", "attention": "eager", "model": "../checkpoint",
        "versions": {"torch": torch.__version__, "pillow": Image.__version__}, "cases": list(CASES)}, indent=2) + "\n")


if __name__ == "__main__":
    main()
