"""The paper's three stages on real pictures, after the two parts have been composed.

frozen  language model + table on the vision tower's true distributions (the tower does not move)
stage1  last block of the tower, head and table; captions only; language model frozen
stage2  whole visual tokenizer and table; captions; language model frozen
stage3  everything; questions and answers; the language model as four bits will hold it (four_bits.py)

From stage 1 on the renderer's labels stay in as a second loss, with packed pictures in every batch, so that the tower does not
forget. One process, one thread or OVIS_TRAINING_THREADS; each stage starts from the last checkpoint of the one before.
"""
import argparse

import numpy as np
import torch

from . import visual_words as V
from .batching import collate, exact, language_loss
from .config import EMBED_SCALE, MODEL, STEPS
from .curriculum import Curriculum
from .four_bits import see_rounded
from .model import Ovis
from .optim import Optimizers
from .scene import scene
from .stage_dense import dense_loss, evaluate as evaluate_dense, evaluation_scenes as dense_scenes, pixels
from .stage_symbolic import draw, evaluate, evaluation_scenes
from .trainer import Run, load_model, use_threads

LAST = f"visual_tokenizer.backbone.trunk.blocks.{MODEL.vision.num_hidden_layers - 1}."
CAPTIONS = ("describe", "describe_icon", "describe_text", "describe_card", "icon_list", "icon", "read_word", "read_digits", "read_words", "pair_what")
# trained prefixes, Muon and AdamW learning rates (vision: factor for the tower; floor: share of the rate that does not decay), captions
# only, ordinary and packed pictures per step, weight of the dense loss; vision and language: stages whose weights it starts from; four_bits:
# whether the language model is trained for them
STAGES = {
    "frozen": dict(train=("llm", "vte"), muon=4e-3, adam=6e-4, floor=0.2, captions=False, ordinary=16, packed=0, dense=0.0, seed=200_000_000,
                   vision="dense", language="symbolic"),
    "stage1": dict(train=(LAST, "visual_tokenizer.head", "vte"), muon=2e-3, adam=2e-4, captions=True, ordinary=12, packed=4, dense=0.5, seed=300_000_000,
                   vision="dense", language="frozen"),
    "stage2": dict(train=("visual_tokenizer", "vte"), muon=2e-3, adam=2e-4, captions=True, ordinary=8, packed=8, dense=1.0, seed=400_000_000,
                   vision="stage1", language="stage1"),
    "stage3": dict(train=("visual_tokenizer", "vte", "llm"), muon=2e-3, adam=3e-4, vision_factor=0.2, captions=False, ordinary=12, packed=6, dense=1.0,
                   seed=500_000_000, vision="stage2", language="stage2", four_bits=True),
}


def shown_and_asked(stage, seed, rng, curriculum):
    """-> (layout, scenes per row, questions per row)"""
    layout, rows, questions = draw(seed, stage["ordinary"], rng, curriculum)
    if layout == "two":  # as many pictures as with one each
        rows, questions = rows[: max(1, stage["ordinary"] // 2)], questions[: max(1, stage["ordinary"] // 2)]
    if not stage["captions"]:
        return layout, rows, questions
    captions = [[q for q in qa if q[0] in CAPTIONS] or qa[:1] for qa in questions]
    return layout, rows, captions


def forward(model, stage, step, moving, curriculum):
    """One batch -> (language loss, dense loss, [(task, right)])"""
    rng = np.random.RandomState((step + stage["seed"]) % 2**31)
    layout, rows, questions = shown_and_asked(stage, stage["seed"] + step * 64, rng, curriculum)
    shown = [s for row in rows for s in row]
    packed = [scene(stage["seed"] + 50_000_000 + step * 64 + i, kind="packed") for i in range(stage["packed"])]
    batch = collate(questions, layout, rng=rng)
    kl, probs = torch.zeros(()), None
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
    return language, kl, exact(batch, predicted, known)


def from_pixels(model):
    return lambda scenes: model.visual_tokenizer(pixels(scenes))


def train(name, steps=None):
    stage = STAGES[name]
    model = Ovis(MODEL, EMBED_SCALE)
    load_model(model, stage["vision"], ("visual_tokenizer",))
    load_model(model, stage["language"], ("llm", "vte"))
    for n, p in model.named_parameters():
        p.requires_grad_(n.startswith(stage["train"]) and "post_trunk_norm" not in n)
    moving = any(n.startswith("visual_tokenizer") and p.requires_grad for n, p in model.named_parameters())
    if stage.get("four_bits"):
        see_rounded(model)
    curriculum = Curriculum()
    run = Run(name, steps or STEPS[name], model, Optimizers(model, stage["muon"], stage["adam"], stage.get("vision_factor", 1.0)), decay_from=0.3, extra=curriculum)
    dense_sets, rows = dense_scenes(40) if moving else None, evaluation_scenes(30)
    floor = stage.get("floor", 0.0)

    def measured():
        return dict(right={k: v[0] for k, v in evaluate(model, rows, from_pixels(model)).items()}, **({"dense": evaluate_dense(model, dense_sets)} if moving else {}))

    run.log(start=True)
    while not run.done:
        language, kl, answers = forward(model, stage, run.step, moving, curriculum)
        (language + stage["dense"] * kl).backward()
        curriculum.update(answers)
        run.optimizers.step(floor + (1 - floor) * run.factor)
        run.tick(language=language.item(), kl=kl.item())
        if run.step % 300 == 0:
            run.log(**measured())
        elif run.step % 50 == 0:
            run.log(training={k: round(100 * v) for k, v in sorted(curriculum.right.items())})
    run.log(done=True, **measured())


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("stage", choices=list(STAGES))
    use_threads()
    train(p.parse_args().stage)
