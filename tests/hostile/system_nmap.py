"""An nmap that is not there, hangs, talks nonsense or fails: told in one line, never said of a target."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from tests.hostile.behaviour import Behaviour
from tests.hostile.system_course import NOTHING_SENT, ONE_LINE, Course, course

NOT_CLOSED, GONE = "no port is said to be closed", "nmap has ended with the scan"
INSTEAD = "leave out --discover nmap"
_NMAP = """#!/bin/sh
[ "$1" = -V ] && echo 'Nmap version 7.93 ( https://nmap.org )' && exit
echo $$ >>{pids}
{does}
"""


@course("X-12", "nmap is not there", "exit 2", ONE_LINE, NOTHING_SENT)
def missing(one: Course) -> Iterator[str]:
    (one.place.folder / "empty").mkdir()
    ended = one.scan("--discover", "nmap", env={"PATH": str(one.place.folder / "empty")})
    yield from one.refused(ended, INSTEAD)


def fails(title: str, does: str) -> Behaviour:
    """An nmap that does this in the place of a scan."""
    def play(one: Course) -> Iterator[str]:
        ended = one.scan("--discover", "nmap", env={"PATH": _with_nmap(one, does)})
        yield f"exit {ended.code}"
        yield ONE_LINE if sum(INSTEAD in line for line in ended.err.splitlines()) == 1 else ended.err
        yield _closed(one)

    return course("X-12", title, "exit 3", ONE_LINE, NOT_CLOSED)(play)


@course("X-12", "nmap hangs, and the time of the scan is over", "exit 3", NOT_CLOSED, GONE)
def hangs(one: Course) -> Iterator[str]:
    ended = one.scan("--discover", "nmap", "--max-duration", "4s", env={"PATH": _with_nmap(one, "exec sleep 300")})
    yield f"exit {ended.code}"
    yield _closed(one)
    started = (one.place.folder / "pids").read_text().split()
    yield GONE if started and not any(Path("/proc", number).exists() for number in started) else "it runs on"


def _with_nmap(one: Course, does: str) -> str:
    program = one.place.write("bin/nmap", _NMAP.format(pids=one.place.folder / "pids", does=does))
    program.chmod(0o755)
    return f"{program.parent}:{os.environ['PATH']}"


def _closed(one: Course) -> str:
    report = json.loads((one.place.folder / "r.json").read_text())
    return NOT_CLOSED if not report["scan"]["complete"] and not report["coverage"]["ports_tried"] else "ports are told"


BEHAVIOURS = [missing, fails("nmap prints nonsense in the place of XML", "echo '<nmaprun <<'"),
              fails("nmap ends with 1", "exit 1"), hangs]
