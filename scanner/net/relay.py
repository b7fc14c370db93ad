"""A relay between a Stream and one end of a pair of local sockets, for a library that wants a socket of its own.

The library never sees the network: what it reads has passed the Stream's budgets and deadline, what it writes is
counted. One portion at a time is held in each direction. Knows no protocol.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from types import TracebackType
from typing import Self

from scanner.errors import LocalFault, NetError
from scanner.net.stream import Stream

_PORTION = 64 * 1024                      # bytes carried at a time, and held by the pair in one direction
_PARTING = 1.0                            # seconds for what the library says last


class Relay:
    """Carries bytes while it is open: an async context manager. `said` was read before, and is carried first.

    It ends when either side ends. `fault` is what was wrong with the network side, if anything was.
    """

    def __init__(self, stream: Stream, said: bytes = b"") -> None:
        self.stream = stream
        self.fault: NetError | None = None
        self.theirs: socket.socket        # for the library, which closes it
        self._said = said
        self._ours: socket.socket
        self._awake = asyncio.Event()
        self._awake.set()
        self._incoming: asyncio.Task[bytes] | None = None
        self._work: asyncio.Task[None]

    @property
    def ended(self) -> bool:
        """Whether nothing is carried any more."""
        return self._work.done()

    def rest(self) -> None:
        """Carry nothing until `wake`: no deadline passes meanwhile."""
        self._awake.clear()
        if self._incoming is not None:
            self._incoming.cancel()

    async def wake(self) -> None:
        """Before each further request: waits for the pace, then budget and deadline start anew."""
        if not self.ended:
            await self.stream.again()
            self._awake.set()

    async def __aenter__(self) -> Self:
        try:
            self._ours, self.theirs = socket.socketpair()
        except OSError as error:
            raise LocalFault(f"opening a pair of local sockets: {error.strerror}") from error
        for end in (self._ours, self.theirs):
            end.setblocking(False)
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _PORTION)
        self._work = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        self.theirs.close()
        self._awake.set()
        await asyncio.wait({self._work}, timeout=_PARTING)
        self._work.cancel()
        await asyncio.wait({self._work})

    async def _run(self) -> None:
        try:
            await self._carry()
        except NetError as error:
            self.fault = error
            self.stream.abort()
        except OSError:                   # the library is gone
            self.stream.close()
        except BaseException:
            self.stream.abort()
            raise
        else:
            self.stream.close()
        finally:
            self._ours.close()

    async def _carry(self) -> None:
        loop = asyncio.get_running_loop()
        await self._hand_over(self._said)
        outgoing = asyncio.create_task(loop.sock_recv(self._ours, _PORTION))
        try:
            while True:
                await self._awake.wait()
                incoming = self._incoming = self._incoming or asyncio.create_task(self.stream.read(_PORTION))
                await asyncio.wait({incoming, outgoing}, return_when=asyncio.FIRST_COMPLETED)
                if outgoing.done() and self._awake.is_set():
                    if not (data := outgoing.result()):
                        return
                    await self._withdraw(incoming)
                    await self.stream.send(data)
                    outgoing = asyncio.create_task(loop.sock_recv(self._ours, _PORTION))
                if incoming.done():
                    self._incoming = None
                    if incoming.cancelled():
                        continue
                    if not (data := incoming.result()):
                        return
                    await self._hand_over(data)
        finally:
            await _end(outgoing, self._incoming)

    async def _hand_over(self, data: bytes) -> None:
        """To the library; where it is gone, its last words are still to be carried."""
        with suppress(OSError):
            if data:
                await asyncio.get_running_loop().sock_sendall(self._ours, data)

    async def _withdraw(self, reading: asyncio.Task[bytes]) -> None:
        """A stream has one reader or writer at a time. What has come is kept; what is under way stays in the socket."""
        reading.cancel()
        await asyncio.wait({reading})


async def _end(*tasks: asyncio.Task[bytes] | None) -> None:
    left = {task for task in tasks if task is not None}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
