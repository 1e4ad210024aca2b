"""Fonts, icons and words: fetched once from npm (`python -m training.material`), then read as plain arrays.

Nothing of this is committed. Test fonts, test words and the test icon style never appear in training pictures.
"""
import io
import json
import re
import subprocess
import zlib
from functools import lru_cache

import numpy as np
from PIL import Image, ImageFont

from .icons import KNOWN, UNKNOWN
from .paths import MATERIAL

TRAIN_FONTS = """roboto open-sans lato montserrat oswald raleway noto-sans noto-serif merriweather ubuntu nunito
playfair-display rubik work-sans inter pt-sans lora quicksand karla libre-baskerville bitter inconsolata josefin-sans
cabin arvo dosis ibm-plex-mono roboto-slab barlow comic-neue courier-prime titillium-web
alegreya alegreya-sans arimo assistant atkinson-hyperlegible bree-serif cantarell catamaran chivo crimson-text cousine dejavu-sans
dm-sans dm-serif-display domine exo-2 figtree gelasio heebo hind ibm-plex-sans ibm-plex-serif jetbrains-mono jost kanit lexend
literata manrope mukta noto-sans-mono outfit plus-jakarta-sans prompt public-sans red-hat-display sarabun signika source-code-pro
source-sans-3 space-grotesk space-mono spectral tinos urbanist varela-round vollkorn zilla-slab fredoka patrick-hand cardo anton""".split()
TEST_FONTS = "poppins eb-garamond fira-code pt-serif overpass archivo mulish source-serif-4".split()
TRAIN_STYLES = ["noto", "fluent-emoji", "fluent-emoji-flat", "emojione", "fxemoji", "noto-v1"]
FURTHER_STYLES = ["streamline-emojis", "fluent-emoji-high-contrast", "emojione-monotone"]  # a part of the icons, or one color only: drawn instead now and then
ONE_COLOR = {"fluent-emoji-high-contrast", "emojione-monotone"}
TEST_STYLE = "twemoji"
STYLES = [*TRAIN_STYLES, *FURTHER_STYLES, TEST_STYLE]
TEST_STYLE_INDEX = len(STYLES) - 1
LONGEST, MOST_WORDS = 10, 14000
ICON_SIDE = 112


def held_out(word):
    return len(word) > 2 and zlib.crc32(word.encode()) % 10 == 0


def fetch():
    """npm install, then fonts to TTF, icons to one RGBA array, words to two lists."""
    import resvg_py
    from fontTools.ttLib import TTFont

    MATERIAL.mkdir(parents=True, exist_ok=True)
    (MATERIAL / "package.json").write_text('{"name":"material","private":true}')
    packages = [f"@fontsource/{f}" for f in TRAIN_FONTS + TEST_FONTS] + [f"@iconify-json/{s}" for s in STYLES]
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *packages, "popular-english-words"], cwd=MATERIAL, check=True)
    modules = MATERIAL / "node_modules"

    (MATERIAL / "ttf").mkdir(exist_ok=True)
    for family in TRAIN_FONTS + TEST_FONTS:
        for weight in (400, 700):
            source = modules / "@fontsource" / family / "files" / f"{family}-latin-{weight}-normal.woff2"
            if source.exists():
                font = TTFont(source)
                font.flavor = None
                font.save(MATERIAL / "ttf" / f"{family}-{weight}.ttf")

    icons = [*KNOWN, *UNKNOWN]
    out = np.zeros((len(STYLES), len(icons), ICON_SIDE, ICON_SIDE, 4), np.uint8)
    have = np.zeros((len(STYLES), len(icons)), bool)
    for s, style in enumerate(STYLES):
        data = json.loads((modules / "@iconify-json" / style / "icons.json").read_text())
        for i, name in enumerate(icons):
            name = data.get("aliases", {}).get(name, {}).get("parent", name)
            icon = data["icons"].get(name)
            if icon is None:
                continue
            w, h = icon.get("width", data.get("width", 16)), icon.get("height", data.get("height", 16))
            box = f'{icon.get("left", 0)} {icon.get("top", 0)} {w} {h}'
            svg = (f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{box}" '
                   f'width="{ICON_SIDE}" height="{ICON_SIDE}" color="#222">{icon["body"]}</svg>')
            png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=ICON_SIDE, height=ICON_SIDE))
            picture = Image.open(io.BytesIO(png)).convert("RGBA").resize((ICON_SIDE, ICON_SIDE))
            out[s, i] = np.asarray(picture)
            have[s, i] = out[s, i, ..., 3].max() > 50
    np.savez(MATERIAL / "icons.npz", pictures=out, have=have)
    print("icons per style", dict(zip(STYLES, have.sum(1))))

    text = (modules / "popular-english-words/words.js").read_text()
    words = [w for w in re.findall(r"['\"]([a-z]+)['\"]", text) if 2 <= len(w) <= LONGEST][:MOST_WORDS]
    (MATERIAL / "words.json").write_text(json.dumps({
        "train": [w for w in words if not held_out(w)], "test": [w for w in words if held_out(w)]}))
    print("words", len(words))


@lru_cache
def icons():
    """-> (RGBA [styles, icons, side, side, 4], have [styles, icons]); known icons first; styles as in STYLES"""
    data = np.load(MATERIAL / "icons.npz")
    return data["pictures"], data["have"]


@lru_cache
def words(split):
    """Words of the split, most frequent first; only the longer ones are held out."""
    return json.loads((MATERIAL / "words.json").read_text())[split]


@lru_cache
def fonts(split):
    families = TEST_FONTS if split == "test" else TRAIN_FONTS
    return sorted(str(p) for p in (MATERIAL / "ttf").glob("*.ttf") if p.stem.rsplit("-", 1)[0] in families)


CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 "


@lru_cache(maxsize=None)
def font(path, size):
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=None)
def advances(path):
    """-> (advance of each character per unit of size, ascent, descent)"""
    f = font(path, 100)
    ascent, descent = f.getmetrics()
    return {c: f.getlength(c) / 100 for c in CHARACTERS}, ascent / 100, descent / 100


@lru_cache(maxsize=None)
def ink_centers(path):
    """The middle of each character's ink, measured from its pen position per unit of size: what can be seen, unlike the advance."""
    f = font(path, 100)
    boxes = {c: f.getbbox(c) for c in CHARACTERS}
    return {c: (box[0] + box[2]) / 200 for c, box in boxes.items()}


if __name__ == "__main__":
    fetch()
