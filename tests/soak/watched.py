"""One scan under watch, in a process of its own: the program's own parts, on a loop whose every step is measured.

`python -m tests.soak.watched JSON` says one JSON object a line: a sample each second, at last what came of the scan.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import threading
import time
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from scanner.cli.console import Console
from scanner.cli.outputs import Output, write_all
from scanner.cli.running import _GC_THRESHOLD
from scanner.discover import raise_limit
from scanner.net import Limits
from scanner.scan import Outcome
from scanner.scan.profile import PROFILES
from scanner.scan.session import Session
from scanner.signature import load
from scanner.state import ScanRow, State
from tests.scan.scans import scope_of, session_of
from tests.soak.steps import Steps, Watch, loop

_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to scan, and how."""

    targets: Sequence[str]
    port: int
    folder: str                              # for state and reports
    loop: str = "asyncio"                    # or uvloop
    rate: float = 500
    host_rate: float = 20
    requests: int = 25                       # to a door that shows nothing
    seconds: float | None = None             # after which it is to stop; None: it goes on to its end
    every: float = 1.0                       # seconds between samples
    limits: Mapping[str, float] = field(default_factory=dict)    # of one connection, where not the usual ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What was seen at one moment."""

    at: float                                # seconds since the scan began
    cpu: float                               # seconds of the process so far
    rss: float                               # MB
    sockets: int                             # open files of the process
    contacts: int                            # so far
    findings: int                            # stores so far
    knocked: int
    waiting: int                             # open ports in work
    longest: float                           # seconds of the thread's CPU, of the longest step since the last sample
    what: str                                # that step was


class Dialled:
    """When connections were made, as the interpreter itself tells: `socket.connect` of the audit events.

    It is part of the process that is weighed, so that it keeps eight bytes for each of them and no more.
    """

    def __init__(self) -> None:
        self.times = array("d")
        self.one_host = 0                    # the most connections to one address in a second of the clock
        self._second = 0
        self._hosts = Counter[str]()         # of this second
        sys.addaudithook(self._hear)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "socket.connect":
            now = time.monotonic()
            self.times.append(now)
            if int(now) != self._second:
                self._second = int(now)
                self._hosts.clear()
            self._hosts[args[1][0]] += 1
            self.one_host = max(self.one_host, self._hosts[args[1][0]])

    def most(self, seconds: float) -> int:
        """The most of them within so long."""
        first = most = 0
        for last, when in enumerate(self.times):
            while when - self.times[first] >= seconds:
                first += 1
            most = max(most, last - first + 1)
        return most


class Sampler(threading.Thread):
    """Says how the scan is, again and again."""

    def __init__(self, session: Session, steps: Steps, dialled: Dialled, every: float) -> None:
        super().__init__(name="sampler", daemon=True)
        self._session, self._steps, self._dialled, self._every = session, steps, dialled, every
        self._begun = time.monotonic()
        self._ended = threading.Event()

    def run(self) -> None:
        """Until `end`."""
        while not self._ended.wait(self._every):
            self._say()

    def end(self) -> None:
        """Sample no more."""
        self._ended.set()
        self.join()

    def _say(self) -> None:
        self._steps.compare()
        progress, longest = self._session.progress, self._steps.take()
        files = sum(1 for _ in Path("/proc/self/fd").iterdir())
        sample = Sample(
            at=time.monotonic() - self._begun, cpu=time.process_time(), rss=rss(), sockets=files,
            contacts=len(self._dialled.times), findings=progress.stores, knocked=progress.knocked,
            waiting=progress.waiting, longest=longest.seconds, what=f"{longest.name} {longest.seen}".strip())
        say(sample=asdict(sample))


def say(**what: Any) -> None:
    """One line to whoever watches. The console's lines go elsewhere."""
    assert sys.__stdout__ is not None
    sys.__stdout__.write(json.dumps(what) + "\n")
    sys.__stdout__.flush()


def rss() -> float:
    """MB that the process has in memory now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE / 1e6


def main(order: Order) -> None:
    """Scan; say what came of it."""
    knowledge, folder = load(), Path(order.folder)
    raise_limit()
    dialled, steps = Dialled(), Steps()
    profile = replace(PROFILES["standard"], rate=order.rate, host_rate=order.host_rate,
                      silent_requests=order.requests)
    state = State(folder / "state.sqlite")
    with (folder / "lines.txt").open("w") as sys.stdout:
        console = Console(knowledge, lines=True, quiet=False, progress=False)
        session = session_of(scope_of(*order.targets, ports=[order.port]), state=state, profile=profile,
                             knowledge=knowledge, watcher=console, limits=Limits(**order.limits))
        row, outcome = _run(session, steps, dialled, order)
        report = session.report(row.id)
        _, wrong = write_all(report, [Output(name, str(folder / f"report.{name}")) for name in ("html", "json")])
    shown = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    say(end={
        "findings": settled(shown), "gaps": report.coverage.gaps,
        "closed": report.coverage.ports_tried - report.coverage.ports_open,
        "contents": report.conduct.file_contents_requested,
        "steps": steps.count, "long": [asdict(step) for step in steps.long], "contacts": len(dialled.times),
        "a_second": dialled.most(1.0), "one_host": dialled.one_host,
        "slowness": steps.slowness, "done": finished(state, row.id), "ended": outcome.complete,
        "wrong": [*(() if order.seconds else outcome.why), *wrong]})


def _run(session: Session, steps: Steps, dialled: Dialled, order: Order) -> tuple[ScanRow, Outcome]:
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLD)
    watch, sampler = Watch(steps), Sampler(session, steps, dialled, order.every)
    watch.start()
    sampler.start()
    with asyncio.Runner(loop_factory=lambda: loop(steps, order.loop)) as runner:
        if order.seconds is not None:
            runner.get_loop().call_later(order.seconds, session.stop.set)
        ended = runner.run(session.run())
    sampler.end()
    watch.end()
    return ended


def finished(state: State, scan: str) -> list[str]:
    """The addresses at which nothing is left to ask."""
    left = {address for address, _ in state.unfinished_doors(scan)}
    asked = state.db.execute("SELECT DISTINCT address FROM door WHERE scan=?", (scan,))
    return [address for (address,) in asked if ip_address(address) not in left]


def settled(report: dict[str, Any]) -> dict[str, Any]:
    """The findings of a report by URL, without times and what is estimated with a scan's own key."""
    for finding in report["findings"]:
        del finding["first_seen"], finding["last_seen"]
        for people in [*finding["store"]["people"], *(one for part in finding["parts"] for one in part["people"])]:
            del people["distinct"]
        for door in finding["doors"]:
            door["target"] = "whichever named it"
    return {door["url"]: finding for finding in report["findings"] for door in finding["doors"]}


if __name__ == "__main__":
    main(Order(**json.loads(sys.argv[1])))
