"""Servers of FTP that mean harm, or are broken: each ends as what it is, in its time, with what it showed kept."""

from __future__ import annotations

import asyncio
import socket
import time
from functools import partial

import pytest
from ftp_hostile import ROWS, Nasty, asked, forever

from scanner.errors import BudgetError, DeadlineError, NotThisProtocol, ProtocolError, Reset, TlsError
from scanner.model import Access, Ask, Asked, Reason
from scanner.net import Limits
from scanner.probes.ftp.commands import Command

AB = [b"a.wav", b"b.wav"]


async def refused(server: Nasty) -> BaseException:
    start = time.monotonic()
    with pytest.raises(Exception) as told:
        async with server, server.door():
            pass
    assert time.monotonic() - start < 15
    return told.value


async def stall(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


async def drip(writer: asyncio.StreamWriter) -> None:
    for byte in b"220 " + b"x" * 200:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.1)


@pytest.mark.parametrize(("name", "greeting", "kind"), [
    ("F-01", partial(forever, piece=b"220-and so on\r\n"), ProtocolError),
    ("F-02", partial(forever, piece=b"220 " + b"x" * 1020), ProtocolError),
    ("F-02", partial(forever, piece=b"x" * 1024), NotThisProtocol),
    ("F-03", drip, DeadlineError),
    ("silent", stall, DeadlineError),
    ("F-10", b"999 what\r\n", NotThisProtocol),
    ("F-10", b"abc what\r\n", NotThisProtocol),
    ("F-10", b"220-a\r\nabc\r\n999 b\r\n" * 100, ProtocolError),
    ("F-10", b"\xff\xf4\xff\xf2", NotThisProtocol),
])
async def test_a_greeting_that_is_none(name, greeting, kind):
    assert kind is type(await refused(Nasty({"": greeting})))


@pytest.mark.parametrize("reply", ["999 what", "abc", "22", "", "700 x", "2200 x"])
async def test_f10_a_reply_that_is_none(reply):
    assert ProtocolError is type(await refused(Nasty({"USER": reply})))


@pytest.mark.parametrize("host", ["10,9,8,7", "0,0,0,0", "255,255,255,255", "127,0,0,9", "999,0,0,1"])
async def test_f04_the_host_of_a_passive_answer_is_not_looked_at(host):
    async with Nasty({"EPSV": "500 unknown"}, limits=Limits()) as server:
        server.answers["PASV"] = f"227 Passive ({host},{server.data_port >> 8},{server.data_port & 255})."
        (got,) = await server.walk("/")
    assert (AB, None) == (got.names, got.error)


@pytest.mark.parametrize("answers", [
    {"EPSV": "229 (|||22|)"}, {"EPSV": "229 (|||0|)"}, {"EPSV": "229 (|||65536|)"}, {"EPSV": "229 (|||99999|)"},
    {"EPSV": "229 no port"}, {"EPSV": "229 (|1|2|3|)"}, {"EPSV": "500", "PASV": "227 (127,0,0,1,0,22)"},
    {"EPSV": "500", "PASV": "227 (127,0,0,1,256,1)"}, {"EPSV": "500", "PASV": "227 Entering"},
    {"EPSV": "500", "PASV": "227 (1,2,3)"}, {"EPSV": "500", "PASV": "500"}, {"EPSV": b"229 (|||\xff\xff|)\r\n"}])
async def test_f05_a_port_that_is_none_or_a_service_of_its_own_is_not_dialled(answers):
    async with Nasty(answers) as server:
        (got,) = await server.walk("/")
    assert (ProtocolError, []) == (type(got.error), got.names)


async def test_f06_a_data_port_that_is_closed():
    async with Nasty({"PASV": "500"}) as server:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))             # bound, not listened at
            server.answers["EPSV"] = f"229 (|||{taken.getsockname()[1]}|)"
            (got,) = await server.walk("/")
    assert got.answer is not None
    assert (Access.NONE, Reason.TIMEOUT) == (got.answer.access, (got.answer.doubt or ("",))[0])


async def test_a_port_of_epsv_that_is_closed_is_followed_by_pasv():
    async with Nasty() as server:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            server.answers["EPSV"] = f"229 (|||{taken.getsockname()[1]}|)"
            one, two = await server.walk("/", "/a/")
    assert (AB, AB) == (one.names, two.names)
    assert (1, 2) == (server.verbs().count("EPSV"), server.verbs().count("PASV"))


async def test_f06_a_data_connection_that_says_nothing():
    async with Nasty(data=stall) as server:
        (got,) = await server.walk("/")
    assert (DeadlineError, []) == (type(got.error), got.names)


async def _rows_then_stall(writer: asyncio.StreamWriter) -> None:
    writer.write(ROWS)
    await writer.drain()
    await asyncio.sleep(30)


async def test_f06_a_data_connection_that_never_closes():
    async with Nasty(data=_rows_then_stall) as server:
        (got,) = await server.walk("/")
    assert DeadlineError is type(got.error)


@pytest.mark.parametrize(("piece", "kind"), [
    (ROWS * 20, BudgetError), (b"garbage\r\n" * 100, BudgetError), (b"x" * 1024, ProtocolError)])
async def test_f06_a_list_without_end(piece, kind):
    start = time.monotonic()
    async with Nasty(data=partial(forever, piece=piece)) as server:
        (got,) = await server.walk("/")
    assert kind is type(got.error)
    assert time.monotonic() - start < 15


F07 = (b"drwxr-xr-x 2 0 0 4096 Nov 21 04:48 ../../x\r\n" b"lrwxrwxrwx 1 0 0 3 Nov 21 04:48 loop -> .\r\n"
       b"lrwxrwxrwx 1 0 0 3 Nov 21 04:48 up -> ../\r\n" b"280 Nov 21 14:30 bare.wav\r\n"
       b"11-21-26  05:38PM  1234 dos.wav\r\n" b"+i1,m1550500215,r,s280,\teplf.wav\r\n" b"what is this\r\n"
       b"-rw-r--r-- 1 0 0 4000 Nov 21 14:30 a\nb.wav\r\n")


async def test_f07_names_that_lead_elsewhere_links_and_every_form_in_one_list():
    async with Nasty({"FEAT": "500"}, data=F07) as server:
        got, below, up, line_end = await server.walk("/", "/..%2F..%2Fx/", "/../", "/a%0D%0ADELE%20x/")
    kinds = {entry.name: entry.kind.value for entry in got.entries}
    assert {b"../../x": "directory", b"loop": "file", b"up": "file", b"bare.wav": "file", b"dos.wav": "file",
            b"eplf.wav": "file", b"a\nb.wav": "file"} == kinds
    assert got.answer is not None
    assert "1" == got.answer.facts["listing.unreadable"]
    for other in (below, up, line_end):
        assert other.answer is not None
        assert (Reason.FORBIDDEN, "a folder whose name no command can hold") == other.answer.doubt
    assert [b"LIST -a"] == [line for line in server.told if line.split()[0] in (b"LIST", b"CWD", b"DELE")]


@pytest.mark.parametrize(("answers", "access", "reason"), [
    ({"USER": "230 in, no password"}, Access.ANONYMOUS, None),
    ({"PASS": "202 not needed"}, Access.ANONYMOUS, None),
    ({"PASS": "331 and again"}, Access.LOGIN, Reason.LOGIN),
    ({"USER": "332 account"}, Access.LOGIN, Reason.LOGIN),
    ({"PASS": "530 no"}, Access.LOGIN, Reason.LOGIN),
    ({"PASS": "500 OOPS: cannot change directory"}, Access.NONE, Reason.FORBIDDEN),
    ({"PASS": "421 too many"}, Access.NONE, Reason.SLOW_DOWN),
    ({"": "421 too many"}, Access.NONE, Reason.SLOW_DOWN),
    ({"": "530 not you"}, Access.NONE, Reason.FORBIDDEN),
])
async def test_f08_how_a_login_ends(answers, access, reason):
    async with Nasty(answers) as server, server.door() as door:
        seen = await door.look()
        again = await asked(door, "/")
    assert (access, reason) == (seen.access, seen.doubt[0] if seen.doubt else None)
    assert again.answer is not None
    assert (access, reason) == (again.answer.access, again.answer.doubt[0] if again.answer.doubt else None)
    assert server.verbs().count("PASS") <= 2
    assert reason is Reason.SLOW_DOWN or 1 == server.greeted


@pytest.mark.parametrize("verb", ["CWD", "EPSV", "MLSD"])
async def test_f08_421_after_the_login(verb):
    async with Nasty({verb: "421 bye"}) as server:
        (got,) = await server.walk("/a/")
    assert got.answer is not None
    assert Reason.SLOW_DOWN is (got.answer.doubt or ("",))[0]
    assert server.greeted <= 2


async def test_f09_a_list_that_is_never_said_to_be_whole_is_cut():
    async with Nasty(final=None) as server:
        got, again = await server.walk("/", "/")
    assert got.answer is not None
    assert (AB, Access.ANONYMOUS, (Reason.CUT, "the server never said that its list was whole")) == (
        got.names, got.answer.access, got.answer.doubt)
    assert (AB, 2) == (again.names, server.greeted)      # on a connection of its own


@pytest.mark.parametrize(("final", "doubt"), [
    ("226 done", None), ("226 Output truncated to 10000 matches", "the server ends lists after 10000 names"),
    ("426 broken", "the server broke off its list with 426"), ("451 error", "the server broke off its list with 451"),
    ("500 what", "the server broke off its list with 500"), ("550 Permission denied", "the server refuses this folder"),
    ("226 Transfer done (but failed to open directory).", "the server refuses this folder")])
async def test_the_last_reply_says_whether_a_list_is_whole(final, doubt):
    async with Nasty(final=final) as server:
        (got,) = await server.walk("/")
    assert got.answer is not None
    assert (AB, doubt) == (got.names, got.answer.doubt[1] if got.answer.doubt else None)


@pytest.mark.parametrize(("answers", "kind"), [
    ({"USER": "530 Must use encryption", "AUTH": stall}, DeadlineError),
    ({"USER": "534 Policy requires SSL", "AUTH": "234 go on"}, (DeadlineError, TlsError, Reset)),
    ({"USER": "550 SSL/TLS required on the control channel", "AUTH": "502 no"}, TlsError),
    ({"USER": "421 cleartext sessions are not accepted", "AUTH": b"234 go on\r\n220 in clear\r\n"}, ProtocolError),
])
async def test_f11_tls_is_wanted_and_not_spoken(answers, kind):
    error = await refused(Nasty(answers))
    assert isinstance(error, kind)


async def test_f12_bytes_of_no_character_set():
    wild = b"\xff\xfe\x80"
    async with Nasty({"": b"220 " + wild + b"\r\n", "SYST": b"215 " + wild + b"\r\n",
                      "PWD": b'257 "/' + wild + b'/x"\n', "FEAT": b"211-F\r\n " + wild + b"\r\n MLST\r\n211 End\r\n"},
                     data=b"type=file;size=1; " + wild + b"\r\n") as server:
        (got,) = await server.walk("/" + "%FF%FE%80/")
    assert got.answer is not None
    assert ([wild], "\ufffd\ufffd\ufffd") == (got.names, got.answer.facts["ftp.banner"])
    assert b"CWD /\xff\xff\xfe\x80" in server.told       # byte 255 is Telnet's, doubled it is itself


async def test_a_session_that_was_closed_meanwhile_is_opened_again():
    async with Nasty() as server, server.door() as door:
        first = await asked(door, "/")
        for task in server._tasks:
            task.cancel()
        await asyncio.sleep(0.05)
        second = await asked(door, "/")
    assert (AB, AB, 2) == (first.names, second.names, server.greeted)


@pytest.mark.parametrize(("places", "sessions"), [(16, 2), (4, 2), (3, 1), (2, 1), (1, 1)])
async def test_two_sessions_at_most_and_none_that_is_waited_for(places, sessions):
    async with Nasty(limits=Limits()) as server, server.door(places=places) as door:
        got = await asyncio.gather(*(asked(door, "/") for _ in range(30)))
    assert [AB] * 30 == [one.names for one in got]
    assert sessions == server.greeted


async def test_a_server_that_takes_one_connection_is_asked_on_that_one():
    async def once(writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n" if server.greeted == 1 else b"421 one is enough\r\n")

    server = Nasty({"": once})
    async with server, server.door() as door:
        got = await asyncio.gather(*(asked(door, "/") for _ in range(30)))
    assert [AB] * 30 == [one.names for one in got]
    assert 2 == server.greeted


async def test_leaving_a_list_early_closes_it_at_once():
    server = Nasty(data=partial(forever, piece=ROWS * 2000), limits=Limits())
    async with server, server.door() as door:
        answer = door.list(Ask("/", Asked.ROOT))
        await anext(answer)
        start = time.monotonic()
        await answer.aclose()
        assert time.monotonic() - start < 10


@pytest.mark.parametrize(("reply", "reason"), [
    ("550 no", Reason.FORBIDDEN), ("530 login", Reason.LOGIN), ("450 later", Reason.SERVER_ERROR),
    ("553 prohibited", Reason.FORBIDDEN)])
async def test_a_folder_that_cannot_be_entered(reply, reason):
    async with Nasty({"CWD": reply}) as server:
        shut, root = await server.walk("/a/", "/")
    assert shut.answer is not None
    assert (Access.NONE, reason) == (shut.answer.access, (shut.answer.doubt or ("",))[0])
    assert ([], 1) == (shut.names, server.greeted)
    assert root.answer is not None


async def test_a_root_that_is_refused_leads_to_where_the_login_does():
    async with Nasty({"PWD": '257 "/srv/a ""b"" c" is it', "CWD": "550 no"}) as server:
        (got,) = await server.walk("/")
    assert ["/srv/a%20%22b%22%20c/"] == [ask.path for ask in got.asks]


@pytest.mark.parametrize(("names", "shown", "doubt"), [
    ("150 here", [b"x.wav"], None), ("500 what", [], "the server refuses this folder"),
    ("550 no", [], "the server refuses this folder")])
async def test_a_root_for_which_list_is_forbidden_may_be_shown_by_names(names, shown, doubt):
    async with Nasty({"MLSD": "500", "LIST": "550 Permission denied", "NLST": names}, data=b"x.wav\r\n") as server:
        one, below = await server.walk("/", "/a/")
    assert one.answer is not None
    assert (shown, doubt) == (one.names, one.answer.doubt[1] if one.answer.doubt else None)
    assert shown == below.names
    assert (2 if shown else 1) == server.verbs().count("NLST")      # once, where it shows nothing


async def test_what_mlsd_is_not_known_for_is_asked_by_list_and_then_by_names():
    async with Nasty({"MLSD": "500", "LIST": "502"}, data=b"x.wav\r\n") as server:
        one, two = await server.walk("/", "/a/")
        server.data = b"x.wav\r\n2019\r\n"
        (vague,) = await server.walk("/")
    assert ([b"x.wav"], [b"x.wav"], [b"x.wav", b"2019"]) == (one.names, two.names, vague.names)
    assert one.answer is not None
    assert vague.answer is not None
    assert (None, Reason.NOT_TRIED) == (one.answer.doubt, (vague.answer.doubt or ("",))[0])
    assert ["MLSD", "LIST", "LIST", "NLST", "NLST"] == [verb for verb in server.verbs() if verb in (
        "MLSD", "LIST", "NLST")][:5]


async def test_hidden_names_are_asked_for_once_more_only_where_nothing_was_shown():
    async with Nasty({"FEAT": "500"}, data=b"") as server:
        (empty,) = await server.walk("/")
    assert [b"LIST -a", b"LIST"] == [line for line in server.told if line.startswith(b"LIST")]
    assert empty.answer is not None
    assert (Access.ANONYMOUS, None) == (empty.answer.access, empty.answer.doubt)


async def test_nothing_is_sent_that_reads_writes_or_leaves_the_vocabulary():
    async with Nasty({"FEAT": "211-F\r\n UTF8\r\n211 End"}, data=F07) as server:
        await server.walk("/", "/a/", "/b c/")
    assert {*server.verbs()} <= {command.value for command in Command}
    assert {"USER", "PASS", "AUTH", "PBSZ", "PROT", "FEAT", "SYST", "OPTS", "PWD", "CWD", "EPSV", "PASV", "MLSD",
            "LIST", "NLST", "QUIT"} == {command.value for command in Command}
    assert b"PASS anonymous@" in server.told


async def test_lines_of_one_letter_keep_no_other_host_waiting():
    """Each costs as much as a long one, and a hundred thousand lie ready at once."""
    longest = 0.0

    async def others():
        nonlocal longest
        while True:
            before = time.thread_time()
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - before)

    async with Nasty(data=(ROWS + b"x\r\n" * 4000) * 25, limits=Limits(page_bytes=512 * 1024)) as server:
        waiting = asyncio.create_task(others())
        (got,) = await server.walk("/")
        waiting.cancel()
    assert got.answer is not None
    assert longest < 0.1
