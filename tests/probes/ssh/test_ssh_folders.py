"""Folders over SFTP: which packets reach the server, streaming, early ends, refusals, and servers that misbehave."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from time import monotonic

import asyncssh
import pytest

from scanner.errors import BudgetError, DeadlineError, NetError, ProtocolError
from scanner.model import Access, Ask, Asked, Batch, Observation, Reason
from scanner.net import Limits
from scanner.probes.ssh.door import SshDoor
from tests.probes.ssh.sftp_talk import CLOSE, HANDLE, INIT, NAME, OPENDIR, READDIR, REALPATH, Tree, packet, talking
from tests.probes.ssh.ssh_inside import server
from tests.probes.ssh.test_ssh_login import all_of, network, opened
from tests.probes.ssh.test_ssh_sftp import names, row, text


async def test_five_packets_reach_a_server_and_no_other() -> None:
    tree = Tree({b"/": [row(b"."), row(b".."), row(b"a.wav"), row(b"calls", 0o40755)], b"/calls": [row(b"b.wav")]})
    async with talking(tree.answer) as (port, _), opened(port, network()) as door:
        assert ({b"a.wav": 5}, [b"calls"]) == (await all_of(door))[:2]
        assert {b"b.wav": 5} == (await all_of(door, "/calls/"))[0]
    assert {INIT, REALPATH, OPENDIR, READDIR, CLOSE} == set(tree.asked)
    assert ({}, [b"/", b"/calls"]) == (tree.open, tree.paths)


@pytest.mark.parametrize(("path", "asked"), [
    ("/a%20b/", [b"/a b"]), ("/%FF%0A/", [b"/\xff\n"]),
    ("/a%2Fb/", []), ("/%00/", []), ("/../", []), ("/a/%2E%2E/", []),
])
async def test_a_path_is_asked_for_in_its_own_bytes_or_not_at_all(path: str, asked: list[bytes]) -> None:
    tree = Tree({})
    async with talking(tree.answer) as (port, _), opened(port, network()) as door:
        seen = (await all_of(door, path))[3]
    assert asked == tree.paths
    assert seen.doubt is not None
    assert (Access.NONE, Reason.FORBIDDEN) == (seen.access, seen.doubt[0])


async def test_where_the_root_is_closed_the_home_is_asked_for() -> None:
    tree = Tree({b"/srv/in box": [row(b"a.wav")]}, home=b"/srv/in box")
    async with talking(tree.answer) as (port, _), opened(port, network()) as door:
        _, _, rest, seen = await all_of(door)
        assert [Ask("/srv/in%20box/", Asked.SHARE, 1)] == rest
        assert Access.NONE == seen.access
        assert {b"a.wav": 5} == (await all_of(door, "/srv/in%20box/"))[0]


async def test_a_large_folder_comes_in_batches_and_an_early_end_is_quick() -> None:
    tree = Tree({b"/": [row(b"%06d.wav" % number) for number in range(30_000)]})
    async with talking(tree.answer) as (port, _), opened(port, network()) as door:
        begun = monotonic()
        async with aclosing(door.list(Ask("/", Asked.ROOT))) as shown:
            first = await anext(shown)
        assert isinstance(first, Batch)
        assert 4096 <= len(first) < 4400
        assert monotonic() - begun < 15
        assert {} == tree.open                  # the handle was given back
        assert 30_000 == len((await all_of(door))[0])


async def test_a_server_that_tells_one_name_at_a_time_is_listed_whole() -> None:
    tree = Tree({b"/": [row(b"%d" % number) for number in range(1500)]}, each=1)
    limits = Limits(page_bytes=16 * 1024)
    async with talking(tree.answer) as (port, _), opened(port, network(limits=limits)) as door:
        assert 1500 == len((await all_of(door))[0])


async def test_several_folders_at_once_share_one_connection() -> None:
    tree = Tree({b"/%d" % number: [row(b"%d.wav" % number)] for number in range(8)})
    async with talking(tree.answer) as (port, tried), opened(port, network()) as door:
        found = await asyncio.gather(*(all_of(door, f"/{number}/") for number in range(8)))
    assert [{b"%d.wav" % number: 5} for number in range(8)] == [one[0] for one in found]
    assert 1 == len(tried)


async def test_a_connection_that_was_lost_meanwhile_is_made_anew() -> None:
    tree = Tree({b"/": [row(b"a.wav")]})

    def answer(kind: int, number: int, about: bytes) -> bytes | None:
        if kind == OPENDIR and len(tree.paths) == 1:
            tree.paths.append(b"")
            return struct.pack(">I", 2**32 - 1)           # no packet has this length: the session is given up
        return tree.answer(kind, number, about)

    async with talking(answer) as (port, tried), opened(port, network()) as door:
        assert {b"a.wav": 5} == (await all_of(door))[0]
        with pytest.raises(ProtocolError):
            await all_of(door)
        assert {b"a.wav": 5} == (await all_of(door))[0]
    assert 2 == len(tried)


async def test_what_a_kernel_makes_up_is_named_and_not_gone_into() -> None:
    folders = [row(name, 0o40755) for name in (b"1", b"2", b"kernel", b"devices", b"bus")]
    tree = Tree({b"/proc": [row(b"self"), row(b"cpuinfo"), row(b"meminfo"), *folders], b"/sys": folders,
                 b"/srv/proc": folders})
    async with talking(tree.answer) as (port, _), opened(port, network()) as door:
        found = [await all_of(door, path) for path in ("/proc/", "/sys/", "/srv/proc/")]
    assert [0, 0, 5] == [len(one[1]) for one in found]
    assert [Reason.NOT_TRIED, Reason.NOT_TRIED, None] == [one[3].doubt and one[3].doubt[0] for one in found]
    assert {} == tree.open


async def test_a_session_that_was_closed_while_it_rested_is_begun_anew_unseen(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"1")
    closing = list[asyncssh.SSHServerConnection]()
    async with server(tmp_path, met=closing) as (port, tried), opened(port, network()) as door:
        assert isinstance(door, SshDoor)
        door.idle = 0
        assert {b"a.wav": 1} == (await all_of(door))[0]
        closing[0].abort()
        assert {b"a.wav": 1} == (await all_of(door))[0]
        assert {b"a.wav": 1} == (await all_of(door))[0]
    assert 2 == len(tried)


def endless(tree: Tree, rows: list[bytes]) -> Callable[[int, int, bytes], bytes | None]:
    def answer(kind: int, number: int, about: bytes) -> bytes | None:
        return packet(NAME, number, names(*rows)) if kind == READDIR else tree.answer(kind, number, about)
    return answer


def only(kind: int, told: Callable[[int], bytes | None]) -> Callable[[int, int, bytes], bytes | None]:
    tree = Tree({b"/": [row(b"a.wav")]})
    return lambda asked, number, about: told(number) if asked == kind else tree.answer(asked, number, about)


@pytest.mark.parametrize(("answer", "error"), [
    (endless(Tree({b"/": []}), []), (BudgetError, DeadlineError)),
    (endless(Tree({b"/": []}), [row(b"n" * 200_000)]), BudgetError),
    (endless(Tree({b"/": []}), [row(b"n", long=b"l" * 200_000)]), BudgetError),
    (endless(Tree({b"/": []}), [row(b"%d.wav" % number) for number in range(500)]), BudgetError),
    (only(READDIR, lambda number: packet(NAME, number + 1, names(row(b"x")))), ProtocolError),
    (only(READDIR, lambda number: packet(NAME, number, struct.pack(">I", 5))), ProtocolError),
    (only(READDIR, lambda number: packet(103, number, text(b"contents"))), ProtocolError),
    (only(READDIR, lambda number: struct.pack(">I", 2**31)), ProtocolError),
    (only(READDIR, lambda number: None), DeadlineError),
    (only(OPENDIR, lambda number: packet(HANDLE, number, text(b"h" * 300))), ProtocolError),
    (only(OPENDIR, lambda number: packet(77, number, b"")), ProtocolError),
], ids=["empty packets without end", "huge names", "huge long names", "rows without end", "another number",
        "rows that are not there", "contents unasked", "a huge packet", "silence", "a huge handle", "an unknown kind"])
async def test_a_server_that_misbehaves_ends_as_an_error_of_ours_in_its_time(
        answer: Callable[[int, int, bytes], bytes | None], error: type[NetError]) -> None:
    limits = Limits(first_byte=1.0, total=2.0, listing_bytes=1 << 20)
    async with talking(answer) as (port, _), opened(port, network(limits=limits)) as door:
        begun = monotonic()
        with pytest.raises(error):
            await all_of(door)
        assert monotonic() - begun < 10


async def test_a_shell_that_talks_instead_of_sftp_is_told() -> None:
    tree = Tree({})
    async with talking(tree.answer, chatter=b"This account is not available.\r\n") as (port, _), \
            opened(port, network()) as door:
        seen = (await all_of(door))[3]
    assert isinstance(seen, Observation)
    assert seen.doubt is not None
    assert "yes" == seen.facts["ssh.none"]
    assert Access.ANONYMOUS == seen.access
