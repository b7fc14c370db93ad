"""Small servers on loopback that misbehave. Each stands at an address of its own and keeps every request that it saw.

    async with serve(says(b"HTTP/1.1 200 OK\\r\\n\\r\\n", 5.0)) as host: ...

Text of a stranger is written as bytes; a number is seconds of silence.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from scanner.net import Limits
from tests.hostile.behaviour import Host, Hosting
from tests.ports import listen
from tests.scan.sites import calls, listing, place

_RESET = struct.pack("ii", 1, 0)         # SO_LINGER on, zero seconds: close() sends RST
_numbers = itertools.count(1000, 100)
_ports = set[int]()                      # a gap names a port: in one run of the tests each is used once


@dataclass(frozen=True, slots=True)
class Talk:
    """One connection, after a request has been read."""

    verb: str
    path: str
    request: bytes
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def say(self, data: bytes) -> None:
        """Write, and wait until it has left."""
        self.writer.write(data)
        await self.writer.drain()

    async def idle(self, seconds: float) -> None:
        """Say nothing; ends early when the other side has gone."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while await self.reader.read(4096):
                    pass
                raise ConnectionResetError

    def reset(self) -> None:
        """Cut off at once, by RST."""
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.writer.transport.abort()


Answer = Callable[[Talk], Awaitable[None]]


@asynccontextmanager
async def serve(answer: Answer, *, target: str = "http://{}/", greets: bool = False, port: int | None = None,
                limits: Limits | None = None) -> AsyncIterator[Host]:
    """A server that answers each request so. `greets`: it does not wait for one. `port`: it must be this one.
    `limits`: those of the scan that meets it.
    """
    sock = listener() if port is None else socket.create_server((place(), port))
    address, port = sock.getsockname()
    host = Host(targets=(target.format(f"{address}:{port}"),), doors=frozenset({(address, port)}),
                session={"limits": limits} if limits is not None else {})
    under_way = set[asyncio.Task[None]]()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        under_way.add(task)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            request = b"" if greets else await _request(reader)
            host.seen.append(request)
            verb, path, *_ = [*request.partition(b"\r\n")[0].decode("latin-1").split(" "), "", ""]
            await answer(Talk(verb, path, request, reader, writer))
        with suppress(OSError):
            writer.close()
        under_way.discard(task)

    server = await asyncio.start_server(converse, sock=sock)
    try:
        yield host
    finally:
        server.close()
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


def hosting(answer: Answer, **how: bool | str | Limits) -> Hosting:
    """What a `Behaviour` starts."""
    return lambda: serve(answer, **how)  # type: ignore[arg-type]


def says(*parts: bytes | float) -> Answer:
    """Bytes are sent, numbers are seconds of silence."""
    async def answer(talk: Talk) -> None:
        for part in parts:
            if isinstance(part, bytes):
                await talk.say(part)
            else:
                await talk.idle(part)
    return answer


def drips(head: bytes, pieces: Iterable[bytes], every: float) -> Answer:
    """A head, then a piece at a time, again and again from the first."""
    parts = tuple(pieces)

    async def answer(talk: Talk) -> None:
        await talk.say(head)
        while True:
            for piece in parts:
                await talk.say(piece)
                await talk.idle(every)
    return answer


def pours(head: bytes, block: bytes) -> Answer:
    """A head, then the same block for as long as anybody takes it."""
    async def answer(talk: Talk) -> None:
        await talk.say(head)
        while True:
            await talk.say(block)
    return answer


def resets(*parts: bytes) -> Answer:
    """Says this, then cuts off."""
    async def answer(talk: Talk) -> None:
        for part in parts:
            await talk.say(part)
        await asyncio.sleep(0.05)
        talk.reset()
    return answer


def ok(body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/html", length: bool = True) -> bytes:
    """A whole answer."""
    more = "".join(f"{header}\r\n" for header in headers)
    size = f"Content-Length: {len(body)}\r\n" if length else ""
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{size}{more}\r\n".encode("latin-1") + body


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
NOT_FOUND = ok(b"<html><body>not found</body></html>", status="404 Not Found")


def at(pages: dict[str, bytes | Answer], otherwise: bytes | Answer = NOT_FOUND) -> Answer:
    """By path, as asked for; everything else is not found."""
    async def answer(talk: Talk) -> None:
        said = pages.get(talk.path, otherwise)
        await (talk.say(said) if isinstance(said, bytes) else said(talk))
    return answer


def below(answer: bytes | Answer, name: str = "harm") -> Answer:
    """A listing of three files and a folder, which answers so."""
    return at({"/": ok(listing("/", {name: {}, **calls(3, first=next(_numbers))})), f"/{name}/": answer})


def folder(count: int, path: str = "/") -> bytes:
    """A listing of so many calls, as nginx prints it, which no other server shows."""
    return listing(path, calls(count, first=next(_numbers)))


async def _request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    return head + await reader.readexactly(length)


def listener() -> socket.socket:
    """An address and a port that nobody else has, listening."""
    while True:
        sock = listen(place())
        if sock.getsockname()[1] not in _ports:
            _ports.add(sock.getsockname()[1])
            return sock
        sock.close()
