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
import torch.multiprocessing as mp

from . import visual_words as V
from .batching import collate, exact, language_loss
from .config import EMBED_SCALE, MODEL, SECONDS
from .dialogue import pair, talk
from .model import Ovis
from .optim import Optimizers
from .paths import RUNS
from .scene import scene
from .stage_dense import dense_loss, evaluate as evaluate_dense, evaluation_scenes as dense_scenes, pixels
from .stage_symbolic import evaluate, evaluation_scenes
from .trainer import Run, checkpoint_path, load_model

LAST = f"visual_tokenizer.backbone.trunk.blocks.{MODEL.vision.num_hidden_layers - 1}."
CAPTIONS = ("describe", "icon_list", "icon", "read_word", "read_digits", "read_words", "pair_what")
# trained prefixes, Muon and AdamW learning rates (vision: factor for the tower), captions only, ordinary and packed pictures per process
# and step, weight of the dense loss
STAGES = {
    "frozen": dict(train=("llm", "vte"), muon=1e-2, adam=1.5e-3, captions=False, ordinary=32, packed=0, dense=0.0, seed=200_000_000),
    "stage1": dict(train=(LAST, "visual_tokenizer.head", "vte"), muon=2e-3, adam=2e-4, captions=True, ordinary=24, packed=8, dense=0.5, seed=300_000_000),
    "stage2": dict(train=("visual_tokenizer", "vte"), muon=2e-3, adam=2e-4, captions=True, ordinary=20, packed=12, dense=1.0, seed=400_000_000),
    "stage3": dict(train=("visual_tokenizer", "vte", "llm"), muon=8e-3, adam=1.2e-3, vision=0.25, captions=False, ordinary=24, packed=8, dense=0.7, seed=500_000_000),
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
    return "one", [[s] for s in scenes], [keep(s.qa) if stage["captions"] else s.qa for s in scenes]


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


def work(rank, ranks, name, seconds, vision, language, refresh):
    torch.set_num_threads(1)
    if ranks > 1:
        dist.init_process_group("gloo", init_method=f"file://{RUNS}/rendezvous-{name}-{os.getppid()}", rank=rank, world_size=ranks)
    stage = STAGES[name]
    model = Ovis(MODEL, EMBED_SCALE)
    load_model(model, vision, ("visual_tokenizer",))
    load_model(model, language, ("llm", "vte"))
    for n, p in model.named_parameters():
        p.requires_grad_(n.startswith(stage["train"]) and "post_trunk_norm" not in n)
    params = [p for p in model.parameters() if p.requires_grad]
    moving = any(n.startswith("visual_tokenizer") and p.requires_grad for n, p in model.named_parameters())
    run = Run(name, seconds, model, Optimizers(model, stage["muon"], stage["adam"], stage.get("vision", 1.0)), decay_from=0.3)
    if rank:
        run.save = lambda: None
        run.log_file = open(os.devnull, "w")
    scenes, dense_sets = evaluation_scenes(16), dense_scenes(40)
    look = lambda part: model.visual_tokenizer(pixels(part))
    if rank == 0 and name in ("frozen", "stage3") and run.step == 0:
        run.log(start=True, right={k: v[0] for k, v in evaluate(model, scenes, look).items()}, dense=evaluate_dense(model, dense_sets))
    stamp = checkpoint_path(vision).stat().st_mtime
    progress = run.progress
    while progress < 1.0:
        if refresh and checkpoint_path(vision).stat().st_mtime > stamp:  # the tower is still being trained beside us
            stamp = checkpoint_path(vision).stat().st_mtime
            load_model(model, vision, ("visual_tokenizer",))
        rng = np.random.RandomState((run.step * ranks + rank) % (2**31) + stage["seed"])
        layout, rows, questions = draw(stage, stage["seed"] + (run.step * ranks + rank) * 64, rng)
        shown = [s for row in rows for s in row]
        packed = [scene(stage["seed"] + 50_000_000 + (run.step * ranks + rank) * 64 + i, kind="packed") for i in range(stage["packed"])]
        batch = collate(questions, layout, budget=112, rng=rng)
        loss, kl, probs = 0.0, 0.0, None
        with torch.set_grad_enabled(moving), torch.autocast("cpu", torch.bfloat16):
            if shown or packed:
                head = model.visual_tokenizer.head
                z = head[1](head[0](model.visual_tokenizer.backbone(pixels(shown + packed))).float())
                if shown:
                    probs = z[: len(shown)].softmax(-1)
                    probs = probs.view(len(rows), -1, *probs.shape[1:])
        if moving and (shown or packed):
            target = torch.from_numpy(V.distributions([V.content(s) for s in shown + packed], 0.0, rng))
            kl = dense_loss(z.float(), target)
            loss = loss + stage["dense"] * kl
        with torch.autocast("cpu", torch.bfloat16):
            language, predicted, known = language_loss(model, batch, probs)
        (loss + language).backward()
        right = np.mean([r for _, r in exact(batch, predicted, known)])
        factor = run.factor
        progress = average(params, run.progress, ranks)
        run.optimizers.step(max(0.02, min(1.0, (1 - progress) / 0.7)) * min(1.0, (run.step + 1) / 40) if ranks > 1 else factor)
        run.tick(language=language.item(), kl=float(kl), **({"answered": right} if layout == "one" else {}))
        if run.step % 50 == 0 and rank == 0:
            run.log(dense=evaluate_dense(model, dense_sets) if moving and run.step % 100 == 0 else None)
    if rank == 0:
        run.save()
        run.log(right={k: v[0] for k, v in evaluate(model, scenes, look).items()}, dense=evaluate_dense(model, dense_sets), done=True)


def main(name, seconds=None, ranks=2, vision=None, language=None, refresh=False):
    before = {"frozen": ("dense", "symbolic"), "stage1": ("dense", "frozen"), "stage2": ("stage1", "stage1"), "stage3": ("stage2", "stage2")}[name]
    args = (ranks, name, seconds or SECONDS[name], vision or before[0], language or before[1], refresh)
    if ranks == 1:
        work(0, *args)
    else:
        mp.spawn(work, args, nprocs=ranks)


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("stage", choices=list(STAGES))
    p.add_argument("--seconds", type=float)
    p.add_argument("--ranks", type=int, default=2)
    p.add_argument("--vision")
    p.add_argument("--language")
    p.add_argument("--refresh", action="store_true")
    a = p.parse_args()
    main(a.stage, a.seconds, a.ranks, a.vision, a.language, a.refresh)
