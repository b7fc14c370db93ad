"""The scripted network behaves as the real one does: the same questions get the same account."""

from __future__ import annotations

import pytest

from scanner.errors import ConnectRefused, OutOfScope, Reset, TlsError
from scanner.net import State, Verb
from tests.fakes import FakeNet, FakeScope, Talk, endpoint
from tests.net.hostile import Server, net, say

RAW = (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 46\r\nConnection: close\r\n\r\n"
       b"<html><pre><a href=\"a/\">a/</a> </pre></html>\r\n")


async def look(door, where):
    async with door.fetch(where, Verb.GET, "/") as answer:
        body = b"".join([chunk async for chunk in answer.chunks()])
    return answer.status, answer.kind, answer.complete, body


async def test_a_fake_and_a_real_look_are_equal() -> None:
    fake, real, lines = FakeNet({"GET /": RAW}), net(), ([], [])
    fake.ledger.sinks.append(lines[0].append)
    real.ledger.sinks.append(lines[1].append)
    with Server(say(RAW)) as server:
        assert await look(fake, endpoint()) == await look(real, server.endpoint)
    fields = ("verb", "path_class", "received", "outcome")
    assert len({tuple(getattr(line[0], field) for field in fields) for line in lines}) == 1


async def test_a_talk_is_played_in_order() -> None:
    fake = FakeNet(talks=[Talk([b"220 hi\r\n", (b"USER anonymous\r\n", b"331 mail\r\n"), Reset("gone")], port=21)])
    async with await fake.connect(endpoint(21)) as stream:
        assert await stream.speaks(1)
        assert await stream.read_line() == b"220 hi\r\n"
        assert not await stream.speaks(1)
        await stream.send(b"USER anonymous\r\n")
        assert await stream.read_line() == b"331 mail\r\n"
        with pytest.raises(Reset):
            await stream.read_line()


async def test_scope_and_failures_are_kept() -> None:
    fake = FakeNet({}, scope=FakeScope(frozenset({"192.0.2.9"})), states={("192.0.2.7", 80): State.OPEN},
                   failing={("192.0.2.7", 443): ConnectRefused("closed")})
    with pytest.raises(OutOfScope):
        await fake.connect(endpoint(address="192.0.2.9"))
    with pytest.raises(ConnectRefused):
        await fake.connect(endpoint(443))
    assert (await fake.knock(endpoint().address, 80, 1)).state is State.OPEN
    assert (await look(fake, endpoint()))[0] == 404
    assert (fake.asked, fake.dialled) == (["GET /"], [endpoint()])


async def test_names_and_clear_ports_are_told_apart() -> None:
    fake = FakeNet({"GET /": RAW, "GET / @files.example.org": b"HTTP/1.1 403 No\r\n\r\n"}, clear=frozenset({443}))
    statuses = [(await look(fake, endpoint(port, host=host)))[0]
                for port, host in ((80, None), (80, "files.example.org"), (8080, "files.example.org"),
                                    (81, "x.example"))]
    assert statuses == [200, 403, 403, 200]
    with pytest.raises(TlsError):
        await look(fake, endpoint(443, tls=True))
    assert (await look(fake, endpoint(8443, tls=True)))[0] == 200
