"""The paper's claim at a small scale: probabilistic visual tokens against connectors, everything else equal.

    python -m training.ablation VARIANT SEED

Every run starts from the same vision tower and language model (those of the dense and symbolic stages, saved once as
`ablation-start.pt`) and a connector with random weights: no seeded words, no dense labels. First the connector and the last block of the
tower learn against the frozen language model, then everything, always on the same pictures and questions for a seed, with the same rates.

The language model was taught with the table of the symbolic stage. Its rows are not used, but if that leaves an advantage, it is one for
the variants with a table. The linear map is factored through the same width, so that it has as many weights as the others.
"""
import argparse
import json

import numpy as np
import torch
import torch.nn as nn

from .batching import collate, embedded_loss, exact
from .config import EMBED_SCALE, MODEL
from .model import Ovis
from .optim import Optimizers
from .paths import RUNS
from .scene import scene
from .stage_dense import pixels
from .trainer import Run, load_model, use_threads
from .visual_words import WORDS

STEPS, CONNECTOR_STEPS, BATCH = 420, 140, 12
KINDS = [("text", "word"), ("text", "digits"), ("icons", "one"), ("icons", "one"), ("shapes", None), ("shapes", None)]
TASKS = ("read_word", "read_digits", "letter", "icon", "icon_exists", "color", "shape", "count", "at", "describe_icon")
VARIANTS = {  # width between tower and language model, what happens there
    "table": (WORDS, "soft"),
    "mlp": (WORDS, "gelu"),
    "linear": (WORDS, "none"),
    "argmax": (WORDS, "hard"),
    "table-128": (128, "soft"),
    "table-2048": (2048, "soft"),
    "table-seeded": (WORDS, "soft"),  # not an equal start: head and table of the dense and symbolic stages, to see what random weights cost
}
SEEDS = (1, 2, 3)
RUNS_OF_ABLATION = [(variant, seed) for seed in SEEDS for variant in VARIANTS]
START = "ablation-start"
GAIN = 2.0  # of the logits at the start: with 1 the mean over the table is almost the same for every token


class Connector(nn.Module):
    """features [n, 64, d] -> visual embeddings [n, 64, h]; `into` and `out` have the shapes of the visual head and of the table."""

    def __init__(self, d, h, width, how):
        super().__init__()
        self.how = how
        self.into = nn.Linear(d, width, bias=False)
        self.norm = nn.LayerNorm(width)
        self.out = nn.Parameter(torch.randn(width, h) * (0.05 if how in ("soft", "hard") else 0.05 * width**-0.5))
        nn.init.normal_(self.into.weight, std=d**-0.5)
        nn.init.constant_(self.norm.weight, GAIN if how in ("soft", "hard") else 1.0)

    def forward(self, features):
        z = self.norm(self.into(features).float())
        if self.how == "gelu":
            z = torch.nn.functional.gelu(z)
        elif self.how != "none":
            z = z.softmax(-1)
        self.probs = z.detach()
        if self.how == "hard":  # one word per token; the gradient is that of the softmax
            z = torch.zeros_like(z).scatter_(-1, z.argmax(-1, keepdim=True), 1.0) + z - z.detach()
        return z @ self.out


class Connected(nn.Module):
    """The model with the connector in the place of head and table."""

    def __init__(self, variant):
        super().__init__()
        self.ovis = Ovis(MODEL, EMBED_SCALE)
        self.connector = Connector(MODEL.vision.hidden_size, MODEL.language.hidden_size, *VARIANTS[variant])

    def cap_attention(self):
        self.ovis.cap_attention()

    def visual(self, x):
        return self.connector(self.ovis.visual_tokenizer.backbone(x))


def start_weights():
    path = RUNS / "checkpoints" / f"{START}.pt"
    if not path.exists():
        model = Ovis(MODEL, EMBED_SCALE)
        load_model(model, "dense", ("visual_tokenizer",))
        load_model(model, "symbolic", ("llm", "vte"))
        torch.save({"model": model.state_dict()}, path)
    return START


def seed_words(connector, ovis):
    """Head and table as the dense and symbolic stages left them."""
    linear, norm = ovis.visual_tokenizer.head
    with torch.no_grad():
        connector.into.weight.copy_(linear.weight[:WORDS])
        connector.norm.weight.copy_(norm.weight[:WORDS])
        connector.norm.bias.copy_(norm.bias[:WORDS])
        connector.out.copy_(ovis.vte.weight[:WORDS])


def questions(s):
    return [q for q in s.qa if q[0] in TASKS]


def drawn(seed, n, split):
    """Scenes that have questions, each kind in turn."""
    out = []
    while len(out) < n:
        s = scene(seed, split, *KINDS[len(out) % len(KINDS)])
        seed += 1
        if questions(s):
            out.append(s)
    return out


@torch.no_grad()
def evaluate(model, batches):
    model.eval()
    losses, found, used, entropy = [], {}, torch.zeros(model.connector.out.shape[0]), []
    for x, batch in batches:
        with torch.autocast("cpu", torch.bfloat16):
            loss, predicted, known = embedded_loss(model.ovis, batch, model.visual(x).unsqueeze(1))
        losses.append(loss.item())
        for task, right in exact(batch, predicted, known):
            found.setdefault(task, []).append(right)
        p = model.connector.probs
        if model.connector.how in ("soft", "hard"):
            used += torch.bincount(p.argmax(-1).flatten(), minlength=len(used))
            entropy.append(-(p * (p + 1e-9).log()).sum(-1).mean().item())
    model.train()
    out = {"held_out_loss": round(float(np.mean(losses)), 4), "right": {t: round(100 * float(np.mean(v)), 1) for t, v in sorted(found.items())}}
    out["mean_right"] = round(float(np.mean(list(out["right"].values()))), 2)
    if entropy:
        out |= {"words_used": int((used > 0).sum()), "entropy": round(float(np.mean(entropy)), 3)}
    return out


def main(variant, seed, steps=STEPS):
    use_threads()
    torch.manual_seed(1000 + seed)
    model = Connected(variant)
    load_model(model.ovis, start_weights())
    if variant == "table-seeded":
        seed_words(model.connector, model.ovis)
    last = f"ovis.visual_tokenizer.backbone.trunk.blocks.{MODEL.vision.num_hidden_layers - 1}."
    moved = lambda name: not name.startswith(("ovis.visual_tokenizer.head", "ovis.vte")) and "post_trunk_norm" not in name
    for n, p in model.named_parameters():
        p.requires_grad_(moved(n))
    # one optimiser over everything; in the first part the gradients of what is frozen are dropped
    run = Run(f"ablation-{variant}-{seed}", steps, model, Optimizers(model, 4e-3, 1e-3), decay_from=0.5)
    scenes = drawn(960_000_000, 150, "test")
    held_out = [(pixels(part), collate([questions(s) for s in part])) for part in (scenes[i : i + 30] for i in range(0, len(scenes), 30))]
    if not run.step:
        run.log(variant=variant, seed=seed, connector=sum(p.numel() for p in model.connector.parameters()), **evaluate(model, held_out))
    while not run.done:
        only_connector = run.step < CONNECTOR_STEPS
        for n, p in model.named_parameters():
            p.requires_grad_(moved(n) and (not only_connector or n.startswith(("connector", last))))
        part = drawn(600_000_000 + 10_000_000 * seed + run.step * 64, BATCH, "train")
        batch = collate([questions(s) for s in part])
        with torch.autocast("cpu", torch.bfloat16):
            loss, _, _ = embedded_loss(model.ovis, batch, model.visual(pixels(part)).unsqueeze(1))
        loss.backward()
        run.optimizers.step(run.factor)
        run.tick(loss=loss.item())
        if run.step % 70 == 0 and not run.done:
            run.log(**evaluate(model, held_out))
    result = evaluate(model, held_out)
    run.log(**result, done=True)
    folder = RUNS / "ablation"
    folder.mkdir(exist_ok=True)
    (folder / f"{variant}-{seed}.json").write_text(json.dumps({"variant": variant, "seed": seed, "steps": run.step, "cpu_seconds": round(run.cpu), **result}, indent=1) + "\n")


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("variant", choices=list(VARIANTS))
    p.add_argument("seed", type=int)
    p.add_argument("--steps", type=int, default=STEPS)
    a = p.parse_args()
    main(a.variant, a.seed, a.steps)
