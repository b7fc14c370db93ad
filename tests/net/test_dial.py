"""Where connections go, how they end, and what is said when they do not come about."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import subprocess
import sys
import time
from ipaddress import IPv6Address, ip_address
from pathlib import Path

import pytest

from scanner.errors import (
    BudgetError,
    ConnectRefused,
    ConnectTimeout,
    LocalFault,
    NetError,
    OutOfScope,
    ProtocolError,
    Reset,
    Unreachable,
)
from scanner.model import Endpoint
from scanner.net import Limits, State, Verb
from scanner.net.faults import translate
from scanner.net.wire import Wire
from tests.net.hostile import Server, net, say
from tests.ports import FIRST, LAST, free, listen


def door(port: int, address: str = "127.0.0.1") -> Endpoint:
    return Endpoint(address=ip_address(address), port=port)


async def test_an_address_outside_the_scope_is_never_dialled() -> None:
    with Server(say(b"x"), asks=False) as server:
        here = net(denied=frozenset({"127.0.0.1"}))
        with pytest.raises(OutOfScope, match="not in the scope"):
            await here.connect(server.endpoint)
        with pytest.raises(OutOfScope):
            await here.knock(server.endpoint.address, server.port, 1)
    assert (server.requests, here.ledger.contacts, here.ledger.addresses) == ([], 0, 0)


async def test_the_scope_is_asked_at_each_dial_for_the_address_itself() -> None:
    here = net()
    with Server(say(b"x"), asks=False) as server:
        for _ in range(2):
            (await here.connect(server.endpoint)).abort()
    assert [("127.0.0.1", server.port)] * 2 == here.scope.asked


async def test_an_address_with_a_zone_is_refused() -> None:
    with pytest.raises(OutOfScope, match="zone"):
        await net().connect(Endpoint(address=IPv6Address("fe80::1%1"), port=80))


async def test_a_peer_that_is_not_the_one_dialled_is_left() -> None:
    with listen() as listener:
        sock = socket.create_connection(listener.getsockname())
        sock.setblocking(False)
        wire = Wire(sock, ("127.0.0.2", listener.getsockname()[1]), time.monotonic() + 1)
        with pytest.raises(OutOfScope, match="another address"):
            wire.source()
        wire.abort()


async def test_a_closed_port_is_refused_and_in_the_account() -> None:
    here, seen = net(), []
    here.ledger.sinks.append(seen.append)
    with pytest.raises(ConnectRefused, match="refused"):
        await here.connect(door(free()))
    assert [(c.verb, c.outcome, str(c.address)) for c in seen] == [("connect", "refused", "127.0.0.1")]


def _full(listener: socket.socket) -> list[socket.socket]:
    """Fill the queue of a listener that accepts nobody: further packets are dropped."""
    waiting = []
    for _ in range(4):
        sock = socket.socket()
        sock.setblocking(False)
        sock.connect_ex(listener.getsockname())
        waiting.append(sock)
    time.sleep(0.1)
    return waiting


async def test_nobody_answering_is_a_timeout_at_the_deadline() -> None:
    with listen(backlog=0) as listener:
        waiting, start = _full(listener), time.monotonic()
        with pytest.raises(ConnectTimeout):
            await net(Limits(connect=0.3)).connect(door(listener.getsockname()[1]))
        assert 0.25 <= time.monotonic() - start < 4
        knocked = await net().knock(ip_address("127.0.0.1"), listener.getsockname()[1], 0.2)
        assert (knocked.state, 0.15 <= knocked.seconds < 1) == (State.SILENT, True)
        for sock in waiting:
            sock.close()


async def test_a_knock_tells_open_from_closed() -> None:
    here = net()
    with Server(say(b"x"), asks=False) as server:
        assert State.OPEN is (await here.knock(server.endpoint.address, server.port, 1)).state
    assert State.CLOSED is (await here.knock(ip_address("127.0.0.1"), free(), 1)).state
    assert (here.ledger.contacts, here.ledger.addresses, here.ledger.bytes_sent,
                            len(here.ledger.conduct().requests)) == (2, 1, 0, 0)


async def test_the_receive_buffer_is_small_before_connect_and_raised_by_approval() -> None:
    with Server(say(b"x" * 200000), asks=False) as server:
        async with await net().connect(server.endpoint) as stream:
            sock = stream._wire._sock
            assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) <= 4608
            assert len(await stream.read(65536)) <= 1024
            stream.approve()
            assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) >= 65536
            await stream.read(1024)
            assert max([len(await stream.read(65536)) for _ in range(3)]) > 1024


async def test_an_abort_is_a_reset_for_the_other_side() -> None:
    ends = []

    def behave(sock: socket.socket, request: bytes) -> None:
        try:
            ends.append(sock.recv(10))
        except ConnectionResetError:
            ends.append(b"reset")
    with Server(behave, asks=False) as server:
        here = net()
        (await here.connect(server.endpoint)).abort()
        server.settled()
        stream = await here.connect(server.endpoint)
        stream.close()
        stream.close()
        server.settled()
    assert ends == [b"reset", b""]


async def test_leaving_a_stream_releases_its_place_even_when_cancelled() -> None:
    here = net(open_host=1)
    with Server(say(5.0), asks=False) as server:
        async def look() -> None:
            async with await here.connect(server.endpoint) as stream:
                await stream.read()
        task = asyncio.create_task(look())
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(1):
            (await here.connect(server.endpoint)).abort()
    assert here.ledger.contacts == 2


async def test_a_cancelled_dial_releases_its_place() -> None:
    with listen(backlog=0) as listener:
        waiting, here = _full(listener), net(open_host=1)
        task = asyncio.create_task(here.connect(door(listener.getsockname()[1])))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(1):
            await here.knock(ip_address("127.0.0.1"), free(), 1)
        for sock in waiting:
            sock.close()


async def test_lines_and_exact_reads_share_one_buffer() -> None:
    with Server(say(b"one\r\ntwo\r\nab", 0.05, b"cdef"), asks=False) as server:
        async with await net().connect(server.endpoint) as stream:
            assert await stream.read_line() == b"one\r\n"
            assert await stream.read_line() == b"two\r\n"
            assert await stream.read_exactly(4) == b"abcd"
            assert await stream.read_line() == b"ef"
            assert await stream.read() == b""


async def test_what_comes_first_can_be_looked_at_without_taking_it() -> None:
    with Server(say(b"220 ", 0.05, b"ready\r\n"), asks=False) as server:
        async with await net().connect(server.endpoint) as stream:
            assert (await stream.peek(4)).startswith(b"220 ")
            assert await stream.read_line() == b"220 ready\r\n"
            assert await stream.peek(4) == b""


async def test_a_line_without_end_and_a_length_without_reason_are_refused() -> None:
    with Server(say(b"x" * 9000), asks=False) as server:
        async with await net().connect(server.endpoint) as stream:
            with pytest.raises(ProtocolError):
                await stream.read_line(4096)
        async with await net().connect(server.endpoint) as stream:
            with pytest.raises(BudgetError):
                await stream.read_exactly(1 << 31)
        async with await net().connect(server.endpoint) as stream:
            with pytest.raises(Reset):
                await stream.read_exactly(9001)


async def test_a_conversation_has_a_budget_that_rows_raise_and_a_new_request_renews() -> None:
    limits = Limits(page_bytes=2000, listing_bytes=4000)
    with Server(say(b"x" * 20000), asks=False) as server:
        async with await net(limits).connect(server.endpoint) as stream:
            async def drain() -> int:
                count = 0
                try:
                    while data := await stream.read():
                        count += len(data)
                except BudgetError:
                    return count
                return count
            assert await drain() == 2000
            stream.grant(800)
            assert await drain() == 900
            await stream.again()
            assert await drain() == 2000


async def test_who_speaks_first_is_heard_without_reading() -> None:
    with Server(say(0.1, b"220 hi\r\n", 1.0), asks=False) as server:
        async with await net().connect(server.endpoint) as stream:
            assert not await stream.speaks(0.02)
            assert await stream.speaks(1)
            assert await stream.read_line() == b"220 hi\r\n"
            assert not await stream.speaks(0.02)


@pytest.mark.parametrize(("number", "kind"), [
    (errno.ECONNREFUSED, ConnectRefused), (errno.ETIMEDOUT, ConnectTimeout), (errno.EHOSTUNREACH, Unreachable),
    (errno.ENETUNREACH, Unreachable), (errno.ECONNRESET, Reset), (errno.EPIPE, Reset), (errno.EMFILE, LocalFault),
    (errno.ENFILE, LocalFault), (errno.ENOBUFS, LocalFault), (errno.EADDRNOTAVAIL, LocalFault),
    (errno.ENETDOWN, LocalFault), (errno.EACCES, Unreachable)])
def test_the_number_decides_however_deep_it_lies(number: int, kind: type[NetError]) -> None:
    deep = OSError(number, os.strerror(number))
    middle = RuntimeError("all attempts failed")
    middle.__cause__ = deep
    outer = OSError("it did not work")
    outer.__context__ = middle
    for error in (deep, middle, outer):
        assert kind is type(translate(error, "connecting to 192.0.2.7:80"))


_STARVED = """
import asyncio, resource, sys
from tests.net.hostile import net
from tests.net.test_dial import door
from scanner.errors import LocalFault
async def main():
    here = net()
    resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24))
    streams, faults = [], 0
    for _ in range(40):
        try:
            streams.append(await here.connect(door(int(sys.argv[1]))))
        except LocalFault as error:
            assert "ulimit" in str(error), error
            faults += 1
    print(len(streams) + faults, faults > 10, here.ledger.contacts)
    for stream in streams: stream.abort()
asyncio.run(main())
"""


def test_running_out_of_files_is_our_fault_and_not_the_target_s() -> None:
    with listen() as listener:
        ran = subprocess.run([sys.executable, "-c", _STARVED, str(listener.getsockname()[1])], capture_output=True,
                             text=True, timeout=20, check=False)
    assert (ran.stdout.strip(), ran.stderr) == ("40 True 0", "")


def test_test_ports_lie_below_the_ephemeral_range() -> None:
    assert FIRST <= free() <= LAST


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir())) if sys.platform == "linux" else 0


async def test_many_looks_leave_no_file_open() -> None:
    page = b"HTTP/1.1 200 OK\r\n\r\n<html>x</html>"
    before = _open_files()
    with Server(say(page)) as server:
        here = net()
        for _ in range(30):
            async with here.fetch(server.endpoint, Verb.GET, "/") as answer:
                assert [chunk async for chunk in answer.chunks()] == [b"<html>x</html>"]
        server.settled()
    assert _open_files() <= before + 2
    assert (here.ledger.contacts, dict(here.ledger.conduct().requests)) == (30, {"GET": 30})


async def test_closing_wakes_whoever_still_reads() -> None:
    with Server(say(5.0), asks=False) as server:
        stream = await net().connect(server.endpoint)
        reading = asyncio.create_task(stream.read())
        await asyncio.sleep(0.05)
        stream.abort()
        with pytest.raises(Reset, match="our side"):
            await reading
        with pytest.raises(Reset):
            await stream.read()


async def test_a_cancelled_look_is_in_the_account_as_interrupted() -> None:
    here, outcomes = net(), []
    here.ledger.sinks.append(lambda contact: outcomes.append(contact.outcome))

    async def look() -> None:
        async with here.fetch(server.endpoint, Verb.GET, "/"):
            pass
    with Server(say(5.0)) as server:
        task = asyncio.create_task(look())
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert outcomes == ["interrupted"]


async def test_a_port_that_is_none_is_an_error_of_ours() -> None:
    with pytest.raises(NetError):
        await net().connect(door(70000))


async def test_a_busy_machine_is_not_told_of_the_peer() -> None:
    with Server(say(b"one", 0.2, b"two", 0.2), asks=False) as server:
        async with await net(Limits(connect=0.3, first_byte=0.3, total=0.3)).connect(server.endpoint) as stream:
            assert await stream.read() == b"one"
            reading = asyncio.create_task(stream.read())
            await asyncio.sleep(0)
            time.sleep(0.6)  # noqa: ASYNC251 - this is what is tested
            assert await reading == b"two"


async def test_a_peer_that_never_pauses_leaves_others_their_turn() -> None:
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)
    with Server(say(*[b"x" * 65536] * 64), asks=False) as server:
        async with await net(Limits(page_bytes=1 << 23, listing_bytes=1 << 24)).connect(server.endpoint) as stream:
            stream.approve()
            task = asyncio.create_task(other())
            count = 0
            while data := await stream.read(16384):
                count += len(data)
            task.cancel()
    assert count == 1 << 22
    assert turns > 20


async def test_a_connection_to_ourselves_is_a_closed_port() -> None:
    port = free()
    sock = socket.socket()
    sock.setblocking(False)
    sock.bind(("127.0.0.1", port))
    wire = Wire(sock, ("127.0.0.1", port), time.monotonic() + 1)
    await wire.connect()
    with pytest.raises(ConnectRefused, match="ourselves"):
        wire.source()
    wire.abort()
