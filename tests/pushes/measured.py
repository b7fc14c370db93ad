"""What a pushed file cost, counted on both sides: bytes read of the body, and bytes that TCP took off the server."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from scanner.errors import NetError
from scanner.model import Ask, Asked, Observation
from scanner.net import Answer, Limits, Net
from scanner.probes import Door
from tests.net.hostile import Server, net
from tests.pushes.servers import Push
from tests.pushes.ways import REFUSED, Most, Way

WHOLE = "whole"
BRIEF = Limits(connect=2, first_byte=2, total=4)


@dataclass(frozen=True, slots=True)
class Measured:
    """One way, one connection. `handed`: bytes of body that a reader was given."""

    name: str
    tls: bool
    most: Most
    ended: str                            # why no more was read
    handed: int
    read: int
    wire: int

    @property
    def complaint(self) -> str | None:
        """What is more than was promised."""
        if self.read > self.most.read or self.wire > self.most.wire(self.tls):
            return f"{self.name}: {self.read} bytes read, {self.wire} off the server"
        told = self.ended == WHOLE or self.ended.startswith("status ")      # error pages in text are looked at
        if self.most is REFUSED and (not self.ended or (self.handed and not told)):
            return f"{self.name}: not refused, {self.handed} bytes handed out"
        return None


async def measure(way: Way, *, tls: bool) -> Measured:
    """Ask a server that pushes in this way, as a scan asks. In an error all that was read counts as body."""
    door = net()
    with Server(way.behave, tls=tls) as server:
        try:
            look = door.fetch(server.endpoint, way.verb, way.path, accept=way.accept, browse=way.browse)
            async with look as answer:
                handed, ended = await _heard(answer)
                read = answer.body_read
        except NetError as error:
            handed, read, ended = 0, _come(door, tls=tls), str(error)
        server.settled()
    return Measured(way.name, tls, way.most, ended, handed, max(read, door.ledger.largest_refused_body),
                    max(server.sent))


async def _heard(answer: Answer) -> tuple[int, str]:
    """How much of the body is handed out, and why no more."""
    handed = 0
    try:
        async for chunk in answer.chunks():
            handed += len(chunk)
    except NetError as error:
        return handed, str(error)
    return handed, answer.refused or (WHOLE if answer.complete else "")


def _come(door: Net, *, tls: bool) -> int:
    """Bytes of an answer that was none; through TLS they are not told apart from the handshake."""
    return 0 if tls else door.ledger.bytes_received


async def visit(push: Push) -> Measured:
    """Enter the door of a server that pushes, and ask for its root and its first share: the worst connection.

    All bytes that came count as read; through TLS they are not told from the handshake: what left the server is.
    """
    received: list[int] = []
    door = net(BRIEF)
    door.ledger.sinks.append(lambda contact: received.append(contact.received))
    with push.serving() as servers:
        there = replace(servers[0].endpoint, hint=push.protocol)
        try:
            async with asyncio.timeout(20), push.probe.open(there, door) as entered:
                ended = await _walked(entered)
        except NetError as error:
            ended = str(error)
        for server in servers:
            server.settled()
    sent = [one for server in servers for one in server.sent]
    return Measured(push.name, push.tls, push.most, ended, 0, 0 if push.tls else max(received), max(sent))


async def _walked(door: Door) -> str:
    """How it ended."""
    asks, ended = [Ask("/", Asked.ROOT)], ""
    for ask in asks:
        async for shown in door.list(ask):
            if isinstance(shown, Ask):
                asks += [shown][:2 - len(asks)]
            elif isinstance(shown, Observation) and shown.doubt is not None:
                ended = shown.doubt[1]
    return ended
