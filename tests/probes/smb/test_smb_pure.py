"""The pure parts of SMB: any bytes give values or ProtocolError; what is written can be read; what is true is found."""

from __future__ import annotations

import hashlib
import hmac
import struct
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.errors import ProtocolError
from scanner.probes.smb import frame, ntlm, old, packet, reply, spnego, srvsvc
from scanner.probes.smb.command import Command, Dialect
from scanner.probes.smb.directory import Form, parse_page, to_bytes, to_wire
from scanner.probes.smb.ntlm import Login
from tests.probes.smb.smb_server import (
    WROTE,
    answer,
    challenge,
    folder,
    negotiated,
    page,
    pairs,
    pdu,
    row,
    share_list,
)

ANY = st.binary(max_size=400)
ASKED = packet.request(Command.CREATE, b"", message=7)
PARSERS = {
    "head": lambda data: frame.parse_head(data[:4], 1 << 20),
    "reply": packet.parse_reply,
    "spnego": spnego.unwrapped,
    "challenge": ntlm.parse_challenge,
    "accepted": srvsvc.accepted,
    "fragment": srvsvc.fragment,
    "shares": srvsvc.parse_shares,
    "smb1": old.speaks_smb1,
    "full page": lambda data: parse_page(data, Form.FULL),
    "page with short names": lambda data: parse_page(data, Form.BOTH),
}
BODIES = (reply.parse_negotiated, reply.parse_setup, reply.parse_tree, reply.parse_handle, reply.parse_output,
          reply.parse_rows)
STARTS = (b"", b"\xfeSMB\x40\0", b"\xffSMB\x72", b"NTLMSSP\0\x02\0\0\0", b"\xa1\x10\x30\x0e", pdu(2, b"")[:10],
          pdu(12, b""), struct.pack("<I", 72), struct.pack("<IIIII", 1, 1, 1, 2, 1), share_list([("a", 0, "b")])[24:60])


@pytest.mark.parametrize("parser", PARSERS.values(), ids=PARSERS)
@given(start=st.sampled_from(STARTS), data=ANY)
def test_any_bytes_give_a_value_or_a_protocol_error(parser, start, data):
    with suppress(ProtocolError):
        parser(start + data)


@pytest.mark.parametrize("parser", BODIES)
@given(data=ANY, small=st.lists(st.integers(0, 300), max_size=20))
def test_any_body_of_an_answer_gives_a_value_or_a_protocol_error(parser, data, small):
    for body in (data, struct.pack(f"<{len(small)}H", *small) + data):
        with suppress(ProtocolError):
            parser(packet.parse_reply(answer(ASKED, body)))


@given(rows=st.lists(st.tuples(st.text(min_size=1, max_size=40), st.integers(0, (1 << 63) - 1))), at=st.integers(0))
def test_a_page_shows_its_rows_and_a_damaged_one_those_before(rows, at):
    rows = [(name, size) for name, size in rows if name.encode("utf-16-le", "surrogatepass")]
    data = page([row(name, size) for name, size in rows])
    whole = parse_page(data, Form.FULL)
    wanted = [(name.encode("utf-8", "surrogatepass"), size) for name, size in rows]
    assert (wanted, False) == ([*zip(whole.names, whole.sizes, strict=True)], whole.broken)
    cut = parse_page(data[:at % (len(data) + 1)], Form.FULL)
    assert wanted[:len(cut.names)] == [*zip(cut.names, cut.sizes, strict=True)]


@given(raw=st.binary(max_size=60).map(lambda data: data[:len(data) & ~1]))
def test_a_name_comes_back_from_utf_8_as_it_was(raw):
    back = to_wire(to_bytes(raw))
    assert back is None or raw == back
    text = raw.decode("utf-16-le", "surrogatepass")
    assert (back is None) == (not text or text in (".", "..") or bool(set(text) & set("/\\\0\r\n:")))


def test_lone_surrogates_separators_and_dots_are_names():
    raw = [struct.pack("<H", 0xD800), "a\\b".encode("utf-16-le"), "..".encode("utf-16-le"), "a\0b".encode("utf-16-le")]
    got = parse_page(page([row(name) for name in raw] + [folder("..")]), Form.FULL)
    assert [b"\xed\xa0\x80", b"a\\b", b"..", b"a\0b"] == got.names
    assert [] == got.directories


@pytest.mark.parametrize(("data", "names", "broken"), [
    (b"", [], False),
    (b"\0" * 40, [], True),
    (page([row("a"), row("b")])[:80], [b"a"], True),
    (struct.pack("<I", 1) + row("a")[4:] + row("b"), [], True),                 # into itself
    (struct.pack("<I", 0xFFFFFFF0) + row("a")[4:] + row("b"), [b"a"], True),    # backwards, or far away
    (row("a") + row("b"), [b"a"], False),                                       # the end comes early
    (row("a")[:60] + struct.pack("<I", 0xFFFFFFFE) + row("a")[64:], [], True),  # a name of 4 GiB
], ids=["nothing", "short", "cut", "into itself", "backwards", "early end", "long name"])
def test_offsets_that_lead_astray_end_a_page(data, names, broken):
    got = parse_page(data, Form.FULL)
    assert (names, broken) == (got.names, got.broken)


def test_times_and_sizes_beyond_reason_are_not_shown():
    rows = [row("old", wrote=-11_644_473_600), row("before 1970", wrote=-5), row("late", wrote=300_000_000_000),
            row("negative", -1), row("now", 3)]
    got = parse_page(page(rows), Form.FULL)
    assert [-1, -1, -1, WROTE, WROTE] == got.times
    assert [0, 0, 0, -1, 3] == got.sizes


def test_a_name_of_no_letters_or_half_a_letter_is_unreadable():
    got = parse_page(page([row(b""), row(b"a\0b"), row("c")]), Form.FULL)
    assert ([b"c"], 2) == (got.names, got.unreadable)


def test_the_other_form_has_its_names_elsewhere():
    short = row("a.wav", 5)
    data = short[:68] + b"\0" * 26 + short[68:]
    assert [b"a.wav"] == parse_page(data, Form.BOTH).names


# ---- logins

def _payload(message: bytes, at: int) -> bytes:
    size, _, offset = struct.unpack_from("<HHI", message, at)
    return message[offset:offset + size]


def test_the_anonymous_login_holds_nothing_at_all():
    """MS-NLMP §3.2.5.1.2: no user, no response, one zero byte of LM response, and the flag."""
    said = ntlm.authenticate(Login.NULL, ntlm.parse_challenge(challenge()), seconds=0, nonce=b"n" * 8)
    assert [b"\0", b"", b"", b"", b"", b""] == [_payload(said, at) for at in range(12, 60, 8)]
    assert struct.unpack_from("<I", said, 60)[0] & 0x800
    assert 73 == len(said)


def test_guest_proves_an_empty_password_and_names_nothing_else():
    said = ntlm.authenticate(Login.GUEST, ntlm.parse_challenge(challenge()), seconds=WROTE, nonce=b"n" * 8)
    lm, response, domain, user, workstation, key = (_payload(said, at) for at in range(12, 60, 8))
    assert (bytes(24), b"", "Guest".encode("utf-16-le"), b"", b"") == (lm, domain, user, workstation, key)
    proof, blob = response[:16], response[16:]
    nothing = bytes.fromhex("31d6cfe0d16ae931b73c59d7e0c089c0")                # MD4 of an empty password
    secret = hmac.new(nothing, "GUEST".encode("utf-16-le"), hashlib.md5).digest()
    assert hmac.new(secret, b"01234567" + blob, hashlib.md5).digest() == proof
    assert WROTE == struct.unpack_from("<Q", blob, 8)[0] // 10_000_000 - 11_644_473_600
    assert b"n" * 8 == blob[16:24]


HOSTILE = {
    "long": pairs((1, b"A" * 4000), (2, b"B" * 600)),
    "many": pairs(*((9, b"x" * 8) for _ in range(500))),
    "unknown": pairs((0x77, b"x" * 400), (1, b"F\0")),
    "twice": pairs((1, b"F\0"), (1, b"Z\0")),
    "cut": struct.pack("<HH", 1, 900) + b"x",
    "flags and hashes": pairs((6, b"\2\0\0\0"), (8, b"s" * 48), (10, b"c" * 16), (1, b"F\0")),
}


@pytest.mark.parametrize("info", HOSTILE.values(), ids=HOSTILE)
def test_m_03_hostile_target_info_is_echoed_only_where_it_is_needed(info):
    got = ntlm.parse_challenge(challenge(info))
    null = ntlm.authenticate(Login.NULL, got, seconds=0, nonce=bytes(8))
    guest = ntlm.authenticate(Login.GUEST, got, seconds=0, nonce=bytes(8))
    assert 73 == len(null)
    assert len(guest) < 72 + 24 + 44 + 10 + 8 + 5 * 516
    for bad in (b"A" * 16, b"B" * 16, b"x" * 8, b"Z\0", b"s" * 8, b"c" * 8):
        assert bad not in guest


def test_the_envelope_comes_back():
    assert b"x" * 300 == spnego.unwrapped(spnego.further(b"x" * 300))
    assert b"NTLMSSP\0x" == spnego.unwrapped(b"NTLMSSP\0x")
    first = spnego.first(ntlm.negotiate())
    assert first.startswith(b"\x60")
    assert first.endswith(ntlm.negotiate())


# ---- what is agreed, shares, frames

def test_what_was_agreed_is_read():
    got = reply.parse_negotiated(packet.parse_reply(negotiated(ASKED, dialect=0x0302, mode=3)))
    assert (Dialect.V302, "required", True, datetime(2019, 2, 18, 7, 7, 8, tzinfo=UTC)) == (
        got.dialect, got.signing, got.large, got.clock)


@pytest.mark.parametrize("dialect", [0x02FF, 0x0201, 0x0310, 0x0312, 0])
def test_m_02_a_dialect_that_was_not_offered_is_an_error(dialect):
    with pytest.raises(ProtocolError, match=f"0x{dialect:04x}, which was not offered"):
        reply.parse_negotiated(packet.parse_reply(negotiated(ASKED, dialect=dialect)))


def test_shares_are_read_with_their_kinds():
    shares = [("calls", 0, "Recordings åäö"), ("C$", 0x80000000, ""), ("laser", 1, "x"), ("IPC$", 0x80000003, "IPC")]
    body, last = srvsvc.fragment(share_list(shares))
    got = srvsvc.parse_shares(body)
    assert last
    assert [(name, kind & 0xFF, kind > 9, comment) for name, kind, comment in shares] == [
        (share.name, share.kind, share.hidden, share.comment) for share in got.shares]
    assert ["disk", "disk", "printer", "ipc"] == [share.noun for share in got.shares]


def test_the_name_of_port_139_is_nobodys():
    """RFC 1001 §14.1: the encoding of a name; the calling one is a constant."""
    said = frame.session_request()
    assert (0x81, 72 - 4) == (said[0], int.from_bytes(said[2:4], "big"))
    names = [said[5 + at:5 + at + 32] for at in (0, 34)]
    plain = [bytes((name[i] - 65) << 4 | name[i + 1] - 65 for i in range(0, 32, 2)) for name in names]
    assert [b"*SMBSERVER      ", b"EARSHOT        \0"] == plain


def test_a_message_of_16_mib_is_refused_before_it_is_read():
    with pytest.raises(ProtocolError, match="16777215 bytes"):
        frame.parse_head(b"\0\xff\xff\xff", 1 << 17)


def test_smb_1_is_told_by_its_answer():
    header = struct.pack("<4sBIBHH8sHHHHH", b"\xffSMB", 0x72, 0, 0x98, 0, 0, b"", 0, 0, 0, 0, 0)
    assert old.speaks_smb1(header + struct.pack("<BH", 17, 0))
    assert not old.speaks_smb1(header + struct.pack("<BH", 1, 0xFFFF))
