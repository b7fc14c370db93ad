"""Whole scans in which file servers mean harm: each ends as what it is, and the healthy ones beside them are found."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial

from scanner.net import Limits
from tests.ports import listen
from tests.probes.ftp.ftp_hostile import ROWS, Nasty, forever
from tests.probes.nfs.nfs_host import NFS, Host, Raw, opaque, record, word
from tests.probes.rsync.rsync_lists import FOLDER, HELLO, OK, SEED, Put, answer, frame
from tests.probes.rsync.rsync_served import served
from tests.probes.smb.smb_server import (
    CREATE,
    IOCTL,
    NEGOTIATE,
    PENDING,
    QUERY,
    SETUP,
    TREE,
    Scripted,
    negotiated,
    page,
    row,
    rows_answer,
)
from tests.probes.smb.smb_server import (
    Raw as SmbRaw,
)
from tests.probes.smb.smb_server import (
    answer as smb_answer,
)
from tests.scan.scans import QUICK as PROFILE
from tests.scan.scans import Done, finish, scope_of, session_of
from tests.scan.sites import Site

QUICK = Limits(connect=5, first_byte=2.0, total=5.0, page_bytes=64 * 1024)
SMALL = replace(PROFILE, listing_bytes=256 * 1024)
Ended = set[str]
"""What may be said of a door: reasons of its gaps, and `found` where a store of it is."""


async def _silent(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(20)


async def _drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 ")
    await forever(writer, b"x", 0.1)


FTP: list[tuple[str, Callable[[], Nasty], Ended]] = [
    ("F-01 a greeting without end", lambda: Nasty({"": partial(forever, piece=b"220-more\r\n")}), {"protocol"}),
    ("F-02 no line end", lambda: Nasty({"": partial(forever, piece=b"220 " + b"x" * 1020)}), {"protocol"}),
    ("F-03 a greeting that drips", lambda: Nasty({"": _drip}), {"timeout"}),
    ("F-04 lists of somebody else's", lambda: Nasty({"EPSV": "500", "PASV": "227 (10,9,8,7,0,22)"}), {"protocol"}),
    ("F-05 no port", lambda: Nasty({"EPSV": "229 (|||99999|)"}), {"protocol"}),
    ("F-06 a list without end", lambda: Nasty(data=partial(forever, piece=ROWS * 50)), {"found", "cut"}),
    ("F-06 a list that stays silent", lambda: Nasty(data=_silent), {"timeout"}),
    ("F-07 names that lead elsewhere", lambda: Nasty(data=(
        b"type=dir; ..\r\ntype=dir; a/../../b\r\ntype=OS.unix=slink:/; all\r\ntype=file;size=1; ../../x.wav\r\n"
        b"type=file;size=1; y.wav\r\n")), {"found", "cut"}),
    ("F-08 never lets in", lambda: Nasty({"USER": "331 again", "PASS": "331 again"}), {"login"}),
    ("F-08 is busy", lambda: Nasty({"": "421 too many"}), {"slow-down"}),
    ("F-09 never says that it is whole", lambda: Nasty(final=None), {"found", "cut"}),
    ("F-10 codes that are none", lambda: Nasty({"USER": "999 what"}), {"protocol"}),
    ("F-11 wants TLS and has none", lambda: Nasty({"USER": "530 TLS first", "AUTH": "234 go"}), {"tls"}),
    ("F-12 no UTF-8", lambda: Nasty(data=b"type=file;size=1; \xff\xfe\r\ntype=dir; \xe5\r\n"), {"found", "loop"}),
]


def smb(**on: Callable[[bytes], object]) -> Callable[[], Scripted]:
    rules = {"negotiate": NEGOTIATE, "setup": SETUP, "tree": TREE, "create": CREATE, "query": QUERY, "pipe": IOCTL}
    return lambda: Scripted(on={rules[name]: rule for name, rule in on.items()})  # type: ignore[misc]


def _referring() -> Scripted:
    """Its shares lead to another server (DFS)."""
    server = Scripted()
    opened = server.on[CREATE]
    server.on[CREATE] = lambda asked: (
        opened(asked) if "srvsvc".encode("utf-16-le") in asked else smb_answer(asked, status=0xC0000257))
    return server


HUGE = SmbRaw(b"\0\xff\xff\xff" + b"x" * 64)
ENDLESS = page([row(f"{i:05}.wav", 1) for i in range(40)])
SMB: list[tuple[str, Callable[[], Scripted], Ended]] = [
    ("M-01 hangs up on SMB 2", smb(negotiate=lambda asked: b""), {"reset", "timeout"}),
    ("M-02 a dialect of its own", smb(negotiate=lambda asked: negotiated(asked, dialect=0x02FF)), {"protocol"}),
    ("M-03 logins without end", smb(setup=lambda asked: smb_answer(asked, status=0xC0000016)), {"protocol"}),
    ("M-05 connects to nothing", smb(tree=lambda asked: smb_answer(asked, status=0xC0000022)), {"forbidden", "login"}),
    ("M-06 a message of 16 MiB", smb(query=lambda asked: HUGE), {"protocol", "cut"}),
    ("M-07 offsets that lead astray", smb(query=lambda asked: rows_answer(asked, b"\xff" * 120)), {"protocol"}),
    ("M-08 the same page for ever", smb(query=lambda asked: rows_answer(asked, ENDLESS)), {"found", "cut", "protocol"}),
    ("M-09 leads to another host", _referring, {"out-of-scope"}),
    ("M-10 names of harm", lambda: Scripted(
        rows={"": [row("..\\..\\x", 1), row("a\0b", 1), row("y.wav", 1)]}), {"found"}),
    ("M-11 pending for ever", smb(query=lambda asked: smb_answer(asked, status=PENDING)), {"timeout", "protocol"}),
    ("M-12 encrypted unasked", smb(tree=lambda asked: SmbRaw(b"\0\0\0\x40\xfdSMB" + bytes(60))), {"protocol"}),
]


def says(*pieces: bytes, then: float = 0.0, for_ever: bytes = b"") -> Callable[..., Awaitable[None]]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        while for_ever:
            writer.write(for_ever)
            await writer.drain()
        await asyncio.sleep(then)

    return serve


def module(tree: bytes, *, end: float = 0.0) -> Callable[..., Awaitable[None]]:
    """A daemon with one open module, `calls`."""
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HELLO)
        await reader.readline()
        if await reader.readline() == b"#list\n":
            writer.write(b"calls          \tRecordings\n@RSYNCD: EXIT\n")
            return
        writer.write(OK)
        while await reader.readline() not in (b"\n", b""):
            pass
        writer.write(SEED + tree)
        await writer.drain()
        await asyncio.sleep(end)

    return serve


RSYNC: list[tuple[str, Callable[..., Awaitable[None]], Ended]] = [
    ("R-01 a welcome without end", says(HELLO, for_ever=b"welcome to all\n"), {"cut", "timeout"}),
    ("R-02 no line end", says(b"@RSYNCD: ", for_ever=b"3" * 1000), {"protocol", "not-this-protocol"}),
    ("R-03 silent", says(then=2), {"timeout"}),
    ("R-04 escapes in names", module(answer([Put(b".", mode=FOLDER), Put(b"\x1b[2Ja\tb.wav", 5)])), {"found"}),
    ("R-05 a version that is none", says(b"@RSYNCD: 9999.0\n@ERROR: no\n"), {"protocol", "forbidden", "server-error"}),
    ("R-06 breaks off in the list", module(frame(b"\x00\x05") + b"@ERROR: gone\n"), {"protocol", "reset", "cut"}),
    ("R-07 wants a login", says(HELLO, b"calls          \tx\n@RSYNCD: AUTHREQD abc\n"), {"login", "cut"}),
    ("R-08 a list unasked", says(HELLO, SEED + answer([Put(b"a.wav", 5)])), {"protocol", "cut", "reset"}),
]


@asynccontextmanager
async def host(made: Host) -> AsyncIterator[int]:
    """NFS 4 at one port."""
    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                size = int.from_bytes(await reader.readexactly(4)) & 0x7FFFFFFF
                said = made.answer(await reader.readexactly(size))
                writer.write(said.data if isinstance(said, Raw) else said)
                await writer.drain()
                if isinstance(said, Raw) and said.hold:
                    await reader.read()
        writer.close()

    sock = listen()
    server = await asyncio.start_server(converse, sock=sock)
    try:
        yield sock.getsockname()[1]
    finally:
        server.close()


def four(reply: Callable[[object], bytes | Raw] | None = None) -> Host:
    """A host of NFS 4, with the answer to each call."""
    made = Host([(b"/srv/calls", [b"*"])], {b"srv": {b"calls": {b"a.wav": 5, b"b.wav": 6}}}, versions=(4,), programs=[])
    if reply is not None:
        made.handlers[NFS, 4, 1] = reply
    return made


NFS4: list[tuple[str, Host, Ended]] = [
    ("N-01 a length of 4 GiB", four(lambda args: word(0) + word(0xFFFFFFFF)), {"protocol"}),
    ("N-04 fragments without end", four(lambda args: Raw(word(4) + b"{xid}" + word(0) * 5000)), {"not-this-protocol"}),
    ("N-05 an answer to another", four(lambda args: Raw(record(word(77, 1, 0, 0, 0, 0)))), {"not-this-protocol"}),
    ("N-07 ends too early", four(lambda args: word(0) + opaque(b"") + word(2)), {"protocol"}),
    ("N-07 hangs up", four(lambda args: Raw(struct.pack(">I", 0x80000400))), {"reset", "timeout", "protocol"}),
    ("silent", four(lambda args: Raw(b"", hold=True)), {"timeout"}),
]


async def ended(done: Done, port: int) -> Ended:
    """What the report says of a port."""
    found = {"found" for finding in done.findings if port in {door.port for door in finding.doors}}
    return found | {gap.reason.value for gap in done.report.gaps if str(port) in gap.ports.split(",")}


async def scanned(scheme: str, ports: list[int]) -> Done:
    """A scan of all of these beside a healthy web server."""
    targets = [f"{scheme}://127.0.0.1:{port}/" for port in ports]
    site = Site({"calls": {f"call-{i:03}.wav": 1000 + i for i in range(30)}})
    with listen("127.0.0.1") as sock:
        port = sock.getsockname()[1]
    await site.start("127.0.0.1", port)
    try:
        done = await finish(session_of(scope_of(*targets, f"http://127.0.0.1:{port}/"), limits=QUICK, profile=SMALL))
    finally:
        await site.stop()
    assert "found" in await ended(done, port)
    assert not done.gaps("internal-error"), done.watching.warnings
    assert not done.report.conduct.file_contents_requested
    return done


async def told(done: Done, cases: list[tuple[str, int, Ended]]) -> list[tuple[str, Ended]]:
    """Where a door ended as nothing that was expected, or as more, or what it listed before it did harm is lost."""
    said = [(name, await ended(done, port), expected) for name, port, expected in cases]
    return [(name, got) for name, got, expected in said
            if not got or not got <= expected or ("found" in expected - got)]


async def test_ftp_servers_that_mean_harm() -> None:
    async with AsyncExitStack() as stack:
        servers = [(name, await stack.enter_async_context(make()), expected) for name, make, expected in FTP]
        well = await stack.enter_async_context(Nasty())
        done = await scanned("ftp", [*(server.port for _, server, _ in servers), well.port])
        assert await ended(done, well.port) == {"found"}
        assert await told(done, [(name, server.port, expected) for name, server, expected in servers]) == []


async def test_smb_servers_that_mean_harm() -> None:
    async with AsyncExitStack() as stack:
        servers = [(name, await stack.enter_async_context(make()), expected) for name, make, expected in SMB]
        well = await stack.enter_async_context(Scripted())
        done = await scanned("smb", [*(server.port for _, server, _ in servers), well.port])
        assert await ended(done, well.port) == {"found"}
        assert await told(done, [(name, server.port, expected) for name, server, expected in servers]) == []


async def test_rsync_daemons_that_mean_harm() -> None:
    healthy = module(answer([Put(b".", mode=FOLDER), Put(b"a.wav", 5)]), end=0.2)
    async with AsyncExitStack() as stack:
        servers = [(name, (await stack.enter_async_context(served(serve))).port, expected)
                   for name, serve, expected in RSYNC]
        well = (await stack.enter_async_context(served(healthy))).port
        done = await scanned("rsync", [*(port for _, port, _ in servers), well])
        assert await ended(done, well) == {"found"}
        assert await told(done, servers) == []


async def test_nfs_hosts_that_mean_harm() -> None:
    async with AsyncExitStack() as stack:
        servers = [(name, await stack.enter_async_context(host(made)), expected) for name, made, expected in NFS4]
        well = await stack.enter_async_context(host(four()))
        done = await scanned("nfs", [*(port for _, port, _ in servers), well])
        assert await ended(done, well) == {"found"}
        assert await told(done, servers) == []


async def test_a_share_that_the_owner_wrote_and_that_is_not_there_is_told() -> None:
    async with Scripted(on={TREE: lambda asked: smb_answer(asked, status=0xC00000CC)}) as server:
        done = await finish(session_of(scope_of(f"smb://127.0.0.1:{server.port}/nosuch/"), limits=QUICK))
    assert [gap.detail.partition(":")[0] for gap in done.gaps("not-a-listing")] == ["/nosuch/"]
