"""The visual vocabulary is the renderer's alphabet: each visual word names something that can stand in a 16 x 16 cell.

Layout: (slot, character) | word boundary before slot | icons | shape + colour, bar + colour | height of a bar's top in its cell | part |
background | unknown | rows | columns | spare.
The target of a cell: POSITION mass on its row and on its column word, the rest shared by what stands in the cell.
"""
import numpy as np

from .icons import ICON_NAMES, UNKNOWN_FROM
from .scene import BAR, CHARACTERS, COLOR_NAMES, SHAPES, SIDE
from .scenes.chart import UNIT, ZERO

CELL = 16
GRID = SIDE // CELL
SLOTS, NC = 3, len(CHARACTERS)
FORMS = SHAPES + [BAR]
LEVELS = 8  # of a bar's top within a cell, 2 pixels each, from the lower edge
BOUNDARY = SLOTS * NC
ICON = BOUNDARY + SLOTS
SHAPE = ICON + len(ICON_NAMES)
LEVEL = SHAPE + len(FORMS) * len(COLOR_NAMES)
PART = LEVEL + LEVELS
BACKGROUND = PART + 1
UNKNOWN = BACKGROUND + 1
ROW = UNKNOWN + 1
COLUMN = ROW + GRID
USED = COLUMN + GRID
WORDS = 768  # a multiple of 64; the spare words have no meaning
POSITION = 0.15
assert USED <= WORDS

ORDINALS = ["first", "second", "third"]
INDEX = {c: i for i, c in enumerate(CHARACTERS)}


def shape_word(shape, color):
    return SHAPE + FORMS.index(shape) * len(COLOR_NAMES) + COLOR_NAMES.index(color)


def name(word):
    """The text a visual word stands for ('' when it has none)."""
    if word < BOUNDARY:
        return CHARACTERS[word % NC]
    if ICON <= word < SHAPE:
        return ICON_NAMES[word - ICON]
    if SHAPE <= word < LEVEL:
        shape, color = divmod(word - SHAPE, len(COLOR_NAMES))
        return f"{COLOR_NAMES[color]} {FORMS[shape]}"
    return ""


def keys():
    """What each row of the visual table is, for checkpoints whose words are in another order -> list of WORDS strings"""
    out = []
    for base, label in ((BOUNDARY, "slot"), (ICON, "boundary"), (SHAPE, "icon"), (LEVEL, "shape"), (PART, "level"), (BACKGROUND, "part"),
                        (UNKNOWN, "background"), (ROW, "unknown"), (COLUMN, "row"), (USED, "column"), (WORDS, "spare")):
        first = len(out)
        for w in range(first, base):
            if label == "slot":
                out.append(f"slot {w // NC} {name(w)}")
            elif label in ("icon", "shape"):
                out.append(f"{label} {name(w)}")
            else:
                out.append(label if base - first == 1 else f"{label} {w - first}")
    return out


def label(key):
    """A key in words for people; '' for what no picture shows."""
    kind, _, rest = key.partition(" ")
    if kind == "slot":
        slot, character = rest.split(" ")
        return f"“{character}”, {ORDINALS[int(slot)]} in its cell"
    if kind == "boundary":
        return f"a word begins, {ORDINALS[int(rest)]} in its cell"
    if kind == "level":
        return f"top of a bar, {int(rest) + 1} of {LEVELS}"
    if kind in ("row", "column"):  # counted from one, as in answers
        return f"{kind} {int(rest) + 1}"
    if kind == "part":
        return "part of something"
    if kind in ("icon", "shape"):
        return rest
    return "" if kind in ("spare", "indicator") else key


def add_bar(cells, word, x, width, top):
    """The column of cells through the middle of the bar carries its colour, and at its upper end the height."""
    middle = int((x + width / 2) // CELL)
    for i in range(int(x // CELL), int((x + width) // CELL) + 1):
        if i == middle or x <= (i + 0.5) * CELL <= x + width:
            for j in range(int(top // CELL), int((ZERO - 1) // CELL) + 1):
                cells[j * GRID + i] = [(word, 0.5), (PART, 0.5)]
    j = int(top // CELL)
    level = int(((j + 1) * CELL - top) / CELL * LEVELS)
    cells[j * GRID + middle] = [(word, 0.5), (LEVEL + min(level, LEVELS - 1), 0.5)]


def content(s):
    """-> (int [n, 2] of (cell, word), float [n]): the content mass of each cell, without the position words."""
    if s.texture:
        return np.array([(q, UNKNOWN) for q in range(GRID * GRID)], np.int32), np.ones(GRID * GRID, np.float32)
    cells, filled = {}, {}
    boxes = [(x + 0.1 * k, y + 0.1 * k, x + 0.9 * k, y + 0.9 * k, ICON + i if i < UNKNOWN_FROM else UNKNOWN) for i, _, x, y, k in s.icons]
    boxes += [(x - 0.6 * k, y - 0.6 * k, x + 0.6 * k, y + 0.6 * k, shape_word(h, c)) for h, c, x, y, k in s.shapes]
    clamp = lambda v: min(GRID - 1, max(0, int(v // CELL)))
    for x0, y0, x1, y1, word in boxes:
        center = clamp((x0 + x1) / 2), clamp((y0 + y1) / 2)
        for j in range(clamp(y0), clamp(y1) + 1):
            for i in range(clamp(x0), clamp(x1) + 1):
                if (i, j) != center and x0 <= (i + 0.5) * CELL <= x1 and y0 <= (j + 0.5) * CELL <= y1:
                    cells[j * GRID + i] = [(word, 0.5), (PART, 0.5)]
        cells[center[1] * GRID + center[0]] = [(word, 1.0)]
    for color, x, width, value in s.bars:
        add_bar(cells, shape_word(BAR, color), x, width, ZERO - UNIT * value)
    for x, y, c, boundary in s.chars:  # in reading order
        i, j = int(x // CELL), int(y // CELL)
        if not (0 <= i < GRID and 0 <= j < GRID):
            continue
        q = j * GRID + i
        slot = filled.get(q, 0)
        filled[q] = slot + 1
        if slot < SLOTS:
            if slot == 0:
                cells[q] = []
            cells[q].append((slot * NC + INDEX[c], 1.0))
            if boundary:
                cells[q].append((BOUNDARY + slot, 0.5))
    entries, mass = [], []
    for q in range(GRID * GRID):
        words = cells.get(q) or [(BACKGROUND, 1.0)]
        total = sum(m for _, m in words)
        for word, m in words:
            entries.append((q, word))
            mass.append(m / total)
    return np.array(entries, np.int32), np.array(mass, np.float32)


# ---------------------------------------------------------------- imitation of an imperfect vision tower

ALIKE = "il1jt oq0cdgeu aces s5z2 b8h6 z27 nmhru uvwy g9qy b6h fti ceo kx pqbd 4a 3 8 s 17".split()


def _confusions():
    table = np.zeros((NC, 8), np.int64)
    for i, c in enumerate(CHARACTERS):
        near = sorted({INDEX[x] for group in ALIKE if c in group for x in group} - {i}) or [i]
        table[i] = (near * 8)[:8]
    return table


CONFUSED = _confusions()


# how often each kind of symbol is confused, relative to icons: about what a trained tower does
SHARES = dict(char=0.6, shape=0.15, rest=0.1)


def distributions(contents, noise, rng):
    """-> float32 [n, 64, WORDS]. `noise` [n]: the share of icons that are confused in each scene, see SHARES."""
    n = len(contents)
    p = np.zeros((n, GRID * GRID, WORDS), np.float32)
    b = np.concatenate([np.full(len(m), i) for i, (_, m) in enumerate(contents)])
    e = np.concatenate([x for x, _ in contents])
    m = np.concatenate([x for _, x in contents])
    q, w, size = e[:, 0], e[:, 1], len(e)
    level = (np.asarray(noise) * np.ones(n))[b]
    other = w.copy()

    char = w < BOUNDARY
    c = w % NC
    swapped = np.where(rng.rand(size) < 0.75, CONFUSED[np.where(char, c, 0), rng.randint(8, size=size)], rng.randint(NC, size=size))
    other[char] = (w - c + swapped)[char]
    icon = (w >= ICON) & (w < SHAPE)
    other[icon] = ICON + rng.randint(len(ICON_NAMES), size=icon.sum())
    shape = (w >= SHAPE) & (w < LEVEL)
    z, colors = (w - SHAPE)[shape], len(COLOR_NAMES)
    other[shape] = SHAPE + np.where(rng.rand(len(z)) < 0.5, z // colors * colors + rng.randint(colors, size=len(z)),
                                    rng.randint(len(FORMS), size=len(z)) * colors + z % colors)
    height = (w >= LEVEL) & (w < PART)
    other[height] = (w + rng.choice([-1, 1], size=size)).clip(LEVEL, PART - 1)[height]
    rest = ~(char | icon | shape | height)
    k = rest.sum()
    other[rest] = np.where(rng.rand(k) < 0.4, rng.randint(0, BOUNDARY, size=k), np.where(w[rest] == BACKGROUND, PART, BACKGROUND))

    rate = level * np.select([char, shape, rest], [SHARES[k] for k in ("char", "shape", "rest")], 1.0)
    u = rng.rand(size)
    keep = np.where(u < rate * 0.5, rng.uniform(0, 0.5, size), np.where(u < rate * 2, rng.uniform(0.5, 1, size), 1 - rng.uniform(0, 0.1, size) * (level > 0)))
    slip = char & (rng.rand(size) < level * 0.15)  # right character, neighbouring slot
    other[slip] = (c + ((w // NC) + rng.choice([-1, 1], size=size)).clip(0, SLOTS - 1) * NC)[slip]
    np.add.at(p, (b, q, w), m * keep)
    np.add.at(p, (b, q, other), m * (1 - keep))
    p *= 1 - 2 * POSITION
    cells = np.arange(GRID * GRID)
    p[:, cells, ROW + cells // GRID] += POSITION
    p[:, cells, COLUMN + cells % GRID] += POSITION
    return p
