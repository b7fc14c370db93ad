"""What else speaks at a port, in whole scans: named by what it says and asked no more, or told as unknown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from tests.ports import listen
from tests.scan.scans import scan

LIVE = (b"HTTP/1.0 200 OK\r\nServer: Icecast 2.4.4\r\nContent-Type: audio/mpeg\r\nicy-name: x\r\n\r\n"
        b"\xff\xfb\x90" + bytes(400))
Says = Callable[[bytes], bytes]


@asynccontextmanager
async def speaker(greeting: bytes, answer: Says = lambda _: b"") -> AsyncIterator[tuple[int, list[bytes]]]:
    """A port that says `greeting`, then what `answer` makes of the first it hears, and hangs up; and all it heard."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        said = await reader.read(4096)
        heard.append(said)
        writer.write(answer(said))
        writer.close()

    async with await asyncio.start_server(serve, sock=listen()) as server:
        yield server.sockets[0].getsockname()[1], heard


def to_get(reply: bytes) -> Says:
    """Answers a GET, and hangs up on anything else."""
    return lambda said: reply if said.startswith(b"GET ") else b""


@pytest.mark.parametrize(("greeting", "answer", "detail"), [
    (b"220 mail.example.org ESMTP Postfix\r\n", to_get(b""),
     "a mail server (SMTP): 220 mail.example.org ESMTP Postfix"),
    (b"RFB 003.008\n", to_get(b""), "a shared screen (VNC): RFB 003.008"),
    (b"Asterisk Call Manager/5.0.4\r\n", to_get(b""),
     "the manager of an Asterisk exchange: Asterisk Call Manager/5.0.4"),
    (b"", to_get(b"RTSP/1.0 400 Bad Request\r\n\r\n"), "live sound or pictures (RTSP): RTSP/1.0 400 Bad Request"),
    (b"", to_get(b"SIP/2.0 400 Bad Request\r\n\r\n"), "telephony signalling (SIP): SIP/2.0 400 Bad Request"),
    (b"", to_get(b"ICY 200 OK\r\nicy-name: x\r\n\r\n\xff\xfb"),
     "live audio (SHOUTcast or Icecast), no stored file: ICY 200 OK"),
    (b"", to_get(b"3'/ HTTP/1.1' does not exist\t\terror.host\t1\r\n.\r\n"), "a Gopher server"),
    (b"", lambda said: b"ERROR\r\n" if said[:1] == b"\x16" else b"", "a cache (memcached): ERROR"),
])
async def test_a_service_that_lists_no_files_is_named_and_asked_no_more(greeting, answer, detail):
    async with speaker(greeting, answer) as (port, heard):
        done = await scan(f"127.0.0.1:{port}")
    assert [("recognised", detail)] == [(gap.reason.value, gap.detail) for gap in done.report.gaps]
    assert ((), []) == (done.findings, done.watching.warnings)
    assert 4 >= len([said for said in heard if said])


@pytest.mark.parametrize("said", [b"hello stranger\r\n", b"\x00\x01\x02\x03" * 20, b"2200 apples\r\n"])
async def test_what_is_unknown_is_told_as_another_protocol(said):
    async with speaker(said) as (port, _):
        done = await scan(f"127.0.0.1:{port}")
    assert ["not-this-protocol"] == [gap.reason.value for gap in done.report.gaps]
    assert () == done.findings


async def test_live_sound_at_every_path_is_told_once_and_is_no_finding():
    async with speaker(b"", to_get(LIVE)) as (port, _):
        done = await scan(f"127.0.0.1:{port}")
    assert () == done.findings
    told = [("not-a-listing", "Icecast 2.4.4: recognised"), ("recognised", "a live audio stream, no stored file")]
    assert told == sorted((gap.reason.value, gap.detail) for gap in done.report.gaps)


async def test_what_a_service_says_of_itself_does_no_harm_in_the_report():
    async with speaker(b"220 \x1b[31mESMTP<script>\r\n", to_get(b"")) as (port, _):
        done = await scan(f"127.0.0.1:{port}")
    (gap,) = done.report.gaps
    assert "\x1b" not in gap.detail
