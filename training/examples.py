"""Sample pictures for documentation and tests: held-out words, fonts and icon style, drawn at 256 x 256.

Each picture is built by hand from the same scene parts; its questions are kept only when the exported model answers them right.
"""
import json
import random

from PIL import Image

from . import material
from .evaluate import Asker
from .icons import ICON_NAMES
from .paths import CHECKPOINT, EXAMPLES
from .render import draw
from .scene import SIDE, Scene
from .scenes.text import add_block

SEED = 950_000_000


def by_hand(seed, background=None, shapes=(), icons=(), text=None, box=(6, 6, SIDE - 6, SIDE - 6)):
    s = Scene("hand", seed, "test", background=background)
    s.shapes = list(shapes)
    names = ICON_NAMES
    s.icons = [(names.index(name), material.TEST_STYLE_INDEX, x, y, size) for name, x, y, size in icons]
    if text:
        r = random.Random(seed)
        assert add_block(r, s, [text], box, smallest=20)
    return s


def drafts():
    """file -> (candidate scenes, [(question, answer)])"""
    k = 18
    return {
        "shapes.png": ([by_hand(SEED + i, ground, shapes=[("star", "yellow", 26 + 4 * (i % 3), 28 + 3 * (i % 2), k), ("circle", color, 100, 36 + 2 * i, k), ("heart", "purple", 64, 98, k)])
                        for i, (ground, color) in enumerate([(g, c) for g in ((200, 225, 240), (255, 255, 255), (235, 235, 225)) for c in ("red", "blue", "green")])], None),
        "count.png": ([by_hand(SEED + 20 + i, ground, shapes=[("circle", "orange", 22, 24, 15), ("circle", "orange", 106, 30, 16), ("triangle", "green", 62, 64 + i, 18), ("circle", "orange", 30, 104, 17), ("square", "pink", 104, 102, 15)])
                       for i, ground in enumerate([(30, 40, 80), (255, 255, 255), (235, 235, 225), (60, 60, 70)] * 2)], [
            ("How many circles are there?", "3"), ("How many objects are there?", "5"), ("What color is the triangle?", "green"), ("What shape is the pink one?", "square"), ("What is in the center?", "green triangle")]),
        "icon.png": ([by_hand(SEED + 40 + i, icons=[(name, 22, 24, 84)]) for i in range(4) for name in ("sunflower",)], [
            ("What is this?", "sunflower"), ("Is there a sunflower?", "yes"), ("Is there a dog?", "no"), ("Describe the image.", "a sunflower")]),
        "icons.png": ([by_hand(SEED + 60 + i, icons=[(a, 4, 36, 56), (b, 68, 36, 56)]) for i in range(3) for a, b in (("house", "tree"), ("strawberry", "banana"), ("rocket", "umbrella"), ("pizza", "crown"))], None),
        "word.png": ([by_hand(SEED + 80 + i, text=w) for i in range(4) for w in _words()], None),
        "digits.png": ([by_hand(SEED + 120 + i, text=w) for i, w in enumerate(("2025", "407", "816", "390", "64", "1983"))], None),
        "card.png": ([by_hand(SEED + 140 + i, icons=[(name, 30, 4, 70)], text=word, box=(8, 80, SIDE - 8, SIDE - 4)) for i, (name, word) in enumerate((n, w) for n in ("penguin", "balloon", "rocket", "butterfly") for w in _words()[:3])], None),
    }


def _words():
    nice = ["music", "coffee", "house", "summer", "river", "garden", "hello", "open", "green", "ocean", "planet", "winter", "happy", "light", "smile", "magic"]
    held = [w for w in nice if material.held_out(w)] + [w for w in material.words("test") if len(w) in (4, 5) and w.isalpha()][:40]
    return held[:12]


def questions_of(file, s):
    icon = [ICON_NAMES[i[0]] for i in s.icons]
    text = s.lines[0][2].lower() if s.lines else None
    if file == "shapes.png":
        color = s.shapes[1][1]
        return [("What color is the star?", "yellow"), (f"What shape is the {color} one?", "circle"), ("How many shapes are there?", "3"),
                ("Is there a purple heart?", "yes"), ("Is there an orange square?", "no"), ("Where is the yellow star?", "top left"),
                ("Describe the picture.", f"a yellow star, a {color} circle and a purple heart")]
    if file == "icons.png":
        return [("What is on the left?", icon[0]), ("What is on the right?", icon[1]), ("How many objects are there?", "2")]
    if file == "word.png":
        return [("What does the text say?", text), ("What is the first letter?", text[0])]
    if file == "digits.png":
        return [("What number is this?", text)]
    return [("What does the text say?", text), ("Which icon is in the picture?", icon[0])]


def main():
    asker = Asker(CHECKPOINT)
    EXAMPLES.mkdir(parents=True, exist_ok=True)
    out = []
    for file, (scenes, qa) in drafts().items():
        best = None
        for s in scenes:
            picture = Image.fromarray(draw(s, 2))
            asked = qa or questions_of(file, s)
            right = [(q, a) for q, a in asked if asker.ask(picture, q) == a]
            if best is None or len(right) > len(best[1]):
                best = picture, right, len(asked)
            if len(right) == len(asked):
                break
        best[0].save(EXAMPLES / file)
        print(file, len(best[1]), "of", best[2], "right")
        # answered on the saved file, through the resize from 256 to 128
        out += [{"image": file, "question": q, "answer": a} for q, a in best[1] if asker.ask(Image.open(EXAMPLES / file), q) == a]
    (EXAMPLES / "questions.json").write_text(json.dumps(out, indent=2) + "\n")
    print(len(out), "questions")


if __name__ == "__main__":
    main()
