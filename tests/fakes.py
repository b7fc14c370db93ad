"""Equal siblings of the network for tests: scripted with bytes, same gates, same account, no socket.

    net = FakeNet({"GET /": b"HTTP/1.1 200 OK\\r\\n\\r\\n<html>…"})        # by request line; one answer for all ports
    net = FakeNet(talks=[Talk([b"220 hi\\r\\n", (b"USER", b"331 go on\\r\\n")])])   # by what is said, in order
    net = FakeNet({"GET / @files.example.org": …})       # for that host name before the one without
    net = FakeNet({"POST /control 64+200": …})             # Browse: object id and first row wanted
    net = FakeNet({…}, failing={("192.0.2.7", 443): ConnectRefused("closed")}, clear=frozenset({443}))

`net.asked` lists every request line, `net.dialled` every endpoint. Ports in `clear` speak no TLS.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

from scanner.errors import NetError, OutOfScope, TlsError
from scanner.model import Address, Endpoint
from scanner.net import Knocked, Ledger, Limits, Net, Pace, State, Stream
from scanner.net.pace import Beside
from scanner.net.tls import Tls
from scanner.net.wire import Wire

_BROWSED = re.compile(rb"<ObjectID>(.*)</ObjectID>.*<StartingIndex>(\d+)</StartingIndex>", re.DOTALL)
ANSWER_404 = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True)
class Yes:
    """A scope's decision."""

    allowed: bool = True
    reason: str = ""


@dataclass
class FakeScope:
    """Allows everything but what is listed. Remembers what it was asked."""

    denied: frozenset[str] = frozenset()
    asked: list[tuple[str, int | None]] = field(default_factory=list)

    def decide(self, address: Address, port: int | None = None) -> Yes:
        self.asked.append((str(address), port))
        return Yes(False, "not in the scope") if str(address) in self.denied else Yes()


Step = bytes | tuple[bytes, bytes] | NetError


@dataclass
class Talk:
    """One conversation: bytes are said unasked, a pair is (what must have been sent, the reply), an error is raised.

    At the end of the script the stream ends. With `port`, it is for that port only.
    """

    steps: Sequence[Step]
    port: int | None = None


class FakeWire(Wire):
    """A Wire that plays a script."""

    __slots__ = ("_answers", "_asked", "_pending", "_steps", "said", "widened")

    def __init__(self, where: tuple[str, int], *, steps: Iterable[Step] = (),
                 answers: Mapping[str, bytes] | None = None, asked: list[str] | None = None) -> None:
        self._where = where
        self._steps = list(steps)
        self._answers = answers
        self._asked = asked if asked is not None else []
        self._pending = b""
        self._deadline = float("inf")
        self.said = b""
        self.widened = 0
        self.doing = "waiting for"
        self.bytes_in = 0
        self.bytes_out = 0

    @property
    def deadline(self) -> float:
        return self._deadline

    @deadline.setter
    def deadline(self, when: float) -> None:
        self._deadline = when

    def source(self) -> str:
        return "192.0.2.250"

    async def recv(self, limit: int) -> bytes:
        self._play()
        data, self._pending = self._pending[:limit], self._pending[limit:]
        self.bytes_in += len(data)
        return data

    async def send(self, data: bytes) -> None:
        self.said += data
        self.bytes_out += len(data)
        if self._answers is not None:
            first, second = data.decode("latin-1").split("\r\n")[:2]
            line, host = first.removesuffix(" HTTP/1.1"), second.removeprefix("Host: ").rpartition(":")[0]
            if browsed := _BROWSED.search(data):
                line += f" {browsed[1].decode()}+{int(browsed[2])}"
            self._asked.append(line)
            named = f"{line} @{host or second.removeprefix('Host: ')}"
            self._pending += self._scripted(line, named)

    def _scripted(self, line: str, named: str) -> bytes:
        """The answer to a request line. HEAD is answered as GET would be, without the body."""
        answers = self._answers or {}
        told = answers.get(named, answers.get(line))
        if told is None and line.startswith("HEAD "):
            whole = self._scripted(f"GET {line[5:]}", f"GET {named[5:]}")
            return b"".join(whole.partition(b"\r\n\r\n")[:2])
        return answers.get("*", ANSWER_404) if told is None else told

    async def readable(self, within: float) -> bool:
        return bool(self._pending) or bool(self._steps and isinstance(self._steps[0], bytes))

    def handshake(self) -> None:
        """Raises the error that comes next in the script, where one does."""
        if self._steps and isinstance(self._steps[0], NetError):
            self._play()

    def widen(self, size: int) -> None:
        self.widened = size

    def close(self, parting: bytes = b"") -> None:
        """Nothing to close."""

    def abort(self) -> None:
        """Nothing to abort."""

    def _play(self) -> None:
        while not self._pending and self._steps:
            step = self._steps.pop(0)
            if isinstance(step, NetError):
                raise step
            if isinstance(step, bytes):
                self._pending = step
            else:
                expected, reply = step
                assert expected in self.said, f"expected {expected!r}, was sent {self.said!r}"
                self.said = self.said.partition(expected)[2]
                self._pending = reply


class FakeTls(Tls):
    """A session that hides nothing."""

    __slots__ = ()

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def recv(self, limit: int) -> bytes:
        return await self._wire.recv(limit)

    async def send(self, data: bytes) -> None:
        await self._wire.send(data)

    def certificate(self) -> bytes | None:
        return None

    @property
    def session(self) -> None:
        return None

    def version(self) -> str:
        return "TLSv1.3"

    def parting(self) -> bytes:
        return b""


class FakeStream(Stream):
    """A Stream on a script. `start_tls` succeeds, unless an error comes next in it."""

    __slots__ = ()

    async def speaks(self, within: float) -> bool:
        return bool(self._buffered) or await self._wire.readable(within)

    async def start_tls(self, server_name: str | None = None, *, protocol: str | None = None,
                        like: Stream | None = None) -> None:
        self._wire.handshake()  # type: ignore[attr-defined]
        self._tls = FakeTls(self._wire)


class FakeNet(Net):
    """A Net whose other side is a script. Scope, gates, budgets, pace and account are the real ones."""

    def __init__(self, answers: Mapping[str, bytes] | None = None, *, talks: Sequence[Talk] = (),
                 failing: Mapping[tuple[str, int], NetError] | None = None, scope: Any = None,
                 limits: Limits | None = None, states: Mapping[tuple[str, int], State] | None = None,
                 clear: frozenset[int] = frozenset()) -> None:
        super().__init__(scope or FakeScope(), pace=Pace(1e6, 1e6, 1000, 1000), ledger=Ledger(),
                         limits=limits or Limits(), identity="security@example.org")
        self.answers = answers
        self.talks = list(talks)
        self.failing = dict(failing or {})
        self.states = dict(states or {})
        self.clear = clear
        self.asked: list[str] = []
        self.dialled: list[Endpoint] = []

    async def connect(self, endpoint: Endpoint, *, protocol: str | None = None, places: int = 1,
                      beside: Stream | None = None) -> Stream:
        if not self.scope.decide(endpoint.address, (beside.endpoint if beside else endpoint).port).allowed:
            raise OutOfScope(f"{endpoint.authority}: not in the scope")
        turn = self.pace.turn(endpoint.address, places) if beside is None else Beside(beside.turn)
        await turn.take()
        where = (str(endpoint.address), endpoint.port)
        if where in self.failing:
            turn.release()
            raise self.failing[where]
        self.dialled.append(endpoint)
        stream = FakeStream(self._wire(endpoint), turn, self.ledger, self.limits, endpoint=endpoint,
                            source="192.0.2.250", at=datetime(2019, 2, 18, tzinfo=UTC))
        if endpoint.tls and endpoint.port in self.clear:
            stream.abort()
            raise TlsError(f"{endpoint.authority}: wrong version number")
        if endpoint.tls:
            try:
                await stream.start_tls(endpoint.host, protocol=protocol)
            except NetError:
                stream.abort()
                raise
        return stream

    async def knock(self, address: Address, port: int, timeout: float) -> Knocked:
        return Knocked(self.states.get((str(address), port), State.CLOSED), 0.001)

    def _wire(self, endpoint: Endpoint) -> FakeWire:
        where = (str(endpoint.address), endpoint.port)
        for talk in self.talks:
            if talk.port in (None, endpoint.port):
                self.talks.remove(talk)
                return FakeWire(where, steps=talk.steps)
        return FakeWire(where, answers=self.answers or {}, asked=self.asked)


def endpoint(port: int = 80, *, address: str = "192.0.2.7", host: str | None = None, tls: bool = False) -> Endpoint:
    """A door for tests."""
    return Endpoint(address=ip_address(address), port=port, host=host, tls=tls)
