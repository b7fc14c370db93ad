"""Runs of the program that may be killed at any moment: whole ones, and ones that are forked when all is loaded.

A forked run does what a whole one does from the command line on (`tests.cli.loaded`); it saves the time in which Python
loads modules, which is most of a short scan.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Protocol

from tests.cli.program import ROOT, Place

SAID = "said"                            # the file in its folder into which a run writes what it says


class Run(Protocol):
    """A run that has been started."""

    @property
    def code(self) -> int | None:
        """How it ended; None while it runs."""

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal; nothing where it has ended."""

    async def wait(self) -> int:
        """Wait for its end."""


Begin = Callable[[Sequence[str], Path], Awaitable[Run]]
"""Starts the program with these words in this folder."""


def environment() -> dict[str, str]:
    """The caller's, with the way to the program."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


class _Whole:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @property
    def code(self) -> int | None:
        return self._process.returncode

    def kill(self, number: int = signal.SIGKILL) -> None:
        with suppress(ProcessLookupError):
            self._process.send_signal(number)

    async def wait(self) -> int:
        return await self._process.wait()


async def whole(words: Sequence[str], folder: Path) -> Run:
    """A process of its own, from the interpreter's first moment on."""
    with (folder / SAID).open("wb") as said:
        return _Whole(await asyncio.create_subprocess_exec(
            sys.executable, "-m", "scanner", *words, cwd=folder, env=environment(), stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL, stderr=said))


class _Forked:
    def __init__(self, words: Sequence[str], place: Place) -> None:
        with Path(os.devnull).open("r+b") as null, (place.folder / SAID).open("wb") as said:
            streams = [null.fileno(), null.fileno(), said.fileno()]
            self._number = place.loaded.begin(words, place.folder, place.environment(), streams)
        self._end = asyncio.ensure_future(asyncio.to_thread(place.loaded.end))

    @property
    def code(self) -> int | None:
        return self._end.result() if self._end.done() else None

    def kill(self, number: int = signal.SIGKILL) -> None:
        os.kill(self._number, number)

    async def wait(self) -> int:
        return await self._end


@asynccontextmanager
async def nursery() -> AsyncIterator[Begin]:
    """Starts forked runs, one at a time."""
    runs: list[_Forked] = []

    async def begin(words: Sequence[str], folder: Path) -> Run:
        runs[:] = [_Forked(words, Place(folder))]
        return runs[0]

    try:
        yield begin
    finally:
        for run in runs:
            run.kill()
            await run.wait()
