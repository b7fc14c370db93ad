"""Running a scan from the command line: the clock's limits, the report, the exit code."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from scanner.cli import signals
from scanner.cli.contacts import ContactLog
from scanner.cli.exits import FOUND, INCOMPLETE, OK
from scanner.cli.outputs import Output, settled, write_all
from scanner.cli.stopping import Stopping
from scanner.errors import EarshotError
from scanner.report.words import ANSWERS, count

if TYPE_CHECKING:
    from scanner.cli.console import Console
    from scanner.model import Report
    from scanner.report.layout import Layout
    from scanner.scan import Outcome
    from scanner.scan.session import Session

_GC_THRESHOLD = (1_500, 3, 40_000)       # small ones, for each stops the loop; a full one, of 0.2 s, once in hours
_SWITCH = 0.001                          # seconds
_TICK = 0.25                             # seconds
LEVELS = ("info", "low", "medium", "high", "very-high")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """When a scan ends, what makes its exit code, and where its reports go."""

    outputs: Sequence[Output]
    layout: Layout | None = None
    fail_on: str = "none"
    fail_on_gaps: bool = False
    again: str = ""                      # the command that goes on; empty where nothing is kept
    times: Sequence[tuple[timedelta, str]] = ()    # how long it may take, and why
    log: ContactLog = field(default_factory=lambda: ContactLog(()))

    @property
    def last_words(self) -> list[str]:
        """How it can be gone on with."""
        return [f"to go on: {self.again}"] if self.again else []


def execute(session: Session, console: Console, ending: Ending) -> int:
    """Run the session, write the reports, say what is left; the exit code."""
    stopping = Stopping(session.stop, console.warn, last_words=ending.last_words, clear=console.close)
    ending.log.alarm = stopping.because
    outcome, trouble = _tried(session, console, stopping, ending)
    report, more = _reported(session, console, ending)
    for text in [*trouble, *more, *(f"incomplete: {why}" for why in (outcome.why if outcome else ()))]:
        console.warn(text)
    if (outcome is None or not outcome.complete) and (report is None or report.scan.finished is None):
        for text in ending.last_words:
            console.warn(text)
    return stopping.code or _code(report, outcome, ending, sound=not trouble and not more)


def _tried(session: Session, console: Console, stopping: Stopping, ending: Ending) -> tuple[Outcome | None, list[str]]:
    """How the scan ended; where it broke off, why. Raises what kept it from beginning."""
    outcome: Outcome | None = None
    wrong: list[BaseException] = []
    try:
        outcome = _run(session, console, stopping, ending)
    except* EarshotError as group:
        wrong = _leaves(group)
    finally:
        signals.end_cleanly()            # the loop has put the old handlers back
        console.close()
    if wrong and session.scan is None:
        raise wrong[0]
    return outcome, [*map(str, wrong[:1]), *([ending.log.broken] if ending.log.broken else [])]


def _leaves(error: BaseException) -> list[BaseException]:
    if not isinstance(error, BaseExceptionGroup):
        return [error]
    return [leaf for inner in error.exceptions for leaf in _leaves(inner)]


def _run(session: Session, console: Console, stopping: Stopping, ending: Ending) -> Outcome:
    async def whole() -> Outcome:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, left: console.say(f"left behind: {left.get('exception')!r}", level=2))
        stopping.catch(loop)
        for time, why in ending.times:
            stopping.after(loop, time, why)
        ticking = asyncio.create_task(_tick(session, console))
        try:
            _, outcome = await session.run()
        finally:
            ticking.cancel()
        return outcome

    sys.setswitchinterval(_SWITCH)       # the loop waits for a thread that works no longer than this
    gc.freeze()                          # what was loaded stays; collecting it over and over costs a tenth
    gc.set_threshold(*_GC_THRESHOLD)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(whole())


async def _tick(session: Session, console: Console) -> None:
    while True:
        console.tick(session.progress)
        await asyncio.sleep(_TICK)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:                  # Windows
        return None
    return uvloop.new_event_loop


def _reported(session: Session, console: Console, ending: Ending) -> tuple[Report | None, list[str]]:
    """Write what is known, also of a scan that broke off; the report, and what went wrong."""
    if session.scan is None:             # it never began
        return None, []
    try:
        report = session.report(session.scan)
    except EarshotError as error:
        return None, [str(error)]
    written, wrong = write_all(report, settled(ending.outputs, session.scan), ending.layout)
    seen = report.coverage
    console.say(f"{count(len(report.findings), 'finding')}; {count(seen.ports_open, 'open port')} at "
                f"{count(seen.addresses, 'address', 'addresses')}; {count(_unknown(report), 'thing')} not known; "
                f"file contents requested: {report.conduct.file_contents_requested}")
    for reason, number in seen.gaps.items():
        console.say(f"  {reason}: {number:,}", level=1)
    for path in written:
        console.say(f"report: {path}")
    if wrong and session.state.path is not None:
        wrong.append(f"the scan is kept: earshot report {session.scan} -o FILE")
    return report, wrong


def _unknown(report: Report) -> int:
    return sum(number for reason, number in report.coverage.gaps.items() if reason not in ANSWERS)


def _code(report: Report | None, outcome: Outcome | None, ending: Ending, *, sound: bool) -> int:
    if report is not None and ending.fail_on != "none":
        least = LEVELS.index(ending.fail_on)
        if any(finding.severity >= least for finding in report.findings):
            return FOUND
    if not sound or report is None or outcome is None or not outcome.complete:
        return INCOMPLETE
    return INCOMPLETE if ending.fail_on_gaps and _open_questions(report) else OK


def _open_questions(report: Report) -> bool:
    """Whether a gap leaves something open. "Closed to strangers" does not, nor do directories only guessed at, nor
    names that a certificate says and the scope does not.
    """
    from scanner.scan.certified import PROBE
    from scanner.scan.crawl import GUESSES

    return any(gap.reason not in ANSWERS and gap.detail != GUESSES and gap.probe != PROBE for gap in report.gaps)
