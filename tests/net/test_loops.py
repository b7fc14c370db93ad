"""The same machinery under uvloop, over IPv6, and with many at once."""

from __future__ import annotations

import asyncio
import importlib.util
import time
from ipaddress import ip_address

import pytest

from scanner.errors import ConnectRefused, DeadlineError
from scanner.model import Endpoint
from scanner.net import Limits, Verb
from tests.net.hostile import BLOCK, Server, drip, endless, net, say
from tests.ports import free, listen

PAGE = b"<html><pre>" + b"<a href=\"a.wav\">a.wav</a>\n" * 300 + b"</pre></html>"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def loop_factories():
    yield pytest.param(asyncio.new_event_loop, id="asyncio")
    if importlib.util.find_spec("uvloop") is not None:
        import uvloop
        yield pytest.param(uvloop.new_event_loop, id="uvloop")


@pytest.mark.parametrize("factory", list(loop_factories()))
@pytest.mark.parametrize("tls", [False, True], ids=["clear", "tls"])
def test_every_event_loop_gives_the_same(factory, tls) -> None:
    async def one(door, where) -> bytes:
        async with door.fetch(where, Verb.GET, "/") as answer:
            return b"".join([chunk async for chunk in answer.chunks()])

    async def main() -> None:
        door = net()
        with Server(say(OK + PAGE), tls=tls) as server:
            assert await asyncio.gather(*(one(door, server.endpoint) for _ in range(40))) == [PAGE] * 40
        with Server(drip(OK + b"<html>", b"<br>", 0.05), tls=tls) as server, pytest.raises(DeadlineError):
            await one(net(Limits(total=0.6)), server.endpoint)
        with Server(endless(OK, BLOCK), tls=tls) as server:
            assert await one(door, server.endpoint) == b""
        with pytest.raises(ConnectRefused):
            await one(door, Endpoint(address=ip_address("127.0.0.1"), port=free()))
        assert door.ledger.contacts == 42
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(main())


@pytest.mark.parametrize("factory", list(loop_factories()))
def test_a_reader_that_takes_its_time_costs_no_processor(factory) -> None:
    async def main() -> float:
        with Server(say(OK + PAGE * 50)) as server:
            async with net().fetch(server.endpoint, Verb.GET, "/") as answer:
                assert await answer.read()
                before = time.thread_time()
                await asyncio.sleep(0.4)
                spent = time.thread_time() - before
        return spent
    with asyncio.Runner(loop_factory=factory) as runner:
        assert runner.run(main()) < 0.2


@pytest.mark.parametrize("spelling", ["::1", "::ffff:127.0.0.1"])
async def test_ipv6_is_dialled_and_its_peer_compared(spelling: str) -> None:
    try:
        listener = listen("::1") if spelling == "::1" else listen("127.0.0.1")
    except RuntimeError:
        pytest.skip("this machine has no IPv6 loopback")
    with listener:
        here = net()
        stream = await here.connect(Endpoint(address=ip_address(spelling), port=listener.getsockname()[1]))
        stream.abort()
    assert here.ledger.addresses == 1
