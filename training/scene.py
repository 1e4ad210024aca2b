"""A scene: what stands where, and what can be asked about it. No pixels here; `render.py` draws it, `visual_words.py` labels it.

`scene(seed, split)` is deterministic. Splits: "train"; "test" = unseen seeds, words, fonts and icon style.
"""
import random
from dataclasses import dataclass, field

from . import material
from .material import ICON_NAMES

SIDE = 128
SHAPES = ["circle", "square", "triangle", "star", "heart", "diamond", "hexagon", "cross"]
COLORS = {
    "red": (220, 30, 35), "orange": (250, 140, 20), "yellow": (250, 220, 40), "green": (35, 160, 60), "blue": (40, 80, 220),
    "purple": (130, 50, 170), "pink": (250, 130, 190), "black": (15, 15, 15), "white": (250, 250, 250), "gray": (135, 135, 135),
}
COLOR_NAMES = list(COLORS)
PLACES = ["top left", "top", "top right", "left", "center", "right", "bottom left", "bottom", "bottom right"]
NUMBERS = ["zero", "one", "two", "three", "four", "five", "six"]
CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789"

READ = ["What does the text say?", "Read the text.", "What is written here?", "What does it say?", "What is the text?", "Can you read this?"]
READ_WORD = ["What word is this?", "Which word is written here?", "Read the word."]
READ_NUMBER = ["What number is this?", "Read the number.", "Which number is shown?"]
NAME = ["What is this?", "What is in the picture?", "What do you see?", "What is shown in the image?", "Which icon is this?"]
DESCRIBE = ["Describe the picture.", "Describe the image.", "What is in the picture?", "What do you see?", "Describe this image in one sentence."]
COUNT = ["How many objects are there?", "How many things are in the picture?", "Count the objects.", "How many objects do you see?"]


@dataclass
class Scene:
    kind: str
    seed: int
    split: str
    background: tuple = None  # colour, when the scene fixes it
    plain: bool = False  # black on white (first part of the dense stage)
    lines: list = field(default_factory=list)  # (x, y, text as drawn, font, size)
    chars: list = field(default_factory=list)  # (x, y, character in lower case, starts a new word)
    icons: list = field(default_factory=list)  # (icon, style, x, y, size)
    shapes: list = field(default_factory=list)  # (shape, colour, x, y, radius)
    qa: list = field(default_factory=list)  # (task, question, answer, answer is spelled from the picture)

    def ask(self, task, question, answer, spelled=False):
        self.qa.append((task, question, answer, spelled))


NO_ARTICLE = {"grapes", "cherries", "french fries", "glasses", "jeans", "scissors", "bread", "corn", "cheese", "coffee", "beer", "fire", "lightning"}


def article(noun):
    if noun in NO_ARTICLE:
        return noun
    return ("an " if noun[0] in "aeiou" else "a ") + noun


def plural(noun):
    return noun + ("es" if noun.endswith(("s", "x", "ch")) else "s")


def listing(phrases):
    return phrases[0] if len(phrases) == 1 else ", ".join(phrases[:-1]) + " and " + phrases[-1]


def contrasting(background, least=110):
    return [c for c in COLOR_NAMES if sum(abs(a - b) for a, b in zip(COLORS[c], background)) > least]


def place(x, y):
    """Index of the third the point is in, or None near a border line."""
    third = SIDE / 3
    if any(abs(v - t) < 4 for v in (x, y) for t in (third, 2 * third)):
        return None
    return int(y // third) * 3 + int(x // third)


# ---------------------------------------------------------------- text


def add_line(s, text, font, size, x, y):
    advance, ascent, _ = material.advances(font)
    s.lines.append((x, y, text, font, size))
    after_space = False
    for c in text:
        if c != " ":
            s.chars.append((x + advance[c] * size / 2, y + (ascent - 0.3) * size, c.lower(), after_space))
        after_space = c == " "
        x += advance[c] * size


def add_block(r, s, lines, box, smallest=17, largest=44):
    """Lines of text at a random size and place inside box; False if they do not fit."""
    x0, y0, x1, y1 = box
    font = r.choice(material.fonts(s.split))
    advance, ascent, descent = material.advances(font)
    width = max(sum(advance[c] for c in line) for line in lines)
    most = int(min((x1 - x0) / width, (y1 - y0) / ((ascent + descent) * len(lines)), largest))
    if most < smallest:
        return False
    size = r.randint(smallest, most) if r.random() < 0.5 else r.randint(max(smallest, int(most * 0.7)), most)
    w, h = width * size, (ascent + descent) * size * len(lines)
    x, y = r.uniform(x0, x1 - w), r.uniform(y0, y1 - h)
    align = r.choice((0, 0, 0.5))
    for line in lines:
        add_line(s, line, font, size, x + align * (w - sum(advance[c] for c in line) * size), y)
        y += (ascent + descent) * size
    return True


def cased(r, word):
    return r.choice((word, word, word.capitalize(), word.upper()))


def random_string(r):
    return "".join(r.choice(CHARACTERS) for _ in range(r.randint(2, 6)))


def number(r):
    return "".join(r.choice("0123456789") for _ in range(r.choice((1, 2, 2, 3, 3, 4, 5))))


def a_word(r, split):
    return cased(r, r.choice(material.words(split)))


def token(r, split):
    u = r.random()
    return a_word(r, split) if u < 0.6 else number(r) if u < 0.8 else cased(r, random_string(r))


def text_scene(r, s, mode=None):
    mode = mode or r.choices(("word", "words", "digits", "string"), (45, 20, 25, 10))[0]
    for _ in range(40):
        if mode == "words":
            lines = [a_word(r, s.split), a_word(r, s.split)]
            lines = [" ".join(lines)] if r.random() < 0.3 else lines
        else:
            lines = [{"word": lambda: a_word(r, s.split), "digits": lambda: number(r), "string": lambda: cased(r, random_string(r))}[mode]()]
        if add_block(r, s, lines, (3, 2, SIDE - 3, SIDE - 2)):
            break
    else:
        return text_scene(r, s, "digits")
    text = " ".join(lines).lower()
    words = text.split()
    specific = {"word": READ_WORD, "digits": READ_NUMBER}.get(mode, [])
    s.ask("read_" + mode, r.choice(READ), text, True)
    if specific:
        s.ask("read_" + mode, r.choice(specific), text, True)
    if len(words) == 1 and mode != "digits":
        s.ask("letter", r.choice(["What is the first letter?", "Which letter comes first?"]), words[0][0], True)
        s.ask("letter", "What is the last letter?", words[0][-1], True)
    if len(words) == 2:
        s.ask("one_of_two", r.choice(["What is the first word?", "Read the first word."]), words[0], True)
        s.ask("one_of_two", r.choice(["What is the second word?", "What is the last word?"]), words[1], True)
    if r.random() < 0.4:
        s.ask("describe", r.choice(DESCRIBE[:2] + DESCRIBE[4:]), f'the {"number" if mode == "digits" else "text"} "{text}"', True)
    if r.random() < 0.3:
        absent(r, s)


# ---------------------------------------------------------------- icons


def add_icon(r, s, x, y, size, icon=None):
    have = material.icons()[1]
    styles = [len(have) - 1] if s.split == "test" else range(len(have) - 1)
    while True:
        style = r.choice(styles)
        which = r.randrange(len(ICON_NAMES)) if icon is None else icon
        if have[style, which]:
            break
    s.icons.append((which, style, int(x), int(y), int(size)))
    return which


def icon_exists(r, s, present):
    other = r.choice([i for i in range(len(ICON_NAMES)) if i not in present])
    which, answer = (r.choice(present), "yes") if r.random() < 0.5 else (other, "no")
    s.ask("icon_exists", r.choice(["Is there %s?", "Do you see %s?", "Is there %s in the picture?"]) % article(ICON_NAMES[which]), answer)


def icon_scene(r, s, mode=None):
    count = 1 if mode == "one" else r.choices((1, 2, 3, 4), (50, 25, 12, 13))[0]
    if count == 1:
        size = r.randint(40, 112)
        x, y = r.randint(0, SIDE - size), r.randint(0, SIDE - size)
        name = ICON_NAMES[add_icon(r, s, x, y, size)]
        s.ask("icon", r.choice(NAME), name)
        icon_exists(r, s, [s.icons[0][0]])
        where = place(x + size / 2, y + size / 2)
        if where is not None and size < 70:
            s.ask("icon_where", "Where is the %s?" % name, PLACES[where])
        if r.random() < 0.5:
            s.ask("describe", r.choice(DESCRIBE[:2] + DESCRIBE[4:]), article(name))
        return
    horizontal = r.random() < 0.5
    spots = {2: [(0, 32), (64, 32)] if horizontal else [(32, 0), (32, 64)]}.get(count, [(0, 0), (64, 0), (0, 64), (64, 64)])
    spots = sorted(r.sample(spots, count), key=lambda p: (p[1], p[0]))
    names = []
    for (x, y), which in zip(spots, r.sample(range(len(ICON_NAMES)), count)):
        size = r.randint(42, 64)
        names.append(ICON_NAMES[add_icon(r, s, x + r.randint(0, 64 - size), y + r.randint(0, 64 - size), size, which)])
    s.ask("icon_list", r.choice(NAME[1:4] + ["List everything in the picture.", "Which things are in the picture?"]), listing([article(n) for n in names]))
    if count == 2:
        sides = ["on the left", "on the right"] if horizontal else ["at the top", "at the bottom"]
    else:
        sides = [{(0, 0): "at the top left", (64, 0): "at the top right", (0, 64): "at the bottom left", (64, 64): "at the bottom right"}[p] for p in spots]
    for j in r.sample(range(count), min(count, 2)):
        s.ask("icon_at", r.choice(["What is %s?", "What do you see %s?"]) % sides[j], names[j])
    s.ask("count", r.choice(COUNT), str(count))
    icon_exists(r, s, [i[0] for i in s.icons])


def card_scene(r, s, mode=None):
    size = r.randint(48, 74)
    top = r.random() < 0.7
    which = add_icon(r, s, r.randint(4, SIDE - size - 4), 2 if top else SIDE - size - 2, size)
    for _ in range(40):
        text = token(r, s.split)
        if add_block(r, s, [text], (3, size + 2, SIDE - 3, SIDE - 1) if top else (3, 1, SIDE - 3, SIDE - size - 3)):
            break
    name, text = ICON_NAMES[which], text.lower()
    s.ask("card_text", r.choice(READ), text, True)
    s.ask("card_icon", r.choice(["Which icon is this?", "Which icon is in the picture?", "What is %s the text?" % ("above" if top else "below")]), name)
    s.ask("describe", r.choice(DESCRIBE), f'{article(name)} with the text "{text}"', True)
    icon_exists(r, s, [which])


# ---------------------------------------------------------------- shapes

GROUNDS = [(255, 255, 255), (235, 235, 225), (200, 225, 240), (60, 60, 70), (225, 205, 180), (30, 40, 80)]


def shape_scene(r, s, mode=None):
    s.background = r.choice(GROUNDS)
    count = r.choices((1, 2, 3, 4, 5, 6), (16, 26, 26, 16, 10, 6))[0]
    allowed = contrasting(s.background)
    colors, shapes = r.sample(allowed, r.randint(1, 4)), r.sample(SHAPES, r.randint(1, 4))
    objects = []  # (x, y, shape, colour)
    if count == 1 and r.random() < 0.7:
        k = r.uniform(14, 50)
        spots = [(r.uniform(k, SIDE - k), r.uniform(k, SIDE - k), k)]
    else:
        spots = []
        for i, j in r.sample([(i, j) for i in range(3) for j in range(3)], count):
            k = r.uniform(11, 20.5)
            spots.append((21.3 + i * 42.6 + r.uniform(-1, 1) * (21 - k), 21.3 + j * 42.6 + r.uniform(-1, 1) * (21 - k), k))
    for x, y, k in spots:
        shape, color = r.choice(shapes), r.choice(colors)
        objects.append((x, y, shape, color))
        s.shapes.append((shape, color, x, y, k))
    ask_shapes(r, s, objects, shapes, colors, allowed)


def ask_shapes(r, s, objects, shapes, colors, allowed):
    n = len(objects)
    number_of = lambda test: str(sum(1 for o in objects if test(o)))
    s.ask("count", r.choice(COUNT + ["How many shapes are there?", "Count the shapes."]), str(n))
    shape = r.choice(objects)[2]
    s.ask("count_shape", r.choice(["How many %s are there?", "Count the %s."]) % plural(shape), number_of(lambda o: o[2] == shape))
    color = r.choice(objects)[3]
    s.ask("count_color", r.choice(["How many %s shapes are there?", "How many shapes are %s?"]) % color, number_of(lambda o: o[3] == color))

    only = lambda *fields: [o for o in objects if sum(all(p[f] == o[f] for f in fields) for p in objects) == 1]
    for o in only(2)[:2]:
        s.ask("color", r.choice(["What color is the %s?", "Which color is the %s?", "What is the color of the %s?"]) % o[2], o[3])
    for o in only(3)[:2]:
        s.ask("shape", r.choice(["What shape is the %s one?", "Which shape is %s?", "What is the %s shape?"]) % o[3], o[2])
    if n == 1:
        o = objects[0]
        s.ask("color", r.choice(["What color is the shape?", "What color is it?", "Which color is this?"]), o[3])
        s.ask("shape", r.choice(["What shape is this?", "Which shape is it?", "What shape is it?"]), o[2])

    unique = only(2, 3)
    for o in unique[:2]:
        where = place(o[0], o[1])
        if where is not None:
            s.ask("where", r.choice(["Where is the %s %s?", "In which part of the picture is the %s %s?"]) % (o[3], o[2]), PLACES[where])
    at = [place(o[0], o[1]) for o in objects]
    if None not in at and len(set(at)) == n:
        i = r.randrange(n)
        where = PLACES[at[i]]
        s.ask("at", r.choice(["What is %s?", "Which shape is %s?"]) % ("in the " + where if where == "center" else "at the " + where), f"{objects[i][3]} {objects[i][2]}")
    if len(unique) > 1:
        for _ in range(2):
            a, b = r.sample(unique, 2)
            relation = r.choice(["to the left of", "to the right of", "above", "below"])
            dx, dy = a[0] - b[0], a[1] - b[1]
            value = {"to the left of": -dx, "to the right of": dx, "above": -dy, "below": dy}[relation]
            if abs(value) > 18:
                s.ask("relation", f"Is the {a[3]} {a[2]} {relation} the {b[3]} {b[2]}?", "yes" if value > 0 else "no")
    for _ in range(2):
        if r.random() < 0.5:
            shape, color = r.choice(objects)[2:]
        elif r.random() < 0.5:
            shape, color = r.choice(SHAPES), r.choice(colors)
        else:
            shape, color = r.choice(shapes), r.choice(allowed)
        answer = "yes" if any(o[2:] == (shape, color) for o in objects) else "no"
        s.ask("exist", r.choice(["Is there %s?", "Do you see %s?", "Is there %s in the picture?"]) % article(f"{color} {shape}"), answer)
    if n <= 4:
        groups = {}
        for o in sorted(objects):
            groups[o[3], o[2]] = groups.get((o[3], o[2]), 0) + 1
        phrases = [article(f"{c} {h}") if k == 1 else f"{NUMBERS[k]} {c} {plural(h)}" for (c, h), k in groups.items()]
        s.ask("describe", r.choice(DESCRIBE), listing(phrases))
    if r.random() < 0.15:
        absent(r, s)


# ---------------------------------------------------------------- the rest


def absent(r, s):
    """A question about a shape that is not there."""
    there = {x[0] for x in s.shapes}
    shape = r.choice([x for x in SHAPES if x not in there])
    s.ask("absent", r.choice(["What color is the %s?", "Where is the %s?"]) % shape, f"I don't see {article(shape)}.")


def noise_scene(r, s, mode=None):
    question = r.choice(READ + NAME + DESCRIBE + COUNT + READ_WORD + ["What color is the star?", "What shape is this?", "Is there a cat?"])
    s.ask("noise", question, "I don't know.")
    s.ask("noise", r.choice(NAME + DESCRIBE), "I don't know.")


def blank_scene(r, s, mode=None):
    s.ask("blank", r.choice(NAME[1:4] + DESCRIBE), "nothing")
    s.ask("blank", r.choice(COUNT), "0")
    s.ask("blank", r.choice(["Is there %s?", "Do you see %s?"]) % article(r.choice(ICON_NAMES + SHAPES)), "no")
    s.ask("blank", r.choice(READ), "I don't see any text.")


def packed_scene(r, s, mode=None):
    """No questions: every region full of labelled things, for the dense stage."""
    half, full = SIDE // 2, SIDE
    regions = r.choice([
        [(0, 0, full, full)],
        [(0, 0, full, half), (0, half, full, full)],
        [(0, 0, half, full), (half, 0, full, full)],
        [(0, 0, half, half), (half, 0, full, half), (0, half, half, full), (half, half, full, full)],
        [(0, 0, full, half), (0, half, half, full), (half, half, full, full)],
    ])
    kinds = [r.choices("tis", (55, 27, 18))[0] for _ in regions]
    if "s" in kinds:
        s.background = r.choice(GROUNDS)
    allowed = contrasting(s.background or (0, 0, 0))
    for (x0, y0, x1, y1), kind in zip(regions, kinds):
        w, h = x1 - x0, y1 - y0
        if kind == "t":
            font = r.choice(material.fonts(s.split))
            advance, ascent, descent = material.advances(font)
            size = r.randint(17, 24) if r.random() < 0.6 else r.randint(22, 44)
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
        else:
            step = min(w, h, r.choice((43, 56, 64, 64, 100, 128) if kind == "i" else (26, 32, 42, 64, 100)))
            for gy in range(y0, y1 - step + 1, step):
                for gx in range(x0, x1 - step + 1, step):
                    if kind == "i":
                        size = int(step * r.uniform(0.8, 1))
                        add_icon(r, s, gx + r.randint(0, step - size), gy + r.randint(0, step - size), size)
                    else:
                        s.shapes.append((r.choice(SHAPES), r.choice(allowed), gx + step / 2, gy + step / 2, step * r.uniform(0.33, 0.49)))


# Kinds of question that are learned early are asked less often, which leaves the room to the others.
ASKED = {"color": 0.5, "shape": 0.4, "absent": 0.3, "letter": 0.35, "at": 0.5, "relation": 0.4, "card_icon": 0.6, "icon": 0.8}


def thinned(qa, r):
    kept = [q for q in qa if r.random() < ASKED.get(q[0], 1.0)]
    return kept or qa[:1]


KINDS = {"packed": packed_scene, "text": text_scene, "icons": icon_scene, "card": card_scene, "shapes": shape_scene, "noise": noise_scene, "blank": blank_scene}
MIX = {"text": 32, "icons": 22, "card": 8, "shapes": 34, "noise": 2, "blank": 2}


def scene(seed, split="train", kind=None, mode=None):
    r = random.Random(seed)
    kind = kind or r.choices(list(MIX), list(MIX.values()))[0]
    s = Scene(kind, seed, split)
    KINDS[kind](r, s, mode)
    r.shuffle(s.qa)
    return s
