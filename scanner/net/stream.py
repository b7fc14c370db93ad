"""One connection as a probe sees it: bytes in small portions, in clear or through TLS, with a budget and a deadline.

What is not approved is read 1 KiB at a time through a receive buffer of the kernel's smallest size, so that the
peer cannot push what nobody asked for. Knows no protocol beyond lines.
"""

from __future__ import annotations

from datetime import datetime
from time import monotonic
from types import TracebackType
from typing import Self

from scanner.errors import BudgetError, DeadlineError, NetError, ProtocolError, Reset
from scanner.model import Endpoint
from scanner.net.gates import legible
from scanner.net.ledger import CONNECT, Contact, Ledger
from scanner.net.limits import Limits
from scanner.net.pace import Turn
from scanner.net.tls import WIDE, Tls
from scanner.net.wire import Wire

PORTION = 1024                            # bytes a read hands out before approval


class Stream:
    """An open connection. Use as an async context manager: leaving it aborts what is not closed."""

    __slots__ = ("_buffered", "_end", "_fresh", "_given", "_ledger", "_open", "_portion", "_tls", "_turn", "_verbs",
                 "_wire", "at", "endpoint", "left", "limits", "outcome", "path_class", "source")

    def __init__(self, wire: Wire, turn: Turn, ledger: Ledger, limits: Limits, *, endpoint: Endpoint, source: str,
                 at: datetime) -> None:
        now = monotonic()
        self._wire = wire
        self._turn = turn
        self._ledger = ledger
        self._tls: Tls | None = None
        self._buffered = b""                        # read past what a line needed
        self._portion = PORTION
        self._end = now + limits.total
        self._given = 0                             # bytes handed out
        self._fresh = True                          # nothing has come yet
        self._open = True
        self._verbs: dict[str, None] = {}
        self.limits = limits
        self.endpoint = endpoint
        self.source = source
        self.at = at
        self.left = limits.page_bytes               # bytes that may still be read
        self.path_class = CONNECT
        self.outcome = "open"
        wire.deadline = min(now + limits.first_byte, self._end)

    @property
    def bytes_in(self) -> int:
        """Bytes taken from the socket, TLS included."""
        return self._wire.bytes_in

    @property
    def bytes_out(self) -> int:
        """Bytes sent, TLS included."""
        return self._wire.bytes_out

    async def read(self, limit: int = PORTION) -> bytes:
        """At most `limit` bytes and at least one, `b""` at the end. `DeadlineError`, `BudgetError`, `Reset`, …

        Before `approve()` never more than 1 KiB.
        """
        if self._buffered:
            data, self._buffered = self._buffered[:limit], self._buffered[limit:]
            return data
        return await self._take(limit)

    async def peek(self, least: int = 1) -> bytes:
        """What comes first, without taking it: at least so many bytes, less only at the end of the stream."""
        while len(self._buffered) < least:
            more = await self._take(PORTION)
            if not more:
                break
            self._buffered += more
        return self._buffered

    async def read_line(self, limit: int = 4096) -> bytes:
        """One line with its end; less only at the end of the stream.

        `ProtocolError` past `limit` bytes, and where a KiB has no line end and is no text either.
        """
        data, self._buffered = self._buffered, b""
        while (end := data.find(b"\n")) < 0:
            if len(data) >= PORTION and not legible(data):
                raise ProtocolError(f"{self._wire.peer}: no line, and no text")
            if len(data) >= limit:
                raise ProtocolError(f"{self._wire.peer}: a line of more than {limit} bytes")
            more = await self._take(PORTION)
            if not more:
                return data
            data += more
        self._buffered = data[end + 1:]
        if end >= limit:
            raise ProtocolError(f"{self._wire.peer}: a line of more than {limit} bytes")
        return data[:end + 1]

    async def read_exactly(self, size: int) -> bytes:
        """So many bytes. `Reset` where the stream ends before."""
        if size > self.left + len(self._buffered):
            raise BudgetError(f"{self._wire.peer}: {size} bytes announced, {self.left} may be read")
        data = bytearray()
        while len(data) < size:
            more = await self.read(size - len(data))
            if not more:
                raise Reset(f"{self._wire.peer}: closed after {len(data)} of {size} bytes")
            data += more
        return bytes(data)

    async def send(self, data: bytes) -> None:
        """All of `data`."""
        try:
            await (self._wire if self._tls is None else self._tls).send(data)
        except NetError as error:
            self.outcome = error.reason.value
            raise

    async def speaks(self, within: float) -> bool:
        """Whether the peer says something unasked, or closes, within so many seconds. What it says waits for `read`."""
        if self._buffered:
            return True
        kept, outcome = self._wire.deadline, self.outcome
        self._wire.deadline = min(kept, monotonic() + within)
        try:
            self._buffered = await self._take(PORTION)
        except DeadlineError:
            self.outcome = outcome
            return False
        finally:
            self._wire.deadline = kept if self._fresh else self._end
        return True

    async def start_tls(self, server_name: str | None = None, *, protocol: str | None = None,
                        like: Stream | None = None) -> None:
        """Go on in TLS, asking for `server_name` and offering `protocol` by ALPN. `TlsError` and its kinds.

        `like`: a connection to the same server whose session is taken up, as some want of a second connection.
        """
        if self._buffered:
            raise ProtocolError(f"{self._wire.peer}: spoke in clear after TLS was agreed")
        self._wire.doing = "TLS with"
        tls = Tls(self._wire, server_name, protocol, None if like is None or like.tls is None else like.tls.session)
        try:
            await tls.handshake()
        except NetError as error:
            self.outcome = error.reason.value
            error.in_tls = tls.spoken
            raise
        self._wire.doing = "waiting for"
        self._tls = tls

    @property
    def turn(self) -> Turn:
        """The leave that it was opened with: a connection `beside` this one has no other."""
        return self._turn

    @property
    def tls(self) -> Tls | None:
        """The TLS session, for its certificate and version; None in clear."""
        return self._tls

    def note(self, verb: str, path_class: str) -> None:
        """Tell the account what is about to be asked."""
        self._ledger.request(verb, path_class)
        self._verbs[verb] = None
        self.path_class = path_class

    def refused(self, body_bytes: int) -> None:
        """Tell the account that a gate closed after so many bytes of body."""
        self._ledger.refused(body_bytes)
        self.outcome = "refused-body"

    def approve(self) -> None:
        """What comes is a listing: larger portions, and a receive buffer that lets them come."""
        if self._portion == PORTION:
            self._portion = WIDE
            self._wire.widen(self.limits.approved_buffer)
            if self._tls is not None:
                self._tls.gulp = WIDE

    def grant(self, rows: int) -> None:
        """`rows` bytes of what was read were rows: as many more may be read, and time for them is given.

        The budget ends at `limits.listing_bytes`. A second is bought by `limits.slowest` bytes.
        """
        most = self.limits.listing_bytes + (self.limits.listing_bytes >> 3) - self._given
        self.left = max(0, min(self.left + rows + (rows >> 3), most))     # an eighth: framing between the rows
        latest = monotonic() + self.limits.total
        self._end = min(latest, self._end + rows / self.limits.slowest)
        self._wire.deadline = self._end

    async def again(self) -> None:
        """Before each further request on one connection: waits for the pace, then budget and deadline start anew."""
        self._wire.deadline = float("inf")
        await self._turn.again()
        self.renew()

    def renew(self) -> None:
        """Budget and deadline start anew, as another connection had its time meanwhile."""
        self.left = self.limits.page_bytes
        self._given = 0
        self._fresh = True
        now = monotonic()
        self._end = now + self.limits.total
        self._wire.deadline = min(now + self.limits.first_byte, self._end)

    def close(self) -> None:
        """Close in good order. Nothing is awaited."""
        if self._open:
            self._open = False
            self._wire.close(self._tls.parting() if self._tls is not None else b"")
            self._settle()

    def abort(self) -> None:
        """Close by reset: not one byte more."""
        if self._open:
            self._open = False
            self._wire.abort()
            self._settle()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        self.abort()

    async def _take(self, limit: int) -> bytes:
        if limit > self._portion:
            limit = self._portion
        if limit > self.left:
            limit = self.left
        if limit <= 0:
            self.outcome = BudgetError.reason.value
            raise BudgetError(f"{self._wire.peer}: more than the {self._given} bytes that may be read")
        try:
            data = await (self._wire if self._tls is None else self._tls).recv(limit)
        except NetError as error:
            self.outcome = error.reason.value
            raise
        self.left -= len(data)
        self._given += len(data)
        if self._fresh and data:
            self._fresh = False
            self._wire.doing = "reading from"
            self._wire.deadline = self._end
        return data

    def _settle(self) -> None:
        self._turn.release()
        endpoint, wire = self.endpoint, self._wire
        self._ledger.record(Contact(
            self.at, self.source, endpoint.address, endpoint.port, endpoint.host, "+".join(self._verbs) or CONNECT,
            self.path_class, wire.bytes_out, wire.bytes_in, self.outcome))
