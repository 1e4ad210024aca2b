"""Coloured shapes: colour, shape, existence, counting, places, relations, description."""
from itertools import product

from ..scene import COLOR_NAMES, GROUNDS, PLACES, SHAPES, SIDE, article, at_place, contrasting, counted, place, plural, reading_order

LEAST_APART = 18  # pixels between two centres along the axis of a relation
RELATIONS = {"to the left of": (0, -1), "to the right of": (0, 1), "above": (1, -1), "below": (1, 1)}
FURTHER = {"further left": (0, -1), "further right": (0, 1), "higher": (1, -1), "lower": (1, 1)}


def thirds(r, count):
    """(x, y, radius) of `count` shapes in different ninths of the picture"""
    spots = []
    for i, j in r.sample([(i, j) for i in range(3) for j in range(3)], count):
        k = r.uniform(11, 20.5)
        spots.append((21.3 + i * 42.6 + r.uniform(-1, 1) * (21 - k), 21.3 + j * 42.6 + r.uniform(-1, 1) * (21 - k), k))
    return spots


def shape_scene(r, s, mode=None):
    s.background = r.choice(GROUNDS)
    count = r.choices(range(1, 10), (14, 22, 22, 15, 10, 6, 4, 4, 3))[0]
    if mode == "count" or (mode is None and s.split == "train" and r.random() < 0.3):  # every number equally often
        count = r.randint(1, 9)
    if mode == "relation":
        count = r.randint(2, 6)
    allowed = contrasting(s.background)
    colors, shapes = r.sample(allowed, r.randint(1, 4)), r.sample(SHAPES, r.randint(1, 4))
    if count == 1 and r.random() < 0.7:
        k = r.uniform(14, 50)
        spots = [(r.uniform(k, SIDE - k), r.uniform(k, SIDE - k), k)]
    else:
        spots = thirds(r, count)
    objects = []  # (x, y, shape, colour)
    for x, y, k in spots:
        shape, color = r.choice(shapes), r.choice(colors)
        objects.append((x, y, shape, color))
        s.shapes.append((shape, color, x, y, k))
    ask_attributes(r, s, objects)
    ask_places(r, s, objects)
    ask_existence(r, s, objects, shapes, colors, allowed)
    if count <= 5:
        s.ask("describe", counted([f"{c} {h}" for _, _, h, c in sorted(objects, key=reading_order)]))
    if r.random() < 0.15:
        shape = r.choice([x for x in SHAPES if x not in {o[2] for o in objects}])
        s.ask("absent", f"I don't see {article(shape)}.", shape=shape)
    if s.split == "train":
        ask_steps(r, s, objects)


def single(objects, *fields):
    """Those that are alone with their values of these fields."""
    return [o for o in objects if sum(all(p[f] == o[f] for f in fields) for p in objects) == 1]


def ask_attributes(r, s, objects):
    number_of = lambda test: str(sum(1 for o in objects if test(o)))
    kind = r.choice(("count", "count", "count_shapes"))
    s.ask("count", str(len(objects)), kind="count" if isinstance(s.wording, int) else kind)
    shape = r.choice(objects)[2]
    s.ask("count_shape", number_of(lambda o: o[2] == shape), shapes=plural(shape))
    color = r.choice(objects)[3]
    s.ask("count_color", number_of(lambda o: o[3] == color), color=color)
    for o in single(objects, 2)[:2]:
        s.ask("color", o[3], shape=o[2])
    for o in single(objects, 3)[:2]:
        s.ask("shape", o[2], color=o[3])
    if len(objects) == 1:
        s.ask("color", objects[0][3], kind="color_only")
        s.ask("shape", objects[0][2], kind="shape_only")


def ask_places(r, s, objects):
    unique = single(objects, 2, 3)
    name = lambda o: f"{o[3]} {o[2]}"
    for o in unique[:2]:
        where = place(o[0], o[1])
        if where is not None:
            s.ask("where", PLACES[where], thing=name(o))
    for task, axis in (("row", 1), ("column", 0)):
        if unique and r.random() < 0.5:
            o = r.choice(unique)
            s.ask(task, str(int(o[axis] // 16) + 1), thing=name(o))
    at = [place(o[0], o[1]) for o in objects]
    if None not in at and len(set(at)) == len(objects):
        i = r.randrange(len(objects))
        s.ask("at", name(objects[i]), place=at_place(at[i]))
    if len(unique) > 1:
        for _ in range(2):
            a, b = r.sample(unique, 2)
            relation = r.choice(list(RELATIONS))
            axis, sign = RELATIONS[relation]
            if abs(a[axis] - b[axis]) > LEAST_APART:
                s.ask("relation", "yes" if sign * (a[axis] - b[axis]) > 0 else "no", a=name(a), b=name(b), relation=relation)
            a, b = r.sample(unique, 2)
            further = r.choice(list(FURTHER))
            axis, sign = FURTHER[further]
            if abs(a[axis] - b[axis]) > LEAST_APART:
                s.ask("which_side", "the " + name(a if sign * (a[axis] - b[axis]) > 0 else b), a=name(a), b=name(b), further=further)


def ask_existence(r, s, objects, shapes, colors, allowed):
    there = {o[2:] for o in objects}
    for _ in range(2):
        if r.random() < 0.5:
            shape, color = r.choice(objects)[2:]
        else:
            while True:  # half of the wrong ones share shape or colour with what is there
                shape, color = (r.choice(SHAPES), r.choice(colors)) if r.random() < 0.5 else (r.choice(shapes), r.choice(allowed))
                if (shape, color) not in there:
                    break
        s.ask("exist", "yes" if (shape, color) in there else "no", a_thing=article(f"{color} {shape}"))


def ask_steps(r, s, objects):
    """Steps towards the harder questions: one kind of thing counted (descriptions), and what is there only in parts (existence)."""
    there = [o[2:] for o in objects]
    shape, color = thing = r.choice(sorted(set(there)))
    s.ask("count_thing", str(there.count(thing)), kind="count_shape", shapes=plural(f"{color} {shape}"))
    shapes, colors = zip(*there)
    crossed = [both for both in product(sorted(set(shapes)), sorted(set(colors))) if both not in there]
    if crossed:
        shape, color = r.choice(crossed)
        s.ask("exist_crossed", "no", kind="exist", a_thing=article(f"{color} {shape}"))
    if len(objects) <= 6 and r.random() < 0.5:
        s.ask("list_shapes", ", ".join(f"{c} {h}" for _, _, h, c in sorted(objects, key=reading_order)))
