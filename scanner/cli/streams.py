"""The standard streams, made safe to write to: always there, never an encoding error, and gone without a word.

It must not decide what is written, only that writing it cannot end the program.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import IO, TextIO

ANSI = {"very-high": "1;31", "high": "31", "medium": "33", "low": "36", "info": "2"}


def prepare() -> None:
    """Open what the caller has closed, and let no letter that an old locale lacks be an error."""
    _reopen()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _reopen() -> None:
    """Descriptors 0 to 2 that are closed: else the next file opened would be taken for one of them."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            flags = os.O_RDONLY if number == 0 else os.O_WRONLY
            _put_null(number, flags)
        if getattr(sys, name) is None:
            stream: TextIO = open(number, "w" if number else "r", encoding="utf-8", closefd=False)  # noqa: SIM115
            setattr(sys, name, stream)


def _put_null(number: int, flags: int) -> None:
    null = os.open(os.devnull, flags)
    if null != number:
        os.dup2(null, number)
        os.close(null)


def give_up(stream: TextIO) -> None:
    """Whoever read it has gone: what is still written goes nowhere, also what the interpreter flushes at its end."""
    with contextlib.suppress(OSError, ValueError):
        _put_null(stream.fileno(), os.O_WRONLY)


def put(text: str, stream: TextIO) -> Exception | None:
    """A line, at once; what kept it from being written. Nothing is written there afterwards."""
    try:
        stream.write(text + "\n")
        stream.flush()
    except (OSError, ValueError) as error:
        give_up(stream)
        return error
    return None


def is_terminal(stream: IO[str]) -> bool:
    """Whether somebody looks at it who can be shown a bar."""
    return stream.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")


def colours(stream: IO[str]) -> bool:
    """NO_COLOR before FORCE_COLOR before TERM=dumb before what the stream is (no-color.org, force-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or is_terminal(stream)


def painted(text: str, level: str, stream: IO[str]) -> str:
    """The text in the colour of a severity, where colours are wanted."""
    return f"\x1b[{ANSI[level]}m{text}\x1b[0m" if colours(stream) else text
