"""The paper's three stages on real pictures, after the two parts have been composed.

frozen  language model + table on the vision tower's true distributions (the tower does not move)
stage1  last block of the tower, head and table; captions only; language model frozen
stage2  whole visual tokenizer and table; captions; language model frozen
stage3  everything; questions and answers

From stage 1 on the renderer's labels stay in as a second loss, with packed pictures in every batch, so that the tower does not
forget. Two processes average their gradients (one thread each).
"""
import argparse
import os

import numpy as np
import torch
import torch.distributed as dist

from . import visual_words as V
from .batching import collate, exact, language_loss
from .config import EMBED_SCALE, MODEL, SECONDS
from .dialogue import pair, talk
from .model import Ovis
from .optim import Optimizers
from .scene import scene, thinned
from .stage_dense import dense_loss, evaluate as evaluate_dense, evaluation_scenes as dense_scenes, pixels
from .stage_symbolic import rng_of
from .trainer import Run, checkpoint_path, load_model

LAST = f"visual_tokenizer.backbone.trunk.blocks.{MODEL.vision.num_hidden_layers - 1}."
PORT = 29517
CAPTIONS = ("describe", "icon_list", "icon", "read_word", "read_digits", "read_words", "pair_what")
# trained prefixes, Muon and AdamW learning rates (vision: factor for the tower; floor: share of
# the rate that does not decay), captions only, ordinary and packed pictures per process and step, weight of the dense loss
STAGES = {
    "frozen": dict(train=("llm", "vte"), muon=1e-2, adam=1.5e-3, floor=0.4, captions=False, ordinary=16, packed=0, dense=0.0, seed=200_000_000),
    "stage1": dict(train=(LAST, "visual_tokenizer.head", "vte"), muon=2e-3, adam=2e-4, captions=True, ordinary=12, packed=4, dense=0.5, seed=300_000_000),
    "stage2": dict(train=("visual_tokenizer", "vte"), muon=2e-3, adam=2e-4, captions=True, ordinary=10, packed=6, dense=1.0, seed=400_000_000),
    "stage3": dict(train=("visual_tokenizer", "vte", "llm"), muon=4e-3, adam=6e-4, vision=0.25, captions=False, ordinary=12, packed=4, dense=0.7, seed=500_000_000),
}


def draw(stage, seed, rng):
    """-> (layout, scenes per row, questions per row)"""
    n, u = stage["ordinary"], rng.rand()
    if not stage["captions"] and u < 0.03:
        return "none", [], [talk(seed + i) for i in range(n)]
    if u < 0.10:
        rows = [pair(seed + i) for i in range(n // 2)]
        return "two", [s for s, _ in rows], [qa for _, qa in rows]
    scenes = [scene(seed + i) for i in range(n)]
    keep = lambda qa: [q for q in qa if q[0] in CAPTIONS] or qa[:1]
    return "one", [[s] for s in scenes], [keep(s.qa) if stage["captions"] else thinned(s.qa, rng_of(s)) for s in scenes]


def average(params, extra, ranks):
    """Mean of the gradients and of `extra` over the processes; -> the mean of extra"""
    if ranks == 1:
        return extra
    flat = torch.cat([p.grad.flatten() if p.grad is not None else torch.zeros(p.numel()) for p in params] + [torch.tensor([extra])])
    dist.all_reduce(flat)
    flat /= ranks
    start = 0
    for p in params:
        p.grad = flat[start : start + p.numel()].view_as(p).clone()
        start += p.numel()
    return flat[-1].item()


def forward(model, stage, step, moving):
    """One batch -> (language loss, dense loss, share of answers right or None)"""
    rng = np.random.RandomState((step + stage["seed"]) % 2**31)
    layout, rows, questions = draw(stage, stage["seed"] + step * 64, rng)
    shown = [s for row in rows for s in row]
    packed = [scene(stage["seed"] + 50_000_000 + step * 64 + i, kind="packed") for i in range(stage["packed"])]
    batch = collate(questions, layout, budget=112, rng=rng)
    kl, probs = 0.0, None
    if shown or packed:
        head = model.visual_tokenizer.head
        with torch.set_grad_enabled(moving), torch.autocast("cpu", torch.bfloat16):
            z = head[0](model.visual_tokenizer.backbone(pixels(shown + packed)))
        with torch.set_grad_enabled(moving):
            z = head[1](z.float())
        if shown:
            probs = z[: len(shown)].softmax(-1)
            probs = probs.view(len(rows), -1, *probs.shape[1:])
        if moving:
            kl = dense_loss(z, torch.from_numpy(V.distributions([V.content(s) for s in shown + packed], 0.0, rng)))
    with torch.autocast("cpu", torch.bfloat16):
        language, predicted, known = language_loss(model, batch, probs)
    return language, kl, np.mean([r for _, r in exact(batch, predicted, known)]) if layout == "one" else None


def train(model, name, seconds, rank, ranks, refresh):
    stage = STAGES[name]
    for n, p in model.named_parameters():
        p.requires_grad_(n.startswith(stage["train"]) and "post_trunk_norm" not in n)
    params = [p for p in model.parameters() if p.requires_grad]
    moving = any(n.startswith("visual_tokenizer") and p.requires_grad for n, p in model.named_parameters())
    run = Run(name, seconds, model, Optimizers(model, stage["muon"], stage["adam"], stage.get("vision", 1.0)), decay_from=0.3)
    if rank:
        run.save = lambda: None
        run.log_file = open(os.devnull, "w")
    dense_sets = dense_scenes(40) if moving else None
    stamp = refresh and checkpoint_path(refresh).stat().st_mtime
    progress = average(params, run.progress, ranks)
    while progress < 1.0:
        if refresh and checkpoint_path(refresh).stat().st_mtime > stamp:  # the tower is still being trained beside us
            stamp = checkpoint_path(refresh).stat().st_mtime
            load_model(model, refresh, ("visual_tokenizer",))
        language, kl, right = forward(model, stage, run.step * ranks + rank, moving)
        (language + stage["dense"] * kl).backward()
        progress = average(params, run.progress, ranks)
        floor = stage.get("floor", 0.0)
        run.optimizers.step(floor + (1 - floor) * run.factor_at(progress))
        run.tick(language=language.item(), **({"kl": kl.item()} if moving else {}), **({} if right is None else {"answered": right}))
        if run.step % 40 == 0 and rank == 0:
            run.log(**({"dense": evaluate_dense(model, dense_sets)} if moving and run.step % 120 == 0 else {}))
    run.save()
    if rank == 0:
        run.log(done=True, **({"dense": evaluate_dense(model, dense_sets)} if moving else {}))


def main(names, seconds, rank, ranks, vision, language, refresh):
    torch.set_num_threads(1)
    if ranks > 1:
        dist.init_process_group("gloo", init_method=f"tcp://127.0.0.1:{PORT}", rank=rank, world_size=ranks)
    model = Ovis(MODEL, EMBED_SCALE)
    load_model(model, vision, ("visual_tokenizer",))
    load_model(model, language, ("llm", "vte"))
    for name in names:
        train(model, name, seconds or SECONDS[name], rank, ranks, vision if refresh else None)


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("stages", nargs="+", choices=list(STAGES), help="run one after the other")
    p.add_argument("--seconds", type=float)
    p.add_argument("--rank", type=int, default=0)
    p.add_argument("--ranks", type=int, default=1, help="start as many processes, with --rank 0, 1, ...")
    p.add_argument("--vision", default="dense", help="stage whose tower and head to start from")
    p.add_argument("--language", default="symbolic", help="stage whose language model and table to start from")
    p.add_argument("--refresh", action="store_true", help="follow the tower while it is still being trained")
    a = p.parse_args()
    main(a.stages, a.seconds, a.rank, a.ranks, a.vision, a.language, a.refresh)
