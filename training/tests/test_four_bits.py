"""Rounding to four bits as the converter does it."""
import torch

from training.config import EMBED_SCALE, MODEL
from training.four_bits import BLOCK, in_four_bits, linears, round_weights, rounded, see_rounded
from training.model import Ovis


def test_a_block_has_sixteen_evenly_spaced_values_and_zero_is_one_of_them():
    w = rounded(torch.randn(8, 192, generator=torch.Generator().manual_seed(1)))
    for block in w.view(-1, BLOCK):
        values = block.unique()
        step = values.diff().min()
        assert len(values) <= 16
        torch.testing.assert_close(values / step, (values / step).round(), atol=1e-3, rtol=0)


def test_rounding_again_changes_nothing_even_after_bfloat16():
    w = rounded(torch.randn(64, 500, generator=torch.Generator().manual_seed(2)))
    torch.testing.assert_close(rounded(w), w, rtol=1e-4, atol=1e-6)
    stored = w.bfloat16().float()
    torch.testing.assert_close(rounded(stored), stored, atol=0.02, rtol=0.01)


def test_rounding_beats_the_full_range():
    w = torch.randn(64, 192, generator=torch.Generator().manual_seed(3))
    blocks = w.view(-1, BLOCK)
    low, step = blocks.amin(-1, keepdim=True), (blocks.amax(-1, keepdim=True) - blocks.amin(-1, keepdim=True)) / 15
    plain = ((blocks - low) / step).round() * step + low
    assert (rounded(w) - w).pow(2).mean() < (plain.view_as(w) - w).pow(2).mean()


def test_sensitive_matrices_are_those_of_the_converter():
    kept = lambda role: [i for i in range(6) if not in_four_bits(f"llm.model.layers.{i}.{role}", 6)]
    assert kept("mlp.down_proj") == kept("self_attn.v_proj") == [0, 3]
    assert kept("mlp.up_proj") == kept("self_attn.o_proj") == []
    assert not in_four_bits("visual_tokenizer.head.0", 6) and not in_four_bits("llm.model.embed_tokens", 6)


def test_gradients_reach_the_weights_behind_and_the_rounded_model_answers_the_same():
    model = Ovis(MODEL, EMBED_SCALE).initialise(1)
    ids = torch.randint(0, 1000, (1, 12))
    see_rounded(model)
    seen = model.hidden(model.embed(ids, []))
    seen.square().sum().backward()
    assert all(m.weight.grad.abs().max() > 0 for m in linears(model)) and len(linears(model)) == 6 * 7 - 2 * 4
    other = Ovis(MODEL, EMBED_SCALE)
    other.load_state_dict(model.state_dict())
    round_weights(other)
    torch.testing.assert_close(other.hidden(other.embed(ids, [])), seen)
