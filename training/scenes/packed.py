"""No questions: every region full of labelled things, for the dense stage."""
from .. import material
from ..scene import GROUNDS, SHAPES, SIDE, contrasting
from .icons import add_icon
from .text import add_line, token

LAYOUTS = [
    [(0, 0, 2, 2)],
    [(0, 0, 2, 1), (0, 1, 2, 2)],
    [(0, 0, 1, 2), (1, 0, 2, 2)],
    [(0, 0, 1, 1), (1, 0, 2, 1), (0, 1, 1, 2), (1, 1, 2, 2)],
    [(0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 2, 2)],
]


def packed_scene(r, s, mode=None):
    half = SIDE // 2
    regions = [tuple(half * v for v in region) for region in r.choice(LAYOUTS)]
    kinds = [r.choices("tis", (55, 32, 13))[0] for _ in regions]
    if "s" in kinds:
        s.background = r.choice(GROUNDS)
    allowed = contrasting(s.background or (0, 0, 0))
    for (x0, y0, x1, y1), kind in zip(regions, kinds):
        if kind == "t":
            pack_text(r, s, x0, y0, x1, y1)
            continue
        w, h = x1 - x0, y1 - y0
        step = min(w, h, r.choice((43, 56, 64, 64, 100, 128) if kind == "i" else (26, 32, 42, 64, 100)))
        for gy in range(y0, y1 - step + 1, step):
            for gx in range(x0, x1 - step + 1, step):
                if kind == "i":
                    size = int(step * r.uniform(0.8, 1))
                    add_icon(r, s, gx + r.randint(0, step - size), gy + r.randint(0, step - size), size)
                else:
                    s.shapes.append((r.choice(SHAPES), r.choice(allowed), gx + step / 2, gy + step / 2, step * r.uniform(0.33, 0.49)))


def pack_text(r, s, x0, y0, x1, y1):
    w = x1 - x0
    font = r.choice(material.fonts(s.split))
    advance, ascent, descent = material.advances(font)
    size = r.randint(14, 24) if r.random() < 0.65 else r.randint(22, 44)
    width = lambda line: sum(advance[c] for c in line) * size
    y = y0 + r.uniform(-1, 4)
    while y + (ascent + 0.6 * descent) * size <= y1:
        line = token(r, s.split)
        while width(line) < w * 0.9 and r.random() < 0.9:
            line += " " + token(r, s.split)
        while line and width(line) > w - 3:
            line = line[:-1]
        line = line.rstrip()
        if line:
            add_line(s, line, font, size, x0 + r.uniform(1, max(1, w - width(line) - 1)), y)
        y += (ascent + descent) * size + r.choice((0, 0, 3))
