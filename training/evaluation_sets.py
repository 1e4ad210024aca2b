"""Writes the held-out sets: `python -m training.evaluation_sets --folder DIR`; with `--only`, `--n` and `--seed`, other questions of some tasks.

DIR/questions.jsonl  one question a line: id, set, images (file names in DIR/images, in order), question, answer, rule
DIR/sets.json        for each set: title, task, rule, goal in percent or null, wording ("trained", or 1 to 5), n; and the rules in words
DIR/images/*.webp    128 x 128, lossless

Pictures come from seeds, words, fonts, textures and unknown icons that training never sees; the drawing style of icons is unseen too,
except in the sets that say "trained styles". Always the same files for the same material.
"""
import argparse
import json
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from . import scoring
from .dialogue import change, pair
from .render import render
from .scene import scene

SEED = 940_000_000
N, N_WORDING = 150, 60


@dataclass
class Set:
    name: str
    title: str
    task: str
    kind: str  # of scene, or "change", "pair"
    mode: str = None
    split: str = "test"
    rule: str = "exact"
    goal: float = None
    wording: object = "trained"
    n: int = N


SETS = [
    Set("word", "Read a word of 3 to 10 letters", "read_word", "text", "word", goal=85),
    Set("digits", "Read a number of 1 to 6 digits", "read_digits", "text", "digits", goal=90),
    Set("line", "Read two to three words", "read_words", "text", "words", goal=70),
    Set("letter", "First or last letter", "letter", "text", "word"),
    Set("one-of-words", "One of two to three words", "one_of_words", "text", "words"),
    Set("color", "Color of a shape", "color", "shapes", goal=98),
    Set("shape", "Shape of a color", "shape", "shapes", goal=98),
    Set("exist", "Is a colored shape there", "exist", "shapes", goal=97),
    Set("count", "Count up to nine objects", "count", "shapes", "count", goal=92),
    Set("count-shape", "Count one shape", "count_shape", "shapes"),
    Set("count-color", "Count one color", "count_color", "shapes"),
    Set("relation", "Relation of two shapes, yes or no", "relation", "shapes", "relation", goal=90),
    Set("which-side", "Which of two shapes is further up or left", "which_side", "shapes", "relation"),
    Set("where", "Place of a shape, nine places", "where", "shapes"),
    Set("at", "Shape at a place", "at", "shapes"),
    Set("describe", "Describe up to five shapes in a sentence", "describe", "shapes", rule="same-things", goal=85),
    Set("absent", "Asked about a shape that is not there", "absent", "shapes", n=60),
    Set("icon-trained", "Name one of 511 icons, trained styles", "icon", "icons", "one", "train", goal=92, n=250),
    Set("icon-unseen", "Name one of 511 icons, unseen style", "icon", "icons", "one", goal=60, n=250),
    Set("icon-exists", "Is an icon there, unseen style", "icon_exists", "icons"),
    Set("icon-at", "Icon at a place, unseen style", "icon_at", "icons"),
    Set("icon-list", "List two to four icons, unseen style", "icon_list", "icons"),
    Set("card-text", "Text beside an icon", "card_text", "card"),
    Set("card-icon", "Icon beside a text, unseen style", "card_icon", "card"),
    Set("change", "Two pictures: what changed", "change", "change", goal=80),
    Set("pair-what", "What is in one of two pictures, unseen style", "pair_what", "pair"),
    Set("pair-which", "Which of two pictures shows it, unseen style", "pair_which", "pair"),
    Set("chart-tallest", "Bar chart: color of the tallest bar", "tallest", "chart", goal=80),
    Set("chart-value", "Bar chart: value of the tallest bar, within 5 %", "tallest_value", "chart", rule="within-5-percent", goal=80),
    Set("chart-bar-value", "Bar chart: value of a bar, within 5 %", "bar_value", "chart", rule="within-5-percent"),
    Set("unknown-texture", "Noise, textures, photograph-like pictures: says that it does not know", "unknown_texture", "unknown", rule="says-unknown", goal=50),
    Set("unknown-icon", "Icons it never learned: says that it does not know", "unknown_icon", "unknown", "icon", rule="says-unknown", goal=50),
    Set("blank", "Empty picture", "blank", "blank", n=40),
]
# the same pictures once in a trained and in each of five unseen wordings
REWORDED = ["word", "digits", "color", "shape", "exist", "count", "relation", "where", "describe", "icon-trained", "change", "chart-tallest", "chart-value"]


def reworded():
    by_name = {s.name: s for s in SETS}
    return [Set(f"wording-{k}-{name}", by_name[name].title, by_name[name].task, by_name[name].kind, by_name[name].mode, by_name[name].split, by_name[name].rule,
                None, "trained" if k == 0 else k, N_WORDING) for name in REWORDED for k in range(6)]


def candidates(s, first=SEED):
    """Endless (key of the pictures, scenes, question) with one question of the set's task each."""
    wording = "plain" if s.wording == "trained" else s.wording - 1
    for i in range(1_000_000):
        seed = first + i + 1_000_000 * ["text", "icons", "shapes", "card", "chart", "unknown", "blank", "change", "pair"].index(s.kind)
        if s.kind == "change":
            scenes, qa = change(seed, s.split, wording)
        elif s.kind == "pair":
            scenes, qa = pair(seed, s.split, "plain")
        else:
            scenes = [scene(seed, s.split, s.kind, s.mode, wording)]
            qa = sorted(scenes[0].qa, key=lambda q: (q[0], q[2]))  # the same in every wording
        chosen = [q for q in qa if q[0] == s.task]
        if chosen:
            yield f"{s.kind}-{s.mode or 'any'}-{s.split}-{i}", scenes, chosen[i % len(chosen)]


def write(folder, sets=None, seed=SEED):
    folder = Path(folder)
    (folder / "images").mkdir(parents=True, exist_ok=True)
    lines, described = [], {}
    for s in sets or SETS + reworded():
        rows = candidates(s, seed)
        for number in range(s.n):
            key, scenes, (_, question, answer, _) = next(rows)
            files = [f"{key}{'' if len(scenes) == 1 else '-' + str(k + 1)}.webp" for k in range(len(scenes))]
            for file, one in zip(files, scenes):
                if not (folder / "images" / file).exists():
                    Image.fromarray(render(one)).save(folder / "images" / file, lossless=True, quality=100, method=6)
            lines.append({"id": f"{s.name}-{number:03d}", "set": s.name, "images": files, "question": question, "answer": answer, "rule": s.rule})
        described[s.name] = {"title": s.title, "task": s.task, "rule": s.rule, "goal": s.goal, "wording": s.wording, "n": s.n}
    (folder / "questions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (folder / "sets.json").write_text(json.dumps({"rules": scoring.__doc__.strip(), "says-unknown": scoring.UNKNOWN, "sets": described}, indent=1) + "\n")
    return len(lines)


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--folder", required=True)
    p.add_argument("--only", nargs="*", choices=[s.name for s in SETS], help="some sets, without those in other wordings")
    p.add_argument("--n", type=int, help="questions of each set of --only")
    p.add_argument("--seed", type=int, default=SEED, help="of the first picture; training uses seeds below 900,000,000")
    a = p.parse_args()
    chosen = [replace(s, n=a.n or s.n) for s in SETS if s.name in a.only] if a.only else None
    print(write(a.folder, chosen, a.seed), "questions")
