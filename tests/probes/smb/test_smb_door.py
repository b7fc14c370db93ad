"""What the SMB client makes of a server: who is let in, which shares there are, what lies in them; and what it says."""

from __future__ import annotations

import struct
import tracemalloc
from contextlib import aclosing
from itertools import islice

import pytest

from scanner.model import Access, Ask, Asked, Batch, Entry, Kind, Reason
from scanner.probes.smb.command import Command, Right
from scanner.probes.smb.entrance import spelled
from tests.fakes import endpoint
from tests.probes.smb.smb_server import (
    ACCESS_DENIED,
    CLOSE,
    CREATE,
    IOCTL,
    LOGOFF,
    LOGON_FAILURE,
    NO_MORE_FILES,
    QUERY,
    SETUP,
    TREE,
    WROTE,
    Scripted,
    answer,
    folder,
    login_of,
    page,
    pdu,
    pipe_answer,
    row,
    rows_answer,
    setup,
    share_list,
    shown,
)

ROWS = {"": [folder("."), folder(".."), row("a.wav", 5), folder("2019 åäö")], "2019 åäö": [row("b.wav", 8 << 30)]}


async def test_shares_are_asks_and_what_is_no_disk_is_told():
    shares = [("calls", 0, "Recordings"), ("C$", 0x80000000, ""), ("IPC$", 0x80000003, ""), ("ipc$", 0, ""),
              ("laser", 1, "Printer")]
    async with Scripted(shares) as server, server.door() as door:
        asks, rows, seen = await shown(door)
    assert [Ask("/calls/", Asked.SHARE, 1), Ask("/C%24/", Asked.SHARE, 1)] == asks
    assert (0, Access.NONE, None) == (len(rows), seen.access, seen.doubt)
    assert "2 disk, 2 ipc, 1 printer" == seen.facts["smb.shares"]


async def test_a_share_is_open_when_a_folder_in_it_was_listed():
    async with Scripted(rows=ROWS) as server, server.door() as door:
        await shown(door)
        _, rows, seen = await shown(door, "/calls/")
        _, below, _ = await shown(door, "/calls/2019%20%C3%A5%C3%A4%C3%B6/")
    assert [Entry(b"a.wav", Kind.FILE, 5, 0, WROTE, 1), Entry("2019 åäö".encode(), Kind.DIRECTORY)] == [*rows.entries()]
    assert (Access.ANONYMOUS, None) == (seen.access, seen.doubt)
    assert ([b"b.wav"], [8 << 30]) == (below.names, below.sizes)
    wanted = {"smb.share": "calls", "smb.comment": "Recordings", "smb.dialect": "3.1.1", "smb.signing": "offered",
              "smb.server": "FILES files.example.org", "smb.os": "10.0.20348",
              "smb.session": "null accepted, guest accepted", "door.how": "by a null session: no name, no password"}
    assert wanted == dict(seen.facts)
    assert WROTE == int(seen.server_time.timestamp())


async def test_guest_is_asked_where_a_null_session_is_refused():
    def only_guest(asked: bytes) -> bytes:
        return setup(asked, status=LOGON_FAILURE) if login_of(asked) == "" else server.setup(asked)

    async with Scripted(rows=ROWS) as server:
        server.setup, server.on[SETUP] = server.on[SETUP], only_guest
        async with server.door() as door:
            _, rows, seen = await shown(door, "/calls/")
    assert (Access.GUEST, 2) == (seen.access, len(rows))
    assert "as Guest, with an empty password" == seen.facts["door.how"]
    assert "null refused, guest accepted" == seen.facts["smb.session"]


async def test_a_share_that_refuses_the_null_session_is_asked_for_as_guest():
    async with Scripted(rows=ROWS) as server:
        usual = server.on[TREE]
        server.on[TREE] = lambda asked: (
            answer(asked, status=ACCESS_DENIED) if server.login(asked) == "" else usual(asked))
        async with server.door() as door:
            asks, _, _ = await shown(door)
            _, _, seen = await shown(door, "/calls/")
            before = len(server.heard)
            await shown(door, "/calls/")
            again = server.commands()[before:]
    assert ["/calls/"] == [ask.path for ask in asks]
    assert Access.GUEST is seen.access
    assert [CREATE, QUERY, QUERY, CLOSE] == again           # the share is connected, and who is let in is known


async def test_nobody_is_let_in():
    async with Scripted() as server:
        server.on[SETUP] = lambda asked: (
            setup(asked, status=LOGON_FAILURE) if login_of(asked) is not None else server._setup(asked))
        async with server.door() as door:
            _, _, seen = await shown(door)
    assert (Access.LOGIN, Reason.LOGIN) == (seen.access, seen.doubt[0])
    assert "null refused, guest refused" == seen.facts["smb.session"]
    assert ["Guest", ""] == [name for _, asked in server.heard if (name := login_of(asked)) is not None]


async def test_whoever_refuses_everybody_before_a_session_wants_encryption():
    async with Scripted() as server:
        server.on[SETUP] = lambda asked: (
            setup(asked, status=ACCESS_DENIED) if login_of(asked) is not None else server._setup(asked))
        async with server.door() as door:
            _, _, seen = await shown(door)
    assert "required" == seen.facts["smb.encryption"]
    assert (Reason.LOGIN, "wants every message encrypted, which a stranger's session cannot be") == seen.doubt


async def test_nobody_is_let_in_because_there_is_no_room():
    async with Scripted(on={SETUP: lambda asked: setup(asked, status=0xC00000D0)}) as server, server.door() as door:
        _, _, seen = await shown(door)
    assert (Reason.SLOW_DOWN, "the server has no room for more connections") == seen.doubt


async def test_a_share_that_wants_encryption_says_so():
    def secret(asked: bytes) -> bytes:
        return answer(asked, struct.pack("<HBBIII", 16, 1, 0, 0x8000, 0, 0x1F01FF), tree=5)

    closed = Scripted(on={TREE: secret, CREATE: lambda asked: answer(asked, status=ACCESS_DENIED)})
    async with closed as server, server.door() as door:
        _, _, seen = await shown(door, "/calls/")
    assert ("required", Access.LOGIN) == (seen.facts["smb.encryption"], seen.access)
    assert (Reason.LOGIN, "wants every message encrypted, which a stranger's session cannot be") == seen.doubt


async def test_shares_of_impossible_names_are_counted_and_not_asked_for():
    shares = [("..", 0, ""), ("a\\b", 0, ""), ("", 0, ""), ("../../etc", 0, ""), ("calls", 0, "")]
    async with Scripted(shares) as server, server.door() as door:
        asks, _, seen = await shown(door)
    assert ["/calls/"] == [ask.path for ask in asks]
    assert "4 disk, 1 ipc" == seen.facts["smb.shares"]


@pytest.mark.parametrize("refusal", [
    {TREE: lambda asked: answer(asked, status=ACCESS_DENIED)},
    {CREATE: lambda asked: answer(asked, status=ACCESS_DENIED)},
    {IOCTL: lambda asked: answer(asked, status=ACCESS_DENIED)},
    {IOCTL: lambda asked: pipe_answer(asked, pdu(12, bytes(24)) if asked[122] == 11 else pdu(3, bytes(16)))},
    {IOCTL: lambda asked: pipe_answer(asked, pdu(12, bytes(24)) if asked[122] == 11 else share_list([], 5))},
    {IOCTL: lambda asked: pipe_answer(asked, b"")},
])
async def test_a_refused_list_of_shares_leads_to_the_published_names(refusal):
    async with Scripted(on=refusal) as server, server.door() as door:
        asks, _, seen = await shown(door)
        hidden = door.hidden(["public", "calls"])
    assert ([], Reason.FORBIDDEN) == (asks, seen.doubt[0])
    assert [Ask("/public/", Asked.SHARE, 1), Ask("/calls/", Asked.SHARE, 1)] == hidden


async def test_where_the_rest_of_an_answer_cannot_be_fetched_shares_are_asked_for_in_portions():
    """As Windows does: a pipe with something unread is busy, and a maximum length is kept to."""
    names, asked_for = [f"share {number}" for number in range(7)], []

    def pipe(asked: bytes) -> bytes:
        said = asked[120:]
        if said[2] == 11:
            return pipe_answer(asked, pdu(12, bytes(24)))
        if said[2] == 18:
            return answer(asked, status=0xC00000AE)
        most, resume = struct.unpack_from("<I4xI", said, len(said) - 12)
        asked_for.append((most, resume))
        if most == 0xFFFFFFFF:
            return pipe_answer(asked, pdu(2, bytes(40), flags=1))
        left = names[resume + 3:]
        return pipe_answer(asked, share_list([(name, 0, "") for name in names[resume:resume + 3]],
                                             234 if left else 0, resume + 3))

    async with Scripted(on={IOCTL: pipe}) as server, server.door() as door:
        asks, _, seen = await shown(door)
    assert [f"/share%20{number}/" for number in range(7)] == [ask.path for ask in asks]
    assert ([(0xFFFFFFFF, 0), (2048, 0), (2048, 3), (2048, 6)], None) == (asked_for, seen.doubt)
    assert server.commands().count(CREATE) == server.commands().count(CLOSE)


@pytest.mark.parametrize(("there", "name"), [
    (endpoint(445), "192.0.2.7"),
    (endpoint(445, host="files.example.org"), "files.example.org"),
    (endpoint(445, address="2001:db8::7"), "2001-db8--7.ipv6-literal.net"),
])
def test_a_server_is_named_as_it_was_asked_for(there, name):
    assert name == spelled(there)


async def test_nothing_is_hidden_where_the_list_was_shown():
    async with Scripted() as server, server.door() as door:
        await shown(door)
        assert () == door.hidden(["public"])


async def test_a_printer_is_never_opened():
    async with Scripted([("laser", 1, "")]) as server, server.door() as door:
        _, _, seen = await shown(door, "/laser/")
    assert (Reason.NOT_A_LISTING, "no share of files") == seen.doubt
    assert CREATE not in server.commands()


@pytest.mark.parametrize(("path", "status", "doubt"), [
    ("/calls/", ACCESS_DENIED, (Reason.LOGIN, "this share wants a login")),
    ("/calls/x/", ACCESS_DENIED, (Reason.FORBIDDEN, "this folder is closed to strangers")),
    ("/calls/", 0xC00000CC, (Reason.NOT_A_LISTING, "no such share")),
    ("/calls/x/", 0xC0000034, (Reason.NOT_A_LISTING, "no such folder")),
    ("/calls/", 0xC00000D0, (Reason.SLOW_DOWN, "the server has no room for more connections")),
    ("/calls/x/", 0xC0000001, (Reason.SERVER_ERROR, "status 0xC0000001")),
    ("/calls/x/", 0xC0000257, (Reason.OUT_OF_SCOPE, "leads elsewhere (DFS or a link): not followed")),
])
async def test_what_a_status_says_of_a_folder(path, status, doubt):
    async with Scripted(on={CREATE: lambda asked: answer(asked, status=status)}) as server, server.door() as door:
        _, _, seen = await shown(door, path)
    assert doubt == seen.doubt
    assert seen.access in (Access.NONE, Access.LOGIN)


async def test_a_folder_whose_pages_are_refused_is_not_open():
    async with Scripted(on={QUERY: lambda asked: answer(asked, status=ACCESS_DENIED)}) as server, server.door() as door:
        _, _, seen = await shown(door, "/calls/")
    assert (Access.LOGIN, Reason.LOGIN) == (seen.access, seen.doubt[0])


@pytest.mark.parametrize("name", ["%2F", "a%5Cb", "a%00b", "a%0D%0Ab", "file%3Astream", "..", "%FF"])
async def test_a_name_that_no_command_can_hold_is_not_asked_for(name):
    async with Scripted() as server, server.door() as door:
        before = len(server.heard)
        _, _, seen = await shown(door, f"/calls/{name}/")
        assert before == len(server.heard)
    assert (Reason.FORBIDDEN, "a folder whose name no command can hold") == seen.doubt


async def test_a_directory_of_many_pages_is_shown_whole_and_left_early_in_order():
    rows = {"": [row(f"{number}.wav", number) for number in range(2_300)]}
    async with Scripted(rows=rows) as server, server.door() as door:
        _, whole, _ = await shown(door, "/calls/")
        async with aclosing(door.list(Ask("/calls/", Asked.SHARE))) as left:
            await anext(left)
        _, again, _ = await shown(door, "/calls/")
    assert [*range(2_300)] == whole.sizes == again.sizes
    assert {} == server._handles
    assert 2 == server.connections


async def test_a_connection_that_was_closed_meanwhile_is_made_again():
    async with Scripted(rows=ROWS) as server, server.door() as door:
        await shown(door, "/calls/")
        usual = server.on[CREATE]
        server.on[CREATE] = lambda asked: server.on.update({CREATE: usual}) or b""
        _, rows, seen = await shown(door, "/calls/")
    assert (2, Access.ANONYMOUS, 3) == (len(rows), seen.access, server.connections)


async def test_each_login_has_a_connection_of_its_own_and_there_is_one_at_a_time():
    async with Scripted(rows=ROWS) as server, server.door() as door:
        await shown(door)
        await shown(door, "/calls/")
        assert (2, 1) == (server.connections, server.closed)
    assert ["Guest", ""] == server.logins
    assert [LOGOFF, LOGOFF] == [command for command in server.commands() if command == LOGOFF]


async def test_where_only_guest_is_shown_anything_guest_is_asked_for_the_next_share_first():
    async with Scripted([(name, 0, "") for name in "abcdef"], ROWS) as server:
        usual = server.on[TREE]
        server.on[TREE] = lambda asked: (
            answer(asked, status=ACCESS_DENIED) if server.login(asked) == "" else usual(asked))
        async with server.door() as door:
            for name in "abcdef":
                _, _, seen = await shown(door, f"/{name}/")
                assert Access.GUEST is seen.access
    assert ["Guest", "", "Guest", "", "Guest"] == server.logins


async def test_two_hundred_thousand_entries_pass_through_in_little_memory():
    number = iter(range(200_000))

    def following(asked: bytes) -> bytes:
        rows = [row(f"0701740605_{one:06}.wav", one) for one in islice(number, 2_000)]
        return rows_answer(asked, page(rows)) if rows else answer(asked, status=NO_MORE_FILES)

    async with Scripted(on={QUERY: following}) as server, server.door() as door:
        count, tracing = 0, tracemalloc.start()
        async for thing in door.list(Ask("/calls/", Asked.SHARE)):
            count += len(thing) if isinstance(thing, Batch) else 0
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert (200_000, None) == (count, tracing)
    assert peak < 16 << 20


@pytest.mark.parametrize("status", [NO_MORE_FILES, 0xC000000F])
async def test_an_empty_folder_is_open(status):
    async with Scripted(on={QUERY: lambda asked: answer(asked, status=status)}) as server, server.door() as door:
        _, rows, seen = await shown(door, "/calls/")
    assert (0, Access.ANONYMOUS, None) == (len(rows), seen.access, seen.doubt)


@pytest.mark.parametrize("status", [0xC0000003, 0xC00000BB, 0xC000000D])
async def test_a_server_that_knows_not_the_one_form_of_entries_is_asked_for_the_other(status):
    def only_both(asked: bytes) -> bytes:
        if asked[66] != 3:
            return answer(asked, status=status)
        if forms.count(3):
            return answer(asked, status=NO_MORE_FILES)
        forms.append(3)
        one = row("a.wav", 5)
        return rows_answer(asked, one[:68] + bytes(26) + one[68:])

    forms: list[int] = []
    async with Scripted(on={QUERY: only_both}) as server, server.door() as door:
        _, rows, _ = await shown(door, "/calls/")
    assert ([b"a.wav"], [5]) == (rows.names, rows.sizes)


async def test_links_and_mount_points_are_counted_and_not_followed():
    rows = {"": [row("a.wav"), folder("loop", attributes=0x410, tag=0xA0000003), folder("old", attributes=0x410),
                 folder("cloud", attributes=0x410, tag=0x9000001A), row("dedup.wav", 9, attributes=0x420)]}
    async with Scripted(rows=rows) as server, server.door() as door:
        _, shown_rows, seen = await shown(door, "/calls/")
    assert ([b"a.wav", b"dedup.wav"], [b"cloud"], "2") == (
        shown_rows.names, shown_rows.directories, seen.facts["listing.strays"])


async def test_only_these_commands_exist_and_only_these_rights_are_asked_for():
    assert {0, 1, 2, 3, 4, 5, 6, 11, 14} == set(Command)
    async with Scripted(rows=ROWS) as server, server.door() as door:
        await shown(door)
        await shown(door, "/calls/")
    assert set(server.commands()) <= set(Command)
    opened = [struct.unpack_from("<IIIII", asked, 88) for command, asked in server.heard if command == CREATE]
    assert {(Right.PIPE, 0, 7, 1, 0x40), (Right.LIST, 0, 7, 1, 0x1)} == set(opened)
    assert {0x11C017} == {struct.unpack_from("<I", asked, 68)[0] for command, asked in server.heard if command == IOCTL}
