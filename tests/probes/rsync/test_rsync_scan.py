"""Scans of rsync daemons made by hand: what one answer shows is counted once, whatever stands beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from struct import pack

import pytest

from tests.probes.rsync.rsync_lists import FOLDER, HELLO, OK, SEED, Put, answer, frame
from tests.probes.rsync.rsync_served import SMALL, Serve, endless, lister, served
from tests.scan.scans import QUICK, scan


def module(puts: Sequence[Put]) -> Serve:
    """A daemon with one module that holds these."""
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HELLO)
        await reader.readline()
        if await reader.readline() == b"#list\n":
            writer.write(b"calls          \tCall recordings\n@RSYNCD: EXIT\n")
            return
        writer.write(OK)
        await reader.readuntil(b"\n\n")
        writer.write(SEED)
        await reader.readexactly(4)
        writer.write(answer(puts))
    return serve


async def test_folders_that_are_shown_are_not_left_out_by_the_budget_of_folders() -> None:
    folders = [Put(b"%02d" % number, mode=FOLDER) for number in range(20)]
    files = [Put(b"%02d/1.wav" % number, 160) for number in range(0, 20, 2)]        # the others are empty
    async with served(module([*folders, *files])) as there:
        done = await scan(f"rsync://127.0.0.1:{there.port}", profile=replace(QUICK, directories=3))
    (store,) = done.watching.stores
    assert (10, 20, True) == (store.census.files, store.census.directories, store.census.complete)
    assert ([], 2) == (done.gaps(), len(done.watching.asks))


async def test_a_module_is_told_with_its_comment_and_how_it_was_opened() -> None:
    async with served(module([Put(b"%02d.wav" % number, 160_000) for number in range(30)])) as there:
        done = await scan(f"127.0.0.1:{there.port}")
    (finding,) = done.findings
    (door,) = finding.doors
    assert ("rsync", f"rsync://127.0.0.1:{there.port}/calls/") == (door.protocol, door.url)
    (store,) = done.watching.stores
    facts = store.seen.facts
    assert ("Call recordings", "31.0") == (facts["rsync.comment"], facts["rsync.version"])
    assert "access/rsync-open" in store.seen.signatures


async def _silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


@pytest.mark.parametrize(("hostile", "reasons"), [
    (endless(b"", lambda number: b"Welcome %d\n" % number), {"cut"}),
    (endless(b"", lambda _: b"a" * 1000), {"protocol"}),
    (_silent, {"timeout"}),
    (lister(frame(pack("<Bi", 0x40, 1 << 24))), {"protocol"}),
], ids=["R-01", "R-02", "R-03", "broken rows"])
async def test_a_healthy_daemon_beside_it_is_found(hostile: Serve, reasons: set[str]) -> None:
    healthy = module([Put(b"1.wav", 160), Put(b"a", mode=FOLDER), Put(b"a/2.wav", 320)])
    async with served(hostile) as bad, served(healthy) as good:
        done = await scan(f"rsync://127.0.0.1:{bad.port}/calls/", f"rsync://127.0.0.1:{good.port}", limits=SMALL)
    assert [("/calls/", 2, 1, True)] == [
        (row.root, row.census.files, row.census.directories, row.census.complete) for row in done.watching.stores]
    assert reasons == {gap.reason.value for gap in done.gaps() if gap.ports == str(bad.port)} & reasons
    assert [] == [gap for gap in done.gaps() if gap.ports == str(good.port)]
