"""AIMv2-large with the visual head and table of Ovis2-1B: one 448 x 448 view to 256 visual embeddings."""

import torch
from torch import nn
from torch.nn import functional

WIDTH, LAYERS, HEADS, WIDE, PATCH, SIDE = 1024, 24, 8, 2816, 14, 448
WORDS, INDICATORS, HIDDEN, STRIDE = 65536, 5, 896, 2


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm_1, self.norm_2 = nn.RMSNorm(WIDTH, eps=1e-5), nn.RMSNorm(WIDTH, eps=1e-5)
        self.qkv, self.proj = nn.Linear(WIDTH, 3 * WIDTH, bias=False), nn.Linear(WIDTH, WIDTH, bias=False)
        self.fc1, self.fc3 = nn.Linear(WIDTH, WIDE, bias=False), nn.Linear(WIDTH, WIDE, bias=False)
        self.fc2 = nn.Linear(WIDE, WIDTH, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        rows = x.shape[1]
        query, key, value = self.qkv(self.norm_1(x)).view(1, rows, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        attended = functional.scaled_dot_product_attention(query, key, value).transpose(1, 2).reshape(1, rows, WIDTH)
        x = x + self.proj(attended)
        normed = self.norm_2(x)
        return x + self.fc2(functional.silu(self.fc1(normed)) * self.fc3(normed))


class VisualTokenizer(nn.Module):
    """Pixels `[1, 3, 448, 448]` to visual embeddings `[256, 896]`."""

    def __init__(self) -> None:
        super().__init__()
        patches = SIDE // PATCH
        self.embed = nn.Conv2d(3, WIDTH, PATCH, PATCH)
        self.norm = nn.RMSNorm(WIDTH, eps=1e-5)
        self.positions = nn.Parameter(torch.randn(1, patches**2, WIDTH) * 0.02)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.last_norm = nn.RMSNorm(WIDTH, eps=1e-5)
        self.head = nn.Linear(WIDTH * STRIDE**2, WORDS - INDICATORS, bias=False)
        self.head_norm = nn.LayerNorm(WORDS - INDICATORS)
        self.table = nn.Parameter(torch.randn(WORDS, HIDDEN) * 0.02)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        x = self.norm(self.embed(pixels).flatten(2).transpose(1, 2)) + self.positions
        for block in self.blocks:
            x = block(x)
        side = SIDE // PATCH // STRIDE
        x = self.last_norm(x).view(side, STRIDE, side, STRIDE, WIDTH).transpose(1, 2)
        logits = self.head_norm(self.head(x.reshape(side * side, STRIDE * STRIDE * WIDTH)))
        # The head has no words for the indicators, which are the table's last rows.
        return logits.softmax(-1) @ self.table[: WORDS - INDICATORS]
