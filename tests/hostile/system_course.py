"""A course of a fault of this machine: the whole program as a process, in a folder of its own, beside a server that is
well. What came of it is said in a few words: `exit 3`, `all found`, `one line`.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.cli.listing import CALLS, Listing, Tree
from tests.cli.program import FAST, Ended, Place
from tests.hostile.behaviour import Behaviour

FOLDERS = 12
TREE: Tree = {"/": [f"{n:02}/" for n in range(FOLDERS)], **{f"/{n:02}/": CALLS for n in range(FOLDERS)}}
OLD = "the old report"
ALL_FOUND, OLD_KEPT, ONE_LINE, NOTHING_SENT = "all found", "the old report whole", "one line", "nothing sent"
BUDGET = 120.0                           # seconds: several runs of the program, on a busy machine


@dataclass(slots=True)
class Course:
    """One server and one folder."""

    place: Place
    store: Listing

    def words(self, *more: str) -> tuple[str, ...]:
        """The command of a scan: its state is `s.sqlite`, its report `r.json`."""
        return ("scan", self.store.door, *FAST, "--state", "s.sqlite", "-o", "r.json", *more)

    def scan(self, *more: str, env: dict[str, str] | None = None, prefix: tuple[str, ...] = ()) -> Ended:
        """Scan to the end."""
        return self.place.run(*self.words(*more), env=env, prefix=prefix)

    def told(self, ended: Ended, *, report: str = "r.json") -> Iterator[str]:
        """How a run ended, and whether its report holds every file of the store once."""
        yield f"exit {ended.code}"
        files = sum(len([name for name in names if not name.endswith("/")]) for names in self.store.tree.values())
        seen = found(self.place.folder / report)
        yield ALL_FOUND if seen == [files] else f"found {seen}"

    def refused(self, ended: Ended, because: str) -> Iterator[str]:
        """How a run ended that must not begin: for this reason, in one line, before anything is sent."""
        yield f"exit {ended.code}"
        yield ONE_LINE if because in ended.err and ended.err.count("\n") == 1 else ended.err
        yield NOTHING_SENT if not self.store.connections else f"{self.store.connections} connections"


Play = Callable[[Course], Iterable[str]]


def found(report: Path) -> list[int]:
    """Files of each finding of a report of a scan that is complete; nothing where it is not."""
    told = json.loads(report.read_text(encoding="utf-8"))
    return [finding["store"]["files"] for finding in told["findings"]] if told["scan"]["complete"] else []


def course(name: str, title: str, *ends: str, delay: float = 0.0) -> Callable[[Play], Behaviour]:
    """Makes a behaviour of a function; `delay`: seconds that the server takes for each answer."""
    def made(play: Play) -> Behaviour:
        return Behaviour(name, title, frozenset(ends), play=partial(_played, play, delay), seconds=BUDGET)

    return made


async def _played(play: Play, delay: float) -> list[str]:
    with ThreadPoolExecutor(1) as pool:
        return await asyncio.get_running_loop().run_in_executor(pool, _alone, play, delay)


def _alone(play: Play, delay: float) -> list[str]:
    with begun(delay) as one:
        return list(play(one))


@contextmanager
def begun(delay: float) -> Iterator[Course]:
    """A folder and a server, for as long as it takes."""
    with tempfile.TemporaryDirectory(prefix="course-") as folder, Listing(TREE, delay=delay) as store:
        yield Course(Place(Path(folder)), store)
