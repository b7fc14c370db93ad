"""rsync daemons that do harm, on loopback: each ends as a named observation or error, within its budget."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import Iterable
from contextlib import suppress
from struct import pack

import pytest

from scanner.errors import BudgetError, DeadlineError, NetError, NotThisProtocol, ProtocolError
from scanner.model import Access, Ask, Asked, Batch, Observation, Reason
from scanner.probes.rsync import Rsync
from scanner.probes.rsync.rows import Row
from scanner.probes.rsync.tree import Tree
from tests.probes.rsync.rsync_lists import FOLDER, HELLO, OK, SEED, Put, answer, frame, rows
from tests.probes.rsync.rsync_served import Serve, endless, lister, naming, served, small_net


async def _ask(serve: Serve, path: str = "/calls/") -> tuple[list[Batch], list[Ask], Observation | NetError]:
    """What came, and how it ended."""
    given: list[object] = []
    net = small_net()
    async with served(serve) as there:
        try:
            async with asyncio.timeout(60), Rsync().open(there, net) as door:
                async for thing in door.list(Ask(path, Asked.SHARE)):
                    given += [thing]
            ended = given.pop()
        except NetError as error:
            ended = error
    assert isinstance(ended, (Observation, NetError))
    batches = [thing for thing in given if isinstance(thing, Batch)]
    return batches, [thing for thing in given if isinstance(thing, Ask)], ended


async def test_r01_modules_without_end_are_cut_and_told() -> None:
    _, asks, ended = await _ask(endless(b"", lambda number: b"m%014d\tx\n" % number), "/")
    assert 1000 < len(asks) <= 10_000
    assert isinstance(ended, Observation)
    assert (Reason.CUT, "a list of modules that was not shown to its end") == ended.doubt


async def test_r01_a_welcome_without_end_is_cut_and_names_no_module() -> None:
    _, asks, ended = await _ask(endless(b"", lambda number: b"Welcome to the archive, number %d\n" % number), "/")
    assert [] == asks
    assert isinstance(ended, Observation)
    assert (Reason.CUT, "a list of modules that was not shown to its end") == ended.doubt
    assert len(ended.facts["rsync.motd"]) <= 200


async def test_r01_a_welcome_without_end_before_a_module() -> None:
    batches, _, ended = await _ask(endless(b"", lambda _: b"Welcome\n"))
    assert [] == batches
    assert isinstance(ended, ProtocolError)


async def test_r01_modules_dripped_one_by_one_end_with_those_that_came() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HELLO)
        for number in range(1000):
            writer.write(b"m%014d\tx\n" % number)
            await writer.drain()
            await asyncio.sleep(0.05)

    _, asks, ended = await _ask(serve, "/")
    assert 0 < len(asks) < 100
    assert isinstance(ended, Observation)
    assert (Reason.CUT, "a list of modules that was not shown to its end") == ended.doubt


@pytest.mark.parametrize("line", [b"@RSYNCD: 31", b"@RSYNCD: 31.0 " + b"a" * 100_000], ids=["short", "endless"])
async def test_r02_a_greeting_without_a_line_end(line: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(line)
        await reader.read()

    assert isinstance((await _ask(serve))[2], DeadlineError if len(line) < 20 else ProtocolError)


async def test_r02_a_module_without_a_line_end() -> None:
    assert isinstance((await _ask(endless(b"", lambda _: b"a" * 1000), "/"))[2], ProtocolError)


async def test_r03_silence_is_a_time_limit() -> None:
    async def serve(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    assert isinstance((await _ask(serve))[2], DeadlineError)


@pytest.mark.parametrize("said", [[HELLO], [HELLO, OK], [HELLO, OK, SEED]], ids=["hello", "ok", "seed"])
async def test_r03_silence_later_on_is_a_time_limit(said: list[bytes]) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"".join(said))
        await reader.read()

    assert isinstance((await _ask(serve))[2], DeadlineError)


async def test_r03_rows_that_stop_coming_stand() -> None:
    batches, _, ended = await _ask(lister(frame(rows([Put(b"1.wav", 160)], whole=False)), keep=True))
    assert [b"1.wav"] == batches[0].names
    assert isinstance(ended, DeadlineError)


async def test_r04_escapes_and_tabs_in_names_are_names() -> None:
    puts = [Put(b"\x1b]0;x\x07.wav"), Put(b"a\tb\nc.wav"), Put(b"d\r", mode=FOLDER), Put(b"d\r/\xff.wav")]
    batches, _, ended = await _ask(lister(answer(puts), keep=True))
    assert [[b"\x1b]0;x\x07.wav", b"a\tb\nc.wav"], [b"\xff.wav"]] == [batch.names for batch in batches]
    assert isinstance(ended, Observation)


async def test_r04_escapes_and_tabs_in_modules_are_names() -> None:
    _, asks, _ = await _ask(naming(b"\x1b[2J            \tx\ty\n../../etc       \tz\n@RSYNCD: EXIT\n"), "/")
    assert ["/%1B%5B2J/", "/..%2F..%2Fetc/"] == [ask.path for ask in asks]


@pytest.mark.parametrize(("hello", "error"), [
    (b"@RSYNCD: 9999.0\n", None), (b"@RSYNCD: -1.0\n", ProtocolError), (b"@RSYNCD: 1e9\n", ProtocolError),
    (b"@RSYNCD:\n", ProtocolError), (b"@RSYNC 31\n", NotThisProtocol)])
async def test_r05_odd_versions(hello: bytes, error: type[NetError] | None) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(hello)
        if await reader.readline() == b"@RSYNCD: 29\n":
            await reader.readline()
            writer.write(b"calls          \t\n@RSYNCD: EXIT\n")

    _, asks, ended = await _ask(serve, "/")
    if error is None:
        assert ["/calls/"] == [ask.path for ask in asks]
    else:
        assert isinstance(ended, error)


async def test_r06_an_error_in_the_middle_of_the_modules() -> None:
    _, asks, ended = await _ask(naming(b"calls          \t\n@ERROR: max connections (1) reached\n"), "/")
    assert ["/calls/"] == [ask.path for ask in asks]
    assert isinstance(ended, Observation)
    assert ended.doubt is not None
    assert Reason.SLOW_DOWN is ended.doubt[0]


async def test_r06_an_error_in_the_middle_of_the_rows() -> None:
    batches, _, ended = await _ask(lister(frame(rows([Put(b"1.wav", 160)], whole=False)), b"@ERROR: gone\n"))
    assert [b"1.wav"] == batches[0].names
    assert isinstance(ended, ProtocolError)


async def test_r06_modules_that_end_without_an_end() -> None:
    _, asks, ended = await _ask(naming(b"calls          \t\n"), "/")
    assert ["/calls/"] == [ask.path for ask in asks]
    assert isinstance(ended, Observation)
    assert (Reason.CUT, "a list of modules that was not shown to its end") == ended.doubt


async def test_more_modules_than_anybody_has_are_cut() -> None:
    modules = b"".join(b"m%014d\t\n" % number for number in range(3000)) * 2 + b"@RSYNCD: EXIT\n"
    _, asks, ended = await _ask(naming(modules), "/")
    assert len(asks) == len({ask.path for ask in asks})
    assert isinstance(ended, Observation)


async def test_r07_a_module_with_a_password_wants_a_login() -> None:
    got = bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HELLO)
        await reader.readuntil(b"calls\n")
        writer.write(b"@RSYNCD: AUTHREQD challenge\n")
        got.extend(await reader.read())

    _, _, ended = await _ask(serve)
    assert isinstance(ended, Observation)
    assert (Access.LOGIN, (Reason.LOGIN, "wants a login")) == (ended.access, ended.doubt)
    assert b"" == got                    # nothing is tried


async def test_r08_a_list_unasked_is_no_list() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HELLO + OK + SEED + answer([Put(b"unasked.wav")]) + b"\n" * 10)
        await reader.read()

    batches, asks, ended = await _ask(serve, "/")
    assert ([], []) == (batches, asks)
    assert not (isinstance(ended, Observation) and ended.access is Access.ANONYMOUS)


async def test_rows_without_end_are_cut_by_the_budget() -> None:
    some = frame(rows([Put(b"%08d" % number) for number in range(3000)], whole=False))
    batches, _, ended = await _ask(lister(*[some] * 1000))
    assert sum(map(len, batches)) > 100_000
    assert isinstance(ended, BudgetError)


async def test_messages_without_end_are_cut_by_the_budget() -> None:
    _, _, ended = await _ask(lister(*[frame(b"x" * 1000, 1) * 100] * 100))
    assert isinstance(ended, BudgetError)


async def test_folders_below_each_other_without_end_are_cut_by_the_budget() -> None:
    path, puts = b"", []
    for _ in range(200):
        path += b"aaaaaaaaaaaaaaaaaa/"
        puts.append(Put(path.rstrip(b"/"), mode=FOLDER))
    batches, _, ended = await _ask(lister(answer(puts)))
    assert 201 == len(batches)
    assert isinstance(ended, Observation)


async def test_a_name_longer_than_any_is_broken() -> None:
    assert isinstance((await _ask(lister(frame(pack("<Bi", 0x40, 1 << 24)), keep=True)))[2], ProtocolError)


async def test_a_daemon_that_does_not_part_is_left_within_a_second() -> None:
    began = asyncio.get_running_loop().time()
    batches, _, ended = await _ask(lister(answer([Put(b"1.wav")]), keep=True))
    assert [b"1.wav"] == batches[0].names
    assert isinstance(ended, Observation)
    assert asyncio.get_running_loop().time() - began < 5


async def test_an_early_stop_closes_the_connection() -> None:
    closed = asyncio.Event()
    some = frame(rows([Put(b"%08d" % number) for number in range(6000)], whole=False))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await lister(some)(reader, writer)
        with suppress(ConnectionError):
            await reader.read()
        closed.set()                     # a reset, as nothing more is wanted

    net = small_net()
    async with served(serve) as there, Rsync().open(there, net) as door:
        shown = door.list(Ask("/calls/", Asked.SHARE))
        assert isinstance(await anext(shown), Batch)
        await shown.aclose()
        async with asyncio.timeout(1):
            await closed.wait()


async def test_memory_does_not_grow_with_a_folder() -> None:
    peaks = []
    for count in (2_000, 40_000):
        pieces = [frame(rows([Put(b"%08d.wav" % (at + number)) for number in range(1000)], whole=False))
                  for at in range(0, count, 1000)] + [frame(pack("<Bi", 0, 0))]
        tracemalloc.start()
        entries = await _counted(pieces)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert count == entries
    assert peaks[1] < peaks[0] + 3_000_000


async def _counted(pieces: list[bytes]) -> int:
    net = small_net()
    entries = 0
    async with served(lister(*pieces)) as there, Rsync().open(there, net) as door:
        async for thing in door.list(Ask("/calls/", Asked.SHARE)):
            entries += len(thing) if isinstance(thing, Batch) else 0
    return entries


def _taken(paths: Iterable[bytes]) -> tuple[Tree, int, type[NetError] | None]:
    """The tree of these folders, the bytes it took at most, and the error that ended it."""
    tree, error = Tree(150_000), None
    tracemalloc.start()
    try:
        for _ in tree.take(Row(path, -1, 0, folder=True) for path in paths):
            if tree.full:
                break
    except NetError as ended:
        error = type(ended)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return tree, peak, error


@pytest.mark.parametrize(("paths", "error"), [
    ((b"%c/%d" % (97 + number % 2, number) for number in range(400_000)), BudgetError),
    ((b"%d/%s" % (number, b"x" * 3000) for number in range(30_000)), None),
    ((b"%d" % number + b"x" * 3000 for number in range(30_000)), None),
], ids=["by turns in two folders", "names of three thousand letters", "the same in one folder"])
def test_folders_without_end_are_not_kept_in_mind_without_end(paths: Iterable[bytes], error: object) -> None:
    tree, peak, ended = _taken(paths)
    assert error is ended
    assert peak < 40 << 20
    assert tree.rows > 2_000


def test_a_folder_that_is_not_kept_in_mind_is_not_called_empty() -> None:
    paths = [b"%d" % number + b"x" * 3000 for number in range(30_000)]
    tree, _, _ = _taken(paths)
    assert 10_000 > sum(1 for _ in tree.empty())
