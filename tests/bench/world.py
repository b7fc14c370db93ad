"""The helpline of 2,700,000 calls from its pages to its finding, beside a bare row regex over the same bytes.

Run: `python -m tests.bench.world [--scale N]`. The pages are printed before, and shown by a process of their own; the
scan is the program as a user runs it, in one process: state on disk, report written. Prints counts, hours, dates and
scores against what they must be, the peak memory, and the time as a multiple of the bare regex's: `findall` of name,
date and size per chunk of 256 KiB, plus their sums. 1 where a figure or the memory is wrong; it never judges a time.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.album import printed
from tests.worlds.serving import scope
from tests.worlds.world import World, load

ADDRESS = "127.11.77.1"
HOURS = 170_000
MEMORY = 300                                 # MB that the scan may take at most
LIMIT = 12                                   # times the bare regex that it should take at most
CHUNK = 256 * 1024
ROW = re.compile(rb'<a href="([^"]+)">[^<]*</a></td><td align="right">(\d{4}-\d\d-\d\d \d\d:\d\d) *</td>'
                 rb'<td align="right"> *([\d.]+)([KMGT]?)')
UNITS = {b"": 1, b"K": 1 << 10, b"M": 1 << 20, b"G": 1 << 30, b"T": 1 << 40}
_FAST = "1000000"                            # connections a second: as fast as both ends can


@dataclass(frozen=True, slots=True)
class Cost:
    """What something took."""

    seconds: float
    cpu: float                               # seconds
    peak: float = 0.0                        # MB


@dataclass(frozen=True, slots=True)
class Bare:
    """What the regex saw."""

    rows: int
    bytes: float
    first: bytes
    last: bytes
    cost: Cost


def main(words: Sequence[str] = ()) -> int:
    """Measure and print. 0: every figure as it must be, within the memory."""
    options = argparse.ArgumentParser(prog="python -m tests.bench.world", description=__doc__)
    options.add_argument("--scale", type=int, default=1, help="one so many of the files; 1: all of them")
    chosen = options.parse_args(words)
    world = load("1177", scale=chosen.scale)
    with tempfile.TemporaryDirectory(prefix="world-") as folder:
        pages = printed(world, Path(folder, "pages.bin"))
        print(f"{sum(rule.count for rule in world.doors[0].rules):,} files on {pages.stat().st_size / 1e6:,.0f} MB "
              "of pages, as Apache prints them")
        before = bare(pages)
        report, cost = scanned(world, pages, Path(folder))
        after = bare(pages)
    regex = min(before, after, key=lambda one: one.cost.cpu)
    told(report, cost, regex)
    faults = wrong(report, cost, chosen.scale)
    for fault in faults:
        print(f"  WRONG: {fault}")
    return 1 if faults else 0


def bare(pages: Path) -> Bare:
    """The yardstick: one regex over chunks cut at line ends, rows, sizes and dates summed."""
    rows, size, first, last, rest = 0, 0.0, b"9", b"", b""
    begun, spent = time.perf_counter(), time.process_time()
    with pages.open("rb") as file:
        while chunk := file.read(CHUNK):
            data = rest + chunk
            cut = data.rfind(b"\n") + 1
            rest = data[cut:]
            found = ROW.findall(data[:cut])
            rows += len(found)
            size += sum(float(number) * UNITS[unit] for _, _, number, unit in found)
            dates = [date for _, date, _, _ in found] or [first]
            first, last = min(first, *dates), max(last, *dates)
    return Bare(rows, size, first, last, Cost(time.perf_counter() - begun, time.process_time() - spent))


def scanned(world: World, pages: Path, folder: Path) -> tuple[dict[str, Any], Cost]:
    """The program, from its start to its report."""
    report = folder / "report.json"
    with showing(pages) as port:
        rules = folder / "scope.toml"
        rules.write_text(scope(world, ADDRESS, [port]), encoding="utf-8")
        command = [sys.executable, "-m", "scanner", "scan", "--scope", str(rules), "--rate", _FAST,
                   "--host-rate", _FAST, "--state", str(folder / "state.sqlite"),
                   "-o", str(report), "--quiet", "--no-progress"]
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        cost = Cost(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
    if process.returncode:
        raise SystemExit(f"the scan ended with {process.returncode}")
    return json.loads(report.read_text()), cost


@contextmanager
def showing(pages: Path) -> Iterator[int]:
    """The server, in a process of its own; its port."""
    command = [sys.executable, "-m", "tests.bench.album", str(pages), ADDRESS]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield int(server.stdout.readline())
        said, _ = server.communicate()
    asked = json.loads(said)
    print(f"  asked: {asked['directories']:,} folders, {asked['files']} files")


def told(report: dict[str, Any], cost: Cost, regex: Bare) -> None:
    """What the scan says, and what it took."""
    found = report["findings"][0]
    store = found["store"]
    print(f"  finding: {found['title']}; {store['hours']['best']:,.0f} h "
          f"({store['hours']['low']:,.0f} to {store['hours']['high']:,.0f}), {store['first']} to {store['last']}, "
          f"live {store['live']}")
    print(f"  scores: {found['overall_score']} for all, {found['score']} for {found['parts'][0]['files']:,} in "
          f"{found['parts'][0]['path']}; {found['severity']}, {found['urgency']}, {', '.join(found['tags'])}")
    print(f"  bare row regex {regex.cost.seconds:6.1f} s, CPU {regex.cost.cpu:6.1f} s; {regex.rows:,} rows")
    print(f"  scan           {cost.seconds:6.1f} s, CPU {cost.cpu:6.1f} s, peak {cost.peak:.0f} MB (below {MEMORY})")
    print(f"  scan / bare: {cost.seconds / regex.cost.seconds:.1f} in time, {cost.cpu / regex.cost.cpu:.1f} in CPU "
          f"(at most {LIMIT})")


def wrong(report: dict[str, Any], cost: Cost, scale: int) -> list[str]:
    """What is not as it must be, in words."""
    if len(report["findings"]) != 1:
        return [f"{len(report['findings'])} findings, not one"]
    found, = report["findings"]
    store, hours = found["store"], found["store"]["hours"]["best"] * scale
    phones = next((one for one in store["people"] if one["kind"] == "phone"), {"files": 0, "certainty": "none"})
    wanted = [
        ("files", 2_700_000 // scale, store["files"]), ("named by number", 57_000 // scale, phones["files"]),
        ("certainty", "certain", phones["certainty"]), ("complete", True, store["complete"]),
        ("first", "2013-04-12", store["first"]), ("last", "2019-02-18", store["last"]), ("live", True, store["live"]),
        ("score of all", 3.5, found["overall_score"]), ("score of the worst part", 4.5, found["score"]),
        ("files of the worst part", 57_000 // scale, found["parts"][0]["files"]),
        ("severity", "very-high", found["severity"]), ("urgency", "stop-now", found["urgency"]),
    ]
    faults = [f"{what}: {seen}, not {must}" for what, must, seen in wanted if must != seen]
    faults += [] if abs(hours - HOURS) <= 0.05 * HOURS else [f"{hours:,.0f} hours, not {HOURS:,} within 5 %"]
    faults += [] if {"live", "http-on-tls-port"} <= set(found["tags"]) else [f"tags: {', '.join(found['tags'])}"]
    return faults + ([] if cost.peak < MEMORY else [f"{cost.peak:.0f} MB, {MEMORY} are allowed"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
