"""One file per kind of scene. Each function fills a scene and asks its questions."""
from .chart import chart_scene
from .icons import card_scene, icon_scene
from .packed import packed_scene
from .shapes import shape_scene
from .text import text_scene
from .unknown import blank_scene, unknown_scene

KINDS = {"packed": packed_scene, "text": text_scene, "icons": icon_scene, "card": card_scene, "shapes": shape_scene, "chart": chart_scene,
         "unknown": unknown_scene, "blank": blank_scene}
