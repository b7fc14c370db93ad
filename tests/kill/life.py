"""The life of one scan that is killed over and over and started again by the same command, until it ends by itself.

A moment is drawn: while the program starts, after so many folders, when nothing is asked any more, or while reports
are written. What the scan had on disk when the signal came is looked up afterwards, in a copy.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import signal
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.kill.runs import SAID, Begin, Run
from tests.kill.same import Difference, difference, settled
from tests.kill.worlds import World

STATES = ("starting", "starting again", "asking", "all asked", "writing reports")
"""What a scan was doing when it was killed, as its state on disk tells."""
STATE, PAGE, REPORT = "state.sqlite", "report.html", "report.json"
OLD = "the old report"
_ENDING = ("answered", "between")
_TICK = 0.001


@dataclass(frozen=True, slots=True)
class Moment:
    """When a run is killed. `amount`: 0 to 1, how far into it."""

    stage: str                           # start, asking, answered, writing, or between two reports
    amount: float


@dataclass(frozen=True, slots=True)
class Calm:
    """An undisturbed scan: what it found, how many folders it asked for, how long it took to ask for the first."""

    report: dict[str, Any]
    asked: int
    start: float                         # seconds


@dataclass(slots=True)
class Life:
    """What came of a life."""

    kills: Counter[str] = field(default_factory=Counter)
    differences: list[tuple[str, Difference]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)               # whatever else a kill must not do


def moments(drawn: random.Random, kills: int) -> list[Moment]:
    """Of one life, in order: any of the first ones, then, where there are enough, one in each stage of its end."""
    last = "between" if drawn.random() < 0.5 else "writing"
    end = [Moment("answered", drawn.random()), Moment(last, drawn.random())] if kills > 3 else []
    first = ["start", "asking", "start", *drawn.choices(["start", "asking"], [1, 4], k=kills)][:kills - len(end)]
    return [*(Moment(stage, drawn.random()) for stage in first), *end]


async def calm(world: World, begin: Begin, folder: Path) -> Calm:
    """Scan undisturbed."""
    run, began = await begin(_words(world), folder), time.monotonic()
    await _until(lambda: world.asked() > 0, run)
    start = time.monotonic() - began
    code = await run.wait()
    assert code == 0, _said(folder)
    return Calm(settled(folder), world.asked(), start)


async def live(world: World, begin: Begin, before: Calm, planned: Sequence[Moment], folder: Path) -> Life:
    """Kill a scan at these moments, as far as it lives to see them; then let it end, and compare."""
    life, share = Life(), 1 / max(1, sum(moment.stage == "asking" for moment in planned))
    for name in (PAGE, REPORT):
        (folder / name).write_text(OLD, encoding="utf-8")
    code = -signal.SIGKILL
    for moment in planned:
        asked = world.asked()
        run = await begin(_words(world, _pipe(folder) if moment.stage in _ENDING else None), folder)
        await _wait_for(moment, run, world, before, folder, share)
        run.kill()
        if (code := await run.wait()) >= 0:      # it had come to its end before
            break
        state = _state(folder, world.asked() > asked)
        life.kills[state] += 1
        life.wrong += _torn(folder, before)
        if state == "writing reports":
            life.differences.append(("kept", await _kept(begin, before, folder)))
            break                        # the scan has ended; the same command begins another
    if code < 0:
        code = await (await begin(_words(world), folder)).wait()
    if code:
        life.wrong.append(f"exit {code}: {_said(folder)}")
    expected = _seen_before(before.report) if life.kills["writing reports"] else before.report
    life.differences.append(("ended", difference(expected, settled(folder))))
    return life


def _seen_before(report: dict[str, Any]) -> dict[str, Any]:
    """What a scan says that comes after one which had ended: the same, but that nothing is new."""
    return {**report, "findings": [{**finding, "status": "open"} for finding in report["findings"]]}


def _words(world: World, more: str | None = None) -> list[str]:
    """The command; `more`: a report between the two."""
    outputs = [PAGE, *([more] if more else []), REPORT]
    return ["scan", *world.targets, "--state", STATE, *(word for output in outputs for word in ("-o", output)),
            "--host-rate", "300", "--rate", "300", "--no-progress", "-q"]


def _pipe(folder: Path) -> str:
    """A report into a pipe that nobody reads: the program waits there, however late the signal is."""
    if not (path := folder / "pipe").exists():
        os.mkfifo(path)
    return f"jsonl:{path}"


async def _wait_for(moment: Moment, run: Run, world: World, before: Calm, folder: Path, share: float) -> None:
    asked = world.asked()
    if moment.stage == "start":
        await asyncio.sleep(moment.amount * 0.8 * before.start)
        return
    if moment.stage == "asking":
        enough = asked + 1 + round(moment.amount * 0.8 * share * before.asked)
        await _until(lambda: world.asked() >= enough, run)
    elif moment.stage == "answered":
        await _all_answered(run, folder)
    else:
        await _until(lambda: _written(folder) or _placed(folder), run)
    await asyncio.sleep(moment.amount * 0.02)


async def _all_answered(run: Run, folder: Path) -> None:
    """Until the state on disk has no question left; it is looked at while the scan has it open, and let go before."""
    path = folder / STATE
    await _until(path.exists, run)
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)) as db:
        await _until(lambda: _left(db) == 0 or _placed(folder), run)


def _left(db: sqlite3.Connection) -> int | None:
    """Questions without an answer; None where there was none yet, or nothing can be read."""
    try:
        known, done = db.execute("SELECT COUNT(*), SUM(done) FROM ask").fetchone()
    except sqlite3.OperationalError:
        return None
    return known - done if known else None


async def _until(it_is_so: Callable[[], bool], run: Run) -> None:
    while run.code is None and not it_is_so():  # noqa: ASYNC110  what is waited for happens in another process
        await asyncio.sleep(_TICK)


def _written(folder: Path) -> bool:
    """Whether a report is being written: a life sees that once."""
    return any(path.name.startswith((f".{PAGE}.", f".{REPORT}.")) for path in folder.iterdir())


def _placed(folder: Path) -> bool:
    """Whether the first report stands in its place."""
    return (folder / PAGE).stat().st_size > len(OLD)


def _state(folder: Path, asked: bool) -> str:
    """What the scan was doing. A copy is opened, so that the next run finds the file as the kill has left it."""
    with tempfile.TemporaryDirectory() as copy:
        for path in folder.glob(f"{STATE}*"):
            shutil.copy(path, copy)
        if not Path(copy, STATE).exists():
            return "starting"
        with closing(sqlite3.connect(Path(copy, STATE))) as db:
            if not db.execute("SELECT 1 FROM sqlite_schema").fetchone():
                return "starting"
            row = db.execute("SELECT finished FROM scan ORDER BY rowid DESC").fetchone()
            if row and row[0]:
                return "writing reports"
            left = _left(db)
    if left == 0:
        return "all asked"
    return "asking" if asked else "starting" if left is None else "starting again"


def _torn(folder: Path, before: Calm) -> list[str]:
    """Reports that are neither the old one nor whole."""
    page, report = ((folder / name).read_text(encoding="utf-8") for name in (PAGE, REPORT))
    wrong = [] if page == OLD or page.rstrip().endswith("</html>") else [f"{PAGE} is torn"]
    try:
        if report != OLD and json.loads(report) and settled(folder) != before.report:
            wrong.append(f"{REPORT} is not the whole report")
    except ValueError:
        wrong.append(f"{REPORT} is torn")
    return wrong


async def _kept(begin: Begin, before: Calm, folder: Path) -> Difference:
    """What the state still knows of a scan that had ended when its reports were cut off."""
    code = await (await begin(["report", "--state", STATE, "-o", "kept.json"], folder)).wait()
    assert code == 0, _said(folder)
    return difference(before.report, settled(folder, "kept.json"))


def _said(folder: Path) -> str:
    return (folder / SAID).read_text(encoding="utf-8")
