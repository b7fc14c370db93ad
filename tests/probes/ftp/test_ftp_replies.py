"""Replies of FTP servers, read from bytes; and what is written to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.errors import ProtocolError
from scanner.probes.ftp import replies
from scanner.probes.ftp.commands import Command, holds, written
from scanner.probes.ftp.replies import Let, Reading, Reply


def read(*lines: bytes) -> Reply | None:
    reading, reply = Reading(), None
    for line in lines:
        assert reply is None
        reply = reading.add(line)
    return reply


def reply(text: str) -> Reply:
    found = read(text.encode() + b"\r\n")
    assert found is not None
    return found


@pytest.mark.parametrize(("lines", "expected"), [
    ([b"220 ready\r\n"], Reply(220, (b"ready",))),
    ([b"220\r\n"], Reply(220, (b"",))),
    ([b"220 ready\n"], Reply(220, (b"ready",))),
    ([b"220-one\r\n", b"220-two\r\n", b"220 three\r\n"], Reply(220, (b"one", b"two", b"three"))),
    ([b"211-F\r\n", b" MLST\r\n", b"226 no end\r\n", b"211 End\r\n"],
     Reply(211, (b"F", b" MLST", b"226 no end", b"End"))),
])
def test_a_reply_ends_where_its_code_is_followed_by_a_space(lines, expected):
    assert expected == read(*lines)


@pytest.mark.parametrize(("text", "let"), [
    ("230 in", Let.IN), ("202 superfluous", Let.IN), ("331 Please specify the password.", Let.PASSWORD),
    ("331 Password required; TLS is offered", Let.PASSWORD), ("331 Rejected--secure connection required", Let.TLS),
    ("530 Anonymous sessions must use encryption.", Let.TLS), ("534 Policy requires SSL.", Let.TLS),
    ("550 SSL/TLS required on the control channel", Let.TLS), ("503 Use AUTH first.", Let.TLS),
    ("421-Sorry, cleartext sessions are not accepted on this server.", None), ("522 no", Let.TLS),
    ("421 Too many connections (8) from this IP", Let.BUSY), ("450 try later", Let.BUSY),
    ("530 Login incorrect.", Let.LOGIN), ("530 Authentication failed.", Let.LOGIN), ("332 account", Let.LOGIN),
    ("500 Unknown command", Let.DEAF), ("502 Error: command not implemented", Let.DEAF)])
def test_what_an_answer_to_a_login_means(text, let):
    if let is None:
        found = read(text.encode() + b"\r\n", b"421 bye\r\n")
        assert found is not None
        assert Let.TLS is replies.judged(found)
    else:
        assert let is replies.judged(reply(text))


def test_features_are_named_in_capitals_and_auth_keeps_every_kind():
    found = read(b"211-Features:\r\n", b" AUTH TLS\r\n", b" AUTH SSL\r\n", b" mlst type*;size*;\r\n", b" UTF8\r\n",
                 b" UTF8\r\n", b"211 End\r\n")
    assert found is not None
    assert {"AUTH": "TLS;SSL", "MLST": "type*;size*;", "UTF8": ""} == replies.features(found)
    assert {} == replies.features(reply("211 no features"))


def test_ports_of_passive_answers():
    assert 50_000 == replies.extended(reply("229 Entering Extended Passive Mode (|||50000|)"))
    assert 50_000 == replies.extended(reply("229 ok (!!!50000!)"))
    assert 50_000 == replies.passive(reply("227 Entering Passive Mode (192,0,2,7,195,80)."))
    assert 50_000 == replies.passive(reply("227 =192,0,2,7,195,80"))
    assert (None, None) == (replies.extended(reply("500 what")), replies.passive(reply("502 what")))


def test_the_folder_of_a_login():
    assert b'/a "b"' == replies.home(reply('257 "/a ""b""" is the current directory'))
    assert (None, None) == (replies.home(reply("257 none")), replies.home(reply('550 "/"')))


def test_no_argument_ends_a_line_and_byte_255_is_doubled():
    assert b"CWD /a \xff\xff\r\n" == written(Command.CWD, b"/a \xff")
    assert b"CWD /\xff\r\n" == written(Command.CWD, b"/\xff", doubled=False)
    for bad in (b"a\rb", b"a\nb", b"a\0b", b"x" * 5000):
        assert not holds(bad)
        with pytest.raises(ProtocolError):
            written(Command.CWD, bad)


@given(st.binary(max_size=5000), st.sampled_from(Command))
def test_whatever_the_argument_one_line_leaves(argument, command):
    try:
        line = written(command, argument)
    except ProtocolError:
        return
    assert (1, 1, True, 0) == (line.count(b"\r"), line.count(b"\n"), line.endswith(b"\r\n"), line.count(b"\0"))


CODES = st.sampled_from([
    b"220", b"220-", b"211", b"211-", b"227 ", b"229 (|||", b"1,2,3,4,5,6", b'257 "', b"9" * 40, b"\xff", b" "])


@given(st.lists(st.lists(st.one_of(st.binary(max_size=20), CODES), max_size=5).map(b"".join), max_size=300))
def test_whatever_the_bytes_a_reply_is_read_or_refused(lines):
    reading = Reading()
    for line in lines:
        try:
            found = reading.add(line.replace(b"\n", b"") + b"\r\n")
        except ProtocolError:
            return
        if found is not None:
            break
    else:
        return
    assert 100 <= found.code < 700
    for judge in (replies.judged, replies.features, replies.home, replies.ended, replies.most, replies.is_mail):
        judge(found)
    for port in (replies.extended, replies.passive):
        try:
            assert (port(found) or 1024) in range(1024, 65536)
        except ProtocolError:
            continue
