"""The contact log: a line of JSON for each contact, in the file before the next. It must not end a scan by itself.

Whoever asked for the log must be able to trust it: where it cannot be written, the scan is told to stop.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING

from scanner.cli.outputs import LOG, Output, parent_of
from scanner.errors import UsageError
from scanner.report.show import show

if TYPE_CHECKING:
    from scanner.net.ledger import Contact


class ContactLog:
    """Lines go to every `log:PATH` that was asked for. Use as a context manager; entering raises UsageError."""

    def __init__(self, wanted: Sequence[Output]) -> None:
        self._places = [output.path for output in wanted if output.format == LOG]
        self._open = ExitStack()
        self._files: list[IO[str]] = []
        self.broken = ""                 # why a line could not be written
        self.alarm: Callable[[str], None] = lambda _: None

    def __bool__(self) -> bool:
        return bool(self._places)

    def __enter__(self) -> ContactLog:
        for place in self._places:
            try:
                self._files.append(sys.stdout if place == "-" else self._open.enter_context(_opened(Path(place))))
            except OSError as error:
                why = f"cannot be written ({error.strerror}); name another place"
                raise UsageError(f"-o log:{show(place)}: {why}") from None
        return self

    def keep(self, contact: Contact) -> None:
        """Write one contact down."""
        from scanner.net.ledger import log_line

        line = log_line(contact) + "\n"
        try:
            for file in self._files:
                file.write(line)
                file.flush()
        except (OSError, ValueError) as error:
            self._break(str(getattr(error, "strerror", None) or error))

    def _break(self, why: str) -> None:
        if not self.broken:
            self.broken = f"the contact log cannot be written: {why}"
            self.alarm(self.broken)

    def __exit__(self, *_: object) -> None:
        try:
            self._open.close()
        except OSError as error:         # what was buffered when the disk filled up
            self._break(str(error.strerror or error))


def _opened(path: Path) -> IO[str]:
    parent_of(path)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    return os.fdopen(handle, "w", encoding="utf-8")
