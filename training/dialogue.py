"""Conversations that are not about one picture: small talk without a picture, and questions about two pictures."""
import random

from .material import ICON_NAMES
from .scene import Scene, article, scene

NO_PICTURE = "I don't see a picture."
TALK = [
    (["Hello", "Hello!", "Hi", "Hi!", "Hello, who are you?"], "Hello! Show me a picture and ask me about it."),
    (["Who are you?", "What are you?", "What is your name?"], "I am Ovis Nano, a very small model that looks at pictures."),
    (["What can you do?", "How can you help me?", "Help"], "I can name colors, shapes, icons, numbers and short words in small pictures."),
    (["Thank you", "Thanks!", "Thank you!"], "You are welcome."),
    (["Bye", "Goodbye", "Bye!"], "Goodbye!"),
]


def talk(seed):
    """-> list of (task, question, answer, spelled) without any picture"""
    r = random.Random(seed)
    if r.random() < 0.5:
        questions, answer = r.choice(TALK)
        return [("talk", r.choice(questions), answer, False)]
    s = scene(seed)
    _, question, _, _ = r.choice(s.qa)
    return [("no_picture", question, NO_PICTURE, False)]


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


def pair(seed, split="train"):
    """-> (two scenes, questions)"""
    r = random.Random(seed)
    (a, in_a, spelled_a), (b, in_b, spelled_b) = simple_scene(r, split), simple_scene(r, split)
    qa = [
        ("pair_what", r.choice(["What is in image 1?", "What does image 1 show?", "What is in the first image?"]), in_a, spelled_a),
        ("pair_what", r.choice(["What is in image 2?", "What does image 2 show?", "What is in the second image?"]), in_b, spelled_b),
    ]
    if in_a != in_b and not (spelled_a and spelled_b):
        phrase, answer = r.choice([(p, w) for p, w, t in ((in_a, "image 1", spelled_a), (in_b, "image 2", spelled_b)) if not t])
        qa.append(("pair_which", f"Which image shows {phrase}?", answer, False))
    r.shuffle(qa)
    return [a, b], qa
