"""The PyTorch classes of this folder against the numbers of the official code (tiny random checkpoint)."""
import json
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file
from tokenizers import Tokenizer

from training.model import Ovis, OvisConfig
from training.preprocess import placeholders, preprocess
from training.prompt import prompt_ids, render

FIXTURE = Path(__file__).parents[2] / "packages/testing/fixtures/ovis2-tiny"
CASES = sorted(p.name for p in (FIXTURE / "cases").iterdir() if p.name != "training-labels")


@pytest.fixture(scope="module")
def model():
    model = Ovis(OvisConfig.from_json(FIXTURE / "config.json"))
    weights = load_file(FIXTURE / "model.safetensors")
    assert torch.equal(weights.pop("llm.lm_head.weight"), weights["llm.model.embed_tokens.weight"])
    model.load_state_dict(weights, strict=True)
    return model.eval()


@pytest.mark.parametrize("name", CASES)
@torch.no_grad()
def test_case(model, name):
    folder = FIXTURE / "cases" / name
    case = json.loads((folder / "case.json").read_text())
    want = load_file(folder / "tensors.safetensors")
    tokenizer = Tokenizer.from_file(str(FIXTURE / "tokenizer.json"))

    text = render(case["conversation"] or case["query"])
    assert text == case["prompt"]
    assert prompt_ids(tokenizer, text) == want["prompt_ids"].tolist()

    pixels, markers, visual = None, [(-200,)], []
    if case["images"]:
        views = [preprocess(Image.open(FIXTURE / "images" / f), 56, case["max_partition"]) for f in case["images"]]
        if case["images"] == ["photo.jpg"]:
            views = [preprocess(Image.open(FIXTURE / "images/photo.decoded.png"), 56, case["max_partition"])]
        assert [list(g) for _, g in views] == case["grids"]
        pixels = torch.cat([p for p, _ in views])
        markers = [placeholders(g) for _, g in views]
        torch.testing.assert_close(pixels, want["pixel_values"], rtol=0, atol=1e-6)

        tok = model.visual_tokenizer
        features = tok.backbone(pixels)
        logits = tok.head(tok.merge(features))
        embeds = model.visual_embeds(torch.softmax(logits, -1))
        got = {"vit_features": features, "head_input": tok.merge(features), "visual_logits": logits,
               "visual_probs": torch.softmax(logits, -1), "visual_embeds": embeds}
        for key, value in got.items():
            if key in want:
                torch.testing.assert_close(value, want[key], rtol=0, atol=5e-5)
        visual = list(embeds)

    ids = torch.tensor(prompt_ids(tokenizer, text, markers))
    assert ids.tolist() == want["input_ids"].tolist()
    embeds = model.embed(ids[None], visual)
    if "inputs_embeds" in want:
        torch.testing.assert_close(embeds[0], want["inputs_embeds"], rtol=0, atol=5e-5)
    logits = model.llm.logits(model.hidden(embeds)[0])
    torch.testing.assert_close(logits[-1], want["prefill_logits"], rtol=0, atol=5e-4)
    if "prefill_logits_all" in want:
        torch.testing.assert_close(logits, want["prefill_logits_all"], rtol=0, atol=5e-4)
    assert model.greedy(ids, pixels) == want["greedy_ids"].tolist()
