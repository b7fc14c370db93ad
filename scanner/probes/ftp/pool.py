"""The sessions of one door: one, and a second where there is room for it. Nobody waits for a second one: whoever asks
gets the first that is free, so that no door holds connections while it waits for more.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress

from scanner.errors import LocalFault, NetError
from scanner.probes.ftp.session import Session

_INSTANT = 0.001                             # seconds: what a server said or did long ago is heard within
Waiter = asyncio.Future[Session | None]


class Pool:
    """`take` a session, and `give` it back or `drop` it. `opened` makes one, `True` for the second; None: nobody is in.
    """

    def __init__(self, opened: Callable[[bool], Awaitable[Session | None]], first: Session | None) -> None:
        self._opened = opened
        self._free = [first] if first is not None else []
        self._busy = 0                       # in use, or being opened by who will use it
        self._waiting: deque[Waiter] = deque()
        self._second: asyncio.Task[None] | None = None

    async def take(self) -> Session | None:
        """One that is of use; None where nobody is let in. Raises NetError where none can be opened."""
        while True:
            session = await self._next()
            if session is None:
                return await self._own()
            if await self._lives(session):
                return session

    def give(self, session: Session) -> None:
        """It is of use to the next."""
        if not self._hand(session):
            self._busy -= 1
            self._free.append(session)

    def drop(self, session: Session) -> None:
        """It is of no use any more."""
        session.abort()
        self._vacate()

    async def close(self) -> None:
        """Say goodbye on all that are free."""
        await self._no_second()
        free, self._free = self._free, []
        await asyncio.gather(*(session.close() for session in free))

    async def _next(self) -> Session | None:
        """A session, or leave to open one."""
        if self._free or not self._busy:
            self._busy += 1
            return self._free.pop() if self._free else None
        if self._second is None:
            self._second = asyncio.create_task(self._open_second())
        waiter: Waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():     # it was ours already
                session = waiter.result()
                self._vacate() if session is None else self.give(session)
            raise

    async def _own(self) -> Session | None:
        """One's own. Who waits to open a second one would take the places that this one needs, and is sent away."""
        session = None
        try:
            await self._no_second()
            session = await self._opened(False)
        finally:
            if session is None:
                self._vacate()
        return session

    async def _open_second(self) -> None:
        """Once: a server that wants no second one is not asked again."""
        with suppress(NetError):
            session = await self._opened(True)
            if session is not None:
                self._busy += 1
                self.give(session)

    async def _no_second(self) -> None:
        """It is not opened any more, if it is still being opened; it may be wanted again."""
        if self._second is not None and not self._second.done():
            self._second.cancel()
            await asyncio.wait({self._second})
            self._second = None

    async def _lives(self, session: Session) -> bool:
        """Whether it was not closed while nothing was asked. Waits for the pace."""
        try:
            await session.control.again()
            if not await session.control.speaks(_INSTANT):
                return True
        except BaseException as error:
            self.drop(session)
            if isinstance(error, LocalFault) or not isinstance(error, NetError):
                raise
            return False
        self.drop(session)
        return False

    def _vacate(self) -> None:
        """Who waits may open one."""
        if not self._hand(None):
            self._busy -= 1

    def _hand(self, session: Session | None) -> bool:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(session)
                return True
        return False
