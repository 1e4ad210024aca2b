"""What all stages share: a budget of steps that drives the schedule, checkpoints every two minutes, a JSON-lines log.

A stage killed at any moment goes on from its last checkpoint: the generator seeds follow from the step counter, so the result does not
depend on the interruptions. To end a stage early with a proper decay of the learning rate, write a smaller number of steps into the file
`<stage>.steps` in the runs folder (a decay takes the share `1 - decay_from` of the steps).
"""
import json
import os
import sys
import time

import torch

from .paths import RUNS

DRIVER = "OVIS_TRAINING_DRIVER"  # environment variable: process whose end ends the stage
THREADS = "OVIS_TRAINING_THREADS"  # environment variable: threads of a stage, 1 unless set, so that two lanes fit two cores


def use_threads():
    torch.set_num_threads(int(os.environ.get(THREADS, "1")))


def checkpoint_path(name):
    return RUNS / "checkpoints" / f"{name}.pt"


def replace(path, state):
    """Writes a checkpoint whole or not at all."""
    torch.save(state, path.with_suffix(".tmp"))
    os.replace(path.with_suffix(".tmp"), path)


def load_model(model, name, prefixes=("",)):
    """Copies the parameters whose names start with one of the prefixes from the stage's last checkpoint."""
    weights = torch.load(checkpoint_path(name), weights_only=False)["model"]
    weights = {k: v for k, v in weights.items() if k.startswith(tuple(prefixes))}
    model.load_state_dict(weights, strict=False)
    return len(weights)


class Run:
    def __init__(self, name, steps, model, optimizers, decay_from=0.6, save_every=120, extra=None):
        """`extra`: an object with state_dict and load_state_dict that is saved as well."""
        self.name, self.planned, self.model, self.optimizers, self.extra = name, steps, model, optimizers, extra
        self.decay_from, self.save_every = decay_from, save_every
        self.step, self.elapsed, self.cpu = 0, 0.0, 0.0
        path = checkpoint_path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            saved = torch.load(path, weights_only=False)
            model.load_state_dict(saved["model"], strict=False)
            optimizers.load_state_dict(saved["optimizers"])
            if extra:
                extra.load_state_dict(saved["extra"])
            self.step, self.elapsed, self.cpu = saved["step"], saved["elapsed"], saved["cpu"]
        self.mark = self.saved = time.time()
        self.cpu_mark = time.process_time()
        self.log_path = RUNS / f"{name}.jsonl"
        self.sums = {}

    @property
    def steps(self):
        override = RUNS / f"{self.name}.steps"
        return int(override.read_text()) if override.exists() else self.planned

    @property
    def progress(self):
        return min(1.0, self.step / self.steps)

    @property
    def factor(self):
        """Learning rate schedule: short warm-up, flat, linear to 2 %."""
        warm = min(1.0, (self.step + 1) / 40)
        return warm * max(0.02, min(1.0, (1 - self.progress) / (1 - self.decay_from)))

    @property
    def done(self):
        return self.progress >= 1.0

    def tick(self, **values):
        """Call once after each step."""
        self.model.cap_attention()  # from the first step on
        now, cpu = time.time(), time.process_time()
        self.elapsed += now - self.mark
        self.cpu += cpu - self.cpu_mark
        self.mark, self.cpu_mark = now, cpu
        self.step += 1
        for k, v in values.items():
            self.sums.setdefault(k, []).append(float(v))
        orphaned = DRIVER in os.environ and os.getppid() != int(os.environ[DRIVER])
        if now - self.saved > self.save_every or self.done or orphaned:
            self.save()
        if orphaned:
            sys.exit("The process that started this stage is gone.")

    def save(self):
        path = checkpoint_path(self.name)
        state = dict(model=self.model.state_dict(), optimizers=self.optimizers.state_dict(), extra=self.extra and self.extra.state_dict(),
                     step=self.step, elapsed=self.elapsed, cpu=self.cpu)
        replace(path, state)
        self.saved = time.time()

    def log(self, **values):
        means = {k: round(sum(v) / len(v), 4) for k, v in self.sums.items() if v}
        self.sums = {}
        line = json.dumps(dict(step=self.step, seconds=round(self.elapsed), cpu=round(self.cpu), **means, **values))
        print(line, flush=True)
        with open(self.log_path, "a") as file:
            file.write(line + "\n")
        self.mark, self.cpu_mark = time.time(), time.process_time()  # evaluation is not training time
