"""Servers that greet badly, stall in the key exchange, send without end: each ends in its time.

The door beside them is found all the same: nothing of one connection is shared with another.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path
from time import monotonic

import pytest

from scanner.errors import DeadlineError, NetError, NotThisProtocol, ProtocolError, Reset
from scanner.model import Endpoint, Reason
from scanner.net import Limits
from scanner.probes.ssh import Ssh
from tests.ports import listen
from tests.probes.ssh.ssh_inside import server
from tests.probes.ssh.test_ssh_login import all_of, network, opened

Say = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
QUICK = Limits(first_byte=2.0, total=4.0, page_bytes=64 * 1024)
GREETING = b"SSH-2.0-Hostile_1.0\r\n"


def packet(payload: bytes) -> bytes:
    """Before any key, without padding to speak of (RFC 4253 section 6)."""
    padding = 8 - (5 + len(payload)) % 8 + 8
    return struct.pack(">IB", 1 + len(payload) + padding, padding) + payload + bytes(padding)


def once(*said: bytes) -> Say:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for part in said:
            writer.write(part)
        await writer.drain()
        await asyncio.sleep(20)
    return say


def forever(first: bytes, again: bytes, *, every: float = 0) -> Say:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(every)
    return say


async def gone(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Closes at once."""


@asynccontextmanager
async def hostile(say: Say) -> AsyncIterator[int]:
    tasks = set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())  # type: ignore[arg-type]  # it runs, so there is one
        try:
            await say(reader, writer)
        except (OSError, asyncio.CancelledError):
            return
        finally:
            writer.close()

    sock = listen()
    running = await asyncio.start_server(serve, sock=sock)
    try:
        yield sock.getsockname()[1]
    finally:
        running.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize(("say", "error"), [
    (once(), DeadlineError),
    (gone, Reset),
    (forever(b"", b"come in\r\n"), NotThisProtocol),
    (forever(b"", b"x" * 4096), NotThisProtocol),
    (forever(b"", b"drop\r\n", every=0.3), NotThisProtocol),
    (forever(b"SSH-2.0-", b"", every=0.3), DeadlineError),
    (forever(b"SSH-2.0-", b"x" * 100), ProtocolError),
    (once(b"220 ftp.example.org FTP server ready\r\n"), NotThisProtocol),
    (once(b"HTTP/1.1 400 Bad Request\r\n\r\n"), NotThisProtocol),
    (once(b"\x15\x03\x01\0\2\2\x0a"), NotThisProtocol),
    (once(b"SSH-2.0\r\n"), ProtocolError),
    (once(b"SSH-" + bytes(range(32)) * 100 + b"\n"), ProtocolError),
], ids=["silence", "closes at once", "lines without end", "a line without end", "drips lines", "stops in its greeting",
        "a greeting without end", "another protocol", "HTTP", "a TLS alert", "half a greeting", "binary"])
async def test_what_is_no_greeting_is_an_error_in_its_time(say: Say, error: type[NetError]) -> None:
    async with hostile(say) as port:
        there = Endpoint(address=ip_address("127.0.0.1"), port=port, hint="ssh")
        begun = monotonic()
        with pytest.raises(error) as raised:
            async with Ssh().open(there, net := network(limits=QUICK)):
                pass
        assert monotonic() - begun < 10
    assert error is type(raised.value)
    assert net.ledger.bytes_sent == 0
    assert net.ledger.bytes_received < 20_000


@pytest.mark.parametrize(("say", "reason"), [
    (once(GREETING), Reason.TIMEOUT),
    (once(GREETING, b"garbage" * 30), Reason.PROTOCOL),
    (once(GREETING, packet(b"\x14" + bytes(16) + (struct.pack(">I", 4) + b"none") * 10 + bytes(5))), Reason.PROTOCOL),
    (once(GREETING, struct.pack(">I", 2**31) + bytes(60)), Reason.PROTOCOL),
    (once(GREETING, packet(b"\x01\0\0\0\x02\0\0\0\4gone\0\0\0\0")), Reason.PROTOCOL),
    (forever(GREETING, packet(b"\x02" + struct.pack(">I", 30_000) + bytes(30_000))), Reason.CUT),
    (forever(GREETING, packet(b"\x02\0\0\0\0"), every=0.2), Reason.TIMEOUT),
], ids=["stalls", "garbage", "no algorithm in common", "a huge packet", "disconnects", "ignorable packets without end",
        "drips packets"])
async def test_what_comes_to_no_login_is_told_with_the_greeting(say: Say, reason: Reason) -> None:
    async with hostile(say) as port:
        begun = monotonic()
        async with opened(port, net := network(limits=QUICK)) as door:
            files, folders, _, seen = await all_of(door)
        assert monotonic() - begun < 10
    assert ({}, []) == (files, folders)
    assert seen.doubt is not None
    assert reason is seen.doubt[0]
    assert "SSH: Hostile_1.0; no answer to the login: " in seen.doubt[1]
    assert "Hostile_1.0" == seen.facts["ssh.software"]
    assert net.ledger.bytes_received < 200_000


async def test_the_first_generation_is_named_and_not_spoken() -> None:
    async with hostile(once(b"SSH-1.5-Ancient\n")) as port, opened(port, net := network()) as door:
        seen = (await all_of(door))[3]
    assert (Reason.RECOGNISED, "SSH: Ancient; logins are not tried") == seen.doubt
    assert 0 == net.ledger.bytes_sent


async def test_a_hundred_megabytes_are_not_read() -> None:
    async with hostile(once(GREETING, *[b"x" * (1 << 20)] * 100)) as port, \
            opened(port, net := network(None)) as door:
        await all_of(door)
    assert net.ledger.bytes_received <= 1024


async def test_a_good_server_beside_a_bad_one_is_listed(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"1")
    net = network(limits=QUICK)
    async with hostile(once(GREETING)) as bad, server(tmp_path) as (good, _), \
            opened(bad, net), opened(good, net) as door:
        assert {b"a.wav": 1} == (await all_of(door))[0]
