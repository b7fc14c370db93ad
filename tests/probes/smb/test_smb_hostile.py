"""SMB servers that mean harm, or are broken: each ends as what it is, in its time, and takes nobody along.

M-02 and the depth of M-03 and M-10 are proven on the pure parts, in test_smb_pure.
"""

from __future__ import annotations

import asyncio
import struct
from contextlib import aclosing

import pytest

from scanner.errors import BudgetError, DeadlineError, NetError, NotThisProtocol, ProtocolError, Reset
from scanner.model import Access, Ask, Asked, Batch, Reason
from tests.probes.smb.smb_server import (
    ACCESS_DENIED,
    CLOSE,
    CREATE,
    IOCTL,
    LOGOFF,
    MORE_PROCESSING,
    NEGOTIATE,
    PENDING,
    QUERY,
    SETUP,
    TREE,
    Raw,
    Scripted,
    answer,
    challenge,
    folder,
    framed,
    login_of,
    negotiated,
    page,
    pairs,
    pdu,
    pipe_answer,
    row,
    rows_answer,
    setup,
    share_list,
    shown,
)

SMB1_ANSWER = struct.pack("<4sBIBHH8sHHHHHBHH", b"\xffSMB", 0x72, 0, 0x98, 0, 0, b"", 0, 0, 0, 0, 0, 1, 0, 0)
QUICK = {"first_byte": 0.4, "total": 0.6}


async def broken(server: Scripted, path: str = "/calls/", **limits: float) -> tuple[list[bytes], type[NetError], str]:
    """The names that were shown before the listing broke, and how it broke."""
    names = list[bytes]()
    async with server.door(**limits) as door:
        try:
            async with aclosing(door.list(Ask(path, Asked.SHARE))) as things:
                async for thing in things:
                    names += thing.names if isinstance(thing, Batch) else []
        except NetError as error:
            return names, type(error), str(error)
    raise AssertionError("it did not break")


async def visit(server: Scripted) -> None:
    async with server.door() as door:
        await shown(door)
        await shown(door, "/calls/")


async def test_no_other_server_suffers():
    """Beside each of the hostile ones: the door of another server lists as ever."""
    hostile = Scripted(on={QUERY: lambda asked: answer(asked, status=PENDING)})
    async with hostile, Scripted() as healthy, hostile.door(**QUICK) as bad, healthy.door() as good:
        async def ends() -> None:
            with pytest.raises(NetError):
                await shown(bad, "/calls/")

        _, (_, rows, seen) = await asyncio.gather(ends(), shown(good, "/calls/"))
    assert (1, Access.ANONYMOUS) == (len(rows), seen.access)


@pytest.mark.parametrize("first", [b"", framed(SMB1_ANSWER)], ids=["closes", "answers in SMB 1"])
async def test_m_01_a_server_of_smb_1_only_is_asked_once_and_named(first):
    async with Scripted(on={NEGOTIATE: lambda asked: Raw(first)}) as server:
        server.old = lambda asked: SMB1_ANSWER
        async with server.door() as door:
            _, _, seen = await shown(door)
            looked = await door.look()
            _, _, below = await shown(door, "/calls/")
    assert ({"smb.dialect": "1"}, Reason.RECOGNISED) == (dict(seen.facts), seen.doubt[0])
    assert seen.doubt == looked.doubt == below.doubt
    assert [NEGOTIATE, -1] == server.commands()
    assert {0x72} == {asked[4] for command, asked in server.heard if command == -1}


async def test_m_01_a_server_that_closes_on_both_is_neither():
    async with Scripted(on={NEGOTIATE: lambda asked: b""}) as server:
        server.old = lambda asked: b""
        with pytest.raises(Reset):
            await server.door().__aenter__()
    assert [NEGOTIATE, -1] == server.commands()


async def test_m_01_one_that_agrees_on_nothing_is_broken():
    async with Scripted(on={NEGOTIATE: lambda asked: SMB1_ANSWER}) as server:
        server.old = lambda asked: SMB1_ANSWER[:33] + b"\xff\xff" + SMB1_ANSWER[35:]
        with pytest.raises(ProtocolError, match="agrees on no dialect"):
            await server.door().__aenter__()


@pytest.mark.parametrize("dialect", [0x02FF, 0x0310])
async def test_m_02_an_unknown_dialect_is_asked_about_once(dialect):
    async with Scripted(on={NEGOTIATE: lambda asked: negotiated(asked, dialect=dialect)}) as server:
        with pytest.raises(ProtocolError, match="which was not offered"):
            await server.door().__aenter__()
    assert [NEGOTIATE] == server.commands()


async def test_m_03_whatever_the_challenge_says_the_null_session_stays_empty():
    info = pairs((1, b"A" * 500), (6, b"\2\0\0\0"), (9, "cifs/192.0.2.7".encode("utf-16-le")), (2, b"B" * 60_000))
    async with Scripted() as server:
        server.on[SETUP] = lambda asked: (
            setup(asked) if login_of(asked) is not None else setup(asked, challenge(info), MORE_PROCESSING, session=9))
        async with server.door() as door:
            await shown(door)
    last = {login_of(asked): asked[asked.find(b"NTLMSSP\0\x03"):] for command, asked in server.heard
            if command == SETUP and login_of(asked) is not None}
    null = last[""]
    fields = [struct.unpack_from("<HHI", null, at)[0] for at in range(12, 60, 8)]
    assert [1, 0, 0, 0, 0, 0] == fields
    assert len(last["Guest"]) < 1500
    assert "cifs".encode("utf-16-le") not in server.raw


async def test_m_03_a_login_without_end_is_given_up():
    endless = Scripted(on={SETUP: lambda asked: setup(asked, challenge(), MORE_PROCESSING, session=1)})
    async with endless as server, server.door() as door:
        _, _, seen = await shown(door)
    assert Reason.LOGIN is seen.doubt[0]
    assert 4 == server.commands().count(SETUP)


@pytest.mark.parametrize("token", [b"", b"NTLMSSP\0\x02\0\0\0", b"\xa1\x84\xff\xff\xff\xff", b"\x30" * 400])
async def test_m_03_a_challenge_that_is_none_ends_the_contact(token):
    async with Scripted(on={SETUP: lambda asked: setup(asked, token, MORE_PROCESSING, session=1)}) as server:
        with pytest.raises(ProtocolError):
            await server.door().__aenter__()


async def test_m_04_signing_that_is_required_is_told_and_unsigned_requests_are_tried():
    async with Scripted(on={NEGOTIATE: lambda asked: negotiated(asked, mode=3),
                            TREE: lambda asked: answer(asked, status=ACCESS_DENIED)}) as server, server.door() as door:
        _, _, seen = await shown(door)
    assert ("required", Reason.FORBIDDEN) == (seen.facts["smb.signing"], seen.doubt[0])
    assert "signing is required, which a stranger cannot do" in seen.doubt[1]


async def test_m_05_a_session_that_may_connect_to_nothing_is_no_open_share():
    async with Scripted(on={TREE: lambda asked: answer(asked, status=ACCESS_DENIED)}) as server, server.door() as door:
        _, rows, seen = await shown(door, "/calls/")
    assert (0, Access.LOGIN, (Reason.LOGIN, "this share wants a login")) == (len(rows), seen.access, seen.doubt)
    assert CREATE not in server.commands()


@pytest.mark.parametrize("when", [NEGOTIATE, SETUP, TREE, CREATE, QUERY, IOCTL])
async def test_m_06_a_message_of_16_mib_ends_the_contact_before_it_is_read(when):
    async with Scripted(on={when: lambda asked: Raw(b"\0\xff\xff\xff" + b"\xfeSMB" * 1000)}) as server:
        with pytest.raises(ProtocolError, match="16777215 bytes"):
            await visit(server)


A, B = row("a.wav", 1), row("b.wav", 2)


@pytest.mark.parametrize(("data", "names"), [
    (struct.pack("<I", 1) + A[4:] + B, []),
    (page([A, B])[:90], [b"a.wav"]),
    (struct.pack("<I", 0xFFFFFFB0) + A[4:] + B, [b"a.wav"]),
    (A[:60] + struct.pack("<I", 0x7FFFFFFF) + A[64:], []),
], ids=["into itself", "cut", "backwards", "a long name"])
async def test_m_07_offsets_that_lead_astray_break_the_listing_after_what_was_read(data, names):
    async with Scripted(on={QUERY: lambda asked: rows_answer(asked, data)}) as server:
        got, kind, text = await broken(server)
    assert (names, ProtocolError, "a directory whose entries lead astray") == (got, kind, text)


@pytest.mark.parametrize("where", [(0, 900), (72, 1 << 31), (65535, 8)])
async def test_m_07_rows_that_lie_outside_of_the_answer_break_it(where):
    async with Scripted(on={QUERY: lambda asked: answer(asked, struct.pack("<HHI", 9, *where) + A)}) as server:
        _, kind, text = await broken(server)
    assert (ProtocolError, "an answer whose parts lie outside of it") == (kind, text)


async def test_m_08_the_same_page_over_and_over_is_seen_twice_at_most():
    async with Scripted(on={QUERY: lambda asked: rows_answer(asked, page([A, B]))}) as server:
        names, kind, text = await broken(server)
    assert ([b"a.wav", b"b.wav"], ProtocolError) == (names, kind)
    assert "over and over" in text


async def test_m_08_pages_without_entries_end():
    async with Scripted(on={QUERY: lambda asked: rows_answer(asked, page([folder("."), folder("..")]))}) as server:
        names, kind, _ = await broken(server)
    assert ([], ProtocolError, 3) == (names, kind, server.commands().count(QUERY))


async def test_m_08_new_names_without_end_are_ended_by_the_budget():
    pages = iter(range(10**9))
    async with Scripted(on={QUERY: lambda asked: rows_answer(asked, page(
            [row(f"{next(pages)}.wav") for _ in range(400)]))}) as server:
        names, kind, _ = await broken(server, listing_bytes=300_000, page_bytes=50_000)
    assert BudgetError is kind
    assert 2_000 < len(names) < 10_000


@pytest.mark.parametrize("status", [0xC0000257, 0x8000002D])
async def test_m_09_a_referral_is_told_and_not_followed(status):
    async with Scripted(on={CREATE: lambda asked: answer(asked, status=status)}) as server, server.door() as door:
        _, _, seen = await shown(door, "/calls/")
    assert (Reason.OUT_OF_SCOPE, "leads elsewhere (DFS or a link): not followed") == seen.doubt
    assert 2 == server.connections


async def test_m_10_names_of_harm_are_names_and_never_asked_for():
    raw = [row(name) for name in ("a\\b.wav", "..", "a\0b", "c/d", "CON", "x\r\ny")]
    rows = {"": [*raw, folder("e\\f"), folder("..\\..\\etc"), folder("g\0h"), folder("i:stream")]}
    async with Scripted(rows=rows) as server, server.door() as door:
        _, whole, _ = await shown(door, "/calls/")
        heard = len(server.heard)
        doubts = [(await shown(door, "/calls/" + name + "/"))[2].doubt for name in (
            "e%5Cf", "..%5C..%5Cetc", "g%00h", "i%3Astream")]
        assert heard == len(server.heard)
    assert [b"a\\b.wav", b"..", b"a\0b", b"c/d", b"CON", b"x\r\ny"] == whole.names
    assert [b"e\\f", b"..\\..\\etc", b"g\0h", b"i:stream"] == whole.directories
    assert {(Reason.FORBIDDEN, "a folder whose name no command can hold")} == set(doubts)


@pytest.mark.parametrize("when", [SETUP, TREE, CREATE, QUERY, IOCTL])
async def test_m_11_pending_without_end_is_given_up(when):
    def pending(asked: bytes) -> Raw:
        return Raw(framed(answer(asked, status=PENDING)) * 100)

    async with Scripted(on={when: pending}) as server:
        with pytest.raises(ProtocolError, match="still to come"):
            await visit(server)


@pytest.mark.parametrize("when", [NEGOTIATE, SETUP, TREE, CREATE, QUERY])
async def test_m_11_pending_once_and_then_nothing_ends_in_its_time(when):
    async with Scripted(on={when: lambda asked: answer(asked, status=PENDING)}) as server:
        with pytest.raises((DeadlineError, ProtocolError)):
            async with server.door(**QUICK) as door:
                await shown(door, "/calls/")


async def test_m_11_pending_and_then_the_answer_is_an_answer():
    async with Scripted() as server:
        usual = server.on[QUERY]
        server.on[QUERY] = lambda asked: Raw(framed(answer(asked, status=PENDING)) + framed(usual(asked)))
        async with server.door() as door:
            _, rows, _ = await shown(door, "/calls/")
    assert 1 == len(rows)


@pytest.mark.parametrize(("magic", "text"), [(b"\xfdSMB", "encrypted"), (b"\xfcSMB", "compressed")])
@pytest.mark.parametrize("when", [NEGOTIATE, SETUP, CREATE, QUERY])
async def test_m_12_frames_that_were_not_agreed_end_the_contact(magic, text, when):
    async with Scripted(on={when: lambda asked: magic + bytes(80)}) as server:
        with pytest.raises(ProtocolError, match=text):
            async with server.door() as door:
                await shown(door, "/calls/")


# ---- and what has no number

@pytest.mark.parametrize("said", [
    b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x15\x03\x01\0\x02\x02\x46"])
async def test_what_is_no_smb_is_handed_on_as_it_came(said):
    async with Scripted(on={NEGOTIATE: lambda asked: Raw(said)}) as server:
        with pytest.raises(NotThisProtocol) as caught:
            await server.door().__aenter__()
    assert said == caught.value.said


async def test_frames_of_another_protocol_are_no_smb():
    async with Scripted(on={NEGOTIATE: lambda asked: b"\x01\x02\x03\x04 something"}) as server:
        with pytest.raises(NotThisProtocol) as caught:
            await server.door().__aenter__()
    assert caught.value.said.startswith(b"\0\0\0\x0e\x01\x02")


@pytest.mark.parametrize("damage", [
    {"message": 77}, {"command": 14}, {"message": 0xFFFFFFFFFFFFFFFE},
], ids=["another message", "another command", "a number far off"])
async def test_an_answer_to_something_else_ends_the_contact(damage):
    async with Scripted(on={CREATE: lambda asked: answer(asked, **damage)}) as server:
        _, kind, text = await broken(server)
    assert (ProtocolError, "an answer to something else than was asked") == (kind, text)


async def test_what_is_said_unasked_is_passed_over():
    async with Scripted() as server:
        usual = server.on[CREATE]
        server.on[CREATE] = lambda asked: Raw(
            framed(answer(asked, command=18, message=0xFFFFFFFFFFFFFFFF)) + b"\x85\0\0\0" + framed(usual(asked)))
        async with server.door() as door:
            _, rows, _ = await shown(door, "/calls/")
    assert 1 == len(rows)


async def test_a_break_in_the_middle_rises_after_what_was_shown():
    async with Scripted(rows={"": [row(f"{number}") for number in range(700)]}) as server:
        usual, calls = server.on[QUERY], iter([True, False])
        server.on[QUERY] = lambda asked: usual(asked) if next(calls) else b""
        names, kind, _ = await broken(server)
    assert (500, Reset) == (len(names), kind)


async def test_after_a_break_the_next_ask_makes_a_new_connection():
    async with Scripted() as server, server.door() as door:
        usual = server.on[QUERY]
        server.on[QUERY] = lambda asked: b"\xfdSMB" + bytes(80)
        with pytest.raises(ProtocolError):
            await shown(door, "/calls/")
        server.on[QUERY] = usual
        _, rows, _ = await shown(door, "/calls/")
    assert (1, 3) == (len(rows), server.connections)


async def test_several_who_ask_at_once_are_answered_one_after_the_other():
    rows = {"": [folder("x"), folder("y")], "x": [row(f"x{i}") for i in range(900)], "y": [row("y")]}
    async with Scripted(rows=rows) as server, server.door() as door:
        got = await asyncio.gather(*(shown(door, f"/calls/{name}") for name in ("x/", "y/", "", "x/")))
    assert [900, 1, 2, 900] == [len(rows) for _, rows, _ in got]
    assert {} == server._handles


async def test_whoever_leaves_in_the_middle_of_an_answer_costs_the_connection_only():
    async with Scripted() as server, server.door() as door:
        usual = server.on[QUERY]
        server.on[QUERY] = lambda asked: None
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await shown(door, "/calls/")
        server.on[QUERY] = usual
        _, rows, _ = await shown(door, "/calls/")
    assert (1, 3) == (len(rows), server.connections)


@pytest.mark.parametrize("when", [CLOSE, LOGOFF])
async def test_whoever_does_not_answer_goodbye_is_left(when):
    async with Scripted(rows={"": [row(f"{n}") for n in range(2000)]}, on={when: lambda asked: None}) as server:
        begun = asyncio.get_running_loop().time()
        async with server.door() as door, aclosing(door.list(Ask("/calls/", Asked.SHARE))) as things:
            await anext(things)
        assert asyncio.get_running_loop().time() - begun < 3


@pytest.mark.parametrize("said", [
    pdu(2, bytes(8) + struct.pack("<IIIIII", 1, 1, 1, 0xFFFFFFFF, 1, 0xFFFFFFFF)), pdu(2, bytes(8), flags=1),
    pdu(2, b""), share_list([("x" * 5000, 0, "")]), b"\5\0\2\3\0\0\0\0" + bytes(8), bytes(400),
], ids=["endless", "no last part", "empty", "a long name", "big-endian", "zeros"])
async def test_a_list_of_shares_that_is_broken_is_a_list_that_is_refused(said):
    async with Scripted(on={IOCTL: lambda asked: pipe_answer(
            asked, pdu(12, bytes(24)) if asked[122] == 11 else said)}) as server, server.door() as door:
        asks, _, seen = await shown(door)
        _, rows, _ = await shown(door, "/calls/")
    assert ([], Reason.FORBIDDEN, 1) == (asks, seen.doubt[0], len(rows))


async def test_more_shares_than_are_told_are_cut():
    more = share_list([("a", 0, "")], 234, 7)
    async with Scripted(on={IOCTL: lambda asked: pipe_answer(
            asked, pdu(12, bytes(24)) if asked[122] == 11 else more)}) as server, server.door() as door:
        asks, _, seen = await shown(door)
    assert (1, Reason.CUT) == (len(asks), seen.doubt[0])
