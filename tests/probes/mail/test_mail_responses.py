"""What mail servers say, read: tables of what they do say, and any bytes at all."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.errors import ProtocolError
from scanner.probes.mail import imap_response as imap
from scanner.probes.mail import pop3_response as pop3
from scanner.probes.mail.imap_response import Box
from scanner.probes.mail.messages import Count

PIECES = st.lists(st.sampled_from([
    b"* ", b"LIST", b"STATUS", b"(", b")", b" ", b'"', b"\\", b"{3}\r\n", b"{99}\r\n", b"a", b"\r\n", b"NIL",
    b"MESSAGES", b"7", b"[CAPABILITY ", b"]", b"OK", b"BYE", b"+", b"\xff", b"\0"])).map(b"".join)


@pytest.mark.parametrize(("response", "box"), [
    (b'* LIST (\\HasNoChildren) "/" INBOX\r\n', Box(b"INBOX", selectable=True)),
    (b'* LIST () NIL "a \\"b\\" \\\\"\r\n', Box(b'a "b" \\', selectable=True)),
    (b'* list (\\NOSELECT \\HasChildren) "." Public\r\n', Box(b"Public", selectable=False)),
    (b'* LIST (\\Subscribed \\NonExistent) "/" gone\r\n', Box(b"gone", selectable=False)),
    (b'* LIST () "/" {6}\r\na{3}\r\n\r\n', Box(b"a{3}\r\n", selectable=True)),
    (b'* LIST () "\\\\" ")"\r\n', Box(b")", selectable=True)),
    (b'* LIST () "/" box ("CHILDINFO" ("SUBSCRIBED"))\r\n', Box(b"box", selectable=True)),
    (b'* LIST () "/" ()\r\n', None), (b"* LIST () NIL\r\n", None), (b"* LIST (\r\n", None), (b"* LIST INBOX\r\n", None),
    (b'* LIST () "/" "open\r\n', None), (b'* LIST () "/" {99}\r\nshort\r\n', None),
    (b"* LIST (" + b"a " * 2000 + b') "/" INBOX\r\n', None),
])
def test_a_row_of_a_list_is_read(response: bytes, box: Box | None) -> None:
    assert box == imap.box(response)


@pytest.mark.parametrize(("response", "told"), [
    (b"* STATUS INBOX (MESSAGES 3)\r\n", (b"INBOX", Count(3))),
    (b'* STATUS "a b" (SIZE 99 MESSAGES 0)\r\n', (b"a b", Count(0, 99))),
    (b"* STATUS {1}\r\nx (messages 4294967295)\r\n", (b"x", Count(4_294_967_295))),
    (b"* STATUS INBOX (UNSEEN 3)\r\n", None), (b"* STATUS INBOX (MESSAGES -1)\r\n", None),
    (b"* STATUS INBOX MESSAGES 3\r\n", None), (b"* STATUS (MESSAGES 3)\r\n", None),
    (b"* STATUS INBOX (MESSAGES " + b"9" * 30 + b")\r\n", None),
])
def test_the_count_of_a_mailbox_is_read(response: bytes, told: tuple[bytes, Count] | None) -> None:
    assert told == imap.status(response)


@pytest.mark.parametrize(("line", "word", "text", "capabilities"), [
    (b"* OK [CAPABILITY IMAP4rev1 auth=plain] ready\r\n", "OK", b"ready", ("IMAP4REV1", "AUTH=PLAIN")),
    (b"* preauth hello\r\n", "PREAUTH", b"hello", ()), (b"* BYE\r\n", "BYE", b"", ()),
    (b"* OK [ALERT] read this [CAPABILITY x]\r\n", "OK", b"read this [CAPABILITY x]", ()),
])
def test_a_greeting_is_read(line: bytes, word: str, text: bytes, capabilities: tuple[str, ...]) -> None:
    assert imap.Greeting(word, text, capabilities) == imap.greeting(line)


@pytest.mark.parametrize("line", [b"* OKAY\r\n", b"* NO\r\n", b"+OK\r\n", b"HTTP/1.1 200 OK\r\n", b"", b"*OK\r\n"])
def test_what_greets_otherwise_is_no_imap(line: bytes) -> None:
    assert imap.greeting(line) is None


@pytest.mark.parametrize(("line", "size"), [
    (b'* LIST () "/" {5}\r\n', 5), (b"* X {5+}\r\n", 5), (b"* X ~{5}\n", 5), (b"* X {5} \r\n", None),
    (b"* X {" + b"9" * 30 + b"}\r\n", None), (b"* X {-1}\r\n", None)])
def test_a_literal_is_seen(line: bytes, size: int | None) -> None:
    assert size == imap.literal(line)


def test_what_is_said_for_people_holds_no_literal() -> None:
    assert [False, False, False, True, True] == [imap.may_hold_literals(line) for line in (
        b"* OK what a day {5}\r\n", b"a1 NO {5}\r\n", b"* BYE {5}\r\n", b"* LIST () NIL {5}\r\n", b"* ID {5}\r\n")]


@given(st.one_of(st.binary(), PIECES))
def test_any_bytes_are_read_without_an_error_but_the_protocols_own(data: bytes) -> None:
    imap.greeting(data)
    imap.kind(data)
    imap.capabilities(data)
    imap.literal(data)
    box = imap.box(data)
    assert box is None or len(box.name) <= len(data)
    status = imap.status(data)
    assert status is None or status[1].messages < 10**20
    for read in (imap.result, pop3.answer):
        with suppress(ProtocolError):
            read(data)
    pop3.count(data)
    pop3.mechanisms((pop3.capability(data),))


@pytest.mark.parametrize(("line", "good", "text"), [
    (b"+OK ready\r\n", True, b"ready"), (b"+ok\r\n", True, b""), (b"-ERR [IN-USE] later\r\n", False, b"[IN-USE] later"),
    (b"+OK\n", True, b"")])
def test_a_pop3_answer_is_read(line: bytes, good: bool, text: bytes) -> None:
    assert pop3.Answer(good, text) == pop3.answer(line)


@pytest.mark.parametrize("line", [b"+OKAY\r\n", b"* OK\r\n", b"", b"+ \r\n", b"+OK a\r\n+OK b\r\n"])
def test_what_answers_otherwise_is_no_pop3(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        pop3.answer(line)


@pytest.mark.parametrize(("text", "count"), [
    (b"3 4711", Count(3, 4711)), (b"0 0", Count(0, 0)), (b"2 320 more", Count(2, 320)), (b"3", None), (b"-1 5", None),
    (b"three 3", None), (b"9" * 30 + b" 1", None)])
def test_what_stat_says_is_read(text: bytes, count: Count | None) -> None:
    assert count == pop3.count(text)


@pytest.mark.parametrize(("lines", "mechanisms"), [
    ([b"SASL PLAIN anonymous\r\n", b"USER\r\n"], {"PLAIN", "ANONYMOUS"}), ([b"sasl login\r\n"], {"LOGIN"}),
    ([b"TOP\r\n"], set()), ([b"\r\n", b"SASL\r\n"], set())])
def test_mechanisms_are_read(lines: list[bytes], mechanisms: set[str]) -> None:
    assert mechanisms == pop3.mechanisms(tuple(pop3.capability(line) for line in lines))
