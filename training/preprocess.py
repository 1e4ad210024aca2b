"""Picture -> pixel tensor, as the official processor does it (fit and pad, CLIP constants, Pillow bicubic),
and the choice of the tile grid."""
import numpy as np
import torch
from PIL import Image

MEAN = np.array([0.48145466, 0.4578275, 0.40821073], np.float32)
STD = np.array([0.26862954, 0.26130258, 0.27577711], np.float32)


def normalise(rgb):
    """uint8 [..., 3] -> float32 [..., 3]"""
    return ((rgb * (1 / 255)).astype(np.float32) - MEAN) / STD


def fit_and_pad(image, side):
    w, h = image.size
    if w == h:
        size = (side, side)
    elif w > h:
        size = (side, int(h / w * side))
    else:
        size = (int(w / h * side), side)
    if image.size != size:
        image = image.resize(size, Image.BICUBIC)
    out = np.zeros((side, side, 3), np.float32)
    x, y = (side - size[0]) // 2, (side - size[1]) // 2
    out[y : y + size[1], x : x + size[0]] = normalise(np.asarray(image))
    return torch.from_numpy(out.transpose(2, 0, 1).copy())


def tiles(w, h, rows, cols):
    rh, cw = h // rows, w // cols
    return [
        (j * cw, i * rh, w if j == cols - 1 else (j + 1) * cw, h if i == rows - 1 else (i + 1) * rh)
        for i in range(rows)
        for j in range(cols)
    ]


def choose_grid(w, h, side, max_partition, threshold=0.9):
    def ratio(rows, cols):
        total = 0.0
        for x0, y0, x1, y1 in tiles(w, h, rows, cols):
            long, short = max(x1 - x0, y1 - y0), min(x1 - x0, y1 - y0)
            if long > side:
                short, long = short / long * side, side
            total += long * short
        return total / (w * h)

    grids = [(r, c) for r in range(1, max_partition + 1) for c in range(1, max_partition + 1) if r * c <= max_partition]
    scored = [(ratio(*g), g) for g in grids]
    good = [s for s in scored if s[0] > threshold]
    if good:
        return min(good, key=lambda s: (s[1][0] * s[1][1], -s[0]))[1]
    return min(scored, key=lambda s: (-s[0], s[1][0] * s[1][1]))[1]


def preprocess(image, side, max_partition=1):
    """-> (pixel tensor [n, 3, side, side], (rows, cols))"""
    image = image.convert("RGB") if image.mode != "RGB" else image
    grid = choose_grid(*image.size, side, max_partition)
    views = [image]
    if grid != (1, 1):
        views += [image.crop(box) for box in tiles(*image.size, *grid)]
    return torch.stack([fit_and_pad(v, side) for v in views]), grid


def placeholders(grid):
    rows, cols = grid
    out = [-301, -300, -302]
    if rows * cols > 1:
        for i in range(rows):
            for j in range(cols):
                out += [-300] + ([-303] if j < cols - 1 else [])
            out += [-304] if i < rows - 1 else []
    return out + [-305]
