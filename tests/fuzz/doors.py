"""Targets of fuzzing: whole talks. A server says whatever it is given, in as many turns and on as many connections.

The probes, doors and sessions are the product's own; their net is the tests', on a loop whose clock needs no time.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Iterator
from typing import Any

from scanner.errors import NetError
from scanner.model import Ask, Asked, Batch, Endpoint, Observation
from scanner.net import Net
from scanner.probes.base import Door, Probe
from scanner.probes.ftp import Ftp
from scanner.probes.http import Http
from scanner.probes.mail import Imap, Pop3
from scanner.probes.nfs import Nfs
from scanner.probes.rsync import Rsync
from scanner.probes.smb import Smb
from scanner.probes.ssh import Ssh
from scanner.scan.doubts import is_closed, masked, of_answer, worth_a_gap
from scanner.scan.paths import below, digest, fold
from tests.fakes import FakeNet, FakeScope, FakeWire, Yes, endpoint
from tests.fuzz.file_servers import PUTS
from tests.fuzz.listings import HOST, WIRE, sound
from tests.fuzz.target import Form, Target
from tests.probes.rsync.rsync_lists import HELLO, OK, SEED, answer

TURN, CONNECTION = b"\xfe\xed", b"\xfe\xef"  # between what is said before and after we say something; between talks
_ASKS = 6                                    # that follow from what was shown
_SENT = 1 << 16                              # bytes that one talk may make us send
_DIALLED = 200                               # connections that it may make us open


class _Silence(selectors.SelectSelector):
    """Waits for nothing: the clock goes on instead."""

    skipped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "waits for what never comes"
        self.skipped += max(0.0, timeout)
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    """Its time is what was waited for."""

    def __init__(self) -> None:
        self._silence = _Silence()
        super().__init__(self._silence)

    def time(self) -> float:
        return self._silence.skipped


class _Wire(FakeWire):
    """Says its turns one after the other: the next when we have heard the last, whatever we say."""

    __slots__ = ("_turns",)

    def __init__(self, where: tuple[str, int], turns: list[bytes]) -> None:
        super().__init__(where)
        self._turns = turns

    def _play(self) -> None:
        while not self._pending and self._turns:
            self._pending = self._turns.pop(0)

    async def readable(self, within: float) -> bool:
        return bool(self._pending)


class _Scope(FakeScope):
    """Allows its own host."""

    def decide_host(self, host: str) -> Yes:
        return Yes(host == HOST)


class _Net(FakeNet):
    """Each connection hears the next talk; when all are over, nothing."""

    def __init__(self, said: list[bytes]) -> None:
        super().__init__(scope=_Scope())
        self.said = said
        self.wires: list[_Wire] = []

    def _wire(self, endpoint: Endpoint) -> FakeWire:
        talk = self.said.pop(0) if self.said else b""
        self.wires.append(_Wire((str(endpoint.address), endpoint.port), talk.split(TURN)))
        return self.wires[-1]


_LOOP = _Loop()


def _talk(probe: Probe, port: int, *asks: Ask) -> Form:
    def read(data: bytes) -> object:
        net = _Net(data.split(CONNECTION))
        shown = _LOOP.run_until_complete(_heard(probe, net, endpoint(port, host=HOST), list(asks)))
        assert sum(wire.bytes_out for wire in net.wires) <= _SENT + 64 * len(data), "sends and sends"
        assert len(net.dialled) <= _DIALLED, "dials and dials"
        assert {door.address for door in net.dialled} <= {endpoint(port).address}, "dialled somebody else"
        return shown
    return Form(read)


async def _heard(probe: Probe, net: Net, there: Endpoint, asks: list[Ask]) -> object:
    """What a scan would do at a door: look, list what it was asked for and some of what that shows."""
    shown: list[object] = []
    try:
        async with probe.open(there, net) as door:
            shown.append(await _looked(door))
            shown += [await _listed(door, ask, asks) for ask in asks[:]]
            shown += [await _listed(door, ask, []) for ask in asks[-_ASKS:]]
    except NetError as error:
        shown.append(type(error).__name__)
    return shown


async def _looked(door: Door) -> object:
    seen = await door.look()
    return _fit(seen)


def _fit(seen: Observation) -> dict[str, str]:
    """Facts are texts, and what the scan makes of them raises nothing."""
    assert all(isinstance(text, str) for text in seen.facts.values())
    said: Any = of_answer(seen, _Scope())  # type: ignore[arg-type]  # of a scope only its decisions are wanted
    if said is not None:
        worth_a_gap(said[0], Asked.LINK, seen, listed=False)
        is_closed(said[0], seen)
        masked(*said)
    return dict(seen.facts)


async def _listed(door: Door, ask: Ask, asks: list[Ask]) -> object:
    shown: list[object] = []
    try:
        async for thing in door.list(ask):
            if isinstance(thing, Batch):
                shown += sound([thing], slashes=True, dots=True)
            elif isinstance(thing, Ask):
                asks.append(thing)
            else:
                shown.append(_fit(thing))
    except NetError as error:
        shown.append(type(error).__name__)
    return shown


def _below(data: bytes) -> object:
    segment = data.decode("latin-1")
    paths = [below("/calls/", segment), below("/calls/", segment, any_name=True)]
    assert all(path is None or (path.startswith("/calls/") and path.isascii()) for path in paths)
    return paths, digest(b"key", segment), fold(b"key", segment)


_ROOT, _SHARE = Ask("/", Asked.ROOT), Ask("/calls/", Asked.SHARE)


def _conversations() -> Iterator[tuple[str, bytes]]:
    for path in sorted((WIRE / "ftp").iterdir()):
        said = [line[4:-1] for line in path.read_text().splitlines() if line.startswith("< b")]
        yield "ftp", TURN.join(text.encode().decode("unicode_escape").encode("latin-1") for text in said)[:3000]
    for path in sorted((WIRE / "nfs").iterdir()):
        talks = path.read_text().split("\n\n")
        yield "nfs", CONNECTION.join(TURN.join(bytes.fromhex(line.partition(" < ")[2]) for line in talk.splitlines()
                                               if " < " in line) for talk in talks)[:6000]
    for name in ("samba", "impacket", "samba-encrypted", "samba-restricted"):
        yield "smb", CONNECTION.join(path.read_bytes() for path in sorted((WIRE / "smb").glob(f"{name}-?.bin")))[:6000]
    for path in sorted((WIRE / "rsync").iterdir()):
        yield "rsync", path.read_bytes()[:2000]
    modules = b"Welcome\ncalls          \tCall recordings\n@RSYNCD: EXIT\n"
    yield "rsync", CONNECTION.join((HELLO + modules, TURN.join((HELLO, OK, SEED, answer(PUTS)))))


def _others() -> Iterator[tuple[str, bytes]]:
    page = (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
            b'<html><title>Index of /</title><pre><a href="a.wav">a.wav</a> 18-Feb-2019 10:00 8\n'
            b'<a href="2019/">2019/</a> 18-Feb-2019 10:00 -\n</pre>')
    moved = b"HTTP/1.1 301 x\r\nLocation: http://files.example.org/calls/\r\nContent-Length: 0\r\n\r\n"
    none = b"HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n"
    yield "http", CONNECTION.join((page, none, page, moved, page))
    yield "http", CONNECTION.join((moved, none, moved, page))
    robots = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nUser-agent: *\nDisallow: /backup/\n"
    yield "http", CONNECTION.join((page, none, page, robots, robots))
    for path in sorted((WIRE / "mail").iterdir()):
        said = b"".join(line[2:] for line in path.read_bytes().splitlines(keepends=True) if line.startswith(b"S "))
        yield ("pop3" if "pop3" in path.name else "imap"), said.replace(b"\r\n", b"\r\n" + TURN)[:3000]
    for segment in (b"a%20b", b"..;x", b"%2e%2e", b"a;b", b"\xe5"):
        yield "paths", segment
    yield "ssh", b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"


TARGETS = (
    Target("file-doors", {
        "ftp": _talk(Ftp(), 21, _ROOT, _SHARE), "smb": _talk(Smb(), 445, _ROOT, _SHARE),
        "nfs": _talk(Nfs(xid=0), 2049, _ROOT, _SHARE), "rsync": _talk(Rsync(), 873, _ROOT, _SHARE)}, _conversations,
           ("probes/ftp", "probes/smb", "probes/nfs", "probes/rsync")),
    Target("other-doors", {
        "http": _talk(Http(), 80, _ROOT, Ask("/calls/", Asked.TARGET), Ask("/robots.txt", Asked.ROBOTS),
                      Ask("/sitemap.xml", Asked.SITEMAP), Ask("/", Asked.TARGET, way="dav")),
        "imap": _talk(Imap(), 143, _ROOT, Ask("/INBOX/", Asked.SHARE)), "pop3": _talk(Pop3(), 110, _ROOT),
        "ssh": _talk(Ssh(), 22, _ROOT), "paths": Form(_below)}, _others,
           ("probes/mail", "probes/ssh", "probes/page.py", "probes/smell.py")),
)
