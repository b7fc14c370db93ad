"""One whole scan in the bottle, of names that a lying resolver answers for, and what was said of each name."""

from __future__ import annotations

import functools
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scanner.model import Gap, Report
from scanner.scan.account import report_of
from scanner.signature import load
from scanner.state import State
from tests.bottle import AUTHORISED, RESOLVER, Asked, Bottle, Ended
from tests.bottle_wire import Contact
from tests.hostile.behaviour import FOUND
from tests.hostile.dns_liar import IN, SEARCHED
from tests.hostile.serving import NOT_FOUND, ok
from tests.scan.sites import calls, listing

HEALTHY = "192.0.2.20"                       # written as an address
NAMES = (*(f"slow{i}" for i in range(40)), "fast1", "fast2", "fast3", "flip", "flop", "loop", "chain", "mixed",
         "mapped", "translated", "servfail", "refused", "silent", "many", "wild", "script", "nul", "long", "pointer",
         "cut", "stranger", "forged", "nothing")
_ROOT = Path(__file__).parents[2]
_SCAN = ("-m", "scanner", "scan", "--scope", "scope.toml", "--state", "state.sqlite", "--no-progress",
         "--profile", "gentle", "--rate", "5000", "--host-rate", "5000")


@dataclass(frozen=True, slots=True)
class Course:
    """What came of the scan."""

    report: Report
    gaps: tuple[Gap, ...]                    # one by one, as the report joins those that are alike; of names alone
    questions: tuple[tuple[str, int], ...]   # that the resolver was asked: name and kind
    complaints: tuple[str, ...]              # what must be true of every scan, and is not

    def said(self, name: str) -> frozenset[str]:
        """What the report says of a name: reasons of gaps, and `found` where a door by it shows a store."""
        found = {FOUND for finding in self.report.findings for door in finding.doors if door.host == _host(name)}
        return frozenset(found | {gap.reason.value for gap in self.gaps if gap.addresses == _host(name)})

    def told(self, name: str) -> str:
        """The details of a name's gaps."""
        return "; ".join(sorted({gap.detail for gap in self.gaps if gap.addresses == _host(name)}))

    def asked(self, name: str) -> list[int]:
        """The kinds of the questions for a name."""
        return sorted(kind for asked, kind in self.questions if asked == _host(name))


@functools.cache
def course() -> Course:
    """The scan of all names, once a run. OSError where the machine grants no namespace."""
    with Bottle({("*", 80): _site}) as bottle, tempfile.TemporaryDirectory(prefix="earshot-dns-") as made:
        where = Path(made)
        (where / "scope.toml").write_text(_scope(), encoding="utf-8")
        with _liar(bottle) as questions:
            ended = bottle.run([sys.executable, *_SCAN], cwd=where, env=_environment(), timeout=100)
        state = State(where / "state.sqlite")
        (row,) = state.scans()
        report = report_of(state, row.id, load())
        gaps = tuple(gap for gap in state.gaps(row.id) if gap.probe == "names")
        return Course(report, gaps, tuple(map(tuple, questions)), tuple(_complaints(report, bottle.contacts, ended)))


def _host(name: str) -> str:
    return f"{name}.example.org"


def _scope() -> str:
    named = [IN, HEALTHY, *map(_host, NAMES)]
    return f"{AUTHORISED}\n[[target]]\nwhat = {json.dumps(named)}\nports = [80]\n"


def _environment() -> dict[str, str]:
    """With a search domain, in which a name with few dots would be looked for first (resolv.conf(5))."""
    return {**os.environ, "PYTHONPATH": str(_ROOT), "LOCALDOMAIN": SEARCHED,
            "RES_OPTIONS": "ndots:9 timeout:9 attempts:1"}


@contextmanager
def _liar(bottle: Bottle) -> Iterator[list[Any]]:
    """The resolver; its questions stand in the list once it has ended."""
    questions: list[Any] = []
    process = bottle.start([sys.executable, "-m", "tests.hostile.dns_liar", RESOLVER], cwd=_ROOT)
    try:
        assert process.stdout is not None
        if process.stdout.readline() != '"ready"\n':
            raise RuntimeError(f"the resolver did not start: {process.communicate()[1]}")
        yield questions
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        out, _ = process.communicate()
        questions += [json.loads(line) for line in out.splitlines()]


def _complaints(report: Report, contacts: set[Contact], ended: Ended) -> Iterator[str]:
    strangers = {contact for contact in contacts if contact[1:] not in {(IN, 80), (HEALTHY, 80), (RESOLVER, 53)}}
    if strangers:
        yield f"contacts outside the scope: {sorted(strangers)}"
    if ended.status is None or "Traceback" in ended.err:
        yield f"the scan broke: {ended.status} {ended.err[-500:]}"
    if not any(door.address == HEALTHY for finding in report.findings for door in finding.doors):
        yield "the healthy server is not found"


def _site(asked: Asked) -> bytes:
    if not asked.request.startswith(b"GET / "):
        return NOT_FOUND
    return ok(listing("/", calls(9, first=500 if asked.address == HEALTHY else 0)), "Connection: close")
