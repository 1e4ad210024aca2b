"""Symbolic stage: language model and table learn to answer from the renderer's symbols, without any vision tower.

An Ovis visual token is a distribution over the visual vocabulary, so the distribution can come from the renderer itself,
blurred the way an imperfect vision tower would blur it.
"""
import argparse
import random

import numpy as np
import torch

from . import visual_words as V
from .batching import collate, exact, language_loss
from .config import EMBED_SCALE, MODEL, STEPS
from .curriculum import Curriculum
from .dialogue import change, pair, talk
from .model import Ovis
from .optim import Optimizers
from .scene import scene
from .tokenizer import encode, spell
from .trainer import Run, checkpoint_path, use_threads
from .warm_start import warm_start

SEED = 100_000_000
BATCH = 16
NOISE = 0.25
RATES, WARM_RATES = dict(muon_lr=0.02, adam_lr=3e-3), dict(muon_lr=4e-3, adam_lr=6e-4)  # from nothing, from an earlier training


def name_table(model):
    """Table rows start at the embedding of the text that names the visual word."""
    token = model.llm.model.embed_tokens.weight
    with torch.no_grad():
        slot = torch.randn(V.SLOTS, token.shape[1]) * 0.04
        for w in range(V.USED):
            text = V.name(w)
            if w < V.BOUNDARY:
                model.vte.weight[w] = 1.5 * token[spell(text)[0]] + slot[w // V.NC]
            elif text:
                model.vte.weight[w] += sum(token[i] / (k + 1) if w < V.SHAPE else token[i] for k, i in enumerate(encode(text)))


def draw_batch(step, rng, curriculum):
    """-> (layout, contents [n][pictures], questions [n])"""
    layout, rows, questions = draw(SEED + step * BATCH, BATCH, rng, curriculum)
    return layout, [[V.content(s) for s in row] for row in rows], questions


def draw(seed, n, rng, curriculum):
    """-> (layout, scenes of each row, questions of each row)"""
    u, seeds = rng.rand(), range(seed, seed + n)
    if u < 0.03:
        return "none", [], [talk(s) for s in seeds]
    if u < 0.06 + curriculum.two_pictures():
        rows = [pair(s) for s in seeds[: n // 2]] if u < 0.06 else [change(s) for s in seeds]
        return "two", [s for s, _ in rows], [qa for _, qa in rows]
    scenes = [scene(s, kind=curriculum.kind(s)) for s in seeds]
    return "one", [[s] for s in scenes], [curriculum.thin(s.qa, random.Random(s.seed * 13 + 3)) for s in scenes]


def noised(contents, rng, noise=NOISE):
    flat = [c for row in contents for c in row]
    level = rng.uniform(0, noise, len(flat)) * (rng.rand(len(flat)) > 0.2)
    p = torch.from_numpy(V.distributions(flat, level, rng))
    return p.view(len(contents), -1, *p.shape[1:])


def by_length(rng, draw, count=4):
    """Several one-picture batches pooled, sorted by length and dealt again: little padding."""
    rows = sorted(draw, key=lambda r: sum(len(q) + len(a) for _, q, a, _ in r[1]))
    size = len(rows) // count
    return [rows[k * size : (k + 1) * size] for k in rng.permutation(count)]


def batches(start, curriculum):
    """Endless batches from step `start` on: (layout, contents, questions, rng)."""
    step = start
    while True:
        rng = np.random.RandomState(step + 1)
        drawn = [draw_batch(step + k, rng, curriculum) for k in range(4)]
        ones = [row for d in drawn if d[0] == "one" for row in zip(d[1], d[2])]
        out = [d for d in drawn if d[0] != "one"]
        if ones:
            for rows in by_length(rng, ones, len(ones) // BATCH):
                out.append(("one", [c for c, _ in rows], [q for _, q in rows]))
        for layout, contents, questions in out:
            yield layout, contents, questions, rng
        step += 4


EVALUATION = [("text", "word"), ("text", "words"), ("text", "digits"), ("icons", "one"), ("icons", None), ("card", None), ("shapes", None),
              ("shapes", None), ("shapes", "count"), ("chart", None), ("unknown", None), ("blank", None)]


def evaluation_scenes(n=60, split="test"):
    """-> [(scenes, questions)] of one and of two pictures"""
    ones = [scene(910_000_000 + 10_000 * k + i, split, kind, mode) for k, (kind, mode) in enumerate(EVALUATION) for i in range(n if k < 10 else n // 4)]
    return [([s], s.qa) for s in ones] + [change(919_000_000 + i, split) for i in range(n)] + [pair(919_500_000 + i, split) for i in range(n // 2)]


@torch.no_grad()
def evaluate(model, rows, probabilities, size=45):
    """Exact match per task; probabilities(list of scenes) -> [n, 64, words]"""
    model.eval()
    found = {}
    for count, layout in ((1, "one"), (2, "two")):
        chosen = [row for row in rows if len(row[0]) == count]
        for i in range(0, len(chosen), size):
            part = chosen[i : i + size]
            batch = collate([qa for _, qa in part], layout, budget=10_000)
            probs = probabilities([s for scenes, _ in part for s in scenes])
            _, predicted, known = language_loss(model, batch, probs.view(len(part), count, *probs.shape[1:]))
            for task, right in exact(batch, predicted, known):
                found.setdefault(task, []).append(right)
    model.train()
    return {t: (round(100 * float(np.mean(v)), 1), len(v)) for t, v in sorted(found.items())}


def symbolic(noise):
    def probabilities(scenes):
        rng = np.random.RandomState(5)
        return torch.from_numpy(V.distributions([V.content(s) for s in scenes], noise, rng))
    return probabilities


def main(steps=STEPS["symbolic"], name="symbolic", start=None):
    use_threads()
    model = Ovis(MODEL, EMBED_SCALE).initialise(2)
    if start and not checkpoint_path(name).exists():
        warm_start(model, start, ("llm",))
        name_table(model)
        warm_start(model, start, ("vte",))
    else:
        name_table(model)
    model.visual_tokenizer.requires_grad_(False)
    curriculum = Curriculum()
    run = Run(name, steps, model, Optimizers(model, **(WARM_RATES if start else RATES)), decay_from=0.6, extra=curriculum)
    rows = evaluation_scenes()
    run.log(start=True)
    for layout, contents, questions, rng in batches(run.step // 4 * 4, curriculum):
        batch = collate(questions, layout, rng=rng)
        probs = noised(contents, rng) if contents else None
        with torch.autocast("cpu", torch.bfloat16):
            loss, predicted, known = language_loss(model, batch, probs)
        loss.backward()
        curriculum.update(exact(batch, predicted, known))
        run.optimizers.step(run.factor)
        run.tick(loss=loss.item())
        if run.step % 400 == 0:
            run.log(scenes=run.step * BATCH, clean={k: v[0] for k, v in evaluate(model, rows, symbolic(0.0)).items()})
        elif run.step % 50 == 0:
            run.log(training={k: round(100 * v) for k, v in sorted(curriculum.right.items())})
        if run.done:
            break
    run.log(scenes=run.step * BATCH, **{f"noise {n}": {k: v[0] for k, v in evaluate(model, rows, symbolic(n)).items()} for n in (0.0, 0.1, 0.2)}, done=True)


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--start", help="checkpoint of an earlier training to start from, see warm_start.py")
    main(start=p.parse_args().start)
