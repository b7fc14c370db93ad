"""Stopping: a scan told to end, by a signal, by its time or by a fault of this machine; by a second signal at once."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

_FRESH = "--fresh"


class Stopping:
    """Sets `stop`; remembers the exit code of the signal that did."""

    def __init__(self, stop: asyncio.Event, say: Callable[[str], None], *, last_words: Sequence[str],
                 clear: Callable[[], None]) -> None:
        self.code: int | None = None
        self._stop = stop
        self._say = say
        self._last_words = last_words
        self._clear = clear

    def catch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take SIGINT and SIGTERM while the loop runs."""
        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                loop.add_signal_handler(number, self._signal, number)
            except NotImplementedError:          # Windows
                signal.signal(number, lambda n, _: loop.call_soon_threadsafe(self._signal, n))

    def after(self, loop: asyncio.AbstractEventLoop, time: timedelta, why: str) -> None:
        """End the scan when this much time is over."""
        loop.call_later(max(0.0, time.total_seconds()), self.because, why)

    def because(self, why: str) -> None:
        """End the scan for a reason that is no signal."""
        if not self._stop.is_set():
            self._say(f"{why}: ending what is under way")
            self._stop.set()

    def _signal(self, number: int) -> None:
        if self.code is not None:
            self._at_once(number)
        self.code = 128 + number
        self._say("ending what is under way; once more stops at once")
        self._stop.set()

    def _at_once(self, number: int) -> None:
        self._clear()
        for text in ("stopped at once; what was on disk is kept", *self._last_words):
            self._say(text)
        sys.stdout.flush()
        os._exit(128 + number)


def again() -> str:
    """The command as it was typed, without --fresh: it goes on where the scan stopped."""
    return shlex.join([*_program(), *(word for word in sys.argv[1:] if word != _FRESH)])


def _program() -> list[str]:
    name = Path(sys.argv[0]).name
    return [sys.executable, "-m", "scanner"] if name == "__main__.py" else ["earshot"]
