"""IMAP by transcript: what is said of logging in, mailboxes and their numbers, and the commands that can be sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.errors import NetError, NotThisProtocol, ProtocolError, Reset, TlsError
from scanner.model import Access, Ask, Asked, Batch, Observation, Reason
from scanner.probes import Imap
from scanner.probes.mail.imap_session import Command
from scanner.probes.mail.messages import mark
from tests.fakes import FakeNet, Talk, endpoint

ROOT = Ask("/", Asked.ROOT)
OPEN = "IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=ANONYMOUS"
TRACE = b"c2VjdXJpdHlAZXhhbXBsZS5vcmc=\r\n"           # security@example.org


def greeted(capabilities: str, word: str = "OK", text: str = "Dovecot ready.") -> bytes:
    return f"* {word} [CAPABILITY {capabilities}] {text}\r\n".encode()


def let_in(after: str = "IMAP4rev1 LIST-STATUS") -> list[tuple[bytes, bytes]]:
    return [(b"e1 AUTHENTICATE ANONYMOUS\r\n", b"+ \r\n"),
            (TRACE, f"e1 OK [CAPABILITY {after}] Logged in\r\n".encode())]


async def asked(net: FakeNet, *paths: str, port: int = 143) -> list[list[object]]:
    """What each path is answered with; the root's comes first."""
    async with Imap().open(replace(endpoint(port), tls=None), net) as door:
        return [[shown async for shown in door.list(Ask(path, Asked.ROOT))] for path in ("/", *paths)]


def messages(mailbox: str, count: int) -> list[bytes]:
    return [b"%b-%d.eml" % (mark(endpoint(), mailbox.encode()), number) for number in range(1, count + 1)]


def last(shown: list[object]) -> Observation:
    assert isinstance(shown[-1], Observation)
    return shown[-1]


def test_no_command_selects_or_reads() -> None:
    assert {b"CAPABILITY", b"STARTTLS", b"AUTHENTICATE ANONYMOUS", b'LIST "" "*"',
            b'LIST "" "*" RETURN (STATUS (MESSAGES))', b'LIST "" "*" RETURN (STATUS (MESSAGES SIZE))',
            b"STATUS %b (MESSAGES)", b"STATUS %b (MESSAGES SIZE)", b"LOGOUT"} == {each.value for each in Command}


@pytest.mark.parametrize(("port", "capabilities", "text", "tls", "login"), [
    (143, "IMAP4rev1 AUTH=PLAIN", "asks for a password, which travels in clear: no TLS is offered", "none", "in clear"),
    (143, "IMAP4rev1 STARTTLS AUTH=PLAIN", "asks for a password; it may be sent in clear although TLS is offered",
     "offered", "in clear"),
    (143, "IMAP4rev1 LOGINDISABLED AUTH=CRAM-MD5",
     "asks for a login, which is not sent in clear; no TLS is offered", "none", "by challenge only"),
    (143, "IMAP4rev1 LOGINDISABLED", "offers no way to log in", "none", "none"),
    (993, "IMAP4rev1 AUTH=PLAIN", "asks for a password, after TLS only", "implicit", "only after TLS"),
])
async def test_how_a_password_would_travel(port: int, capabilities: str, text: str, tls: str, login: str) -> None:
    net = FakeNet(talks=[Talk([greeted(capabilities)])])
    seen = last((await asked(net, port=port))[0])
    assert (Access.LOGIN, (Reason.LOGIN, text)) == (seen.access, seen.doubt)
    assert {"imap.tls": tls, "imap.login": login, "imap.greeting": "Dovecot ready.", "door.software": "Dovecot ready.",
            "imap.capabilities": " ".join(sorted(capabilities.upper().split()))} == seen.facts


async def test_what_shows_after_tls_only_is_looked_at_there() -> None:
    net = FakeNet(talks=[Talk([
        greeted("IMAP4rev1 STARTTLS LOGINDISABLED"), (b"e1 STARTTLS\r\n", b"e1 OK go on\r\n"),
        (b"e2 CAPABILITY\r\n", b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\ne2 OK\r\n"),
        (b"LOGOUT", b"* BYE\r\ne3 OK\r\n")])])
    seen = last((await asked(net))[0])
    assert (Reason.LOGIN, "asks for a password, after TLS only") == seen.doubt
    assert ("offered", "only after TLS") == (seen.facts["imap.tls"], seen.facts["imap.login"])


async def test_tls_that_is_offered_and_fails_is_told() -> None:
    net = FakeNet(talks=[Talk([greeted("IMAP4rev1 STARTTLS LOGINDISABLED"), (b"e1 STARTTLS\r\n", b"e1 OK\r\n"),
                               TlsError("no handshake")])])
    seen = last((await asked(net))[0])
    assert (Reason.LOGIN, "asks for a password, after TLS only; the TLS that it offers fails") == seen.doubt
    assert 1 == len(net.dialled)


async def test_a_stranger_is_let_in_and_mailboxes_come_with_their_numbers() -> None:
    net = FakeNet(talks=[Talk([greeted(OPEN), *let_in("IMAP4rev1 LIST-STATUS STATUS=SIZE"), (
        b'e2 LIST "" "*" RETURN (STATUS (MESSAGES SIZE))\r\n',
        b'* LIST (\\HasChildren) "/" INBOX\r\n* STATUS INBOX (MESSAGES 3 SIZE 4096)\r\n'
        b'* LIST (\\Noselect) "/" Public\r\n'
        b'* LIST () "/" "Public/Voice \\"1\\""\r\n* STATUS "Public/Voice \\"1\\"" (MESSAGES 1 SIZE 7)\r\n'
        b'* LIST () "/" {11}\r\nR&APY-st{2}\r\n* STATUS {11}\r\nR&APY-st{2} (MESSAGES 0)\r\ne2 OK done\r\n')])])
    root, inbox, voice, swedish = await asked(net, "/INBOX/", "/Public%2FVoice%20%221%22/", "/R%C3%B6st%7B2%7D/")
    assert [Ask("/INBOX/", Asked.SHARE, 1), Ask("/Public%2FVoice%20%221%22/", Asked.SHARE, 1),
            Ask("/R%C3%B6st%7B2%7D/", Asked.SHARE, 1)] == root[:-1]
    assert (Access.NONE, None) == (last(root).access, last(root).doubt)
    assert Batch(names=messages("INBOX", 3)) == inbox[0]
    assert (Access.ANONYMOUS, None) == (last(inbox).access, last(inbox).doubt)
    assert {"imap.messages": "3", "imap.octets": "4096", "imap.anonymous": "allowed",
            "door.how": "logged in as anonymous, in clear", "door.software": "Dovecot ready."}.items() \
        <= last(inbox).facts.items()
    assert Batch(names=messages('Public/Voice "1"', 1)) == voice[0]
    assert [Access.ANONYMOUS] == [last(swedish).access]
    assert 1 == len(swedish)


async def test_without_list_status_each_mailbox_is_asked_by_its_own_name() -> None:
    net = FakeNet(talks=[Talk([
        greeted(OPEN), (b"e1 AUTHENTICATE ANONYMOUS\r\n", b"+ \r\n"), (TRACE, b"e1 OK in\r\n"),
        (b"e2 CAPABILITY\r\n", b"* CAPABILITY IMAP4rev1\r\ne2 OK\r\n"),
        (b'e3 LIST "" "*"\r\n', b'* LIST () "." "R&APY-st"\r\n* LIST () "." secret\r\ne3 OK\r\n'),
        (b'e4 STATUS "R&APY-st" (MESSAGES)\r\n', b'* STATUS "R&APY-st" (MESSAGES 2)\r\ne4 OK\r\n'),
        (b'e5 STATUS "secret" (MESSAGES)\r\n', b"e5 NO not yours\r\n")])])
    root, ours, secret = await asked(net, "/R%C3%B6st/", "/secret/")
    assert ["/R%C3%B6st/", "/secret/"] == [ask.path for ask in root if isinstance(ask, Ask)]
    assert Batch(names=messages("R&APY-st", 2)) == ours[0]
    assert "imap.octets" not in last(ours).facts
    assert (Reason.FORBIDDEN, "a mailbox that is not shown to strangers") == last(secret).doubt


async def test_preauth_is_an_open_door() -> None:
    net = FakeNet(talks=[Talk([
        greeted("IMAP4rev1", "PREAUTH"), (b'e1 LIST "" "*"\r\n', b'* LIST () NIL INBOX\r\ne1 OK\r\n'),
        (b'e2 STATUS "INBOX" (MESSAGES)', b"* STATUS INBOX (MESSAGES 1)\r\ne2 OK\r\n")])])
    _, inbox = await asked(net, "/INBOX/")
    assert Batch(names=messages("INBOX", 1)) == inbox[0]
    assert "let in without a login, in clear" == last(inbox).facts["door.how"]


async def test_anonymous_that_is_offered_and_refused_is_tried_once() -> None:
    net = FakeNet(talks=[Talk([greeted(OPEN), (b"e1 AUTHENTICATE ANONYMOUS\r\n", b"e1 NO not today\r\n")])])
    root, again = await asked(net, "/")
    told = "asks for a password, which travels in clear: no TLS is offered; anonymous access is offered and refused"
    assert [(Reason.LOGIN, told)] * 2 == [last(root).doubt, last(again).doubt]
    assert "refused" == last(root).facts["imap.anonymous"]


@pytest.mark.parametrize(("text", "reason"), [
    ("Too many connections from your address", Reason.SLOW_DOWN), ("down for the night", Reason.SERVER_ERROR)])
async def test_a_goodbye_at_once_is_told(text: str, reason: Reason) -> None:
    talk = Talk([f"* BYE {text}\r\n".encode()])
    seen = last((await asked(FakeNet(talks=[talk, talk])))[0])
    assert (reason, "says goodbye at once") == seen.doubt
    assert {"imap.greeting": text, "door.software": text} == seen.facts


async def test_a_port_for_tls_that_speaks_in_clear_is_told() -> None:
    net = FakeNet(talks=[Talk([greeted("IMAP4rev1 AUTH=PLAIN")])] * 2, clear=frozenset({993}))
    seen = last((await asked(net, port=993))[0])
    assert (Reason.LOGIN, "asks for a password, which travels in clear: no TLS is offered; "
            "no TLS is spoken at this port, which is for it") == seen.doubt
    assert (False, "imap") == (seen.endpoint.tls, seen.endpoint.scheme)


async def test_another_protocol_is_none_of_ours_and_what_it_said_is_kept() -> None:
    net = FakeNet(talks=[Talk([b"SSH-2.0-OpenSSH_9.2p1\r\n"])])
    with pytest.raises(NotThisProtocol) as raised:
        await asked(net)
    assert b"SSH-2.0-OpenSSH_9.2p1\r\n" == raised.value.said


@pytest.mark.parametrize(("answer", "error"), [
    (b"e9 OK wrong tag\r\n", ProtocolError), (b"* LIST () NIL {4294967295}\r\n", ProtocolError),
    (b"* LIST () NIL {1}\r\na{1}\r\na{1}\r\na{1}\r\na{1}\r\na{1}\r\na{1}\r\na{1}\r\na{1}\r\na\r\n", ProtocolError),
    (b"* BYE\r\n", Reset), (b"", Reset), (b"* LIST", Reset), (b"+ go on\r\n", ProtocolError),
    (b"x" * 9000, ProtocolError), (b"\r\n", ProtocolError)])
async def test_what_breaks_in_a_list_is_named(answer: bytes, error: type[NetError]) -> None:
    net = FakeNet(talks=[Talk([greeted(OPEN), *let_in(), (b"e2 LIST", answer)])])
    with pytest.raises(error):
        await asked(net)


async def test_a_list_of_mailboxes_is_cut_at_ten_thousand_and_rows_beyond_reading_are_counted() -> None:
    rows = b"* LIST (\r\n* LIST () NIL ..\r\n" + b"".join(b"* LIST () NIL m%d\r\n" % number for number in range(10_001))
    net = FakeNet(talks=[Talk([greeted(OPEN), *let_in(), (b"e2 LIST", rows)])])
    root = (await asked(net))[0]
    assert 10_000 == sum(isinstance(shown, Ask) for shown in root)
    assert (Reason.CUT, "shows more than 10000 mailboxes: the rest is not looked at") == last(root).doubt
    assert "2" == last(root).facts["listing.unreadable"]


async def test_a_number_beyond_belief_is_counted_up_to_a_bound() -> None:
    net = FakeNet(talks=[Talk([greeted("IMAP4rev1", "PREAUTH"), (b'e1 LIST "" "*"\r\n', b"e1 OK\r\n"),
                               (b"STATUS", b"* STATUS INBOX (MESSAGES 4294967295)\r\ne2 OK\r\n")])])
    _, inbox = await asked(net, "/INBOX/")
    assert 1_000_000 == sum(len(batch) for batch in inbox if isinstance(batch, Batch))
    assert (Reason.CUT, "says that it holds 4294967295 messages, of which 1000000 are counted") == last(inbox).doubt
    assert "4294967295" == last(inbox).facts["imap.messages"]


async def test_a_name_that_no_command_can_hold_is_not_asked_for() -> None:
    net = FakeNet(talks=[Talk([greeted("IMAP4rev1", "PREAUTH"), (b'e1 LIST "" "*"\r\n', b"e1 OK\r\n")])])
    _, shown = await asked(net, "/a%0D%0Ae2%20SELECT%20INBOX/")
    assert (Reason.FORBIDDEN, "a folder whose name no command can hold") == last(shown).doubt
    assert 3 == sum(net.ledger.conduct().requests.values()) + 1                # LIST, LOGOUT and nothing beside


async def test_a_connection_that_was_closed_meanwhile_is_made_anew() -> None:
    ours = Talk([greeted("IMAP4rev1", "PREAUTH"), (b'e1 LIST "" "*"\r\n', b"e1 OK\r\n"), b"* BYE idle\r\n"])
    again = Talk([greeted("IMAP4rev1", "PREAUTH"), (b'e1 STATUS "INBOX"', b"* STATUS INBOX (MESSAGES 1)\r\ne1 OK\r\n")])
    net = FakeNet(talks=[ours, again])
    _, inbox = await asked(net, "/INBOX/")
    assert Batch(names=messages("INBOX", 1)) == inbox[0]
    assert 2 == len(net.dialled)
