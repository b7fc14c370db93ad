"""One rate, that of all hosts or of one. Waits; never sends.

asyncio-throttle keeps it. It polls, and lets a whole window out at once, so each throttle is used in short slices
and by one at a time: however many wait, one task polls for them all, and lets go at once as many as may go. One for
each turn of the event loop would be too few where that has much to do.
"""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Protocol

from asyncio_throttle.throttler import Throttler


class Throttle(Protocol):
    """What asyncio-throttle, which ships no types, gives us."""

    async def acquire(self) -> None:
        """Wait for a passage."""


class Gate:
    """One rate. `limit` passages in a slice of time; first come, first served."""

    __slots__ = ("_busy", "_last", "_limit", "_period", "_server", "_throttle", "_waiting")

    def __init__(self, rate: float, slice_: float) -> None:
        if rate <= 0:
            raise ValueError("a rate is more than 0 a second")
        self._limit = max(1, int(rate * slice_))
        self._period = self._limit / rate
        self._throttle: Throttle | None = None                  # made for the second passage: most hosts see one
        self._waiting = list[asyncio.Future[None]]()            # no deque: an empty one, as most are, has 600 bytes
        self._busy = False                                      # somebody waits for the throttle
        self._server: asyncio.Task[None] | None = None          # who waits for it on behalf of all others
        self._last = 0.0

    async def passage(self) -> None:
        """Wait until one more may go."""
        if self._busy:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            await turn
            return
        self._busy = True
        try:
            await self._next()
        finally:
            self._busy = bool(self._waiting)
            if self._busy:
                self._server = asyncio.create_task(self._serve())

    async def _serve(self) -> None:
        try:
            while self._wanted():
                await self._next()
                if self._wanted():
                    self._waiting.pop(0).set_result(None)
        finally:
            self._busy, self._server = False, None

    def _wanted(self) -> bool:
        """Whether anybody waits; those that have gone away are forgotten."""
        while self._waiting and self._waiting[0].done():
            self._waiting.pop(0)
        return bool(self._waiting)

    async def _next(self) -> None:
        """Wait until one may pass; no waiting where one may pass at once."""
        if self._limit == 1:                                    # the wait is known: no need to poll for it
            wait = self._last + self._period - monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
        if self._throttle is None and self._last:
            self._throttle = Throttler(rate_limit=self._limit, period=self._period,
                                       retry_interval=0.001 if self._limit == 1 else 0.01)
        if self._throttle is not None:
            await self._throttle.acquire()
        self._last = monotonic()
