"""rsync daemons made of a few lines of asyncio, on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address

from scanner.model import Endpoint
from scanner.net import Ledger, Limits, Net, Pace
from tests.fakes import FakeScope
from tests.ports import listen
from tests.probes.rsync.rsync_lists import HELLO, OK, SEED

SMALL = Limits(connect=5, first_byte=2.0, total=5.0, page_bytes=64 * 1024, listing_bytes=4 * 1024 * 1024)
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def small_net() -> Net:
    """The real network with limits that end soon."""
    return Net(FakeScope(), pace=Pace(1e4, 1e4, 100, 100), ledger=Ledger(), limits=SMALL, identity=None)


@asynccontextmanager
async def served(serve: Serve) -> AsyncIterator[Endpoint]:
    """A server that does this with each client."""
    talks = set[asyncio.Task[None]]()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await serve(reader, writer)
            await writer.drain()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(one(reader, writer))
        talks.add(task)

    sock = listen()
    server = await asyncio.start_server(begin, sock=sock)
    try:
        yield Endpoint(address=ip_address("127.0.0.1"), port=sock.getsockname()[1])
    finally:
        server.close()
        async with asyncio.timeout(60):
            await asyncio.gather(*talks)


def lister(*pieces: bytes, pause: float = 0.0, keep: bool = False) -> Serve:
    """Lets into the module, and sends these behind the seed; with `keep` it waits for the client to close."""
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HELLO)
        await reader.readline()
        await reader.readline()
        writer.write(OK)
        await reader.readuntil(b"\n\n")
        writer.write(SEED)
        await reader.readexactly(4)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        if keep:
            await reader.read()
    return serve


def endless(before: bytes, line: Callable[[int], bytes]) -> Serve:
    """Answers with this, then with lines without end."""
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HELLO)
        await reader.readline()
        await reader.readline()
        writer.write(before)
        for number in range(10_000_000):
            writer.write(line(number))
            if number % 100 == 0:
                await writer.drain()
    return serve


def naming(modules: bytes) -> Serve:
    """Asked for its list of modules it says this."""
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HELLO)
        await reader.readuntil(b"#list\n")
        writer.write(modules)
    return serve
