"""A training that starts from released weights."""
import torch

from training import visual_words as V
from training.config import EMBED_SCALE, MODEL
from training.export import load_exported
from training.model import Ovis
from training.paths import CHECKPOINT
from training.warm_start import from_release


def test_released_weights_come_back_in_the_parametrisation_of_the_training(tmp_path):
    from_release(CHECKPOINT, tmp_path)
    model = Ovis(MODEL, EMBED_SCALE)
    model.load_state_dict(torch.load(tmp_path / "stage3.pt", weights_only=False)["model"])
    released = load_exported()
    ids, pixels = torch.arange(12), torch.randn(1, 3, 128, 128, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        of = lambda m: m.llm.logits(m.hidden(m.embed(ids[None], [])))
        torch.testing.assert_close(of(model), of(released), rtol=1e-3, atol=1e-3)
        torch.testing.assert_close(model.visual_tokenizer(pixels), released.visual_tokenizer(pixels))
    assert len((tmp_path / "legend.json").read_text()) > V.WORDS
