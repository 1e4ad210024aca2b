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
from .config import EMBED_SCALE, MODEL
from .dialogue import pair, talk
from .model import Ovis
from .optim import Optimizers
from .scene import scene, thinned
from .tokenizer import encode, spell
from .trainer import Run

SEED = 100_000_000
BATCH = 16
NOISE = 0.25


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


def draw_batch(step, rng):
    """-> (layout, contents [n][pictures], questions [n])"""
    u = rng.rand()
    seeds = [SEED + step * BATCH + i for i in range(BATCH)]
    if u < 0.05:
        return "none", None, [talk(s) for s in seeds]
    if u < 0.11:
        pairs = [pair(s) for s in seeds[: BATCH // 2]]
        return "two", [[V.content(s) for s in scenes] for scenes, _ in pairs], [qa for _, qa in pairs]
    scenes = [scene(s) for s in seeds]
    return "one", [[V.content(s)] for s in scenes], [thinned(s.qa, rng_of(s)) for s in scenes]


def rng_of(s):
    return random.Random(s.seed * 13 + 3)


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


def batches(start):
    """Endless batches from step `start` on: (layout, contents, questions, rng)."""
    step = start
    while True:
        rng = np.random.RandomState(step + 1)
        drawn = [draw_batch(step + k, rng) for k in range(4)]
        ones = [row for d in drawn if d[0] == "one" for row in zip(d[1], d[2])]
        out = [d for d in drawn if d[0] != "one"]
        if ones:
            for rows in by_length(rng, ones, len(ones) // BATCH):
                out.append(("one", [c for c, _ in rows], [q for _, q in rows]))
        for layout, contents, questions in out:
            yield layout, contents, questions, rng
        step += 4


EVALUATION = [("text", "word"), ("text", "words"), ("text", "digits"), ("icons", "one"), ("icons", None), ("card", None), ("shapes", None), ("noise", None), ("blank", None)]


def evaluation_scenes(n=60, split="test"):
    return [scene(910_000_000 + 10_000 * k + i, split, kind, mode) for k, (kind, mode) in enumerate(EVALUATION) for i in range(n if k < 7 else n // 4)]


@torch.no_grad()
def evaluate(model, scenes, probabilities, size=45):
    """Exact match per task; probabilities(list of scenes) -> [n, 64, words]"""
    model.eval()
    found = {}
    for i in range(0, len(scenes), size):
        part = scenes[i : i + size]
        batch = collate([s.qa for s in part], budget=10_000)
        _, predicted, known = language_loss(model, batch, probabilities(part).unsqueeze(1))
        for task, right in exact(batch, predicted, known):
            found.setdefault(task, []).append(right)
    model.train()
    return {t: (round(100 * float(np.mean(v)), 1), len(v)) for t, v in sorted(found.items())}


def symbolic(noise):
    def probabilities(scenes):
        rng = np.random.RandomState(5)
        return torch.from_numpy(V.distributions([V.content(s) for s in scenes], noise, rng))
    return probabilities


def main(seconds, muon_lr=0.02, adam_lr=3e-3, name="symbolic"):
    torch.set_num_threads(1)
    model = Ovis(MODEL, EMBED_SCALE).initialise(2)
    name_table(model)
    model.visual_tokenizer.requires_grad_(False)
    run = Run(name, seconds, model, Optimizers(model, muon_lr, adam_lr), decay_from=0.7)
    scenes = evaluation_scenes()
    run.log(start=True)
    for layout, contents, questions, rng in batches(run.step // 4 * 4):
        batch = collate(questions, layout, rng=rng)
        probs = noised(contents, rng) if contents else None
        with torch.autocast("cpu", torch.bfloat16):
            loss, predicted, known = language_loss(model, batch, probs)
        loss.backward()
        run.optimizers.step(run.factor)
        run.tick(loss=loss.item(), **({"right": np.mean([r for _, r in exact(batch, predicted, known)])} if run.step % 10 == 0 else {}))
        if run.step % 400 == 0:
            run.log(scenes=run.step * BATCH, clean={k: v[0] for k, v in evaluate(model, scenes, symbolic(0.0)).items()})
        if run.done:
            break
    run.log(scenes=run.step * BATCH, **{f"noise {n}": {k: v[0] for k, v in evaluate(model, scenes, symbolic(n)).items()} for n in (0.0, 0.1, 0.2)}, done=True)


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--seconds", type=float, default=2700)
    main(p.parse_args().seconds)
