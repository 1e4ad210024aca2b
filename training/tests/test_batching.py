"""The packed training sequences equal the official prompt of each question."""
import pytest
import torch

from training.paths import MATERIAL

if not (MATERIAL / "words.json").exists():
    pytest.skip("material not fetched", allow_module_level=True)

from training.batching import collate, sequence
from training.config import MODEL
from training.model import Ovis
from training.preprocess import placeholders
from training.prompt import prompt_ids, render
from training.tokenizer import encode, tokenizer


@pytest.mark.parametrize("layout", ["one", "two", "none"])
@torch.no_grad()
def test_branch_equals_prompt(layout):
    model = Ovis(MODEL, 16.0).initialise(3).eval()
    qa = [("a", "What color is it?", "red", False), ("b", "How many stars are there?", "12", True)]
    batch = collate([qa], layout)
    count = {"one": 1, "two": 2, "none": 0}[layout]
    visual = model.visual_embeds(torch.rand(1, count, 64, MODEL.vision.vocab_size - 5).softmax(-1)) if count else None
    packed = model.hidden(sequence(model, batch, visual), batch.positions, batch.mask)
    text = {"one": "<image>\n", "two": "Image 1: <image>\nImage 2: <image>\n", "none": ""}[layout]
    shared = packed.shape[1] - batch.ids.shape[1]
    for (_, start, end, _), (_, question, _, _) in zip(batch.spans, qa):
        ids = prompt_ids(tokenizer(), render(text + question), placeholders((1, 1)))
        alone = model.hidden(model.embed(torch.tensor([ids]), list(visual[0]) if count else []))
        at = shared + start + len(encode(question + "<|im_end|>\n<|im_start|>assistant\n")) - 1
        assert batch.positions[0, at] == alone.shape[1] - 1
        torch.testing.assert_close(packed[0, at], alone[0, -1], rtol=1e-4, atol=1e-4)
