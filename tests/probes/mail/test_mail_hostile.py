"""Mail servers that mean ill, on loopback: each ends as a named result, within its budget, and nothing stays open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from time import monotonic

import pytest

from scanner.errors import NetError
from scanner.model import Ask, Asked, Endpoint, Observation, Reason
from scanner.net import Ledger, Limits, Net, Pace
from scanner.probes import Imap, Pop3, Probe
from tests import ports
from tests.fakes import FakeScope

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
LIMITS = Limits(first_byte=2.0, total=4.0)
BUDGET = 20.0                            # seconds for all that is asked of one server, waits of the pace included
OPEN = b"* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n"
ROOT = Ask("/", Asked.ROOT)


@asynccontextmanager
async def server(behaviour: Behaviour) -> AsyncIterator[int]:
    """One that behaves so, on a port of its own."""
    speaking = set[asyncio.Task[None]]()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        speaking.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await behaviour(reader, writer)
        finally:
            writer.transport.abort()

    listening = await asyncio.start_server(handle, sock=(sock := ports.listen()))
    try:
        yield sock.getsockname()[1]
    finally:
        listening.close()
        for task in speaking:
            task.cancel()
        await asyncio.gather(*speaking, return_exceptions=True)
        await asyncio.sleep(0)           # aborted transports close their sockets


async def outcome(probe: Probe, behaviour: Behaviour, *, tls: bool | None = None) -> Reason | str:
    """What a scan makes of it: the reason of the doubt or of the error; `open` where there is neither."""
    net = Net(FakeScope(), pace=Pace(1000, 1000, 100, 4), ledger=Ledger(), limits=LIMITS, identity="a@example.org")
    start = monotonic()
    async with server(behaviour) as port:
        try:
            async with probe.open(Endpoint(address=ip_address("127.0.0.1"), port=port, tls=tls), net) as door:
                shown = [each async for each in door.list(ROOT)]
                seen = shown[-1]
                assert isinstance(seen, Observation)
                result: Reason | str = seen.doubt[0] if seen.doubt else "open"
        except NetError as error:
            result = error.reason
    assert monotonic() - start < BUDGET
    assert 0 == net.ledger.contents_requested
    return result


def says(*said: bytes, then: bytes = b"", pause: float = 0.0) -> Behaviour:
    """Says the first unasked, one more after each line that it hears, and `then` without end."""
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for number, each in enumerate(said):
            if number:
                await reader.readuntil(b"\r\n")
            writer.write(each)
            await writer.drain()
        while then:
            writer.write(then)
            await writer.drain()
            await asyncio.sleep(pause)
        await reader.read(10_000)
        await asyncio.sleep(60)

    return behave


@pytest.mark.parametrize(("probe", "behaviour", "tls", "reason"), [
    (Imap(), says(), None, Reason.TIMEOUT),
    (Imap(), says(then=b"* OK " * 200), None, Reason.PROTOCOL),
    (Imap(), says(b"* OK", then=b"x", pause=0.05), None, Reason.TIMEOUT),
    (Imap(), says(b"* OK hi\r\n", then=b"* OK still here\r\n" * 50), None, Reason.CUT),
    (Imap(), says(b"* OK hi\r\n", then=b"* OK still here\r\n", pause=0.05), None, Reason.TIMEOUT),
    (Imap(), says(b"* OK hi\r\n", then=b"x" * 1000), None, Reason.PROTOCOL),
    (Imap(), says(b"* OK hi\r\n", b"e7 OK\r\n"), None, Reason.PROTOCOL),
    (Imap(), says(b"* OK hi\r\n", b"* CAPABILITY {4294967295}\r\ne1 OK\r\n"), None, Reason.LOGIN),
    (Imap(), says(OPEN, b"* LIST () NIL {4294967295}\r\n"), None, Reason.PROTOCOL),
    (Imap(), says(OPEN, b"* LIST () NIL {4000}\r\n"), None, Reason.TIMEOUT),
    (Imap(), says(OPEN, b"", then=b"* LIST () NIL " + b"m" * 9000), None, Reason.PROTOCOL),
    (Imap(), says(OPEN, b"", then=b"* LIST (((((((\r\n" * 200), None, Reason.CUT),
    (Imap(), says(OPEN, b"", then=b"* STATUS x (MESSAGES 1)\r\n" * 200), None, Reason.CUT),
    (Imap(), says(OPEN, b"", then=b"* 1 EXISTS\r\n" * 200), None, Reason.CUT),
    (Imap(), says(OPEN, b"* BYE enough\r\n"), None, Reason.RESET),
    (Imap(), says(b"* BYE too many of you\r\n"), None, Reason.SLOW_DOWN),
    (Imap(), says(b"* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi\r\n", b"e1 OK\r\n"), None, Reason.LOGIN),
    (Imap(), says(b"* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi\r\n", b"e1 OK\r\n* CAPABILITY X\r\n"), None,
     Reason.PROTOCOL),
    (Imap(), says(b"* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi\r\n", b"e1 OK\r\n", then=b"no TLS\r\n"), None,
     Reason.LOGIN),
    (Imap(), says(b"* OK [CAPABILITY AUTH=ANONYMOUS] hi\r\n", b"+ \r\n", b"+ \r\n"), None, Reason.PROTOCOL),
    (Imap(), says(), True, Reason.TIMEOUT),
    (Imap(), says(b"* OK hi\r\n"), True, Reason.TLS),
    (Pop3(), says(), None, Reason.TIMEOUT),
    (Pop3(), says(then=b"+OK " * 250), None, Reason.PROTOCOL),
    (Pop3(), says(b"+OK hi\r\n", b"+OK\r\n", then=b"USER\r\n" * 50), None, Reason.PROTOCOL),
    (Pop3(), says(b"+OK hi\r\n", b"+OK\r\n", then=b"\r\n", pause=0.05), None, Reason.TIMEOUT),
    (Pop3(), says(b"+OK hi\r\n", b"+OK\r\n", then=b"x" * 1000), None, Reason.PROTOCOL),
    (Pop3(), says(b"+OK hi\r\n", b"+OK\r\nSASL ANONYMOUS\r\n.\r\n", b"+ \r\n", b"+ \r\n"), None, Reason.PROTOCOL),
    (Pop3(), says(b"+OK hi\r\n", b"+OK\r\nSASL ANONYMOUS\r\n.\r\n", b"+OK\r\n", b"+OK -5 1\r\n", b"+OK\r\n"), None,
     Reason.FORBIDDEN),
    (Pop3(), says(b"+OK hi\r\n", b"+OK\r\nSTLS\r\n.\r\n", b"+OK\r\n"), None, Reason.LOGIN),
    (Pop3(), says(b"-ERR [SYS/TEMP] busy\r\n"), None, Reason.SLOW_DOWN),
], ids=[
    "imap-silent", "imap-endless-greeting", "imap-dripped-greeting", "imap-endless-untagged", "imap-dripped-untagged",
    "imap-no-line-end", "imap-wrong-tag", "imap-literal-among-capabilities", "imap-huge-literal", "imap-short-literal",
    "imap-long-name", "imap-unreadable-rows", "imap-counts-without-end", "imap-other-data", "imap-bye-in-the-middle",
    "imap-bye", "imap-tls-stalls", "imap-injection", "imap-no-tls-after-starttls", "imap-asks-again", "imaps-silent",
    "imaps-in-clear", "pop3-silent", "pop3-endless-greeting", "pop3-endless-capabilities", "pop3-drip",
    "pop3-no-line-end", "pop3-asks-again", "pop3-negative-count", "pop3-tls-stalls", "pop3-busy"])
async def test_what_is_done_to_us_ends_as_a_named_result(
        probe: Probe, behaviour: Behaviour, tls: bool | None, reason: Reason) -> None:
    assert reason == await outcome(probe, behaviour, tls=tls)


async def test_ten_million_mailboxes_are_cut_at_ten_thousand() -> None:
    sent = 0

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(OPEN)
        await reader.readuntil(b"\r\n")
        for first in range(0, 10_000_000, 1000):
            writer.write(b"".join(b'* LIST () "/" "box %d"\r\n' % number for number in range(first, first + 1000)))
            await writer.drain()
            sent += 1000

    assert Reason.CUT == await outcome(Imap(), behave)
    assert sent < 1_000_000


async def test_a_list_that_is_left_early_ends_at_once() -> None:
    net = Net(FakeScope(), pace=Pace(1000, 1000, 100, 4), ledger=Ledger(), limits=Limits(), identity=None)
    behaviour = says(OPEN, b"", then=b"* LIST () NIL a\r\n" * 50)
    async with server(behaviour) as port, \
            Imap().open(Endpoint(address=ip_address("127.0.0.1"), port=port), net) as door:
        shown = door.list(ROOT)
        assert isinstance(await anext(shown), Ask)
        start = monotonic()
        await shown.aclose()
        assert monotonic() - start < 10
    assert {"IMAP LIST": 1} == net.ledger.conduct().requests
