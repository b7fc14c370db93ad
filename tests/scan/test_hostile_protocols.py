"""Servers of files that want to be found seventy times, or to keep a scan busy for ever, beside one that is healthy."""

from __future__ import annotations

import asyncio
import random
import struct
from dataclasses import replace

from scanner.scan.profile import PROFILES
from tests.probes.rsync.rsync_lists import HELLO, OK, SEED, Put
from tests.probes.rsync.rsync_lists import answer as listed
from tests.probes.rsync.rsync_served import served
from tests.probes.smb.smb_server import ACCESS_DENIED, IOCTL, TREE, Scripted, answer, row
from tests.scan.scans import files, scan

THOROUGH = replace(PROFILES["thorough"], rate=5000, host_rate=5000)
OPENS_ALL = ("not-tried", "opens whatever name it is asked for: of those that it may hide one is tried")


async def test_a_daemon_that_has_a_module_of_every_name_is_found_once():
    entered = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal entered
        writer.write(HELLO)
        await reader.readline()
        if await reader.readline() == b"#list\n":
            writer.write(b"@RSYNCD: EXIT\n")
            return
        entered += 1
        writer.write(OK)
        await reader.readuntil(b"\n\n")
        writer.write(SEED)
        await reader.readexactly(4)
        writer.write(listed([Put(b"%d-%d.wav" % (number, random.randrange(10**6)), 160) for number in range(5)]))

    async with served(serve) as there:
        done = await scan(f"rsync://127.0.0.1:{there.port}/", profile=THOROUGH)
    assert (2, [5]) == (entered, files(done.findings))
    assert [OPENS_ALL] == [(gap.reason.value, gap.detail) for gap in done.report.gaps]


async def test_a_server_that_opens_every_share_is_found_once():
    def connected(asked: bytes) -> bytes:
        offset, size = struct.unpack_from("<HH", asked, 68)
        pipe = asked[offset:offset + size].endswith("IPC$".encode("utf-16-le"))
        server.rows = {"": [row(f"{number}-{random.randrange(10**6)}.wav", 160) for number in range(5)]}
        return answer(asked, struct.pack("<HBBIII", 16, 2 if pipe else 1, 0, 0, 0, 0x1F01FF), tree=len(server.heard))

    server = Scripted(on={IOCTL: lambda asked: answer(asked, status=ACCESS_DENIED), TREE: connected})
    async with server:
        done = await scan(f"smb://127.0.0.1:{server.port}/", profile=THOROUGH)
    assert [5] == files(done.findings)
    assert OPENS_ALL in [(gap.reason.value, gap.detail) for gap in done.report.gaps]
