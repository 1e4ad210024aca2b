"""`python -m training.average dense START/dense.pt`: the tower of a finished stage becomes the mean of itself and that of the checkpoint it
started from.

Both lie in one valley of the loss, and the mean of two such models keeps what the new one learned and more of what the old one could do on
pictures unlike the training's. Run it once, between two stages.
"""
import argparse
import json

import torch

from .paths import RUNS
from .trainer import checkpoint_path, replace

PART = "visual_tokenizer."


def average(stage, other, share=0.5):
    """`share` of the other checkpoint in the mean."""
    path = checkpoint_path(stage)
    saved, started = torch.load(path, weights_only=False), torch.load(other, weights_only=False)["model"]
    if "averaged" in saved:
        raise SystemExit(f"{path} is a mean already.")
    for name, p in saved["model"].items():
        if name.startswith(PART):
            p.lerp_(started[name].to(p.dtype), share)
    saved["averaged"] = share
    replace(path, saved)
    with open(RUNS / f"{stage}.jsonl", "a") as log:
        log.write(json.dumps(dict(step=saved["step"], seconds=round(saved["elapsed"]), cpu=round(saved["cpu"]), averaged=share, done=True)) + "\n")


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("stage")
    p.add_argument("other")
    p.add_argument("--share", type=float, default=0.5)
    a = p.parse_args()
    average(a.stage, a.other, a.share)
