"""A scene: what stands where, and what can be asked about it. No pixels here; `render.py` draws it, `visual_words.py` labels it.

`scene(seed, split)` is deterministic. Splits: "train"; "test" = unseen seeds, words, fonts, icon style, textures and unknown icons.
The kinds of scene are in `scenes/`.
"""
import random
from dataclasses import dataclass, field

from .phrases import UNSEEN, phrase

SIDE = 128
SHAPES = ["circle", "square", "triangle", "star", "heart", "diamond", "hexagon", "cross"]
BAR = "bar"  # drawn in charts only
COLORS = {
    "red": (220, 30, 35), "orange": (250, 140, 20), "yellow": (250, 220, 40), "green": (35, 160, 60), "blue": (40, 80, 220),
    "purple": (130, 50, 170), "pink": (250, 130, 190), "black": (15, 15, 15), "white": (250, 250, 250), "gray": (135, 135, 135),
}
COLOR_NAMES = list(COLORS)
PLACES = ["top left", "top", "top right", "left", "center", "right", "bottom left", "bottom", "bottom right"]
NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
GROUNDS = [(255, 255, 255), (235, 235, 225), (200, 225, 240), (60, 60, 70), (225, 205, 180), (30, 40, 80)]
DONT_KNOW = "I don't know."


@dataclass
class Scene:
    kind: str
    seed: int
    split: str
    wording: object = "varied"  # "plain", or the number of the unseen wording, see phrases.py
    background: tuple = None  # colour, when the scene fixes it
    plain: bool = False  # black on white (first part of the dense stage)
    texture: str = None  # the whole picture is this texture
    lines: list = field(default_factory=list)  # (x, y, text as drawn, font, size)
    chars: list = field(default_factory=list)  # (x, y, character in lower case, starts a new word)
    icons: list = field(default_factory=list)  # (icon, style, x, y, size)
    shapes: list = field(default_factory=list)  # (shape, colour, x, y, radius)
    bars: list = field(default_factory=list)  # (colour, x, width, value)
    qa: list = field(default_factory=list)  # (task, question, answer, answer is spelled from the picture)

    def __post_init__(self):
        self.words = random.Random(self.seed * 17 + 9)  # chooses wordings only, so that a scene is the same in every wording

    def ask(self, task, answer, spelled=False, kind=None, **slots):
        """`kind` of wording, where it is not named like the task. Without unseen wordings of that kind the question is left out."""
        kind = kind or task
        if not isinstance(self.wording, int) or kind in UNSEEN:
            self.qa.append((task, phrase(self.words, kind, self.wording, **slots), answer, spelled))


NO_ARTICLE = {n.strip() for n in """grapes, cherries, french fries, glasses, jeans, scissors, bread, corn, cheese, coffee, beer, fire, lightning,
bacon, badminton, ballet shoes, baseball, beers, blueberries, books, bowling, butter, camping, canned food, chains, chopsticks, chocolate,
confetti, coral, eyes, fireworks, fondue, garlic, goggles, headphones, honey, ice, ice hockey, lettuce, lotion, maracas, masks, milk,
nail polish, pancakes, paw prints, peanuts, peas, ping pong, popcorn, rain, rice, salad, salt, shopping bags, shorts, shrimp, skis, soap,
socks, spaghetti, sparkles, sunglasses, sushi, swords, tennis, thread, toilet paper, volleyball, wood, yarn, juice, whisky""".split(",")}


def article(noun):
    if noun in NO_ARTICLE:
        return noun
    return ("an " if noun[0] in "aeiou" and not noun.startswith("uni") else "a ") + noun


def plural(noun):
    return noun + ("es" if noun.endswith(("s", "x", "ch")) else "s")


def listing(phrases):
    return phrases[0] if len(phrases) == 1 else ", ".join(phrases[:-1]) + " and " + phrases[-1]


def counted(things):
    """Things in order -> "two red stars and a blue heart" """
    groups = {}
    for thing in things:
        groups[thing] = groups.get(thing, 0) + 1
    return listing([article(t) if n == 1 else f"{NUMBERS[n]} {plural(t)}" for t, n in groups.items()])


def contrasting(background, least=110):
    return [c for c in COLOR_NAMES if sum(abs(a - b) for a, b in zip(COLORS[c], background)) > least]


def place(x, y):
    """Index of the third the point is in, or None near a border line."""
    third = SIDE / 3
    if any(abs(v - t) < 4 for v in (x, y) for t in (third, 2 * third)):
        return None
    return int(y // third) * 3 + int(x // third)


def at_place(index):
    """ "in the center", "on the left", "at the top left" """
    name = PLACES[index]
    return "in the center" if name == "center" else ("on the " if name in ("left", "right") else "at the ") + name


def reading_order(o):
    """Sort key of things with (x, y) first: by rows of cells, as the visual tokens come."""
    return int(o[1] // 16), o[0]


MIX = {"text": 27, "icons": 20, "card": 7, "shapes": 34, "chart": 7, "unknown": 3, "blank": 2}


def scene(seed, split="train", kind=None, mode=None, wording="varied"):
    from .scenes import KINDS

    r = random.Random(seed)
    kind = kind or r.choices(list(MIX), list(MIX.values()))[0]
    s = Scene(kind, seed, split, wording)
    KINDS[kind](r, s, mode)
    r.shuffle(s.qa)
    return s
