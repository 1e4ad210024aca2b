"""Pictures of nothing nameable: noise, gradients, waves, clouds, and imitations of photographs. Other families in training than in tests."""
import numpy as np

TEXTURES = {
    "train": ["grain", "noise", "gradient", "waves", "clouds", "patches"],
    "test": ["noise", "landscape", "marble", "cells", "bokeh"],
}


def draw_texture(name, seed, side):
    """-> uint8 [side, side, 3]"""
    g = np.random.RandomState(seed % 2**31)
    a = FAMILIES[name](g, side)
    if name not in ("grain", "noise") and g.rand() < 0.7:
        a = a + g.randn(side, side, 1) * g.uniform(1, 8)
    return np.broadcast_to(a, (side, side, 3)).clip(0, 255).astype(np.uint8)


def color(g):
    return g.randint(0, 256, 3).astype(np.float64)


def mixed(g, t, stops=3):
    """A field in [0, 1] through a random colour ramp."""
    ramp = np.stack([color(g) for _ in range(stops)])
    x = t.clip(0, 1) * (stops - 1)
    i = np.minimum(x.astype(int), stops - 2)
    return ramp[i] + (ramp[i + 1] - ramp[i]) * (x - i)[..., None]


def axes(side):
    y, x = np.mgrid[0:side, 0:side] / side
    return x, y


def smooth(g, side, cells):
    """Bilinear value noise with `cells` cells per side, in [0, 1]."""
    v = g.rand(cells + 2, cells + 2)
    x, y = axes(side)
    x, y = x * cells, y * cells
    i, j = x.astype(int), y.astype(int)
    fx, fy = (t * t * (3 - 2 * t) for t in (x - i, y - j))
    top, bottom = v[j, i] * (1 - fx) + v[j, i + 1] * fx, v[j + 1, i] * (1 - fx) + v[j + 1, i + 1] * fx
    return top * (1 - fy) + bottom * fy


def octaves(g, side, first=2, count=5):
    t = sum(smooth(g, side, first * 2**k) / 2**k for k in range(count))
    return (t - t.min()) / (t.max() - t.min() + 1e-9)


def grain(g, side):
    return color(g) + g.randn(side, side, g.choice((1, 3))) * g.uniform(25, 90)


def noise(g, side):
    cell = g.choice((1, 1, 2, 4, 8))
    return g.randint(0, 256, (side // cell, side // cell, g.choice((1, 3)))).repeat(cell, 0).repeat(cell, 1)


def gradient(g, side):
    x, y = axes(side)
    angle = g.uniform(0, 2 * np.pi)
    t = x * np.cos(angle) + y * np.sin(angle) if g.rand() < 0.6 else np.hypot(x - g.rand(), y - g.rand())
    return mixed(g, (t - t.min()) / (t.max() - t.min()), g.randint(3, 6))


def waves(g, side):
    x, y = axes(side)
    t = sum(np.sin(2 * np.pi * (x * g.uniform(-9, 9) + y * g.uniform(-9, 9)) + g.uniform(0, 6)) for _ in range(g.randint(1, 4)))
    return mixed(g, (t - t.min()) / (t.max() - t.min()), 2)


def clouds(g, side):
    return mixed(g, octaves(g, side, g.choice((1, 2, 4))), g.randint(2, 5))


def patches(g, side):
    a = np.broadcast_to(color(g), (side, side, 3)).copy()
    for _ in range(g.randint(12, 60)):
        x, y, w, h = g.randint(-20, side, 2).tolist() + g.randint(4, side // 2, 2).tolist()
        a[max(y, 0) : y + h, max(x, 0) : x + w] += g.uniform(-60, 60, 3)
    return a


def landscape(g, side):
    x, y = axes(side)
    sky = mixed(g, y + 0.15 * octaves(g, side), 2)
    for k in range(g.randint(1, 4)):
        edge = g.uniform(0.3, 0.8) + 0.15 * np.sin(x * g.uniform(2, 9) + g.uniform(0, 6)) + 0.08 * octaves(g, side, 4)[0][None, :]
        ground = mixed(g, octaves(g, side, 8), 2)
        sky = np.where((y > edge)[..., None], ground, sky)
    return sky


def marble(g, side):
    x, y = axes(side)
    t = 0.5 + 0.5 * np.sin(g.uniform(6, 25) * (x * g.rand() + y * g.rand()) + 7 * octaves(g, side))
    return mixed(g, t, 3)


def cells(g, side):
    x, y = axes(side)
    centers = g.rand(g.randint(8, 40), 2)
    d = np.sort(np.stack([np.hypot(x - cx, y - cy) for cx, cy in centers]), 0)
    t = d[0] / d[0].max() if g.rand() < 0.5 else ((d[1] - d[0]) * 8).clip(0, 1)
    return mixed(g, t, 3)


def bokeh(g, side):
    x, y = axes(side)
    a = mixed(g, octaves(g, side, 1, 2), 3) * 0.5
    for _ in range(g.randint(10, 40)):
        cx, cy, k = g.rand(), g.rand(), g.uniform(0.02, 0.15)
        a = a + (1 / (1 + np.exp((np.hypot(x - cx, y - cy) - k) * 80)))[..., None] * color(g) * g.uniform(0.2, 0.7)
    return a


FAMILIES = dict(grain=grain, noise=noise, gradient=gradient, waves=waves, clouds=clouds, patches=patches, landscape=landscape, marble=marble, cells=cells, bokeh=bokeh)
