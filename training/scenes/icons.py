"""Icons: one to four of them, or one beside a text."""
from .. import material
from ..icons import ICON_NAMES
from ..scene import PLACES, SIDE, article, listing, place
from .text import add_block, token


def add_icon(r, s, x, y, size, icon=None, among=range(len(ICON_NAMES))):
    have = material.icons()[1]
    styles = [material.TEST_STYLE_INDEX] if s.split == "test" else range(len(material.TRAIN_STYLES))
    while True:
        style = r.choice(styles)
        which = r.choice(among) if icon is None else icon
        if have[style, which]:
            break
    s.icons.append((which, style, int(x), int(y), int(size)))
    return which


def icon_exists(r, s, present):
    other = r.choice([i for i in range(len(ICON_NAMES)) if i not in present])
    which, answer = (r.choice(present), "yes") if r.random() < 0.5 else (other, "no")
    s.ask("icon_exists", answer, a_thing=article(ICON_NAMES[which]))


def icon_scene(r, s, mode=None):
    count = 1 if mode == "one" else r.choices((1, 2, 3, 4), (50, 25, 12, 13))[0]
    if count == 1:
        size = r.randint(40, 112)
        x, y = r.randint(0, SIDE - size), r.randint(0, SIDE - size)
        name = ICON_NAMES[add_icon(r, s, x, y, size)]
        s.ask("icon", name)
        icon_exists(r, s, [s.icons[0][0]])
        where = place(x + size / 2, y + size / 2)
        if where is not None and size < 70:
            s.ask("icon_where", PLACES[where], thing=name)
        if r.random() < 0.5:
            s.ask("describe_icon", article(name), kind="describe")
        return
    horizontal = r.random() < 0.5
    spots = {2: [(0, 32), (64, 32)] if horizontal else [(32, 0), (32, 64)]}.get(count, [(0, 0), (64, 0), (0, 64), (64, 64)])
    spots = sorted(r.sample(spots, count), key=lambda p: (p[1], p[0]))
    names = []
    for (x, y), which in zip(spots, r.sample(range(len(ICON_NAMES)), count)):
        size = r.randint(42, 64)
        names.append(ICON_NAMES[add_icon(r, s, x + r.randint(0, 64 - size), y + r.randint(0, 64 - size), size, which)])
    s.ask("icon_list", listing([article(n) for n in names]))
    if count == 2:
        sides = ["on the left", "on the right"] if horizontal else ["at the top", "at the bottom"]
    else:
        sides = [{(0, 0): "at the top left", (64, 0): "at the top right", (0, 64): "at the bottom left", (64, 64): "at the bottom right"}[p] for p in spots]
    for j in r.sample(range(count), min(count, 2)):
        s.ask("icon_at", names[j], side=sides[j])
    s.ask("count", str(count))
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
    s.ask("card_text", text, True, "read")
    s.ask("card_icon", name, beside="above" if top else "below")
    s.ask("describe_card", f'{article(name)} with the text "{text}"', True, "describe")
    icon_exists(r, s, [which])
