"""The rsync door, by scripted talks: what is asked, what is made of the answers, and nothing more."""

from __future__ import annotations

import asyncio
from struct import pack

import pytest

from scanner.errors import NotThisProtocol, ProtocolError, Reset
from scanner.model import Access, Ask, Asked, Batch, Reason
from scanner.probes import PROBES
from scanner.probes.rsync import Rsync
from scanner.probes.rsync.door import RsyncDoor
from scanner.probes.rsync.talk import talk
from tests.fakes import FakeNet, Talk, endpoint
from tests.probes.rsync.rsync_lists import FOLDER, HELLO, LINK, OK, PIPE, Put, answer, frame
from tests.probes.rsync.rsync_served import lister, served, small_net
from tests.probes.rsync.rsync_talks import FLAT, ask, entered, failed, listing, put, refused, shown

TREE = [Put(b".", 4096, mode=FOLDER), Put(b"a", 4096, mode=FOLDER), Put(b"e", 4096, mode=FOLDER),
        Put(b"1.wav", 160), Put(b"link", 7, mode=LINK), Put(b"pipe", 0, mode=PIPE),
        Put(b"a/2.wav", 8 << 30, 1550480001)]
DENIED = b'rsync: [sender] opendir "e" (in calls) failed: Permission denied (13)\n'
BROKEN = b'rsync: [sender] readdir("e"): Input/output error (5)\n'


def test_it_is_at_home_at_873_and_wherever_somebody_heard_it() -> None:
    probe = next(probe for probe in PROBES if probe.name == "rsync")
    assert probe.wants(endpoint(873))
    assert not probe.wants(endpoint(8730))


async def test_modules_are_shares_and_the_welcome_is_none() -> None:
    batches, asks, seen = await ask([listing()], "/", Asked.ROOT)
    assert ([], [Ask("/calls/", Asked.SHARE, 1), Ask("/secret/", Asked.SHARE, 1)]) == (batches, asks)
    assert (Access.NONE, None) == (seen[0].access, seen[0].doubt)
    assert {"rsync.version": "31.0", "rsync.modules": "2", "rsync.motd": "Welcome\nOpening\thours",
            "door.software": "rsync daemon, protocol 31.0"} == dict(seen[0].facts)
    assert "rsync://192.0.2.7:873/" == seen[0].endpoint.url()


async def test_an_open_module_is_shown_with_all_its_folders() -> None:
    batches, asks, seen = await ask([shown(b"calls/", answer(TREE))], "/calls/")
    assert [Batch(names=[b"1.wav", b"link", b"pipe"], sizes=[160, -1, -1], times=[1550480000] * 3, grain=1,
                  directories=[b"a", b"e"]),
            Batch(names=[b"2.wav"], sizes=[8 << 30], times=[1550480001], grain=1, under="a/"),
            Batch(names=[], under="e/")] == batches
    assert [] == asks
    assert (Access.ANONYMOUS, None) == (seen[0].access, seen[0].doubt)
    assert "open" == seen[0].facts["rsync.access"]
    assert "module open to everybody, without a login; in clear" == seen[0].facts["door.how"]


async def test_the_comment_of_a_module_goes_with_its_listing() -> None:
    net = FakeNet(talks=[listing(), shown(b"calls/", answer(TREE))])
    async with Rsync().open(endpoint(873), net) as door:
        await put(door, "/")
        _, _, seen = await put(door, "/calls/")
    assert ("calls", "Call recordings") == (seen[0].facts["rsync.module"], seen[0].facts["rsync.comment"])
    assert ["RSYNC LIST", "RSYNC MODULE", "RSYNC TREE"] == sorted(
        verb for verb in net.ledger.totals()["requests"] if verb.startswith("RSYNC"))


@pytest.mark.parametrize(("line", "access", "reason"), [
    (b"@RSYNCD: AUTHREQD abc\n", Access.LOGIN, Reason.LOGIN),
    (b"@ERROR: access denied to calls from unknown (192.0.2.250)\n", Access.NONE, Reason.FORBIDDEN),
    (b"@ERROR: max connections (2) reached -- try again later\n", Access.NONE, Reason.SLOW_DOWN),
    (b"@ERROR: Unknown module 'calls'\n", Access.NONE, Reason.NOT_A_LISTING),
    (b"@ERROR: chroot failed\n", Access.NONE, Reason.SERVER_ERROR),
    (b"@RSYNCD: EXIT\n", Access.NONE, Reason.FORBIDDEN),
])
async def test_a_module_that_lets_nobody_in_says_why(line: bytes, access: Access, reason: Reason) -> None:
    batches, _, seen = await ask([refused(b"calls", line)], "/calls/")
    assert [] == batches
    assert seen[0].doubt is not None
    assert (access, reason) == (seen[0].access, seen[0].doubt[0])


async def test_too_many_connections_slow_the_pace() -> None:
    net = FakeNet(talks=[refused(b"calls", b"@ERROR: max connections (2) reached -- try again later\n")])
    async with Rsync().open(endpoint(873), net) as door:
        await put(door, "/calls/")
    assert 1 == net.pace.slowed


async def test_a_folder_of_a_module_is_asked_for_by_its_path() -> None:
    batches, _, _ = await ask([shown(b"calls/./a b/c/", answer(TREE[-1:]))], "/calls/a%20b/c/", Asked.TARGET)
    assert [(b"2.wav", "a/")] == [(batch.names[0], batch.under) for batch in batches]


@pytest.mark.parametrize("path", ["/calls/a%0Ab/", "/calls/a%2Fb/", "/calls/m%20calls/x/", "/%23list/"])
async def test_a_name_that_no_line_can_hold_is_not_sent(path: str) -> None:
    _, _, seen = await ask([Talk([HELLO])], path)
    assert seen[0].doubt is not None
    assert Reason.FORBIDDEN is seen[0].doubt[0]


async def test_where_recursion_is_refused_folders_are_asked_one_by_one() -> None:
    said = frame(b"rsync: The server is configured to refuse --recursive (-r)\n", 1)
    talks = [entered(b"calls/", (pack("<i", 0), said), Reset("cut off")),
             shown(b"calls/", answer(TREE[:5]), how=FLAT), shown(b"calls/./a/", answer([TREE[0]]), how=FLAT)]
    net = FakeNet(talks=talks)
    async with Rsync().open(endpoint(873), net) as door:
        batches, _, seen = await put(door, "/calls/")
        assert [Batch(names=[b"1.wav", b"link"], sizes=[160, -1], times=[1550480000] * 2, grain=1,
                      directories=[b"a", b"e"])] == batches
        assert Access.ANONYMOUS is seen[0].access
        assert [] == (await put(door, "/calls/a/"))[0]
    assert [] == net.talks


async def test_folders_shut_to_the_daemon_are_counted() -> None:
    batches, _, seen = await ask([shown(b"calls/", answer(TREE, messages=[DENIED], errors=1))], "/calls/")
    assert ["", "a/", "e/"] == [batch.under for batch in batches]
    assert (Access.ANONYMOUS, None, "1") == (seen[0].access, seen[0].doubt, seen[0].facts["rsync.unreadable"])


@pytest.mark.parametrize("messages", [[BROKEN], [DENIED, BROKEN], []], ids=["broken", "both", "not said"])
async def test_what_else_could_not_be_read_makes_it_at_least(messages: list[bytes]) -> None:
    _, _, seen = await ask([shown(b"calls/", answer(TREE, messages=messages, errors=1))], "/calls/")
    assert (Access.ANONYMOUS, (Reason.CUT, "the server could not read all folders")) == (seen[0].access, seen[0].doubt)


@pytest.mark.parametrize(("number", "asked", "reason"), [
    (13, Asked.LINK, Reason.FORBIDDEN), (2, Asked.TARGET, Reason.NOT_A_LISTING),
    (20, Asked.TARGET, Reason.NOT_A_LISTING), (2, Asked.LINK, Reason.SERVER_ERROR),
    (5, Asked.TARGET, Reason.SERVER_ERROR)])
async def test_a_folder_that_cannot_be_listed_says_why(number: int, asked: Asked, reason: Reason) -> None:
    said = b'rsync: [sender] change_dir "a" (in calls) failed: Words (%d)\n' % number
    _, _, seen = await ask([shown(b"calls/./a/", answer([], messages=[said], errors=1))], "/calls/a/",
                           asked)
    assert seen[0].doubt is not None
    assert (Access.NONE, reason) == (seen[0].access, seen[0].doubt[0])


async def test_an_empty_module_is_open() -> None:
    batches, _, seen = await ask([shown(b"calls/", answer(TREE[:1]))], "/calls/")
    assert ([], Access.ANONYMOUS, None) == (batches, seen[0].access, seen[0].doubt)


async def test_a_module_that_is_write_only_lists_nothing() -> None:
    _, _, seen = await ask([entered(b"calls/")], "/calls/")
    assert seen[0].doubt is not None
    assert (Access.NONE, Reason.FORBIDDEN) == (seen[0].access, seen[0].doubt[0])


async def test_rows_before_a_break_stand() -> None:
    batches, error = await failed([entered(b"calls/", (pack("<i", 0), answer(TREE)[:70]))], "/calls/")
    assert [b"1.wav", b"link"] == batches[0].names
    assert Reason.RESET is error.reason


async def test_a_tree_that_is_too_large_for_one_talk_is_left_at_the_next_folder() -> None:
    net = FakeNet(talks=[shown(b"calls/", answer([*TREE[:4], Put(b"a/2", 1), Put(b"a/3", 1), Put(b"e/4", 1)]))])
    there = endpoint(873)
    async with talk(net, there) as greeted:
        door = RsyncDoor(there, net, greeted, most=2)
        batches, _, seen = await put(door, "/calls/")
    assert [("", [b"1.wav"]), ("a/", [b"2", b"3"])] == [(batch.under, batch.names) for batch in batches]
    assert (Access.ANONYMOUS, None) == (seen[0].access, seen[0].doubt)     # /calls/e/ is asked for by itself


async def test_hidden_modules_are_the_published_names_that_are_not_on_the_list() -> None:
    net = FakeNet(talks=[listing()])
    async with Rsync().open(endpoint(873), net) as door:
        await put(door, "/")
        assert [Ask("/backup/", Asked.SIGNATURE)] == [*door.hidden(["calls", "backup"])]


async def test_what_speaks_otherwise_is_told_with_its_first_bytes() -> None:
    with pytest.raises(NotThisProtocol) as raised:
        await ask([Talk([b"SSH-2.0-OpenSSH_9.2p1\r\n"])], "/")
    assert b"SSH-2.0-" == raised.value.said[:8]


async def test_a_server_of_protocol_26_shows_its_modules_and_is_not_listed() -> None:
    hello = b"@RSYNCD: 26\n"
    net = FakeNet(talks=[Talk([hello, (b"@RSYNCD: 26\n#list\n", b"calls          \t\n@RSYNCD: EXIT\n")]),
                         Talk([hello, (b"@RSYNCD: 26\ncalls\n", OK)])])
    async with Rsync().open(endpoint(873), net) as door:
        assert [Ask("/calls/", Asked.SHARE, 1)] == (await put(door, "/"))[1]
        _, _, seen = await put(door, "/calls/")
    assert seen[0].doubt is not None
    assert Reason.PROTOCOL is seen[0].doubt[0]


async def test_asks_at_once_have_a_connection_each() -> None:
    net = FakeNet(talks=[shown(b"calls/", answer(TREE)), shown(b"calls/", answer(TREE))])
    async with Rsync().open(endpoint(873), net) as door:
        both = await asyncio.gather(put(door, "/calls/"), put(door, "/calls/"))
    assert [3, 3] == [len(batches) for batches, _, _ in both]
    assert 2 == len(net.dialled)


@pytest.mark.parametrize(("path", "sent"), [
    ("/", b"@RSYNCD: 29\n#list\n"),
    ("/calls/", b"@RSYNCD: 29\ncalls\n--server\n--sender\n-r\n.\ncalls/\n\n" + bytes(4) + b"\xff" * 16),
    ("/calls/a/", b"@RSYNCD: 29\ncalls\n--server\n--sender\n-r\n.\ncalls/./a/\n\n" + bytes(4) + b"\xff" * 16),
])
async def test_all_that_is_ever_sent_is_a_request_for_names_and_that_no_file_is_wanted(path: str, sent: bytes) -> None:
    got = bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard = _Heard(reader, got)
        if path == "/":
            writer.write(HELLO)
            await heard.readuntil(b"#list\n")
            writer.write(b"@RSYNCD: EXIT\n")
        else:
            await lister(answer(TREE))(heard, writer)
            writer.write_eof()
        await heard.read()

    async with served(serve) as there, Rsync().open(there, small_net()) as door:
        await put(door, path)
    assert sent == got


class _Heard(asyncio.StreamReader):
    """A reader that keeps what it reads."""

    def __init__(self, reader: asyncio.StreamReader, got: bytearray) -> None:
        super().__init__()
        self._reader = reader
        self._got = got

    async def readline(self) -> bytes:
        return self._keep(await self._reader.readline())

    async def readuntil(self, separator: bytes = b"\n") -> bytes:
        return self._keep(await self._reader.readuntil(separator))

    async def readexactly(self, n: int) -> bytes:
        return self._keep(await self._reader.readexactly(n))

    async def read(self, n: int = -1) -> bytes:
        return self._keep(await self._reader.read(n))

    def _keep(self, data: bytes) -> bytes:
        self._got += data
        return data


async def test_a_greeting_without_a_version_is_broken() -> None:
    with pytest.raises(ProtocolError):
        await ask([Talk([b"@RSYNCD: next generation\n"])], "/")
