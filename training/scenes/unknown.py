"""What the model should not claim to know: noise, textures, photograph-like pictures, icons it never learned; and the empty picture."""
from ..icons import ICON_NAMES, UNKNOWN_TEST, UNKNOWN_TRAIN
from ..scene import DONT_KNOW, SHAPES, SIDE, article
from ..textures import TEXTURES
from .icons import add_icon

ASKED = ["read", "icon", "describe", "count", "read_word", "read_digits", "icon_list", "color_only", "shape_only", "tallest", "tallest_value"]


def unknown_scene(r, s, mode=None):
    """`mode`: "icon", or the name of a texture"""
    mode = mode or ("icon" if r.random() < 0.35 else r.choice(TEXTURES[s.split]))
    if mode == "icon":
        size = r.randint(40, 112)
        add_icon(r, s, r.randint(0, SIDE - size), r.randint(0, SIDE - size), size, among=UNKNOWN_TEST if s.split == "test" else UNKNOWN_TRAIN)
        for kind in r.sample(["icon", "describe", "icon"], 2):
            s.ask("unknown_icon", DONT_KNOW, kind=kind)
        return
    s.texture = mode
    for kind in r.sample(ASKED, 2):
        s.ask("unknown_texture", DONT_KNOW, kind=kind)


def blank_scene(r, s, mode=None):
    s.ask("blank", "nothing", kind=r.choice(("icon_list", "describe")))
    s.ask("blank", "0", kind="count")
    s.ask("blank", "no", kind="icon_exists", a_thing=article(r.choice(ICON_NAMES + SHAPES)))
    s.ask("blank", "I don't see any text.", kind="read")
