"""Conversations that are not about one picture: small talk without a picture, and questions about two pictures."""
import copy
import random

from .icons import ICON_NAMES
from .phrases import phrase
from .scene import GROUNDS, PLACES, SHAPES, Scene, article, at_place, contrasting, place, scene
from .scenes.shapes import thirds

NO_PICTURE = "I don't see a picture."
TALK = [
    (["Hello", "Hello!", "Hi", "Hi!", "Hello, who are you?"], "Hello! Show me a picture and ask me about it."),
    (["Who are you?", "What are you?", "What is your name?"], "I am Ovis Nano, a very small model that looks at pictures."),
    (["What can you do?", "How can you help me?", "Help"], "I can name colors, shapes, icons, numbers and words in small pictures."),
    (["Thank you", "Thanks!", "Thank you!"], "You are welcome."),
    (["Bye", "Goodbye", "Bye!"], "Goodbye!"),
]


def talk(seed):
    """-> list of (task, question, answer, spelled) without any picture"""
    r = random.Random(seed)
    if r.random() < 0.5:
        questions, answer = r.choice(TALK)
        return [("talk", r.choice(questions), answer, False)]
    while True:
        s = scene(r.randrange(2**40))
        if s.qa:
            return [("no_picture", r.choice(s.qa)[1], NO_PICTURE, False)]


def simple_scene(r, split):
    """One thing and the phrase for it."""
    while True:
        kind = r.choice(["text", "icons", "shapes"])
        s = scene(r.randrange(2**40), split, kind, {"text": r.choice(["word", "digits"]), "icons": "one"}.get(kind))
        if kind == "shapes" and len(s.shapes) > 1:
            continue
        if kind == "text":
            word = s.lines[0][2].lower()
            return s, f'the {"number" if word.isdigit() else "text"} "{word}"', True
        return s, article(ICON_NAMES[s.icons[0][0]] if kind == "icons" else f"{s.shapes[0][1]} {s.shapes[0][0]}"), False


def image(k):
    """Slots of a wording that name the first (0) or second picture."""
    return {"n": k + 1, "nth": ("first", "second")[k]}


def pair(seed, split="train", wording="varied"):
    """Two pictures of one thing each -> (two scenes, questions)"""
    r = random.Random(seed)
    (a, in_a, spelled_a), (b, in_b, spelled_b) = simple_scene(r, split), simple_scene(r, split)
    qa = [("pair_what", phrase(r, "pair_what", wording, **image(k)), answer, spelled) for k, (answer, spelled) in enumerate(((in_a, spelled_a), (in_b, spelled_b)))]
    if in_a != in_b and not (spelled_a and spelled_b):
        which, answer = r.choice([(p, w) for p, w, t in ((in_a, "image 1", spelled_a), (in_b, "image 2", spelled_b)) if not t])
        qa.append(("pair_which", phrase(r, "pair_which", wording, a_thing=which), answer, False))
    r.shuffle(qa)
    return [a, b], qa


def change(seed, split="train", wording="varied"):
    """The same shapes twice, one of them added, removed, recoloured or replaced -> (two scenes, questions)"""
    r = random.Random(seed)
    before = Scene("shapes", r.randrange(2**40), split, wording, background=r.choice(GROUNDS))
    allowed = contrasting(before.background)
    count = r.randint(1, 5)
    before.shapes = [(r.choice(SHAPES), r.choice(allowed), x, y, k) for x, y, k in thirds(r, count)]
    after = copy.deepcopy(before)
    what = r.choice(["added", "removed", "color", "shape"])
    if count == 1 and what == "removed":
        what = "added"
    i = r.randrange(count)
    shape, color, x, y, k = before.shapes[i]
    name = f"the {color} {shape}"
    if what == "removed":
        del after.shapes[i]
        answer = f"{name} is gone"
    elif what == "added":
        new = before.shapes[i]
        del before.shapes[i]
        if not before.shapes:
            return change(seed + 1_000_003, split, wording)
        answer = f"{article(f'{new[1]} {new[0]}')} was added"
    elif what == "color":
        color = r.choice([c for c in allowed if c != color])
        after.shapes[i] = (shape, color, x, y, k)
        answer = f"{name} is now {color}"
    else:
        shape = r.choice([h for h in SHAPES if h != shape])
        after.shapes[i] = (shape, color, x, y, k)
        answer = f"{name} is now {article(shape)}"
    after.seed = before.seed + (1 if r.random() < 0.5 else 0)  # drawn by another hand half of the time
    before.ask("change", answer)
    if split == "train":
        ask_steps(r, before, after, (x, y))
    return [before, after], before.qa


def ask_steps(r, before, after, changed):
    """Steps towards what changed: where it did, what each picture shows at a place, and what the other shows at the same place."""
    where = place(*changed)
    if where is not None:
        before.ask("change_where", PLACES[where])
    pictures = [before.shapes, after.shapes]
    names = [[f"{color} {shape}" for shape, color, *_ in shapes] for shapes in pictures]
    for k, other in ((0, 1), (1, 0)):
        if r.random() < 0.5:
            before.ask("image_count", str(len(names[k])), **image(k))
        asked = r.choice(names[r.randrange(2)])
        before.ask("image_exist", "yes" if asked in names[k] else "no", a_thing=article(asked), **image(k))
        shape, color, x, y, _ = r.choice(pictures[k])
        thing, where = f"{color} {shape}", place(x, y)
        if where is not None and r.random() < 0.5:
            before.ask("image_at", thing, place=at_place(where), **image(k))
        if names[k].count(thing) == 1 and thing not in names[other]:
            there = [name for name, (_, _, *spot, _) in zip(names[other], pictures[other]) if spot == [x, y]]
            before.ask("image_other", there[0] if there else "nothing", thing=thing, **image(other))
