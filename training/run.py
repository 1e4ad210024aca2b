"""The whole recipe in one command, from the repository root: `python -m training.run`.

Two lanes of one process each, one thread each: the tower's lane ends in the exported model, the language model's lane goes on with the
ablation. Finished stages are skipped, a killed stage goes on from its last checkpoint: after any kill, start the command again. A second
start while the first still runs is refused.
"""
import argparse
import fcntl
import json
import os
import subprocess
import sys
import threading
import time

from .ablation import RUNS_OF_ABLATION
from .paths import MATERIAL, RUNS
from .tokenizer import tokenizer

TRIES, PAUSE = 5, 30  # of a stage that ends with an error; seconds between


def finished(name):
    path = RUNS / f"{name}.jsonl"
    return path.exists() and any('"done": true' in line for line in path.read_text().splitlines()[-3:])


def stage(module, *args, done=None):
    """Runs `python -m training.<module>` until it ends well. `done`: name whose log or marker says that nothing is left to do."""
    marker = RUNS / "finished" / ("-".join((module, *args)).replace("/", "_") + ".json")
    if marker.exists() or (done and finished(done)):
        return
    for _ in range(TRIES):
        with open(RUNS / f"{done or module}.log", "a") as log:
            code = subprocess.run([sys.executable, "-m", f"training.{module}", *args], stdout=log, stderr=log,
                                  env=os.environ | {"OMP_NUM_THREADS": "1"}).returncode
        if code == 0:
            marker.parent.mkdir(exist_ok=True)
            marker.write_text(json.dumps({"ended": time.strftime("%F %T")}) + "\n")
            return
        time.sleep(PAUSE)
    raise RuntimeError(f"{module} {' '.join(args)} failed {TRIES} times; see {RUNS / (done or module)}.log")


def tower_lane(start, symbolic_done):
    stage("stage_dense", *(["--start", f"{start}/dense.pt"] if start else []), done="dense")
    symbolic_done.wait()
    for name in ("frozen", "stage1", "stage2", "stage3"):
        stage("stage_paper", name, done=name)
    stage("export", "--folder", str(RUNS / "export"))
    stage("evaluation_sets", "--folder", str(RUNS / "evaluation-sets"))
    stage("evaluate", "--model", str(RUNS / "export"), "--sets", str(RUNS / "evaluation-sets"))
    stage("plots")


def language_lane(start, symbolic_done):
    stage("stage_symbolic", *(["--start", f"{start}/stage3.pt"] if start else []), done="symbolic")
    symbolic_done.set()
    for variant, seed in RUNS_OF_ABLATION:
        stage("ablation", variant, str(seed), done=f"ablation-{variant}-{seed}")
    stage("ablation_table")


def main(start):
    RUNS.mkdir(parents=True, exist_ok=True)
    lock = open(RUNS / "run.lock", "w")
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    lock.write(str(os.getpid()))
    lock.flush()
    if not (MATERIAL / "words.json").exists():
        stage("material")
    tokenizer()  # trained once, before two processes need it
    symbolic_done = threading.Event()
    lanes = [threading.Thread(target=lane, args=(start, symbolic_done)) for lane in (tower_lane, language_lane)]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--start", help="folder with dense.pt, stage3.pt and legend.json of an earlier training, see warm_start.py")
    main(p.parse_args().start)
