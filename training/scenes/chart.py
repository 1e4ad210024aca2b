"""Bar charts: an axis from 0 to 100 that always fills the picture, two to six bars of different colours."""
from .. import material
from ..scene import contrasting
from .text import add_line

ZERO, UNIT = 116, 1.0  # pixel row of value 0; pixels per unit
LABEL_SIZE = 12
GROUND = (255, 255, 255)
LEAST_APART = 4  # units between the two longest and between the two shortest bars


def values(r, count):
    while True:
        out = [r.randint(8, 100) for _ in range(count)]
        order = sorted(out)
        if order[1] - order[0] >= LEAST_APART and order[-1] - order[-2] >= LEAST_APART:
            return out


def chart_scene(r, s, mode=None):
    s.background = GROUND
    count = r.randint(2, 6)
    colors = r.sample(contrasting(GROUND), count)
    font = r.choice(material.fonts(s.split))
    for value in (0, 50, 100):
        ascent, width = material.advances(font)[1], sum(material.advances(font)[0][c] for c in str(value))
        add_line(s, str(value), font, LABEL_SIZE, 23 - width * LABEL_SIZE, ZERO - UNIT * value - (ascent - 0.35) * LABEL_SIZE)
    pitch = 98 / count
    width = min(pitch * r.uniform(0.55, 0.9), 26)
    heights = values(r, count)
    for i, (color, value) in enumerate(zip(colors, heights)):
        s.bars.append((color, 28 + pitch * (i + 0.5) - width / 2, width, value))
    tallest, shortest = heights.index(max(heights)), heights.index(min(heights))
    s.ask("tallest", colors[tallest])
    s.ask("tallest_value", str(heights[tallest]))
    s.ask("shortest", colors[shortest])
    i = r.randrange(count)
    s.ask("bar_value", str(heights[i]), color=colors[i])
    s.ask("bar_count", str(count))
