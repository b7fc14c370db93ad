"""The one place where a connection is made: to an address that the scope allows at that moment, and to no other.

The address is a literal that was decided, not a name; the peer is compared with it; the receive buffer is small
before the first packet leaves. Everything else here serves that sentence.
"""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from time import monotonic
from typing import Protocol

from scanner.errors import ConnectRefused, ConnectTimeout, NetError, OutOfScope, Reset, Unreachable
from scanner.model import Address, Endpoint
from scanner.net.faults import translate
from scanner.net.ledger import CONNECT, Contact, Ledger
from scanner.net.limits import Limits
from scanner.net.pace import Beside, Pace, Turn
from scanner.net.stream import Stream
from scanner.net.tls import UnknownNameError, UnknownProtocolError
from scanner.net.wire import Wire, spelled

PRINTERS = frozenset(range(9100, 9108))  # raw printing, https://wiki.debian.org/AppSocket: what comes is put on paper


class Decided(Protocol):
    """The scope's answer."""

    @property
    def allowed(self) -> bool:
        """Whether the address may be contacted."""

    @property
    def reason(self) -> str:
        """Why, or why not."""


class Permission(Protocol):
    """What is asked of a scope. Called at each dial."""

    def decide(self, address: Address, port: int | None = None) -> Decided:
        """May this address be contacted on this port?"""


class State(Enum):
    """What a port did when knocked at."""

    OPEN = "open"
    CLOSED = "closed"
    SILENT = "silent"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Knocked:
    """The answer to a knock."""

    state: State
    seconds: float                        # from the first packet to the answer


_STATES: dict[type[NetError], State] = {
    ConnectRefused: State.CLOSED, Reset: State.CLOSED,
    ConnectTimeout: State.SILENT, Unreachable: State.UNREACHABLE,
}


class Dialler:
    """Makes connections. `scope` decides, `pace` says when, `ledger` keeps the account."""

    def __init__(self, scope: Permission, pace: Pace, ledger: Ledger, limits: Limits) -> None:
        self.scope = scope
        self.pace = pace
        self.ledger = ledger
        self.limits = limits
        self._further: Counter[tuple[Address, int]] = Counter()

    def further(self, address: Address, port: int) -> bool:
        """Whether a connection is being made there beside another, with which it is permitted, whatever its port."""
        return self._further[address, port] > 0

    async def dial(self, endpoint: Endpoint, *, protocol: str | None = None, places: int = 1,
                   beside: Stream | None = None) -> Stream:
        """An open connection, TLS done where `endpoint.tls`; `protocol` is what ALPN offers.

        `places`: how many connections are needed together; the further ones are dialled `beside` the first. These are
        at its address and permitted with it, whatever their port: they belong to the protocol that is spoken there.
        A printer's port belongs to none, whoever names it.

        `OutOfScope`, `ConnectTimeout`, `ConnectRefused`, `Unreachable`, `Reset`, `TlsError` and its kinds,
        `DeadlineError`, `LocalFault`.
        """
        if beside is not None and beside.endpoint.address != endpoint.address:
            raise OutOfScope(f"{endpoint.authority}: another address than the one that it was named at")
        if beside is not None and endpoint.port in PRINTERS:
            raise OutOfScope(f"{endpoint.authority}: a port of printers, which print whatever they are sent")
        first = endpoint if beside is None else beside.endpoint

        def turn() -> Turn:
            return self.pace.turn(endpoint.address, places) if beside is None else Beside(beside.turn)

        name = server_name(endpoint.host)
        while True:
            try:
                return await self._dial(endpoint, first.port, turn(), name, protocol)
            except UnknownNameError:
                if name is None:
                    raise
                name = None
            except UnknownProtocolError:
                if protocol is None:
                    raise
                protocol = None

    async def knock(self, address: Address, port: int, timeout: float) -> Knocked:
        """Connect, close at once. `OutOfScope` and `LocalFault` rise; everything else is an answer."""
        turn = self.pace.turn(address)
        await turn.take()
        at, start = datetime.now(UTC), monotonic()
        wire: Wire | None = None
        state, source, outcome = State.OPEN, "", "interrupted"
        try:
            wire = self._open(address, port, start + timeout, port)
            try:
                await wire.connect()
                with suppress(Reset):                           # open, and cut off at once
                    source = wire.source()
            except tuple(_STATES) as error:
                state = _STATES[type(error)]
            outcome = state.value
        except NetError as error:
            outcome = error.reason.value
            raise
        finally:
            seconds = monotonic() - start
            turn.release()
            if wire is not None:
                wire.abort()
                self.ledger.record(Contact(at, source, address, port, None, CONNECT, CONNECT, 0, 0, outcome))
        return Knocked(state, seconds)

    async def _dial(self, endpoint: Endpoint, first: int, turn: Turn, server_name: str | None,
                    protocol: str | None) -> Stream:
        stream = await self._connect(endpoint, first, turn)
        if endpoint.tls:
            try:
                await stream.start_tls(server_name, protocol=protocol)
            except BaseException:
                stream.abort()
                raise
        return stream

    async def _connect(self, endpoint: Endpoint, first: int, turn: Turn) -> Stream:
        address, port = endpoint.address, endpoint.port
        await turn.take()
        at = datetime.now(UTC)
        wire: Wire | None = None
        outcome = "interrupted"
        try:
            wire = self._open(address, port, monotonic() + self.limits.connect, first)
            with self._beside(address, port) if port != first else nullcontext():
                await wire.connect()
            source = wire.source()
            return Stream(wire, turn, self.ledger, self.limits, endpoint=endpoint, source=source, at=at)
        except BaseException as error:
            if isinstance(error, NetError):
                outcome = error.reason.value
            if wire is not None:
                wire.abort()
                self.ledger.record(
                    Contact(at, "", address, port, endpoint.host, CONNECT, CONNECT, 0, 0, outcome))
            turn.release()
            raise

    @contextmanager
    def _beside(self, address: Address, port: int) -> Iterator[None]:
        there = (address, port)
        self._further[there] += 1
        try:
            yield
        finally:
            self._further[there] -= 1
            if not self._further[there]:
                del self._further[there]

    def _open(self, address: Address, port: int, deadline: float, decided_by: int) -> Wire:
        """A socket for a decided address: the last step before the first packet. `decided_by`: the port that counts."""
        where = (str(address), port)
        if address.version == 6 and address.scope_id is not None:
            raise OutOfScope(f"{spelled(*where)}: an address with a zone names another network on each machine")
        decided = self.scope.decide(address, decided_by)
        if not decided.allowed:
            raise OutOfScope(f"{spelled(*where)}: {decided.reason}")
        family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
        try:
            sock = socket.socket(family, socket.SOCK_STREAM)
        except OSError as error:
            raise translate(error, f"opening a connection to {spelled(*where)}") from error
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.limits.receive_buffer)
        return Wire(sock, where, deadline)


def server_name(host: str | None) -> str | None:
    """The host as it may stand in SNI: a name, never an address (RFC 6066 §3)."""
    if host is None or ":" in host or host.rpartition(".")[2].isdigit():
        return None
    return host
