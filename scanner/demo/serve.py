"""HTTP/1.1 on asyncio's streams for the replica's sites, counting all it is asked. Serves; contacts nobody."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import NamedTuple
from urllib.parse import unquote

from scanner.demo.reply import REASONS, Reply, Site

PUBLISHED = frozenset({"/robots.txt", "/sitemap.xml", "/.well-known/security.txt"})    # no directories, and not files
_IDLE = 30.0                                 # seconds a client may be silent
_LINGER = 1.0                                # seconds given to a client that was refused to read why
_HEAD = 32 * 1024                            # bytes of one request's head
_HELLO = 0x16                                # first byte of a TLS record that shakes hands (RFC 8446, section 5.1)
_REMEMBERED = 20                             # paths kept for whoever wonders


@dataclass(slots=True)
class Tally:
    """What one site was asked for."""

    verbs: dict[str, int] = field(default_factory=dict)
    directories: int = 0                     # requests for a path that ends with a slash
    published: int = 0                       # … for robots.txt and the like
    files: int = 0                           # … for anything else
    tls_hellos: int = 0
    paths: list[str] = field(default_factory=list)     # the first few of `files`

    def count(self, verb: str, path: str) -> None:
        """Note one request for a decoded path."""
        self.verbs[verb] = self.verbs.get(verb, 0) + 1
        if path.endswith("/"):
            self.directories += 1
        elif path in PUBLISHED:
            self.published += 1
        else:
            self.files += 1
            if len(self.paths) < _REMEMBERED:
                self.paths.append(path)


class Clock:
    """A clock that says `start` when it is made, and runs."""

    def __init__(self, start: int) -> None:
        self._start = start
        self._made = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since it was made."""
        return time.monotonic() - self._made

    def header(self) -> str:
        """The time for a Date header."""
        return formatdate(self._start + self.elapsed, usegmt=True)


class _Asked(NamedTuple):
    verb: str
    path: str                                # decoded, without query
    minor: int                               # HTTP/1.minor
    close: bool


class Door:
    """One site behind one port. `converse` is what `asyncio.start_server` wants."""

    def __init__(self, site: Site, clock: Clock) -> None:
        self.tally = Tally()
        self._site = site
        self._clock = clock

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer requests on one connection until either side has enough."""
        # a client that goes, or the end of the program, ends the talk and nothing else
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._turn(reader, writer):
                pass
        with suppress(OSError):
            writer.close()

    async def _turn(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        async with asyncio.timeout(_IDLE):
            first = await reader.readexactly(1)
            if first[0] == _HELLO:
                self.tally.tls_hellos += 1
                return await self._refuse(reader, writer, 400)
            try:
                head = first + await reader.readuntil(b"\r\n\r\n")
            except asyncio.LimitOverrunError:
                return await self._refuse(reader, writer, 431)
        asked = _parse(head)
        if asked is None:
            return await self._refuse(reader, writer, 400)
        self.tally.count(asked.verb, asked.path)
        await self._say(writer, asked, self._answer(asked))
        return not asked.close

    async def _refuse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, status: int) -> bool:
        await self._say(writer, _Asked("GET", "/", 1, True), self._site.error(status))
        writer.write_eof()                   # closing with input unread would reset, and take the answer along
        with suppress(TimeoutError):
            async with asyncio.timeout(_LINGER):
                while await reader.read(_HEAD):
                    pass
        return False

    def _answer(self, asked: _Asked) -> Reply:
        if asked.verb in {"GET", "HEAD"}:
            return self._site.page(asked.path, self._clock.elapsed)
        if asked.verb == "OPTIONS":
            return self._site.options()
        return self._site.error(405)

    async def _say(self, writer: asyncio.StreamWriter, asked: _Asked, reply: Reply) -> None:
        whole = b"".join(reply.body) if isinstance(reply.body, tuple) else None
        writer.write(self._head(writer, asked, reply, whole))
        if asked.verb == "HEAD":
            pass
        elif whole is not None:
            writer.write(whole)
        else:
            await _pour(writer, reply, chunked=asked.minor > 0)
        await writer.drain()

    def _head(self, writer: asyncio.StreamWriter, asked: _Asked, reply: Reply, whole: bytes | None) -> bytes:
        lines = [f"HTTP/1.1 {reply.status} {REASONS[reply.status]}", f"Date: {self._clock.header()}",
                 f"Server: {self._site.product}"]
        if reply.location is not None:
            host, port = writer.get_extra_info("sockname")[:2]
            lines.append(f"Location: http://{host}:{port}{reply.location}")
        if reply.allow is not None:
            lines.append(f"Allow: {reply.allow}")
        if whole is not None:
            lines.append(f"Content-Length: {len(whole)}")
        elif asked.minor > 0:
            lines.append("Transfer-Encoding: chunked")
        lines += [f"Connection: {'close' if asked.close else 'Keep-Alive'}", f"Content-Type: {reply.type}", "", ""]
        return "\r\n".join(lines).encode("ascii", "replace")


async def _pour(writer: asyncio.StreamWriter, reply: Reply, *, chunked: bool) -> None:
    """Write a body as it is made, no faster than it is read."""
    for piece in reply.body:
        writer.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
        await writer.drain()
    if chunked:
        writer.write(b"0\r\n\r\n")


def _parse(head: bytes) -> _Asked | None:
    """The request in `head`; None where it is none. A request with a body ends the connection: it is not read."""
    line, *fields = head[:-4].decode("latin-1").split("\r\n")
    parts = line.split(" ")
    if len(parts) != 3 or not parts[1].startswith("/") or parts[2] not in {"HTTP/1.0", "HTTP/1.1"}:
        return None
    named = {name.lower(): value.strip().lower() for name, _, value in (text.partition(":") for text in fields)}
    minor = int(parts[2][-1])
    keeps = named.get("connection", "keep-alive" if minor else "close") == "keep-alive"
    close = not keeps or parts[0] not in {"GET", "HEAD", "OPTIONS"} or "content-length" in named
    return _Asked(parts[0], unquote(parts[1].partition("?")[0]), minor, close)


async def listen(door: Door, address: str, port: int) -> asyncio.Server:
    """Serve `door` at an address and port. Raises OSError where that is taken."""
    return await asyncio.start_server(door.converse, address, port, limit=_HEAD)


