"""Web sites on loopback that serve a dict as nginx prints folders, with every way to go wrong. They count all they see.

    site = Site({"calls": {"a.wav": 10}, "shut": Status(403)})
    await site.start("127.5.0.1", 8080)

A value is a folder (dict), a file (its size), or a way to answer a folder (`Status`, `Page`, `Redirect`, `Slow`, `Cut`,
`Loop`, `Link`, `Growing`). Names whose trees differ are given as `hosts`; "" is what is shown to who sends no Host.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import ssl
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import quote, unquote
from zlib import crc32

from tests import witness

PAGE = "<!doctype html><html><head><title>Welcome</title></head><body><h1>Welcome</h1><p>{}</p>{}</body></html>"
WORDS = "A page of a company that sells garden furniture and tells at length about wood, oil and the weather. " * 8


class Asked(NamedTuple):
    """One request as it came."""

    verb: str
    path: str
    host: str
    body: bytes = b""


@dataclass
class Status:
    """An answer without a listing. `times`: how often, before what stands in `then` is served."""

    code: int
    headers: Mapping[str, str] = field(default_factory=dict)
    times: int | None = None
    then: Any = None
    body: bytes = b"<html><body>no</body></html>"
    kind: str = "text/html"


@dataclass
class Gone:
    """A connection that is reset before it is answered."""


@dataclass
class Maze:
    """A page that links to ever more pages, each of its own form."""


@dataclass
class Page:
    """An index page, with links."""

    links: Sequence[str] = ()


@dataclass
class Redirect:
    """Elsewhere. `{path}` is the path that was asked for."""

    location: str


@dataclass
class Slow:
    """A folder that takes its time."""

    seconds: float
    then: Any


@dataclass
class Cut:
    """A folder whose listing is reset in the middle, `times` times."""

    then: Any
    times: int = 10**9


@dataclass
class Stream:
    """A body without a length that comes in pieces, one `every` so many seconds, perhaps without end."""

    pieces: Callable[[], Iterable[bytes]]
    every: float = 0.0


@dataclass
class Loop:
    """A link to the folder that lies `up` levels above its own."""

    up: int = 0


@dataclass
class Link:
    """A link to the folder at `path`, from the root on."""

    path: str


@dataclass
class Growing:
    """A folder that has ever another folder in it."""


class Front(dict):
    """A page before a tree; `every` is shown for any other folder."""

    def __init__(self, page: Page, tree: Mapping[str, Any], every: Any = None) -> None:
        super().__init__(tree)
        self.page = page
        self.all = every


class Hidden(dict):
    """A tree with folders that no listing names."""

    def __init__(self, shown: Mapping[str, Any], hidden: Mapping[str, Any]) -> None:
        super().__init__(shown)
        self.hidden = hidden


class Site:
    """One server. `asked` is its log; `tls` makes it speak TLS."""

    def __init__(
        self,
        tree: Any,
        *,
        hosts: Mapping[str, Any] | None = None,
        tls: ssl.SSLContext | None = None,
        robots: str | None = None,
        sitemap: str | None = None,
        everything: Any = None,
        fold: bool = False,
        delay: float = 0.0,
        date: str = "01-Feb-2019 10:00",
    ) -> None:
        self.tree = tree
        self.hosts = dict(hosts or {})
        self.asked: list[Asked] = []
        self.dialled = 0
        self.left = 0                    # streams that nobody took to their end
        self.most_at_once = 0
        self._tls = tls
        self._robots = robots
        self._sitemap = sitemap
        self._everything = everything  # answered to every path
        self._fold = fold  # letter case does not matter
        self._delay = delay
        self._date = date
        self._now = 0
        self._times: Counter[int] = Counter()
        self._server: asyncio.Server | None = None
        self._then: tuple[int, Callable[[], object]] | None = None

    async def start(self, address: str, port: int) -> Site:
        """Serve."""
        self._server = await asyncio.start_server(self._converse, address, port, ssl=self._tls, backlog=512)
        return self

    def after(self, requests: int, then: Callable[[], object]) -> None:
        """Call `then` once so many requests have come."""
        self._then = (requests, then)

    async def stop(self) -> None:
        """Serve no more."""
        assert self._server is not None
        self._server.close()

    def paths(self, host: str | None = None) -> Counter[str]:
        """How often each path was asked; the control's random one and what a door offers are left out."""
        return Counter(
            one.path
            for one in self.asked
            if host in (None, one.host.partition(":")[0]) and not _random(one.path) and one.verb != "OPTIONS"
        )

    def judge(self) -> None:
        """Every path was a directory or published, and every verb harmless."""
        witness.judge(witness.unfit(one.verb, one.path, one.body) for one in self.asked)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.dialled += 1
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                await self._talk(reader, writer)
        finally:
            self._now -= 1
            with suppress(ConnectionError):
                writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readexactly(1)
        if first == b"\x16":                 # TLS, which is not spoken here
            writer.transport.abort()
            return
        head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        verb, path, _ = head[0].split(" ")
        host = next((line[5:].strip() for line in head if line.lower().startswith("host:")), "")
        length = next((int(line[15:]) for line in head if line.lower().startswith("content-length:")), 0)
        self.asked.append(Asked(verb, path, host, await reader.readexactly(length)))
        if self._then is not None and len(self.asked) == self._then[0]:
            self._then[1]()
        await asyncio.sleep(self._delay)
        await self._answer(writer, path, host)

    async def _answer(self, writer: asyncio.StreamWriter, path: str, host: str) -> None:
        if path == "/robots.txt" and self._robots is not None:
            await _say(writer, 200, self._robots.encode(), kind="text/plain")
        elif path == "/sitemap.xml" and self._sitemap is not None:
            await _say(writer, 200, self._sitemap.encode(), kind="application/xml")
        elif self._everything is not None:
            await self._show(writer, path, self._everything)
        else:
            found = self._find(self.hosts.get(host.partition(":")[0], self.tree), path)
            await self._show(writer, path, found.page if isinstance(found, Front) else found)

    def _find(self, tree: Any, path: str) -> Any:
        found = self._walk(tree, path)
        return found[-1] if isinstance(found, list) else found

    def _walk(self, tree: Any, path: str) -> Any:
        """The things from the root to where a path leads; what else is answered there."""
        above = [tree]
        for segment in [unquote(segment) for segment in path.split("/") if segment]:
            at = above[-1]
            while isinstance(at, (Slow, Cut)):
                at = at.then
            if isinstance(at, Growing):
                above.append(at)
                continue
            if not isinstance(at, Mapping):
                return at if isinstance(at, (Status, Redirect)) else None
            key = next(
                (
                    name
                    for name in (*at, *getattr(at, "hidden", ()))
                    if name == segment or (self._fold and name.lower() == segment.lower())
                ),
                None,
            )
            if key is None:
                return at.all if isinstance(at, Front) and at.all is not None else None
            found = at[key] if key in at else at.hidden[key]
            if isinstance(found, Link):
                above = self._walk(tree, found.path)
                continue
            if isinstance(found, Loop):
                del above[len(above) - found.up :]
                found = above.pop()
            above.append(found)
        return above

    async def _show(self, writer: asyncio.StreamWriter, path: str, thing: Any) -> None:
        if isinstance(thing, Gone):
            return writer.transport.abort()
        if isinstance(thing, Stream):
            return await self._pour(writer, thing)
        return await self._tell(writer, path, thing)

    async def _pour(self, writer: asyncio.StreamWriter, thing: Stream) -> None:
        """Until there is no more, or nobody takes it."""
        head = _head(200, 0, {}, "text/html").replace(b"Content-Length: 0\r\n", b"")
        try:
            for piece in itertools.chain([head], thing.pieces()):
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(thing.every)
        except ConnectionError:
            self.left += 1

    async def _tell(self, writer: asyncio.StreamWriter, path: str, thing: Any) -> None:
        cut = False
        while isinstance(thing, (Slow, Cut, Status)):
            if isinstance(thing, Slow):
                await asyncio.sleep(thing.seconds)
            elif self._times[id(thing)] >= (thing.times if thing.times is not None else 10**9):
                pass
            elif isinstance(thing, Status):
                self._times[id(thing)] += 1
                return await _say(writer, thing.code, thing.body, thing.headers, thing.kind)
            else:
                self._times[id(thing)] += 1
                cut = True
            thing = thing.then
        if isinstance(thing, Redirect):
            return await _say(writer, 301, b"", {"Location": thing.location.format(path=path)})
        if isinstance(thing, (Maze, Page)):
            return await _say(writer, 200, _page(path, thing))
        if isinstance(thing, Growing):
            thing = {f"d{len(path)}": {}, "x.txt": 1}
        if not isinstance(thing, Mapping) or not path.endswith("/"):
            return await _say(writer, 404, b"<html><body>not found</body></html>")
        body = listing(path, thing, self._date)
        if cut:
            writer.write(_head(200, len(body), {}, "text/html") + body[: len(body) * 2 // 3])
            await writer.drain()
            await asyncio.sleep(0.02)
            writer.transport.abort()
            return None
        return await _say(writer, 200, body)


def _page(path: str, thing: Maze | Page) -> bytes:
    if isinstance(thing, Page):
        return PAGE.format(WORDS, "".join(f'<a href="{link}">more</a>' for link in thing.links)).encode()
    rooms = "".join(f'<a href="{path}{len(path):x}{way}/">on</a>' for way in "abcde")
    return PAGE.format(WORDS, "<p><b>on</b></p>" * (crc32(path.encode()) % 97) + rooms).encode()


def listing(path: str, tree: Mapping[str, Any], date: str = "01-Feb-2019 10:00") -> bytes:
    """The folder as nginx prints it."""
    rows = [
        _row(name, thing, date)
        for name, thing in sorted(tree.items(), key=lambda item: (isinstance(item[1], int), item[0]))
    ]
    title = f"Index of {unquote(path)}"
    return (
        f'<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<h1>{title}</h1><hr><pre><a href="../">../</a>\r\n'
        f"{''.join(rows)}</pre><hr></body>\r\n</html>\r\n"
    ).encode()


def _row(name: str, thing: Any, date: str) -> str:
    slash, size = ("", str(thing)) if isinstance(thing, int) else ("/", "-")
    shown = name + slash if len(name + slash) <= 50 else f"{name[:47]}..>"
    return f'<a href="{quote(name)}{slash}">{shown}</a>{" " * (51 - len(shown))}{date} {size:>19}\r\n'


async def _say(
    writer: asyncio.StreamWriter,
    status: int,
    body: bytes,
    headers: Mapping[str, str] | None = None,
    kind: str = "text/html",
) -> None:
    writer.write(_head(status, len(body), headers or {}, kind) + body)
    await writer.drain()


def _head(status: int, length: int, headers: Mapping[str, str], kind: str) -> bytes:
    more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return (
        f"HTTP/1.1 {status} X\r\nServer: nginx/1.24.0\r\nDate: Mon, 18 Feb 2019 08:00:00 GMT\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n{more}\r\n"
    ).encode()


def _random(path: str) -> bool:
    name = path.strip("/")
    return len(name) == 16 and set(name) <= set("0123456789abcdef")


_places = itertools.count(random.randrange(1, 250 * 250))


def place() -> str:
    """An address of loopback that no other test uses."""
    number = next(_places) % (250 * 250)
    return f"127.{100 + number % 100}.{number // 250 + 1}.{number % 250 + 1}"


def calls(count: int, first: int = 0) -> dict[str, int]:
    """Files of calls, no person in their names."""
    return {f"call-{first + i:05}.wav": 16_044 + i for i in range(count)}
