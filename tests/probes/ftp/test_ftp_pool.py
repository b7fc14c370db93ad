"""Sessions of an FTP door where a host grants few connections: whoever waits gets one, whatever the server does."""

from __future__ import annotations

import asyncio

from scanner.errors import Reset
from tests.probes.ftp.ftp_hostile import Nasty, asked


async def test_a_server_that_cuts_the_session_while_another_ask_waits_holds_up_neither():
    """A host grants two places: the second session waits for what the first one holds, and so may who opens a third."""
    first = True

    async def cut_off_once(writer):
        nonlocal first
        if first:
            first = False
            await asyncio.sleep(0.1)             # meanwhile another ask waits
            writer.transport.abort()
            return
        writer.write(b"250 there\r\n")

    async with Nasty({"CWD": cut_off_once}) as server, server.door(places=2) as door:
        async with asyncio.timeout(60):
            one, other = await asyncio.gather(asked(door, "/a/"), asked(door, "/b/"))
            again = await asked(door, "/c/")
    assert isinstance(one.error, Reset)
    assert [b"a.wav", b"b.wav"] == other.names == again.names
