"""Scope in a bottle: generated worlds are scanned for real, and nobody outside the scope is contacted.

    python -m tests.bottles                  10,000 worlds, over all processors, and the control
    python -m tests.bottles --cases 300 --seed 7 --workers 1

Prints what was done and, of whatever went wrong, the world. Exits with 1 where a contact was not allowed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests import bottle_inside
from tests.bottle import unavailable

FULL = 10_000
ROOT = Path(__file__).parents[2]


def start(cases: int, seed: int, *more: str) -> subprocess.Popen[str]:
    """A worker in a namespace of its own."""
    return subprocess.Popen(
        [bottle_inside.program("unshare"), "--user", "--map-root-user", "--net", "--mount", "--", sys.executable, "-m",
         "tests.bottles", "--inside", "--cases", str(cases), "--seed", str(seed), *more],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), "PATH": bottle_inside.PATH}, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(worker: subprocess.Popen[str], timeout: float | None = None) -> tuple[dict[str, int], dict[str, int], str]:
    """What a worker counted, which lures it handed out, and what went wrong, in words."""
    out, err = worker.communicate(timeout=timeout)
    if worker.returncode not in (0, 1) or not out:
        raise RuntimeError(f"a worker broke: {err[-3000:]}")
    told = json.loads(out)
    return told["counts"], told["lures"], told["wrong"]


def main(words: Sequence[str]) -> int:
    """The command."""
    asked = argparse.ArgumentParser(prog="python -m tests.bottles")
    asked.add_argument("--cases", type=int, default=FULL)
    asked.add_argument("--seed", type=int, default=int(time.time()))
    asked.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    asked.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked.add_argument("--control", action="store_true", help=argparse.SUPPRESS)
    wanted = asked.parse_args(words)
    if wanted.inside:
        return inside(wanted.cases, wanted.seed, control=wanted.control)
    if reason := unavailable():
        print(f"0 worlds: {reason}")
        return 1
    return outside(wanted.cases, wanted.seed, max(1, wanted.workers))


def outside(cases: int, seed: int, workers: int) -> int:
    """Share the cases among workers, sum up and print."""
    begun = time.monotonic()
    running = [start(0, 0, "--control"), *(start((cases + n) // workers, seed + n) for n in range(workers))]
    counts: Counter[str] = Counter()
    lures: Counter[str] = Counter()
    wrong = []
    for worker in running:
        counted, handed, words = finish(worker)
        counts.update(counted)
        lures.update(handed)
        wrong += [words] if words else []
    for what, number in counts.items():
        print(f"{number:>8}  {what}")
    print("lures handed to the scans: " + ", ".join(f"{name} {number}" for name, number in sorted(lures.items())))
    print(f"seed {seed}, {time.monotonic() - begun:.0f} s")
    print(*wrong, sep="\n")
    return 1 if wrong else 0


def inside(cases: int, seed: int, *, control: bool) -> int:
    """Scan generated worlds here, in this namespace, or try the control; prints JSON."""
    from tests.bottles.cases import scan_all
    from tests.bottles.control import try_all
    from tests.bottles.rig import rig

    with tempfile.TemporaryDirectory(prefix="bottles-") as folder, rig(Path(folder)) as made, asyncio.Runner() as loop:
        counts, wrong = try_all(made, loop.run) if control else scan_all(made, loop.run, cases, seed)
    lures: Counter[str] = Counter()
    for (carrier, _), number in made.stage.served.items():
        lures[carrier] += 0 if control else number
    print(json.dumps({"counts": counts, "lures": lures, "wrong": wrong}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
