"""A TCP socket that never waits longer than its deadline. Counts bytes; knows no protocol, no scope, no TLS.

One timer serves a whole connection: a deadline that moves on costs an assignment, and the timer looks at it
when it fires. A peer that always has one more byte ready is stopped too, because each read looks at the clock.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import struct
from contextlib import suppress
from ipaddress import ip_address
from time import monotonic

from scanner.errors import ConnectRefused, ConnectTimeout, DeadlineError, NetError, OutOfScope, Reset
from scanner.net.faults import translate

CONNECTING = "connecting"
_PENDING = frozenset({errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EAGAIN, errno.EALREADY, errno.EINTR})
_FAIR = 8                                 # reads in a row before others have their turn
_BUSY = 0.1                               # seconds: a timer that rings later than this was kept from it by ourselves
_RESET = struct.pack("ii", 1, 0)          # SO_LINGER on, zero seconds: close() sends RST (socket(7), tcp(7))


class Wire:
    """One non-blocking socket; one reader or writer at a time. All errors rise as `NetError`."""

    __slots__ = ("_closed", "_deadline", "_dry", "_fd", "_loop", "_sock", "_timer", "_unbroken", "_waiter", "_watching",
                 "_when", "_where", "bytes_in", "bytes_out", "doing")

    def __init__(self, sock: socket.socket, where: tuple[str, int], deadline: float) -> None:
        self._sock = sock
        self._where = where
        self._fd = sock.fileno()
        self._loop = asyncio.get_running_loop()
        self._waiter: asyncio.Future[bool] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._when = 0.0                  # what the timer is set to
        self._deadline = deadline
        self._closed = False
        self._watching = False            # the loop tells us when something can be read
        self._unbroken = 0                # reads since the event loop last had its turn
        self._dry = False                 # the last read emptied the socket: wait before the next
        self.doing = CONNECTING
        self.bytes_in = 0
        self.bytes_out = 0

    @property
    def deadline(self) -> float:
        """`time.monotonic()` at which whatever is going on ends with `DeadlineError`."""
        return self._deadline

    @deadline.setter
    def deadline(self, when: float) -> None:
        self._deadline = when
        if self._timer is not None and when < self._when:
            self._disarm()
            if self._waiter is not None:
                self._arm()

    @property
    def peer(self) -> str:
        """For messages: 192.0.2.7:80."""
        return spelled(*self._where)

    async def connect(self) -> None:
        """Connect to the literal address. `ConnectRefused`, `ConnectTimeout`, `Unreachable`, `Reset`, `LocalFault`."""
        try:
            code = self._sock.connect_ex(self._where)
        except (OSError, OverflowError) as error:
            raise translate(error, self._told()) from error
        if code in _PENDING:
            if self._stands():                              # a near peer answers while we dial
                code = 0
            else:
                await self._writable()
                code = self._sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise translate(OSError(code, os.strerror(code)), self._told())
        self.doing = "waiting for"

    def _stands(self) -> bool:
        try:
            self._sock.getpeername()
        except OSError:
            return False
        return True

    def source(self) -> str:
        """Our own address. `OutOfScope` when the peer is not the one dialled: a connection nobody allowed.

        `ConnectRefused` when it is ourselves: a closed local port that our own port happened to be.
        """
        try:
            peer, own = self._sock.getpeername(), self._sock.getsockname()
        except OSError as error:
            raise self._broken(error) from error
        if not _same(peer, self._where):
            raise OutOfScope(f"{self.peer}: connected to another address than the one decided")
        if own == peer:
            raise ConnectRefused(f"connecting to {self.peer}: nobody there but ourselves")
        return str(own[0])

    async def recv(self, limit: int) -> bytes:
        """At most `limit` bytes, at least one; `b""` when the peer has closed."""
        if monotonic() >= self._deadline:
            self._late()
        if self._dry:
            await self._readable()
        while True:
            try:
                data = self._sock.recv(limit)
            except (BlockingIOError, InterruptedError):
                await self._readable()
            except OSError as error:
                raise self._broken(error) from error
            else:
                self.bytes_in += len(data)
                self._unbroken += 1
                self._dry = len(data) < limit or self._unbroken >= _FAIR
                return data

    async def send(self, data: bytes) -> None:
        """All of `data`."""
        while True:
            if monotonic() >= self._deadline:
                self._late()
            try:
                sent = self._sock.send(data)
            except (BlockingIOError, InterruptedError):
                await self._writable()
                continue
            except OSError as error:
                raise self._broken(error) from error
            self.bytes_out += sent
            self._dry = True
            if sent == len(data):
                return
            data = data[sent:]

    def widen(self, size: int) -> None:
        """Let the peer send more at a time: the receive buffer, in bytes."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)

    def close(self, parting: bytes = b"") -> None:
        """Close in good order; `parting` is sent if there is room for it at once."""
        if parting:
            with suppress(OSError):        # nobody listens any more, which is what closing is for
                self.bytes_out += self._sock.send(parting)
        self._release()
        self._sock.close()

    def abort(self) -> None:
        """Close by reset, so that the peer cannot push another byte."""
        self._release()
        with suppress(OSError):            # already cut off by the peer
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self._sock.close()

    async def _writable(self) -> None:
        waiter = self._begin()
        self._loop.add_writer(self._fd, _ready, waiter)
        try:
            if not await waiter:
                raise self._overdue()
        finally:
            self._waiter = None
            if not self._closed:
                self._loop.remove_writer(self._fd)

    async def _readable(self) -> None:
        waiter = self._begin()
        if not self._watching:
            self._watching = True
            self._loop.add_reader(self._fd, self._arrived)
        try:
            if not await waiter:
                raise self._overdue()
        finally:
            self._waiter = None

    def _begin(self) -> asyncio.Future[bool]:
        self._unbroken = 0
        waiter = self._waiter = self._loop.create_future()
        if self._timer is None:
            self._arm()
        return waiter

    def _arrived(self) -> None:
        """Something can be read. The watch stays while it is read, and ends when nobody wants it: it is dear."""
        if self._waiter is None:
            self._unwatch()
        elif not self._waiter.done():
            self._waiter.set_result(True)

    def _unwatch(self) -> None:
        if self._watching:
            self._watching = False
            self._loop.remove_reader(self._fd)

    def _release(self) -> None:
        """Let the event loop forget us before the file number is given to somebody else."""
        self._closed = True
        self._unwatch()
        self._disarm()
        if self._waiter is not None:                            # another task waits: it will not wait in vain
            self._loop.remove_writer(self._fd)
            _ready(self._waiter, False)

    def _arm(self) -> None:
        self._when = self._deadline
        self._timer = self._loop.call_later(max(0.0, self._when - monotonic()), self._ring)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring(self) -> None:
        self._timer = None
        now = monotonic()
        if now - self._when > _BUSY:                            # nobody listened meanwhile: not the peer's time
            self._deadline += now - self._when
        if self._waiter is None or self._waiter.done():
            return
        if now >= self._deadline - 0.001:                       # event loops round to milliseconds
            self._waiter.set_result(False)
        else:
            self._arm()

    def _late(self) -> None:
        """Past the deadline. A timer that is due and has not rung says that this machine was too busy to listen."""
        if self._timer is not None:
            self._timer.cancel()
            self._ring()
        if monotonic() >= self._deadline:
            raise self._overdue()

    def _told(self) -> str:
        return f"{self.doing} {self.peer}"

    def _overdue(self) -> NetError:
        if self._closed:
            return Reset(f"{self._told()}: closed on our side")
        kind = ConnectTimeout if self.doing == CONNECTING else DeadlineError
        return kind(f"{self._told()}: not in time")

    def _broken(self, error: OSError) -> NetError:
        found = translate(error, self._told())
        return Reset(str(found)) if isinstance(found, ConnectTimeout) else found


def spelled(address: str, port: int) -> str:
    """`192.0.2.7:80` or `[2001:db8::7]:80`."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _same(peer: tuple[str, int], where: tuple[str, int]) -> bool:
    if peer[:2] == where:
        return True
    return peer[1] == where[1] and ip_address(peer[0]) == ip_address(where[0])      # two spellings of ::192.0.2.7


def _ready(waiter: asyncio.Future[bool], well: bool = True) -> None:
    if not waiter.done():
        waiter.set_result(well)
