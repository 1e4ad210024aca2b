"""Makes one drawing of an icon look as if another hand had drawn it: without this, the tower learns the drawing styles instead of the things.

Shape (stretch, shear, turn, mirror), colors (hue, saturation, brightness, few flat colors), and lines (an outline, or none).
"""
import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

SHARE = 0.7  # of the training icons that are varied at all


def bent(r, im):
    """A slight linear map around the middle."""
    w, h = im.size
    turn, shear = np.deg2rad(r.uniform(-18, 18)), r.uniform(-0.15, 0.15)
    forward = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ np.array([[r.uniform(0.8, 1.05), shear], [0, r.uniform(0.8, 1.05)]])
    (a, b), (c, d) = np.linalg.inv(forward)
    return im.transform(im.size, Image.AFFINE, (a, b, w / 2 - a * w / 2 - b * h / 2, c, d, h / 2 - c * w / 2 - d * h / 2), Image.BILINEAR)


def recolored(r, im):
    rgb, alpha = im.convert("RGB"), im.getchannel("A")
    if r.random() < 0.5:
        hue, saturation, value = rgb.convert("HSV").split()
        shift = r.randint(-18, 18)
        rgb = Image.merge("HSV", (hue.point(lambda v: (v + shift) % 256), saturation, value)).convert("RGB")
    rgb = ImageEnhance.Color(rgb).enhance(r.uniform(0.4, 1.7))
    rgb = ImageEnhance.Brightness(rgb).enhance(r.uniform(0.75, 1.25))
    rgb = ImageEnhance.Contrast(rgb).enhance(r.uniform(0.7, 1.3))
    rgb.putalpha(alpha)
    return rgb


def flattened(r, im):
    """Few colors and no shading, as flat styles have."""
    rgb, alpha = im.convert("RGB"), im.getchannel("A")
    rgb = rgb.filter(ImageFilter.MedianFilter(3)) if r.random() < 0.5 else rgb
    rgb = rgb.quantize(r.randint(3, 8)).convert("RGB") if r.random() < 0.5 else ImageOps.posterize(rgb, r.choice((2, 3)))
    rgb.putalpha(alpha)
    return rgb


def outlined(r, im):
    alpha = im.getchannel("A")
    grown = alpha.filter(ImageFilter.MaxFilter(3))
    color = (20, 20, 20) if r.random() < 0.6 else (255, 255, 255) if r.random() < 0.5 else tuple(r.randrange(256) for _ in range(3))
    line = Image.new("RGBA", im.size, color)
    line.putalpha(grown)
    return Image.alpha_composite(line, im)


def in_two_colors(r, im):
    """A drawing of one color over its own filled outline."""
    alpha = im.getchannel("A")
    dark = r.random() < 0.7
    shade = lambda lo, hi: tuple(r.randint(lo, hi) for _ in range(3))
    body = Image.new("RGBA", im.size, shade(150, 255) if dark else shade(0, 110))
    body.putalpha(alpha.filter(ImageFilter.MaxFilter(max(3, im.width // 12 | 1))))
    drawing = Image.new("RGBA", im.size, shade(0, 90) if dark else shade(160, 255))
    drawing.putalpha(alpha)
    return Image.alpha_composite(body, drawing)


def varied(r, im):
    """im: RGBA."""
    if r.random() > SHARE:
        return im
    if r.random() < 0.5:
        im = im.transpose(Image.FLIP_LEFT_RIGHT)
    if r.random() < 0.6:
        im = bent(r, im)
    if r.random() < 0.6:
        im = recolored(r, im)
    if r.random() < 0.3:
        im = flattened(r, im)
    if r.random() < 0.2:
        im = outlined(r, im)
    return im
