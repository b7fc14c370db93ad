"""The console: findings to standard output as they are certain, everything else to standard error, all through `show`.

Whoever reads may go away or run out of room: then nothing more is printed there, and the scan goes on.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from scanner.cli import streams
from scanner.report.show import show
from scanner.report.words import count

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from scanner.model import DoorSeen, Finding
    from scanner.net.ledger import Contact
    from scanner.scan.site import Progress
    from scanner.signature import Knowledge
    from scanner.state import StoreRow

LINE_EVERY = 30.0                        # seconds between plain lines where there is no terminal
_LINE = 2000


class Console:
    """What the user sees while a scan runs. `lines`: findings as plain lines on standard output."""

    def __init__(self, knowledge: Knowledge, *, lines: bool, quiet: bool, progress: bool, verbose: int = 0,
                 clock: Callable[[], float] = time.monotonic) -> None:
        self.verbose = 0 if quiet else verbose
        self._knowledge = knowledge
        self._lines = lines
        self._quiet = quiet
        self._errors = True              # standard error can be written to
        self._clock = clock
        self._bar: Bar | None = None
        self._plain = progress and not quiet and not streams.is_terminal(sys.stderr)
        self._last = clock()
        if progress and not quiet and not self._plain:
            self._bar = _bar()
            self._bar.start()

    def store(self, row: StoreRow, also: list[DoorSeen]) -> None:
        """A store has been counted: say it, provisionally."""
        from scanner.assess import findings
        from scanner.census import StoreSeen

        if self._lines:
            for finding in findings([StoreSeen(doors=(row.seen, *also), census=row.census)], self._knowledge):
                self._above_bar(lambda finding=finding: self._put(finding))  # type: ignore[misc]

    def contact(self, contact: Contact) -> None:
        """A contact has ended: said where everything is to be said."""
        host = f" as {contact.host}" if contact.host else ""
        self.say(f"{contact.address}:{contact.port}{host}  {contact.verb} {contact.path_class}  {contact.outcome}  "
                 f"{contact.sent} bytes out, {contact.received} in", level=2)

    def warn(self, text: str) -> None:
        """Something that the user should know at once."""
        self.say(text, always=True)

    def asked(self, line: Callable[[], str]) -> None:
        """An ask has been answered: said where everything is to be said."""
        if self.verbose >= 2:
            self.say(line(), level=2)

    def say(self, text: str, *, always: bool = False, level: int = 0) -> None:
        """A message, to standard error."""
        if always or (not self._quiet and self.verbose >= level):
            self._above_bar(lambda: self._tell(show(text, _LINE)))

    def tick(self, progress: Progress) -> None:
        """Show how far it is."""
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], total=max(progress.pairs, 1), completed=progress.knocked,
                             text=_counts(progress))
        elif self._plain and self._clock() - self._last >= LINE_EVERY:
            self._last = self._clock()
            self._tell(f"{progress.knocked:,} of {count(progress.pairs, 'port')} tried, {_counts(progress)}")

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _put(self, finding: Finding) -> None:
        from scanner.report.console import line

        text = streams.painted(line(finding), finding.severity.label, sys.stdout)
        lost = streams.put(text, sys.stdout) if self._lines else None
        self._lines = self._lines and lost is None
        if lost is not None and not isinstance(lost, BrokenPipeError):
            self._tell(f"standard output: {lost}; findings go into the report alone")

    def _tell(self, text: str) -> None:
        self._errors = self._errors and streams.put(text, sys.stderr) is None

    def _above_bar(self, put: Callable[[], None]) -> None:
        if self._bar is None:
            return put()
        self._bar.stop()
        put()
        self._bar.start()
        return None


def _bar() -> Bar:
    from rich.console import Console as Terminal
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    bar = Progress(BarColumn(bar_width=24), TextColumn("{task.percentage:>3.0f} %"),
                   TextColumn("{task.fields[text]}", markup=False), TimeElapsedColumn(),
                   console=Terminal(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False)
    bar.add_task("scan", total=1, text="")
    return bar


def _counts(progress: Progress) -> str:
    return (f"{progress.open:,} open, {progress.waiting:,} in work, {count(progress.folders, 'folder')} and "
            f"{count(progress.files, 'name')} read, {count(progress.stores, 'store')}")
