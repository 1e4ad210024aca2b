"""What the measuring scripts share: the request, the clock, and one JSON line per measurement."""

import json
import random
import sys
import time
from collections.abc import Callable


def request() -> dict:
    """`{model, threads, prefill: [n], decode: [n], tokens, ...}` as `peers.mjs` writes it."""
    return json.loads(sys.argv[1])


def say(kind: str, **values: object) -> None:
    print(json.dumps({"kind": kind, **values}), flush=True)


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def load(work: Callable[[], object]) -> None:
    say("load", ms=timed(work))


def prompt(length: int) -> list[int]:
    """Token ids that no engine treats specially."""
    source = random.Random(length)
    return [source.randrange(1000, 100_000) for _ in range(length)]


def contexts(asked: dict) -> list[int]:
    return sorted({*asked["prefill"], *asked["decode"]})


def measure_language(asked: dict, read: Callable[[list[int]], object], step: Callable[[], object]) -> None:
    """`read` starts anew and reads a prompt whole; `step` reads the token picked last and picks the next."""
    read(prompt(32))
    for length in contexts(asked):
        tokens = prompt(length)
        ms = timed(lambda tokens=tokens: read(tokens))
        if length in asked["prefill"]:
            say("prefill", context=length, ms=ms)
        if length in asked["decode"]:
            step()
            say("decode", context=length, ms=[timed(step) for _ in range(asked["tokens"])])


def finish() -> None:
    """Highest resident size, from the kernel (Linux), and processor time in all."""
    with open("/proc/self/status") as status:
        peak = next(line for line in status if line.startswith("VmHWM:"))
    say("memory", peakBytes=int(peak.split()[1]) * 1024, processorSeconds=time.process_time())
