"""Trains the language model for the four bits it is shipped in: forward passes see the weights as the converter rounds them, gradients reach
the weights behind (straight-through), and the exported weights are the rounded ones, so that conversion to int4 loses next to nothing.

The rules are the converter's (`packages/converter/src/lowering/weight-storage.ts`, `is-sensitive.ts`, `weights/fit-asymmetric.ts`): blocks of
64 inputs with a scale and a zero point, the best of seven ranges, and 8 bits for the most sensitive matrices, which stay as they are here.
"""
import re

import torch

BLOCK, LEVELS = 64, 15
FRACTIONS = (0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)  # of the range of a block
SENSITIVE = ("q_proj", "k_proj", "v_proj", "down_proj")  # the first three are stored in one matrix
NAME = re.compile(r"llm\.model\.layers\.(\d+)\.\w+\.(\w+)$")


def in_four_bits(name, layers):
    """Whether the converter stores the module of this name in four bits."""
    match = NAME.match(name)
    if not match:
        return False
    layer, role = int(match[1]), match[2]
    more = layer < layers / 8 or layer >= 7 * layers / 8 or (layer - int(layers / 8 + 0.5)) % 3 == 2
    return not (more and role in SENSITIVE)


@torch.no_grad()
def rounded(weight):
    """weight [out, in] -> the same in values of four bits.

    The best scale is held so low that the first and the last code are both used: then the converter, which looks at the range of the rounded
    weights, finds the very same scale, zero point and codes.
    """
    out, columns = weight.shape
    w = torch.nn.functional.pad(weight.float(), (0, -columns % BLOCK)).view(out, -1, BLOCK)
    low, high = w.amin(-1, keepdim=True).clamp(max=0), w.amax(-1, keepdim=True).clamp(min=0)
    full = ((high - low) / LEVELS).clamp(min=1e-12)
    zero = torch.floor(-low / full + 0.5).clamp(0, LEVELS)
    codes = lambda scale: torch.floor(w / scale + zero + 0.5).clamp(0, LEVELS) - zero
    best, scale = torch.zeros_like(full), full
    for fraction in FRACTIONS:
        c = codes(full * fraction)
        product, square = (w * c).sum(-1, keepdim=True), c.square().sum(-1, keepdim=True).clamp(min=1e-12)
        better = product.square() > best * square
        best = torch.where(better, product.square() / square, best)
        scale = torch.where(better, product / square, scale)
    most = torch.minimum(torch.where(zero > 0, -low / (zero - 0.5), torch.inf), torch.where(zero < LEVELS, high / (LEVELS - zero - 0.5), torch.inf))
    scale = torch.minimum(scale, most * 0.9999)
    return (codes(scale) * scale).view(out, -1)[:, :columns].contiguous()


class StraightThrough(torch.autograd.Function):
    @staticmethod
    def forward(ctx, weight):
        return rounded(weight)

    @staticmethod
    def backward(ctx, gradient):
        return gradient


def linears(model):
    layers = model.config.language.num_hidden_layers
    return [module for name, module in model.named_modules() if in_four_bits(name, layers)]


def see_rounded(model):
    """From now on forward passes round the weights."""
    for module in linears(model):
        module.view = StraightThrough.apply


@torch.no_grad()
def round_weights(model):
    """Replaces the weights by the rounded ones."""
    for module in linears(model):
        module.weight.copy_(rounded(module.weight))
