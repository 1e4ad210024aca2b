"""Dense stage: the vision tower and the visual head learn what stands in every cell, from the renderer's own labels.

Pictures are packed with content at first black on white, then in all colours, then mixed with ordinary ones. A tower that comes from an
earlier training (warm_start.py) skips the first part.
"""
import argparse

import numpy as np
import torch

from . import visual_words as V
from .model import Ovis
from .config import MODEL, STEPS
from .optim import Optimizers
from .preprocess import normalise
from .render import render
from .scene import scene
from .trainer import Run, checkpoint_path, use_threads
from .warm_start import warm_start

SEED = 50_000_000
BACKGROUND_WEIGHT = 0.3
RATES, WARM_RATES = dict(muon_lr=0.02, adam_lr=1e-3), dict(muon_lr=0.008, adam_lr=6e-4)  # from nothing, from an earlier training
PLAIN, MOSTLY_PACKED = 0.05, 0.15  # shares of the stage


def pixels(scenes):
    return torch.from_numpy(normalise(np.stack([render(s) for s in scenes])).transpose(0, 3, 1, 2).copy())


def draw_scene(seed, progress, rng):
    if progress < PLAIN:
        s = scene(seed, kind="packed")
        s.plain = True
        return s
    packed = 0.9 if progress < MOSTLY_PACKED else 0.6
    return scene(seed, kind="packed" if rng.rand() < packed else None)


def dense_loss(logits, target):
    """KL from the renderer's distribution, background cells counted less."""
    log_p = logits.log_softmax(-1)
    weight = torch.where(target[..., V.BACKGROUND] > 0.5, BACKGROUND_WEIGHT, 1.0)
    kl = (target * ((target + 1e-9).log() - log_p)).sum(-1)
    return (kl * weight).sum() / weight.sum()


def evaluation_scenes(n=120):
    kinds = [("text", "test"), ("icons", "test"), ("icons", "train"), ("shapes", "test"), ("chart", "test"), ("unknown", "test")]
    out = {}
    for k, (kind, split) in enumerate(kinds):
        scenes = [scene(900_000_000 + 10_000 * k + i, split, kind) for i in range(n)]
        out[f"{kind}:{split}"] = (pixels(scenes), [V.content(s) for s in scenes])
    return out


@torch.no_grad()
def evaluate(model, sets):
    """Share of characters, icons, shapes, bar heights (to one level) and unknown cells named right in the cell where they stand."""
    model.eval()
    result = {}
    for name, (x, contents) in sets.items():
        logits = torch.cat([model.visual_tokenizer.logits(b) for b in x.split(60)])
        p = logits.softmax(-1)
        entropy = -(p * (p + 1e-9).log()).sum(-1).mean().item()
        right = []
        for z, (entries, mass) in zip(logits, contents):
            for (q, w), m in zip(entries.tolist(), mass.tolist()):
                if w < V.BOUNDARY and name != "chart:test":
                    lo = w // V.NC * V.NC
                    right.append(z[q, lo : lo + V.NC].argmax().item() == w - lo)
                elif V.ICON <= w < V.LEVEL and m > 0.9:
                    right.append(z[q, V.ICON : V.PART].argmax().item() == w - V.ICON)
                elif V.LEVEL <= w < V.PART:
                    right.append(abs(z[q, V.LEVEL : V.PART].argmax().item() - (w - V.LEVEL)) <= 1)
                elif w == V.UNKNOWN:
                    right.append(z[q, : V.ROW].argmax().item() == w)
        result[name] = round(100 * float(np.mean(right)), 1)
        result[name + ":entropy"] = round(entropy, 2)
    model.train()
    return result


def main(steps=STEPS["dense"], batch=64, name="dense", start=None):
    use_threads()
    model = Ovis(MODEL).initialise(1)
    with torch.no_grad():
        model.visual_tokenizer.head[1].weight.fill_(2.0)
    if start and not checkpoint_path(name).exists():
        warm_start(model, start, ("visual_tokenizer",))
    model.llm.requires_grad_(False)
    model.vte.requires_grad_(False)
    model.visual_tokenizer.backbone.trunk.post_trunk_norm.requires_grad_(False)
    run = Run(name, steps, model, Optimizers(model, **(WARM_RATES if start else RATES)), decay_from=0.5)
    sets = evaluation_scenes()
    run.log(start=True)
    while not run.done:
        rng = np.random.RandomState(run.step + 7)
        progress = max(run.progress, MOSTLY_PACKED if start else 0)
        scenes = [draw_scene(SEED + run.step * batch + i, progress, rng) for i in range(batch)]
        target = torch.from_numpy(V.distributions([V.content(s) for s in scenes], 0.0, rng))
        with torch.autocast("cpu", torch.bfloat16):
            features = model.visual_tokenizer.backbone(pixels(scenes))
            z = model.visual_tokenizer.head[0](features)
        loss = dense_loss(model.visual_tokenizer.head[1](z.float()), target)
        loss.backward()
        run.optimizers.step(run.factor)
        run.tick(kl=loss.item())
        if run.step % 250 == 0:
            run.log(pictures=run.step * batch, right=evaluate(model, sets))
        elif run.step % 50 == 0:
            run.log()
    run.log(pictures=run.step * batch, right=evaluate(model, sets), done=True)


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--start", help="checkpoint of an earlier training to start from, see warm_start.py")
    main(start=p.parse_args().start)
