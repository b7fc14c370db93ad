"""Conversations of real servers, byte for byte as they were answered: Samba 4.17.12 and impacket 0.13.1.

Each file of fixtures/wire/smb is what a server said on one connection; which of them were made is told below.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.errors import NetError, ProtocolError
from scanner.model import Access, Entry, Kind, Reason
from scanner.probes.smb import Smb
from tests.fakes import FakeNet, Talk, endpoint
from tests.probes.smb.smb_server import shown

WIRE = Path(__file__).resolve().parents[3] / "fixtures" / "wire" / "smb"
AUDIO = [Entry("samtal åäö.wav".encode(), Kind.FILE, 480_044, 0, 1_550_500_215, 1),
         Entry(b"0701740605_20190218143015.wav", Kind.FILE, 480_045, 0, 1_550_500_216, 1)]
BELOW = [Entry(b"0701740606.wav", Kind.FILE, 480_046, 0, 1_550_500_217, 1)]
FOLDER = [Entry(b"2019", Kind.DIRECTORY)]
LETTERS = str.maketrans("0123456789abcdef", "ABCDEFGHIJKLMNOP")       # RFC 1001 §14.1
NAMED = {"smb.dialect": "3.1.1", "smb.signing": "offered", "smb.server": "FILES", "smb.os": "6.1.0"}


def replayed(name: str) -> FakeNet:
    """A server that answers each message as it was answered then."""
    return FakeNet(talks=[Talk(_steps(file.read_bytes())) for file in sorted(WIRE.glob(f"{name}-[0-9].bin"))])


def _steps(said: bytes) -> list[tuple[bytes, bytes]]:
    """One step an answer; one that was announced as pending takes that with it."""
    steps, at = list[tuple[bytes, bytes]](), 0
    while at < len(said):
        size = 4 + int.from_bytes(said[at + 1:at + 4], "big")
        if said[at + 4:at + 8] == b"\xfeSMB" and said[at + 12:at + 16] == b"\x03\x01\0\0":
            size += 4 + int.from_bytes(said[at + size + 1:at + size + 4], "big")
        steps.append((b"SMB", said[at:at + size]))
        at += size
    return steps


async def test_samba_lists_its_shares_and_the_open_one():
    async with Smb().open(endpoint(445), replayed("samba")) as door:
        asks, _, root = await shown(door)
        _, rows, seen = await shown(door, "/calls/")
        _, below, _ = await shown(door, "/calls/2019/")
        _, _, closed = await shown(door, "/hr/")
    assert ["/calls/", "/hr/"] == [ask.path for ask in asks]
    assert (AUDIO + FOLDER, BELOW) == ([*rows.entries()], [*below.entries()])
    session = {"smb.session": "null accepted, guest accepted as guest", "door.software": "Samba 4.17.12-Debian"}
    assert {**NAMED, **session, "smb.shares": "2 disk, 1 ipc"} == dict(root.facts)
    assert {**NAMED, **session, "smb.share": "calls", "smb.comment": "Call recordings",
            "door.how": "by a null session: no name, no password"} == dict(seen.facts)
    assert (Access.ANONYMOUS, Access.LOGIN, Reason.LOGIN) == (seen.access, closed.access, closed.doubt[0])


async def test_a_restricted_samba_refuses_its_list_and_opens_the_share():
    async with Smb().open(endpoint(445), replayed("samba-restricted")) as door:
        _, _, root = await shown(door)
        _, rows, seen = await shown(door, "/calls/")
    assert (Reason.FORBIDDEN, "null accepted, guest refused") == (root.doubt[0], root.facts["smb.session"])
    assert (AUDIO + FOLDER, Access.ANONYMOUS) == ([*rows.entries()], seen.access)


async def test_a_samba_that_wants_encryption_lets_nobody_in():
    async with Smb().open(endpoint(445), replayed("samba-encrypted")) as door:
        _, _, seen = await shown(door)
    assert ("required", Access.LOGIN) == (seen.facts["smb.encryption"], seen.access)


async def test_a_samba_of_smb_1_is_recognised():
    net = replayed("samba-smb1")
    async with Smb().open(endpoint(445), net) as door:
        _, _, seen = await shown(door)
    assert ("1", Reason.RECOGNISED, 2) == (seen.facts["smb.dialect"], seen.doubt[0], len(net.dialled))


async def test_impacket_lists_to_guest():
    async with Smb().open(replace(endpoint(445), host="files.example.org"), replayed("impacket")) as door:
        asks, _, root = await shown(door)
        _, rows, seen = await shown(door, "/CALLS/")
        _, below, _ = await shown(door, "/CALLS/2019/")
    assert ["/CALLS/", "/HIDDEN%24/"] == [ask.path for ask in asks]
    assert (AUDIO + FOLDER, BELOW, Access.GUEST) == ([*rows.entries()], [*below.entries()], seen.access)
    assert "1 ipc, 2 disk" == root.facts["smb.shares"]


async def test_on_port_139_a_session_is_asked_for_first():
    net = replayed("samba")
    for talk in net.talks:
        talk.steps = [(b"*SMBSERVER".hex().translate(LETTERS).encode(), b"\x82\0\0\0"), *talk.steps]
    async with Smb().open(endpoint(139), net) as door:
        _, rows, _ = await shown(door)
    assert 0 == len(rows)


@pytest.mark.parametrize(("said", "text"), [
    (b"\x83\0\0\x01\x82", "refuses a session for *SMBSERVER, code 0x82"),
    (b"\x84\0\0\x06\xc0\0\2\7\0\x8b", "leads elsewhere, which is not followed"),
])
async def test_on_port_139_a_refusal_or_another_address_ends_the_contact(said, text):
    net = FakeNet(talks=[Talk([(b"\x81", said)])])
    with pytest.raises(ProtocolError, match=re.escape(text)):
        await Smb().open(endpoint(139), net).__aenter__()
    assert 1 == len(net.dialled)


@pytest.mark.parametrize("name", ["samba", "impacket"])
async def test_what_breaks_off_anywhere_ends_as_an_error_of_ours(name):
    """Each conversation, cut after each of its messages: nothing but NetError rises."""
    whole = [_steps(file.read_bytes()) for file in sorted(WIRE.glob(f"{name}-[0-9].bin"))]
    for which, steps in enumerate(whole):
        for end in range(len(steps)):
            talks = [Talk(each) for each in whole]
            talks[which] = Talk(steps[:end])
            with suppress(NetError):
                async with Smb().open(endpoint(445), FakeNet(talks=[*talks, *(Talk([]) for _ in range(8))])) as door:
                    for path in ("/", "/calls/"):
                        await shown(door, path)


@given(data=st.data(), name=st.sampled_from(["samba", "samba-restricted", "impacket"]))
@settings(max_examples=150)
async def test_damage_anywhere_ends_as_an_error_of_ours_or_in_an_observation(data, name):
    """Each conversation with some of its bytes turned into others."""
    talks = []
    for file in sorted(WIRE.glob(f"{name}-[0-9].bin")):
        steps = [bytearray(said) for _, said in _steps(file.read_bytes())]
        for _ in range(data.draw(st.integers(0, 3))):
            said = steps[data.draw(st.integers(0, len(steps) - 1))]
            said[data.draw(st.integers(0, len(said) - 1))] = data.draw(st.integers(0, 255))
        talks.append(Talk([bytes(said) for said in steps]))
    net = FakeNet(talks=[*talks, *(Talk([]) for _ in range(8))])
    with suppress(NetError):
        async with Smb().open(endpoint(445), net) as door:
            for path in ("/", "/calls/", "/CALLS/2019/"):
                with suppress(NetError):
                    await shown(door, path)
