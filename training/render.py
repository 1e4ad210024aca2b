"""Scene -> picture (uint8 [128, 128, 3]). `scale` draws the same scene larger."""
import math
import random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from . import material
from .icon_variation import in_two_colors, varied
from .scene import COLORS, SIDE
from .scenes.chart import UNIT, ZERO
from .textures import draw_texture

FURTHER = 0.3  # how often an icon is drawn in one of the further styles, where that has it


def luminance(c):
    return 0.3 * c[0] + 0.59 * c[1] + 0.11 * c[2]


def random_color(r):
    return tuple(r.randrange(256) for _ in range(3))


def ground(r, side):
    """A plain, shaded or grainy background and its colour."""
    u = r.random()
    color = (255, 255, 255) if u < 0.2 else tuple(r.randrange(225, 256) for _ in range(3)) if u < 0.4 else random_color(r)
    if u < 0.7:
        return Image.new("RGB", (side, side), color), color
    a = np.empty((side, side, 3), np.float32)
    a[:] = color
    slope = np.array([r.uniform(-45, 45) for _ in range(3)], np.float32)
    t = np.linspace(-0.5, 0.5, side, dtype=np.float32)
    a += (t[:, None, None] if r.random() < 0.5 else t[None, :, None]) * slope
    if r.random() < 0.4:
        a += np.random.RandomState(r.randrange(2**31)).randn(side, side, 1).astype(np.float32) * r.uniform(2, 10)
    return Image.fromarray(a.clip(0, 255).astype(np.uint8)), color


def ink(r, background, least=90):
    for _ in range(60):
        u = r.random()
        c = (0, 0, 0) if u < 0.2 else (255, 255, 255) if u < 0.3 else random_color(r)
        if abs(luminance(c) - luminance(background)) > least:
            return c
    return (0, 0, 0) if luminance(background) > 127 else (255, 255, 255)


def outline(shape, x, y, k):
    turn = lambda t: (math.sin(t), math.cos(t))
    if shape == "triangle":
        return [(x, y - k), (x + k, y + 0.85 * k), (x - k, y + 0.85 * k)]
    if shape == "diamond":
        return [(x, y - k), (x + 0.75 * k, y), (x, y + k), (x - 0.75 * k, y)]
    if shape == "hexagon":
        return [(x + k * turn(t * math.pi / 3)[1], y + k * turn(t * math.pi / 3)[0]) for t in range(6)]
    if shape == "star":
        radius = lambda t: k if t % 2 == 0 else 0.42 * k
        return [(x + radius(t) * turn(t * math.pi / 5)[0], y - radius(t) * turn(t * math.pi / 5)[1]) for t in range(10)]
    if shape == "cross":
        w = 0.35 * k
        return [(x - w, y - k), (x + w, y - k), (x + w, y - w), (x + k, y - w), (x + k, y + w), (x + w, y + w),
                (x + w, y + k), (x - w, y + k), (x - w, y + w), (x - k, y + w), (x - k, y - w), (x - w, y - w)]
    points = [i * math.pi / 20 for i in range(40)]  # heart
    return [(x + k * 16 * math.sin(t) ** 3 / 17,
             y - k * (13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)) / 17) for t in points]


def draw_shape(d, shape, color, x, y, k, edge):
    fill = COLORS[color]
    if shape == "circle":
        d.ellipse((x - k, y - k, x + k, y + k), fill=fill, outline=edge)
    elif shape == "square":
        d.rectangle((x - 0.88 * k, y - 0.88 * k, x + 0.88 * k, y + 0.88 * k), fill=fill, outline=edge)
    else:
        d.polygon(outline(shape, x, y, k), fill=fill, outline=edge)


def further_style(r, icon, style):
    """Sometimes one of the further styles, where it has the icon and the draw falls on it."""
    other = r.randrange(len(material.TRAIN_STYLES), material.TEST_STYLE_INDEX)
    return other if r.random() < FURTHER and material.icons()[1][other, icon] else style


def paste_icon(r, picture, s, icon, style, x, y, size):
    if s.split != "test":
        style = further_style(r, icon, style)
    im = Image.fromarray(material.icons()[0][style, icon]).resize((size, size), Image.BILINEAR)
    if material.STYLES[style] in material.ONE_COLOR:
        im = in_two_colors(r, im)
    if s.split != "test":
        im = varied(r, im)
    picture.paste(im, (x, y), im)


def draw_chart(r, d, bars, scale):
    line = (90, 90, 90)
    top = ZERO - 100 * UNIT
    box = lambda *v: tuple(round(x * scale) for x in v)
    if r.random() < 0.6:
        for value in (25, 50, 75, 100):
            d.line(box(26, ZERO - UNIT * value, 126, ZERO - UNIT * value), fill=(215, 215, 215), width=scale)
    for color, x, width, value in bars:
        d.rectangle(box(x, ZERO - UNIT * value, x + width, ZERO), fill=COLORS[color], outline=(0, 0, 0) if r.random() < 0.3 else None)
    d.line(box(26, top, 26, ZERO), fill=line, width=scale)
    d.line(box(26, ZERO, 126, ZERO), fill=line, width=scale)


def draw(s, scale=1):
    r = random.Random(s.seed * 7 + 1)
    side = SIDE * scale
    if s.texture:
        return draw_texture(s.texture, s.seed, SIDE).repeat(scale, 0).repeat(scale, 1)
    if s.plain:
        background = (255, 255, 255)
        picture = Image.new("RGB", (side, side), s.background or background)
    elif s.background:
        picture, background = Image.new("RGB", (side, side), s.background), s.background
    else:
        picture, background = ground(r, side)
    for icon, style, x, y, size in s.icons:
        paste_icon(r, picture, s, icon, style, x * scale, y * scale, size * scale)
    d = ImageDraw.Draw(picture)
    color = (0, 0, 0) if s.plain and not s.background else ink(r, background)
    if s.bars:
        color = (60, 60, 60)
        draw_chart(r, d, s.bars, scale)
    for x, y, text, font, size in s.lines:
        d.text((x * scale, y * scale), text, font=material.font(font, size * scale), fill=color)
    for shape, fill, x, y, k in s.shapes:
        edge = (0, 0, 0) if r.random() < 0.4 else None
        draw_shape(d, shape, fill, x * scale, y * scale, k * scale, edge)
    return np.asarray(picture)


def render(s):
    """The training view: drawn at 128 or drawn at 256 and reduced, sometimes slightly blurred."""
    r = random.Random(s.seed * 11 + 5)
    double = not s.texture and (bool(s.shapes) or r.random() < 0.3)
    picture = draw(s, 2 if double else 1)
    if double:
        picture = np.asarray(Image.fromarray(picture).resize((SIDE, SIDE), Image.BICUBIC if r.random() < 0.6 else Image.BOX))
    if not s.texture and r.random() < 0.12:
        picture = np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(r.uniform(0.3, 0.8))))
    return picture
