"""The whole recipe in one command, from the repository root: `python -m training.run`.

Stages that are finished are skipped, a killed stage goes on from its last checkpoint. The dense and the symbolic stage run side by
side, one core each; the stages on real pictures then run as two processes.
"""
import os
import subprocess
import sys

from .config import SECONDS
from .paths import MATERIAL, RUNS
from .tokenizer import tokenizer


def start(*args):
    env = os.environ | {"OMP_NUM_THREADS": "1"}
    log = open(RUNS / f"{args[0].split('.')[-1]}.log", "a")
    return subprocess.Popen([sys.executable, "-m", *args], stdout=log, stderr=log, env=env)


def wait(*processes):
    for p in processes:
        if p.wait():
            sys.exit(f"failed: {p.args}")


def main():
    RUNS.mkdir(parents=True, exist_ok=True)
    if not (MATERIAL / "words.json").exists():
        wait(start("training.material"))
    tokenizer()  # trained once, before two processes need it
    dense = start("training.stage_dense", "--seconds", str(SECONDS["dense"]))
    wait(start("training.stage_symbolic", "--seconds", str(SECONDS["symbolic"])))
    wait(dense)
    stages = ("frozen", "stage1", "stage2", "stage3")
    wait(*[start("training.stage_paper", *stages, "--language", "symbolic", "--ranks", "2", "--rank", str(r)) for r in (0, 1)])
    for step in ("export", "evaluate", "card", "examples", "golden", "plots"):
        wait(start(f"training.{step}"))


if __name__ == "__main__":
    main()
