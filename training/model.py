"""Ovis2 in plain PyTorch: AIMv2 backbone -> visual head -> table (VTE) -> Qwen2.5 language model.

Module names equal the tensor names of the official checkpoints, so `state_dict()` is the file content.
`EMBED_SCALE` is a training-time reparametrisation only: token embeddings and table rows are stored small
and multiplied on the way in, which lets one learning rate serve all matrices. `fold_scale` removes it.
"""
import json
from dataclasses import dataclass, field
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

INDICATORS = 5
IMAGE_ATOM = -300
INDICATOR_IDS = (-301, -302, -303, -304, -305)


@dataclass
class VisionConfig:
    image_size: int = 128
    patch_size: int = 16
    hidden_size: int = 256
    intermediate_size: int = 704
    num_hidden_layers: int = 6
    num_attention_heads: int = 4
    hidden_stride: int = 1
    vocab_size: int = 389
    rms_norm_eps: float = 1e-5


@dataclass
class LanguageConfig:
    vocab_size: int = 1024
    hidden_size: int = 192
    intermediate_size: int = 512
    num_hidden_layers: int = 6
    num_attention_heads: int = 3
    num_key_value_heads: int = 3
    rope_theta: float = 1e6
    rms_norm_eps: float = 1e-6
    tie_word_embeddings: bool = True


@dataclass
class OvisConfig:
    vision: VisionConfig = field(default_factory=VisionConfig)
    language: LanguageConfig = field(default_factory=LanguageConfig)

    @staticmethod
    def from_json(path):
        """Reads an official `config.json`."""
        c = json.loads(Path(path).read_text())
        pick = lambda cls, d: {k: d[k] for k in cls.__dataclass_fields__ if k in d}
        v = c["visual_tokenizer_config"]
        vision = pick(VisionConfig, v["backbone_config"]) | {"hidden_stride": v["hidden_stride"], "vocab_size": v["vocab_size"]}
        return OvisConfig(VisionConfig(**vision), LanguageConfig(**pick(LanguageConfig, c["llm_config"])))


class RMSNorm(nn.Module):
    def __init__(self, dim, eps):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))
        self.eps = eps

    def forward(self, x):
        return F.rms_norm(x, x.shape[-1:], self.weight.to(x.dtype), self.eps)


def attention(q, k, v, mask=None):
    """Plain matrix products: faster than the fused kernels on a CPU at these lengths."""
    scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
    if mask is not None:
        scores = scores + mask.to(scores.dtype)
    return torch.softmax(scores, -1) @ v


# ---------------------------------------------------------------- vision


class Patchifier(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.patch = c.patch_size
        self.proj = nn.Conv2d(3, c.hidden_size, c.patch_size, c.patch_size)
        self.norm = RMSNorm(c.hidden_size, c.rms_norm_eps)

    def forward(self, x):
        n, _, h, w = x.shape
        p = self.patch
        x = x.reshape(n, 3, h // p, p, w // p, p).permute(0, 2, 4, 1, 3, 5).reshape(n, (h // p) * (w // p), 3 * p * p)
        return self.norm(F.linear(x, self.proj.weight.flatten(1), self.proj.bias))  # the convolution as one product


class Preprocessor(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.patchifier = Patchifier(c)
        self.pos_embed = nn.Parameter(torch.randn(1, (c.image_size // c.patch_size) ** 2, c.hidden_size) * 0.02)

    def forward(self, x):
        return self.patchifier(x) + self.pos_embed


class VisionAttention(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.heads = c.num_attention_heads
        self.qkv = nn.Linear(c.hidden_size, 3 * c.hidden_size, bias=False)
        self.proj = nn.Linear(c.hidden_size, c.hidden_size, bias=False)

    def forward(self, x):
        n, length, d = x.shape
        q, k, v = self.qkv(x).view(n, length, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        return self.proj(attention(q, k, v).transpose(1, 2).reshape(n, length, d))


class SwiGLU(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.fc1 = nn.Linear(c.hidden_size, c.intermediate_size, bias=False)
        self.fc2 = nn.Linear(c.intermediate_size, c.hidden_size, bias=False)
        self.fc3 = nn.Linear(c.hidden_size, c.intermediate_size, bias=False)

    def forward(self, x):
        return self.fc2(F.silu(self.fc1(x)) * self.fc3(x))


class VisionBlock(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.norm_1 = RMSNorm(c.hidden_size, c.rms_norm_eps)
        self.attn = VisionAttention(c)
        self.norm_2 = RMSNorm(c.hidden_size, c.rms_norm_eps)
        self.mlp = SwiGLU(c)

    def forward(self, x):
        x = x + self.attn(self.norm_1(x))
        return x + self.mlp(self.norm_2(x))


class Trunk(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.blocks = nn.ModuleList(VisionBlock(c) for _ in range(c.num_hidden_layers))
        self.post_trunk_norm = RMSNorm(c.hidden_size, c.rms_norm_eps)  # in the file, never applied: see forward

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x  # Ovis takes the last block's output, before the final norm


class Aimv2(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.preprocessor = Preprocessor(c)
        self.trunk = Trunk(c)

    def forward(self, pixels):
        return self.trunk(self.preprocessor(pixels))


class VisualTokenizer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.stride = c.hidden_stride
        self.backbone = Aimv2(c)
        words = c.vocab_size - INDICATORS
        self.head = nn.Sequential(nn.Linear(c.hidden_size * c.hidden_stride**2, words, bias=False), nn.LayerNorm(words))

    def merge(self, features):
        """Joins hidden_stride x hidden_stride neighbours on the channels (zero padding below and right)."""
        s = self.stride
        if s == 1:
            return features
        n, length, d = features.shape
        side = int(length**0.5)
        pad = (s - side % s) % s
        grid = F.pad(features.view(n, side, side, d), (0, 0, 0, pad, 0, pad))
        side += pad
        return grid.view(n, side // s, s, side // s, s, d).transpose(2, 3).reshape(n, (side // s) ** 2, s * s * d)

    def logits(self, pixels):
        return self.head(self.merge(self.backbone(pixels)))

    def forward(self, pixels):
        """A distribution over the visual words for each visual token."""
        return torch.softmax(self.logits(pixels), -1)


# ---------------------------------------------------------------- language model


def rotary(positions, dim, theta):
    frequency = theta ** (-torch.arange(0, dim, 2, dtype=torch.float32) / dim)
    angle = positions.float().unsqueeze(-1) * frequency
    return torch.cat((angle, angle), -1).cos(), torch.cat((angle, angle), -1).sin()


def rotate(x, cos, sin):
    a, b = x.chunk(2, -1)
    return x * cos.to(x.dtype) + torch.cat((-b, a), -1) * sin.to(x.dtype)


class Projection(nn.Linear):
    """A linear map whose weights may be seen through a function, see four_bits.py."""

    view = None

    def forward(self, x):
        return F.linear(x, self.view(self.weight) if self.view else self.weight, self.bias)


class LanguageAttention(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.heads, self.kv = c.num_attention_heads, c.num_key_value_heads
        self.dim = c.hidden_size // c.num_attention_heads
        self.q_proj = Projection(c.hidden_size, self.heads * self.dim)
        self.k_proj = Projection(c.hidden_size, self.kv * self.dim)
        self.v_proj = Projection(c.hidden_size, self.kv * self.dim)
        self.o_proj = Projection(self.heads * self.dim, c.hidden_size, bias=False)

    def forward(self, x, rope, mask):
        n, length, _ = x.shape
        split = lambda y, h: y.view(n, length, h, self.dim).transpose(1, 2)
        q = rotate(split(self.q_proj(x), self.heads), *rope)
        k = rotate(split(self.k_proj(x), self.kv), *rope)
        v = split(self.v_proj(x), self.kv)
        if self.heads != self.kv:
            k, v = (t.repeat_interleave(self.heads // self.kv, 1) for t in (k, v))
        return self.o_proj(attention(q, k, v, mask).transpose(1, 2).reshape(n, length, -1))


class LanguageMLP(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.gate_proj = Projection(c.hidden_size, c.intermediate_size, bias=False)
        self.up_proj = Projection(c.hidden_size, c.intermediate_size, bias=False)
        self.down_proj = Projection(c.intermediate_size, c.hidden_size, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class LanguageLayer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.input_layernorm = RMSNorm(c.hidden_size, c.rms_norm_eps)
        self.self_attn = LanguageAttention(c)
        self.post_attention_layernorm = RMSNorm(c.hidden_size, c.rms_norm_eps)
        self.mlp = LanguageMLP(c)

    def forward(self, x, rope, mask):
        x = x + self.self_attn(self.input_layernorm(x), rope, mask)
        return x + self.mlp(self.post_attention_layernorm(x))


class LanguageBody(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.config = c
        self.embed_tokens = nn.Embedding(c.vocab_size, c.hidden_size)
        self.layers = nn.ModuleList(LanguageLayer(c) for _ in range(c.num_hidden_layers))
        self.norm = RMSNorm(c.hidden_size, c.rms_norm_eps)

    def forward(self, x, positions, mask):
        c = self.config
        rope = [t.unsqueeze(1) for t in rotary(positions, c.hidden_size // c.num_attention_heads, c.rope_theta)]
        for layer in self.layers:
            x = layer(x, rope, mask)
        return self.norm(x)


class LanguageModel(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.model = LanguageBody(c)

    def logits(self, hidden):
        return F.linear(hidden, self.model.embed_tokens.weight)  # tied embeddings


# ---------------------------------------------------------------- Ovis


class Ovis(nn.Module):
    def __init__(self, config, embed_scale=1.0):
        super().__init__()
        self.config = config
        self.embed_scale = embed_scale
        self.visual_tokenizer = VisualTokenizer(config.vision)
        self.vte = nn.Embedding(config.vision.vocab_size, config.language.hidden_size)
        self.llm = LanguageModel(config.language)

    def initialise(self, seed):
        torch.manual_seed(seed)
        for name, p in self.named_parameters():
            if name.endswith("bias"):
                nn.init.zeros_(p)
            elif "embed_tokens" in name or name.startswith("vte"):
                nn.init.normal_(p, std=0.05)
            elif p.ndim >= 2 and "pos_embed" not in name:
                out = name.endswith(("o_proj.weight", "down_proj.weight", "attn.proj.weight", "fc2.weight"))
                nn.init.normal_(p, std=p[0].numel() ** -0.5 * (0.5 if out else 1.0))
        return self

    def visual_embeds(self, probs):
        return probs @ self.vte.weight[:-INDICATORS]

    def embed(self, ids, visual):
        """ids [n, T] with placeholders; visual: list of [k, h], one per -300, in order. All rows end up equally long."""
        rows, images = [], iter(visual)
        first_indicator = self.config.vision.vocab_size - INDICATORS
        for row in ids:
            table = torch.where(row < IMAGE_ATOM, first_indicator - row + INDICATOR_IDS[0], 0)
            x = torch.where((row < 0).unsqueeze(-1), self.vte(table), self.llm.model.embed_tokens(row.clamp(min=0)))
            at = (row == IMAGE_ATOM).nonzero().flatten().tolist()
            parts, start = [], 0
            for i in at:
                parts += [x[start:i], next(images).to(x.dtype)]
                start = i + 1
            rows.append(torch.cat(parts + [x[start:]]) if parts else x)
        return torch.stack(rows) * self.embed_scale

    def hidden(self, embeds, positions=None, mask=None):
        n, length, _ = embeds.shape
        if positions is None:
            positions = torch.arange(length).expand(n, length)
        if mask is None:
            mask = torch.full((length, length), -1e9, dtype=embeds.dtype).triu(1)
        return self.llm.model(embeds, positions, mask)

    @torch.no_grad()
    def cap_attention(self, limit=1.2):
        """Keeps query and key weights of each head near their initial size.

        There is no norm on queries and keys in this architecture; under Muon their products grow until every head is saturated
        (measured: logits of standard deviation 15 to 40 after a thousand steps) and learning stalls.
        """
        parts = []
        for block in self.visual_tokenizer.backbone.trunk.blocks:
            w = block.attn.qkv.weight
            d = w.shape[1]
            parts.append((w[: 2 * d].view(2 * block.attn.heads, -1, d), None))
        for layer in self.llm.model.layers:
            a = layer.self_attn
            for proj in (a.q_proj, a.k_proj):
                parts.append((proj.weight.view(-1, a.dim, proj.weight.shape[1]), proj.bias.view(-1, a.dim)))
        for w, bias in parts:
            size = w.pow(2).mean((1, 2)).sqrt() * w.shape[2] ** 0.5  # 1 at the start
            factor = (limit / size).clamp(max=1.0)
            w.mul_(factor[:, None, None])
            if bias is not None:
                bias.mul_(factor[:, None])

    @torch.no_grad()
    def fold_scale(self, scale=None):
        """Turns the training parametrisation into the official one (no scale on the way in), or by 1 / scale back."""
        scale = scale or self.embed_scale
        self.llm.model.embed_tokens.weight.mul_(scale)
        self.vte.weight.mul_(scale)
        self.llm.model.norm.weight.div_(scale)
        self.embed_scale = self.embed_scale / scale
        return self

    @torch.no_grad()
    def greedy(self, ids, pixels=None, max_new_tokens=24, stop=()):
        """Greedy ids after one prompt `ids` [T]; recomputes the sequence each step, for tests and fixtures."""
        visual = list(self.visual_embeds(self.visual_tokenizer(pixels))) if pixels is not None else []
        return self.greedy_from(ids, visual, max_new_tokens, stop)

    @torch.no_grad()
    def greedy_from(self, ids, visual, max_new_tokens, stop):
        """The same for pictures that are embedded already: `visual`, one [k, h] per -300 in `ids`."""
        x = self.embed(ids[None], visual)
        out = []
        while len(out) < max_new_tokens:
            token = self.llm.logits(self.hidden(x)[:, -1]).argmax(-1)
            out.append(token.item())
            if out[-1] in stop:
                break
            x = torch.cat((x, self.llm.model.embed_tokens(token)[None] * self.embed_scale), 1)
        return out


def parameter_counts(model):
    count = lambda prefix: sum(p.numel() for n, p in model.named_parameters() if n.startswith(prefix))
    parts = {"vision": "visual_tokenizer.backbone", "head": "visual_tokenizer.head", "vte": "vte", "llm": "llm", "all": ""}
    return {k: count(v) for k, v in parts.items()}
