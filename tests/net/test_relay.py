"""The relay: bytes pass both ways under the Stream's rules, and it ends when either side ends."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address
from time import monotonic

import pytest

from scanner.errors import BudgetError, DeadlineError, NetError
from scanner.model import Endpoint
from scanner.net import Ledger, Limits, Net, Pace
from scanner.net.relay import Relay
from tests.fakes import FakeScope
from tests.ports import listen

Peer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def network(limits: Limits) -> Net:
    return Net(FakeScope(), pace=Pace(1e6, 1e6, 100, 4), ledger=Ledger(), limits=limits, identity=None)


@asynccontextmanager
async def relayed(peer: Peer, limits: Limits | None = None, said: bytes = b"") -> AsyncIterator[tuple[Relay, Net]]:
    """A relay to a peer on loopback."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await peer(reader, writer)
        except OSError:
            return
        finally:
            writer.close()

    net = network(limits or Limits())
    sock = listen()
    server = await asyncio.start_server(serve, sock=sock)
    try:
        there = Endpoint(address=ip_address("127.0.0.1"), port=sock.getsockname()[1])
        async with await net.connect(there) as stream, Relay(stream, said) as relay:
            yield relay, net
    finally:
        server.close()


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()


async def read_all(sock: socket.socket) -> bytes:
    loop, data = asyncio.get_running_loop(), b""
    while more := await loop.sock_recv(sock, 1 << 16):
        data += more
    return data


async def read(sock: socket.socket, size: int) -> bytes:
    loop, data = asyncio.get_running_loop(), b""
    while len(data) < size:
        data += await loop.sock_recv(sock, size - len(data))
    return data


async def test_what_was_read_before_comes_first_and_then_what_the_peer_says() -> None:
    async with relayed(echo, said=b"first ") as (relay, net):
        await asyncio.get_running_loop().sock_sendall(relay.theirs, b"second")
        assert b"first second" == await read(relay.theirs, 12)
    assert (6, 6) == (net.ledger.bytes_sent, net.ledger.bytes_received)


async def test_many_portions_pass_in_both_directions_at_once() -> None:
    sent = bytes(range(256)) * 2000
    async with relayed(echo, Limits(page_bytes=1 << 20)) as (relay, _):
        relay.stream.approve()
        sending = asyncio.create_task(asyncio.get_running_loop().sock_sendall(relay.theirs, sent))
        assert sent == await read(relay.theirs, len(sent))
        await sending


async def test_it_ends_when_the_peer_ends() -> None:
    async def short(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"that is all")
        await writer.drain()

    async with relayed(short) as (relay, _):
        assert b"that is all" == await read_all(relay.theirs)
        assert relay.fault is None


async def test_the_peer_sees_an_end_when_the_library_ends() -> None:
    ended = asyncio.Event()

    async def listening(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert b"bye" == await reader.read()
        ended.set()

    async with relayed(listening) as (relay, _):
        await asyncio.get_running_loop().sock_sendall(relay.theirs, b"bye")
        relay.theirs.close()
        await asyncio.wait_for(ended.wait(), 5)


async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


@pytest.mark.parametrize(("peer", "fault", "most"), [
    (endless, BudgetError, 10_000), (silent, DeadlineError, 0)])
async def test_budget_and_deadline_of_the_stream_hold(peer: Peer, fault: type[NetError], most: int) -> None:
    async with relayed(peer, Limits(first_byte=0.3, total=0.5, page_bytes=10_000)) as (relay, net):
        assert most >= len(await read_all(relay.theirs))
        assert isinstance(relay.fault, fault)
        assert relay.ended
    assert net.ledger.bytes_received <= most


async def test_a_peer_that_takes_nothing_ends_at_the_deadline() -> None:
    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"x")
        await asyncio.sleep(20)

    async with relayed(deaf, Limits(first_byte=0.3, total=0.5)) as (relay, _):
        begun = monotonic()
        with pytest.raises(OSError):
            await asyncio.get_running_loop().sock_sendall(relay.theirs, bytes(64 << 20))
        assert isinstance(relay.fault, DeadlineError)
        assert monotonic() - begun < 10


async def test_no_deadline_passes_while_it_rests_and_nothing_is_carried() -> None:
    async with relayed(echo, Limits(first_byte=0.2, total=0.3)) as (relay, _):
        loop = asyncio.get_running_loop()
        relay.rest()
        await loop.sock_sendall(relay.theirs, b"later")
        await asyncio.sleep(0.6)
        assert not relay.ended
        await relay.wake()
        assert b"later" == await read(relay.theirs, 5)


async def test_leaving_it_leaves_no_task_behind() -> None:
    before = asyncio.all_tasks()
    async with relayed(silent) as (relay, _):
        await asyncio.sleep(0)
    assert relay.ended
    await asyncio.sleep(0.05)
    assert before == {task for task in asyncio.all_tasks() if "serve" not in repr(task)}
