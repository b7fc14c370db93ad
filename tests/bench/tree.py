"""A whole scan of a tree of folders behind a real nginx, beside a bare walk through the same pages.

Run: `python -m tests.bench.tree [--folders N] [--no-bare]`. Prints whether files, folders and bytes are exact, the
peak memory of the program in a process of its own, the requests that nginx counted, and the time as a multiple of the
bare walk's. 1 where a count, the memory or the requests are not what they must be; it never judges a time.

The tree is made once (see tests/bench/forest.py; EARSHOT_BENCH_TREES says below which folder) and used again.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests import witness
from tests.bench import forest
from tests.bench.nginx import ADDRESS, Nginx

FOLDERS = 100_000
MEMORY = 250                                 # MB that a scan may take at most
_AT_ONCE = 16                                # connections to one host, as the profile has it
_FAST = "1000000"                            # connections a second: as fast as both ends can
_RANDOM = re.compile(r"/[0-9a-f]{16}/")      # the control request
_SCAN = ("scan", "--profile", "thorough", "--rate", _FAST, "--host-rate", _FAST, "--no-progress", "--quiet")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took."""

    seconds: float
    cpu: float                               # of it and its children, seconds
    peak: float                              # MB


@dataclass(frozen=True, slots=True)
class Scanned:
    """One scan: its report, what it cost, what nginx was asked: (verb, path) -> times."""

    report: dict[str, Any]
    cost: Cost
    asked: Counter[tuple[str, str]]

    @property
    def stores(self) -> list[dict[str, Any]]:
        """The stores of all findings."""
        return [finding["store"] for finding in self.report["findings"]]


_MEASURED = """
import json, resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
open(sys.argv[1], "w").write(json.dumps([code, used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""                                      # by a small program: what starts one counts as its memory (getrusage(2))


def main(words: Sequence[str] = ()) -> int:
    """Measure and print. 0: all exact, within the memory, one request a folder."""
    options = argparse.ArgumentParser(prog="python -m tests.bench.tree", description=__doc__)
    options.add_argument("--folders", type=int, default=FOLDERS, help="folders of the tree; 27 files each on average")
    options.add_argument("--bare", action=argparse.BooleanOptionalAction, default=True, help="the walk beside it")
    chosen = options.parse_args(words)
    try:
        world = forest.grown(chosen.folders)
        nginx = Nginx(world)
    except (forest.TooSmallError, LookupError) as error:
        print(f"  not measured: {error}")
        return 1
    truth = forest.truth(chosen.folders)
    print(f"{truth.folders:,} folders, {truth.files:,} files, {truth.bytes:,} bytes behind nginx, {_AT_ONCE} at once")
    with nginx:
        bare = walked(nginx.port, truth) if chosen.bare else None
    done = scanned(world)
    if bare is not None:
        print(f"  bare walk {_cost(bare, chosen.folders)}")
    print(f"  scan      {_cost(done.cost, chosen.folders)}")
    if bare is not None:
        print(f"  scan / bare walk: {done.cost.seconds / bare.seconds:.1f} in time, "
              f"{done.cost.cpu / bare.cpu:.1f} in CPU")
    faults = wrong(done, truth)
    for fault in faults:
        print(f"  WRONG: {fault}")
    if not faults:
        print("  exact: folders, files, bytes, first and last day; one request a folder")
    return 1 if faults else 0


def walked(port: int, truth: forest.Truth) -> Cost:
    """The yardstick, which has to see everything as well."""
    command = [sys.executable, "-m", "tests.bench.walking", str(port), str(_AT_ONCE)]
    seen = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    assert (truth.folders, truth.files, truth.bytes) == (seen["folders"], seen["files"], seen["bytes"])
    return Cost(seen["seconds"], seen["cpu"], seen["peak"])


def scanned(world: Path) -> Scanned:
    """One scan by the program itself, in a process of its own, its state on disk."""
    with tempfile.TemporaryDirectory(prefix="tree-") as folder, Nginx(world) as nginx:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "scanner", *_SCAN, f"{ADDRESS}:{nginx.port}",
                   "--state", f"{folder}/state.sqlite", "-o", str(report)]
        begun, used = time.perf_counter(), Path(folder) / "used.json"
        subprocess.run([sys.executable, "-S", "-c", _MEASURED, used, *command], check=True, stdin=subprocess.DEVNULL)
        code, cpu, peak = json.loads(used.read_text())
        if code:
            raise SystemExit(f"the scan ended with {code}")
        cost = Cost(time.perf_counter() - begun, cpu, peak / 1024)
        told = json.loads(report.read_text())
    return Scanned(told, cost, nginx.asked())


def wrong(done: Scanned, truth: forest.Truth) -> list[str]:
    """What is not as it must be, in words; prints the requests that searched."""
    folders = {f"/{leaf.path}/" for leaf in forest.leaves(truth.folders)} | {"/"}
    asked, beside = Counter[str](), Counter[str]()
    for (verb, path), count in done.asked.items():
        if verb == "GET" and path in folders:
            asked[path] += count
        else:
            beside[path if verb == "GET" else f"{verb} {path}"] += count
    print(f"  {asked.total():,} requests for {len(folders):,} folders, {beside.total()} beside them: {_beside(beside)}")
    faults = [f"{count} requests for {path}" for path, count in asked.items() if count != 1]
    faults += [f"{path} was never asked for" for path in folders - set(asked)][:10]
    faults += [why for verb, path in done.asked if (why := witness.unfit(verb, path)) is not None]
    faults += [] if done.cost.peak < MEMORY else [f"{done.cost.peak:.0f} MB, {MEMORY} are allowed"]
    return faults + _miscounted(done, truth)


def _miscounted(done: Scanned, truth: forest.Truth) -> list[str]:
    if len(done.stores) != 1:
        return [f"{len(done.stores)} findings, not one"]
    (store,) = done.stores
    wanted = {
        "directories": truth.folders, "files": truth.files, "bytes": truth.bytes, "bytes_exact": True,
        "complete": True, "cut_by": None, "first": _day(truth.first), "last": _day(truth.last)}
    return [f"{name}: {store[name]}, not {value}" for name, value in wanted.items() if store[name] != value]


def _day(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d}"


def _beside(paths: Counter[str]) -> str:
    names = ["a random one" if _RANDOM.fullmatch(path) else path for path in sorted(paths)]
    return ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")


def _cost(cost: Cost, folders: int) -> str:
    each = cost.cpu / folders * 1000
    return (f"{cost.seconds:8.1f} s, {folders / cost.seconds:7.0f} folders/s, CPU {each:6.3f} ms a folder, "
            f"{cost.peak:5.0f} MB")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
