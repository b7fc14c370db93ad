"""Runs of the program that may be killed at any moment: whole ones, and ones that are forked when all is loaded.

A forked run does what a whole one does from the command line on; it saves the time in which Python loads modules,
which is most of a short scan. The nursery (this file, run as a program) has no threads and no event loop when it forks.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Protocol

import scanner

ROOT = Path(scanner.__file__).parents[1]
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
    """Its parent leaves it unburied until the next one is started: nobody else gets its number before."""

    def __init__(self, number: int, end: asyncio.Future[int]) -> None:
        self._number, self._end = number, end

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
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.kill.runs", cwd=ROOT, env=environment(), stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE)
    orders, answers = process.stdin, process.stdout
    assert orders is not None
    assert answers is not None

    runs: list[_Forked] = []

    async def ended() -> int:
        return int(await answers.readline())

    async def begin(words: Sequence[str], folder: Path) -> Run:
        orders.write(json.dumps([str(folder), *words]).encode() + b"\n")
        runs[:] = [_Forked(int(await answers.readline()), asyncio.ensure_future(ended()))]
        return runs[0]

    try:
        yield begin
    finally:
        for run in runs:
            run.kill()
            await run.wait()
        orders.close()
        await process.wait()


# The rest runs in the nursery.


def _nursery() -> None:
    _load()
    unburied = None
    for line in sys.stdin.buffer:
        if unburied is not None:
            os.waitpid(unburied, 0)
        gc.freeze()
        unburied = os.fork()
        if not unburied:
            _become(*json.loads(line))
        print(unburied, flush=True)
        ended = os.waitid(os.P_PID, unburied, os.WEXITED | os.WNOWAIT)
        assert ended is not None
        print(ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status, flush=True)


def _load() -> None:
    import scanner.cli.app
    import scanner.cli.running
    import scanner.report.incident
    import scanner.scan.session
    import scanner.state  # noqa: F401
    from scanner.signature import load

    load()


def _become(folder: str, *words: str) -> None:
    from scanner.cli import main

    os.chdir(folder)
    null, said = os.open(os.devnull, os.O_RDWR), os.open(SAID, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for number, handle in enumerate((null, null, said)):
        os.dup2(handle, number)
    sys.argv = ["earshot", *words]
    try:
        main()
    except SystemExit as end:
        sys.stdout.flush()
        os._exit(int(end.code or 0))
    os._exit(99)


if __name__ == "__main__":
    _nursery()
