"""The whole recipe in one command, from the repository root: `python -m training.run`.

Two lanes of one process each, one thread each: the tower's lane ends in the exported model, the language model's lane goes on with the
ablation. Finished stages are skipped, a killed stage goes on from its last checkpoint: after any kill, start the command again. A second
start while the first still runs is refused; stages whose driver was killed end by themselves within a step.
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
from .trainer import DRIVER

TRIES, PAUSE = 5, 30  # of a stage that ends with an error; seconds between
PATIENCE = 120  # seconds until what a killed driver left running must have ended
LOCK = RUNS / "run.lock"


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
            with open(LOCK) as held:  # a stage shares the driver's lock, so that no second one starts beside it
                fcntl.flock(held, fcntl.LOCK_SH)
                code = subprocess.run([sys.executable, "-m", f"training.{module}", *args], stdout=log, stderr=log, pass_fds=(held.fileno(),),
                                      env=os.environ | {"OMP_NUM_THREADS": "1", DRIVER: str(os.getpid())}).returncode
        if code == 0:
            marker.parent.mkdir(exist_ok=True)
            marker.write_text(json.dumps({"ended": time.strftime("%F %T")}) + "\n")
            return
        time.sleep(PAUSE)
    raise RuntimeError(f"{module} {' '.join(args)} failed {TRIES} times; see {RUNS / (done or module)}.log")


def alone():
    """The lock of the runs folder, or an error when another driver or one of its stages runs."""
    lock = open(LOCK, "a+")
    for _ in range(PATIENCE):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(1)
            continue
        fcntl.flock(lock, fcntl.LOCK_SH)
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        return lock
    raise RuntimeError(f"Another run uses {RUNS}: process {LOCK.read_text().strip()} or one of its stages. Wait for it or end it.")


def tower_lane(start, symbolic_done):
    stage("stage_dense", *(["--start", f"{start}/dense.pt"] if start else []), done="dense")
    symbolic_done.wait()
    for name in ("frozen", "stage1", "stage2", "stage3"):
        stage("stage_paper", name, done=name)
    stage("export", "--folder", str(RUNS / "export"))
    stage("evaluation_sets", "--folder", str(RUNS / "evaluation-sets"))
    stage("plots")


def language_lane(start, symbolic_done):
    stage("stage_symbolic", *(["--start", f"{start}/stage3.pt"] if start else []), done="symbolic")
    symbolic_done.set()
    for variant, seed in RUNS_OF_ABLATION:
        stage("ablation", variant, str(seed), done=f"ablation-{variant}-{seed}")
    stage("ablation_table")


def main(start):
    RUNS.mkdir(parents=True, exist_ok=True)
    lock = alone()
    if not (MATERIAL / "words.json").exists():
        stage("material")
    tokenizer()  # trained once, before two processes need it
    symbolic_done = threading.Event()
    lanes = [threading.Thread(target=lane, args=(start, symbolic_done)) for lane in (tower_lane, language_lane)]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    lock.close()


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--start", help="folder with dense.pt, stage3.pt and legend.json of an earlier training, see warm_start.py")
    main(p.parse_args().start)
