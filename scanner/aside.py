"""Aside: how work that takes long leaves the event loop to others. In portions, or beside it in a thread.

A portion is some milliseconds of the thread's own time, whatever else the machine does. A thread is for what cannot be
parted; only one piece at a time, as the loop has to share the interpreter with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import thread_time
from typing import TypeVar, TypeVarTuple
from weakref import WeakKeyDictionary

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

PORTION = 0.025                          # seconds of a thread's own time
MANY = 512                               # things of which each takes some microseconds

_Locks = WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock]
_threads: _Locks = WeakKeyDictionary()
_breaths: _Locks = WeakKeyDictionary()


async def aside(work: Callable[[*Ts], T], *args: *Ts) -> T:
    """Do `work` in a thread; its result, and what it raises. Nobody else may touch meanwhile what it changes."""
    async with _turn(_threads):
        return await asyncio.get_running_loop().run_in_executor(None, work, *args)


def _turn(locks: _Locks) -> asyncio.Lock:
    loop = asyncio.get_running_loop()
    return locks.get(loop) or locks.setdefault(loop, asyncio.Lock())


class Breath:
    """One worker's way to let others have their turn, as often as it has been at work for a portion."""

    __slots__ = ("_clock", "_since")

    def __init__(self, clock: Callable[[], float] = thread_time) -> None:
        self._clock = clock
        self._since = clock()

    async def take(self) -> None:
        """Call it between two pieces of work. Of several that have much to do, one goes on at a time."""
        if self._clock() - self._since > PORTION:
            async with _turn(_breaths):
                await asyncio.sleep(0)
            self._since = self._clock()


class Portions:
    """How many things make a portion, by what the last ones took. Few at first: nobody knows yet what one takes."""

    __slots__ = ("_begun", "_clock", "size")

    def __init__(self, first: int = 16, clock: Callable[[], float] = thread_time) -> None:
        self.size = first
        self._clock = clock
        self._begun = 0.0

    def begin(self) -> None:
        """The work on the next `size` things begins."""
        self._begun = self._clock()

    def end(self) -> None:
        """It is done."""
        spent = self._clock() - self._begun
        self.size = min(1 << 20, self.size * 4) if spent < PORTION / 4 else self.size
        self.size = max(1, self.size // 2) if spent > PORTION else self.size
