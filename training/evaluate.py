"""Accuracy of an exported model on the held-out sets, in float32 on the stored bfloat16 weights, through the whole official path.

    python -m training.evaluate --model DIR --sets DIR      -> evaluation.json in the runs folder, and a table
"""
import argparse
import json
from functools import lru_cache
from pathlib import Path

import torch
from PIL import Image
from tokenizers import Tokenizer

from .export import load_exported
from .paths import CHECKPOINT, RUNS
from .preprocess import fit_and_pad, placeholders
from .prompt import prompt_ids, render as render_prompt
from .scoring import RULES

LONGEST = 48  # new tokens
MARKERS = {1: "<image>\n", 2: "Image 1: <image>\nImage 2: <image>\n"}


class Asker:
    """Greedy answers of an exported model; each picture goes through the tower once."""

    def __init__(self, folder):
        self.model = load_exported(folder)
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.stop = tuple(self.tokenizer.token_to_id(t) for t in ("<|im_end|>", "<|endoftext|>"))
        self.seen = lru_cache(4096)(self.embeddings)

    @torch.no_grad()
    def embeddings(self, path):
        pixels = fit_and_pad(Image.open(path).convert("RGB"), self.model.config.vision.image_size)
        return self.model.visual_embeds(self.model.visual_tokenizer(pixels[None]))[0]

    @torch.no_grad()
    def answer(self, pictures, question):
        ids = prompt_ids(self.tokenizer, render_prompt(MARKERS[len(pictures)] + question), [placeholders((1, 1))] * len(pictures))
        out = self.model.greedy_from(torch.tensor(ids), pictures, LONGEST, self.stop)
        return self.tokenizer.decode([i for i in out if i not in self.stop], skip_special_tokens=True)

    def ask(self, picture, question):
        """One PIL picture."""
        pixels = fit_and_pad(picture.convert("RGB"), self.model.config.vision.image_size)
        with torch.no_grad():
            return self.answer([self.model.visual_embeds(self.model.visual_tokenizer(pixels[None]))[0]], question)


def score(asker, folder, only=None):
    """-> {set: its description with `accuracy` in percent and `chance`, the score of always giving the most frequent answer}"""
    sets = json.loads((folder / "sets.json").read_text())["sets"]
    right, answers = {name: [] for name in sets}, {name: [] for name in sets}
    for line in (folder / "questions.jsonl").read_text().splitlines():
        q = json.loads(line)
        if only and q["set"] not in only:
            continue
        text = asker.answer([asker.seen(folder / "images" / f) for f in q["images"]], q["question"])
        right[q["set"]].append(RULES[q["rule"]](text, q["answer"]))
        answers[q["set"]].append(q["answer"])
    percent = lambda flags: round(100 * sum(flags) / len(flags), 1)
    chance = lambda said, rule: max(percent([RULES[rule](guess, a) for a in said]) for guess in set(said))
    return {name: d | {"accuracy": percent(right[name]), "chance": chance(answers[name], d["rule"])} for name, d in sets.items() if right[name]}


def main(model, sets, only):
    table = score(Asker(model), sets, only)
    (RUNS / "evaluation.json").write_text(json.dumps(table, indent=1) + "\n")
    for name, v in table.items():
        goal = "" if v["goal"] is None else f"goal {v['goal']} %"
        print(f"{name:28s} n {v['n']:4d}  {v['accuracy']:5.1f} %  chance {v['chance']:5.1f} %  {goal}")


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--model", type=Path, default=CHECKPOINT)
    p.add_argument("--sets", type=Path, required=True)
    p.add_argument("--only", nargs="*")
    a = p.parse_args()
    torch.set_num_threads(1)
    main(a.model, a.sets, a.only)
