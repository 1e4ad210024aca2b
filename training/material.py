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

from .paths import MATERIAL

TRAIN_FONTS = """roboto open-sans lato montserrat oswald raleway noto-sans noto-serif merriweather ubuntu nunito
playfair-display rubik work-sans inter pt-sans lora quicksand karla libre-baskerville bitter inconsolata josefin-sans
cabin arvo dosis ibm-plex-mono roboto-slab barlow comic-neue courier-prime titillium-web""".split()
TEST_FONTS = "poppins eb-garamond fira-code pt-serif overpass archivo".split()
TRAIN_STYLES = ["noto", "fluent-emoji", "fluent-emoji-flat", "emojione", "fxemoji"]
TEST_STYLE = "twemoji"

# icon name in the sets -> the word the model says (default: the name itself)
ICONS = {
    "red-apple": "apple", "banana": 0, "grapes": 0, "watermelon": 0, "strawberry": 0, "cherries": 0, "lemon": 0,
    "pineapple": 0, "carrot": 0, "ear-of-corn": "corn", "mushroom": 0, "pizza": 0, "hamburger": 0, "french-fries": 0,
    "bread": 0, "cheese-wedge": "cheese", "cookie": 0, "doughnut": "donut", "birthday-cake": "cake", "candy": 0,
    "lollipop": 0, "hot-beverage": "coffee", "beer-mug": "beer", "wine-glass": 0,
    "dog-face": "dog", "cat-face": "cat", "mouse-face": "mouse", "rabbit-face": "rabbit", "fox": 0, "bear": 0,
    "panda": 0, "koala": 0, "tiger-face": "tiger", "lion": 0, "cow-face": "cow", "pig-face": "pig", "frog": 0,
    "monkey-face": "monkey", "chicken": 0, "penguin": 0, "owl": 0, "bat": 0, "wolf": 0, "horse-face": "horse",
    "honeybee": "bee", "butterfly": 0, "snail": 0, "lady-beetle": "ladybug", "ant": 0, "spider": 0, "turtle": 0,
    "snake": 0, "octopus": 0, "crab": 0, "tropical-fish": "fish", "dolphin": 0, "whale": 0, "shark": 0,
    "crocodile": 0, "elephant": 0, "camel": 0, "evergreen-tree": "tree", "palm-tree": 0, "cactus": 0,
    "four-leaf-clover": "clover", "maple-leaf": 0, "rose": 0, "tulip": 0, "sunflower": 0, "sun": 0,
    "crescent-moon": "moon", "cloud": 0, "rainbow": 0, "umbrella": 0, "snowman": 0, "fire": 0, "droplet": "drop",
    "high-voltage": "lightning", "automobile": "car", "taxi": 0, "bus": 0, "ambulance": 0, "fire-engine": "fire truck",
    "tractor": 0, "bicycle": 0, "airplane": 0, "rocket": 0, "helicopter": 0, "sailboat": 0, "anchor": 0,
    "locomotive": "train", "house": 0, "castle": 0, "tent": 0, "watch": 0, "telephone": 0, "laptop": 0, "camera": 0,
    "television": 0, "light-bulb": 0, "alarm-clock": 0, "battery": 0, "open-book": "book", "pencil": 0,
    "scissors": 0, "key": 0, "locked": "lock", "hammer": 0, "wrench": 0, "bell": 0, "wrapped-gift": "gift",
    "balloon": 0, "trophy": 0, "soccer-ball": 0, "basketball": 0, "guitar": 0, "trumpet": 0, "violin": 0, "drum": 0,
    "crown": 0, "glasses": 0, "running-shoe": "shoe", "t-shirt": "shirt", "jeans": 0, "top-hat": "hat", "ring": 0,
    "ghost": 0, "robot": 0, "skull": 0, "alien": 0, "jack-o-lantern": "pumpkin", "teddy-bear": 0,
}
ICON_NAMES = [v or k.replace("-", " ") for k, v in ICONS.items()]
ICON_SIDE = 112


def held_out(word):
    return zlib.crc32(word.encode()) % 10 == 0


def fetch():
    """npm install, then fonts to TTF, icons to one RGBA array, words to two lists."""
    import resvg_py
    from fontTools.ttLib import TTFont

    MATERIAL.mkdir(parents=True, exist_ok=True)
    (MATERIAL / "package.json").write_text('{"name":"material","private":true}')
    packages = [f"@fontsource/{f}" for f in TRAIN_FONTS + TEST_FONTS] + [f"@iconify-json/{s}" for s in TRAIN_STYLES + [TEST_STYLE]]
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

    styles = TRAIN_STYLES + [TEST_STYLE]
    out = np.zeros((len(styles), len(ICONS), ICON_SIDE, ICON_SIDE, 4), np.uint8)
    have = np.zeros((len(styles), len(ICONS)), bool)
    for s, style in enumerate(styles):
        data = json.loads((modules / "@iconify-json" / style / "icons.json").read_text())
        for i, name in enumerate(ICONS):
            name = data.get("aliases", {}).get(name, {}).get("parent", name)
            icon = data["icons"].get(name)
            if icon is None:
                print("no", name, "in", style)
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
    print("icons per style", dict(zip(styles, have.sum(1))))

    text = (modules / "popular-english-words/words.js").read_text()
    words = [w for w in re.findall(r"['\"]([a-z]+)['\"]", text) if 2 <= len(w) <= 7][:8000]
    (MATERIAL / "words.json").write_text(json.dumps({
        "train": [w for w in words if not held_out(w)], "test": [w for w in words if held_out(w)]}))
    print("words", len(words))


@lru_cache
def icons():
    """-> (RGBA [styles, icons, side, side, 4], have [styles, icons]); the last style is the test style"""
    data = np.load(MATERIAL / "icons.npz")
    return data["pictures"], data["have"]


@lru_cache
def words(split):
    return json.loads((MATERIAL / "words.json").read_text())[split]


@lru_cache
def fonts(split):
    families = TEST_FONTS if split == "test" else TRAIN_FONTS
    return sorted(str(p) for p in (MATERIAL / "ttf").glob("*.ttf") if p.stem.rsplit("-", 1)[0] in families)


@lru_cache(maxsize=None)
def font(path, size):
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=None)
def advances(path):
    """-> (advance of each character per unit of size, ascent, descent)"""
    f = font(path, 100)
    ascent, descent = f.getmetrics()
    characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 "
    return {c: f.getlength(c) / 100 for c in characters}, ascent / 100, descent / 100


if __name__ == "__main__":
    fetch()
