"""Held-out accuracy of the exported checkpoint: exact match of the greedy answer, per task.

Pictures are from unseen seeds, words and fonts; icons are scored in the unseen drawing style and in the trained ones.
Chance = the score of always giving the most frequent answer of that task.
"""
import argparse
import json
from collections import Counter, defaultdict

import numpy as np
import torch
from PIL import Image

from .batching import collate, exact, language_loss
from .dialogue import pair, talk
from .export import load_exported
from .paths import RUNS
from .preprocess import fit_and_pad, placeholders
from .prompt import prompt_ids, render as render_prompt
from .render import render
from .scene import scene
from .tokenizer import decode, token_id, tokenizer

SEED = 920_000_000
SETS = [("text", "word", "test"), ("text", "words", "test"), ("text", "digits", "test"), ("icons", "one", "test"), ("icons", None, "test"),
        ("icons", "one", "train"), ("icons", None, "train"), ("card", None, "test"), ("card", None, "train"), ("shapes", None, "test"),
        ("noise", None, "test"), ("blank", None, "test")]
BY_STYLE = ("icon", "icon_at", "icon_list", "icon_exists", "icon_where", "card_icon")


def tensors(scenes):
    return torch.stack([fit_and_pad(Image.fromarray(render(s)), 128) for s in scenes])


@torch.no_grad()
def answers(model, rows, layout):
    """rows: (scenes, questions) -> [(task, right)]; teacher forced, which equals greedy exact match"""
    out = []
    for i in range(0, len(rows), 25):
        part = rows[i : i + 25]
        probs = None
        if layout != "none":
            probs = model.visual_tokenizer(tensors([s for scenes, _ in part for s in scenes]))
            probs = probs.view(len(part), -1, *probs.shape[1:])
        batch = collate([qa for _, qa in part], layout, budget=10_000)
        _, predicted, known = language_loss(model, batch, probs)
        out += exact(batch, predicted, known)
    return out


def name_of(task, kind, split):
    if task in ("describe",):
        task = {"text": "describe_text", "icons": "describe_icon", "card": "describe_card", "shapes": "describe_shapes"}[kind]
    if kind in ("icons", "card") and task in BY_STYLE + ("describe_icon", "describe_card"):
        return task + (" (unseen style)" if split == "test" else " (trained styles)")
    if kind == "card" and split == "train":
        return None  # trained words and fonts
    return task


def run(model, n):
    right, said = defaultdict(list), defaultdict(list)

    def add(rows, layout, kind, split):
        tasks = iter(answers(model, rows, layout))
        for _, qa in rows:
            for task, _, answer, _ in qa:
                t, r = next(tasks)
                assert t == task
                name = name_of(task, kind, split)
                if name:
                    right[name].append(r)
                    said[name].append(answer)

    for k, (kind, mode, split) in enumerate(SETS):
        scenes = [scene(SEED + 10_000 * k + i, split, kind, mode) for i in range(n * (2 if kind == "shapes" else 1) // (4 if kind in ("noise", "blank") else 1))]
        add([([s], s.qa) for s in scenes], "one", kind, split)
    add([pair(SEED + 500_000 + i, "test") for i in range(n // 2)], "two", "pair", "test")
    add([([], talk(SEED + 600_000 + i)) for i in range(n // 2)], "none", "talk", "test")
    return {t: dict(n=len(v), accuracy=round(100 * float(np.mean(v)), 1), chance=round(100 * Counter(said[t]).most_common(1)[0][1] / len(v), 1))
            for t, v in sorted(right.items())}


@torch.no_grad()
def ask(model, image, question):
    """The whole official path for one picture: -> text"""
    pixels = fit_and_pad(image.convert("RGB"), 128)[None]
    ids = prompt_ids(tokenizer(), render_prompt("<image>\n" + question), placeholders((1, 1)))
    stop = (token_id("<|im_end|>"), token_id("<|endoftext|>"))
    return decode([i for i in model.greedy(torch.tensor(ids), pixels, 48, stop) if i not in stop])


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--n", type=int, default=300)
    a = p.parse_args()
    torch.set_num_threads(1)
    model = load_exported()
    # teacher forcing against true greedy decoding, on a sample
    checked = 0
    for i in range(24):
        s = scene(SEED + 700_000 + i, "test")
        for (task, question, answer, spelled) in s.qa[:2]:
            [(_, forced)] = answers(model, [([s], [(task, question, answer, spelled)])], "one")
            assert forced == (ask(model, Image.fromarray(render(s)), question) == answer), (question, answer)
            checked += 1
    print("greedy decoding agrees on", checked, "questions")
    table = run(model, a.n)
    (RUNS / "evaluation.json").write_text(json.dumps(table, indent=1))
    for t, v in table.items():
        print(f"{t:36s} n {v['n']:5d}  {v['accuracy']:5.1f} %  chance {v['chance']:5.1f} %")
