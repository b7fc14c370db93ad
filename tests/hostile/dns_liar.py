"""A resolver that lies, over UDP and TCP: `python -m tests.hostile.dns_liar ADDRESS`. It runs inside the bottle.

What it says hangs on the first label of the name that it is asked for. Each question is printed as a line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address

IN, OUT, METADATA = "192.0.2.7", "198.51.100.9", "169.254.169.254"
SEARCHED = "search.example.net"              # a search domain in which everything is there
SLOW = 4.0                                   # seconds
MANY = (IN, *(f"10.9.{i // 250}.{i % 250}" for i in range(999)))
_A, _CNAME, _AAAA = 1, 5, 28                 # RFC 1035 section 3.2.2, RFC 3596
_OK, _FAILED, _NONE, _REFUSED = 0, 2, 3, 5   # RFC 1035 section 4.1.1
_POINTER = b"\xc0\x0c"                       # to the name in the question
_PLAIN = 512                                 # bytes of an answer by UDP, RFC 1035 section 2.3.4


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked; `before`: how often the same name and kind were asked before."""

    packet: bytes
    name: str
    kind: int
    before: int = 0

    @property
    def asked(self) -> bytes:
        """The question as it stands in the packet."""
        return self.packet[12:_end(self.packet, 12) + 4]


Say = tuple[float, bytes]
"""Seconds to wait, and what is said then; nothing where it is empty."""
Rule = Callable[[Question], Say]


def answer(to: Question, records: Sequence[bytes] = (), code: int = _OK) -> bytes:
    """A whole answer."""
    return to.packet[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, len(records), 0, 0) + to.asked + b"".join(records)


def record(kind: int, data: bytes, owner: bytes = _POINTER) -> bytes:
    """A record with no time to live."""
    return owner + struct.pack("!HHIH", kind, 1, 0, len(data)) + data


def wire(name: str) -> bytes:
    """A name as it is sent, each of its labels as it is."""
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def addresses(*texts: str) -> Rule:
    """These, by their families."""
    found = [ip_address(text) for text in texts]
    records = {kind: [record(kind, address.packed) for address in found if address.version == version]
               for kind, version in ((_A, 4), (_AAAA, 6))}
    return lambda to: (0, answer(to, records.get(to.kind, [])))


def turning(first: str, then: str) -> Rule:
    """One address when asked for the first time, the other ever after."""
    return lambda to: addresses(then if to.before else first)(to)


def coded(code: int) -> Rule:
    """No answer but a code."""
    return lambda to: (0, answer(to, code=code))


def packet(made: Callable[[Question], bytes]) -> Rule:
    """Whatever this makes of a question."""
    return lambda to: (0, made(to))


def aliases(*names: bytes, last: str = "") -> Rule:
    """A chain from the name that was asked over these, to an address if there is one."""
    def rule(to: Question) -> Say:
        owners = (_POINTER, *names)
        chain = [record(_CNAME, name, owner) for owner, name in zip(owners, names, strict=False)]
        end = [record(_A, ip_address(last).packed, owners[-1])] if last and to.kind == _A else []
        return 0, answer(to, [*chain, *end])
    return rule


def late(rule: Rule) -> Rule:
    """The same, after four seconds."""
    return lambda to: (SLOW, rule(to)[1])


def _elsewhere(to: Question) -> bytes:
    """An answer to a question that nobody asked."""
    return to.packet[:2] + struct.pack("!HHHHH", 0x8180, 1, 1, 0, 0) + wire("other.example.org") + struct.pack(
        "!HH", to.kind, 1) + record(_A, ip_address(OUT).packed)


RULES: dict[str, Rule] = {
    "flip": turning(IN, METADATA), "flop": turning(METADATA, IN),
    "loop": aliases(wire("a.example.org"), wire("b.example.org"), wire("a.example.org")),
    "chain": aliases(*(wire(f"c{i}.example.org") for i in range(100)), last=IN),
    "mixed": addresses(IN, OUT, METADATA), "mapped": addresses("::ffff:10.0.0.1"),
    "translated": addresses("64:ff9b::a00:1"),
    "servfail": coded(_FAILED), "refused": coded(_REFUSED), "silent": lambda to: (0, b""),
    "fast": addresses(IN), "slow": late(addresses(OUT)), "many": addresses(*MANY), "wild": addresses(IN),
    "script": aliases(b"\x08<script>\x07example\x03org\x00", last=IN),
    "nul": aliases(b"\x09evil\0.com\0\x07example\x03org\x00", last=IN),
    "long": aliases(b"\x3f" + b"a" * 63 + (b"\x3f" + b"b" * 63) * 4 + b"\0", last=IN),
    "pointer": packet(lambda to: answer(to, [record(_A, ip_address(IN).packed, struct.pack("!H", 0xC000 | (
        12 + len(to.asked))))])),
    "cut": packet(lambda to: answer(to, [record(to.kind, bytes(4))])[:-3]),
    "stranger": packet(_elsewhere), "forged": packet(lambda to: b"\xff\xff" + addresses(OUT)(to)[1][2:]),
}


def said(to: Question) -> Say:
    """What this resolver says to a question."""
    if to.name.endswith(SEARCHED):
        return addresses(OUT)(to)
    label = to.name.partition(".")[0].rstrip("0123456789")
    if not to.name.endswith("example.org") or (label not in RULES and ".wild." not in f".{to.name}"):
        return coded(_NONE)(to)
    return RULES.get(label, RULES["wild"])(to)


def read(asked: bytes) -> Question:
    """A question as it came."""
    labels, at = [], 12
    while size := asked[at]:
        labels.append(asked[at + 1:at + 1 + size].decode("ascii", "backslashreplace"))
        at += 1 + size
    return Question(asked, ".".join(labels).lower(), int.from_bytes(asked[at + 1:at + 3]))


def _end(packet: bytes, at: int) -> int:
    while packet[at]:
        at += 1 + packet[at]
    return at + 1


class Liar(asyncio.DatagramProtocol):
    """The server."""

    def __init__(self) -> None:
        self._times = Counter[tuple[str, int]]()

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        """See asyncio."""
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """A question by UDP; where the answer is too long it says so and no more."""
        wait, told = self.said(data)
        if len(told) > _PLAIN:
            told = told[:2] + struct.pack("!HHHHH", 0x8380, 1, 0, 0, 0) + read(data).asked
        if told:
            asyncio.get_running_loop().call_later(wait, self._transport.sendto, told, addr)

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Questions by TCP."""
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                wait, told = self.said(await reader.readexactly(int.from_bytes(await reader.readexactly(2))))
                await asyncio.sleep(wait)
                writer.write(len(told).to_bytes(2) + told)
                await writer.drain()
        writer.close()

    def said(self, asked: bytes) -> Say:
        """The answer, counted and printed."""
        question = read(asked)
        before = self._times[question.name, question.kind]
        self._times[question.name, question.kind] += 1
        print(json.dumps([question.name, question.kind]), flush=True)
        return said(Question(asked, question.name, question.kind, before))


async def main(address: str) -> None:
    """Serve until killed."""
    liar, sock = Liar(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)           # the bottle's own resolver is everywhere else
    sock.bind((address, 53))
    await asyncio.get_running_loop().create_datagram_endpoint(lambda: liar, sock=sock)
    async with await asyncio.start_server(liar.converse, address, 53) as server:
        print(json.dumps("ready"), flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
