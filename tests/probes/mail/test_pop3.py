"""POP3 by transcript: what is said of logging in, the count of a mailbox, and the commands that can be sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.errors import NetError, NotThisProtocol, ProtocolError, Reset
from scanner.model import Access, Ask, Asked, Batch, Observation, Reason
from scanner.probes import Pop3
from scanner.probes.mail.messages import mark
from scanner.probes.mail.pop3_session import Command
from tests.fakes import FakeNet, Talk, endpoint

HELLO = b"+OK Dovecot ready.\r\n"
TRACE = b"c2VjdXJpdHlAZXhhbXBsZS5vcmc=\r\n"           # security@example.org


def capable(*lines: str) -> tuple[bytes, bytes]:
    return b"CAPA\r\n", b"+OK\r\n" + b"".join(f"{line}\r\n".encode() for line in lines) + b".\r\n"


async def asked(net: FakeNet, *paths: str, port: int = 110) -> list[list[object]]:
    """What each path is answered with; the root's comes first."""
    async with Pop3().open(replace(endpoint(port), tls=None), net) as door:
        return [[shown async for shown in door.list(Ask(path, Asked.ROOT))] for path in ("/", *paths)]


def last(shown: list[object]) -> Observation:
    assert isinstance(shown[-1], Observation)
    return shown[-1]


def test_no_command_reads_or_deletes() -> None:
    assert {b"CAPA", b"STLS", b"AUTH ANONYMOUS", b"STAT", b"QUIT"} == {each.value for each in Command}


@pytest.mark.parametrize(("port", "lines", "text", "tls", "login"), [
    (110, ["TOP", "USER"], "asks for a password, which travels in clear: no TLS is offered", "none", "in clear"),
    (110, ["SASL PLAIN"], "asks for a password, which travels in clear: no TLS is offered", "none", "in clear"),
    (110, ["USER", "STLS"], "asks for a password; it may be sent in clear although TLS is offered", "offered",
     "in clear"),
    (110, ["SASL CRAM-MD5"], "asks for a login, which is not sent in clear; no TLS is offered", "none",
     "by challenge only"),
    (995, ["USER"], "asks for a password, after TLS only", "implicit", "only after TLS"),
])
async def test_how_a_password_would_travel(port: int, lines: list[str], text: str, tls: str, login: str) -> None:
    seen = last((await asked(FakeNet(talks=[Talk([HELLO, capable(*lines)])]), port=port))[0])
    assert (Access.LOGIN, (Reason.LOGIN, text)) == (seen.access, seen.doubt)
    assert {"pop3.tls": tls, "pop3.login": login, "pop3.greeting": "Dovecot ready.", "door.software": "Dovecot ready.",
            "pop3.capabilities": ", ".join(lines)} == seen.facts


async def test_what_shows_after_tls_only_is_looked_at_there() -> None:
    net = FakeNet(talks=[Talk([HELLO, capable("STLS"), (b"STLS\r\n", b"+OK\r\n"), capable("USER", "SASL PLAIN")])])
    seen = last((await asked(net))[0])
    assert (Reason.LOGIN, "asks for a password, after TLS only") == seen.doubt


async def test_a_server_that_tells_nothing_is_told_so() -> None:
    seen = last((await asked(FakeNet(talks=[Talk([HELLO, (b"CAPA\r\n", b"-ERR what?\r\n")])])))[0])
    assert (Reason.LOGIN, "asks for a password, and does not say whether TLS is offered") == seen.doubt
    assert ("unknown", "in clear") == (seen.facts["pop3.tls"], seen.facts["pop3.login"])


async def test_a_stranger_is_let_in_once_and_messages_are_counted() -> None:
    net = FakeNet(talks=[Talk([
        HELLO, capable("SASL PLAIN ANONYMOUS", "IMPLEMENTATION Example-1.0"), (b"AUTH ANONYMOUS\r\n", b"+ \r\n"),
        (TRACE, b"+OK in\r\n"), (b"STAT\r\n", b"+OK 3 4711\r\n"), (b"QUIT\r\n", b"+OK bye\r\n")])])
    root, inbox, other = await asked(net, "/INBOX/", "/other/")
    assert [Ask("/INBOX/", Asked.SHARE, 1)] == root[:-1]
    assert (Access.NONE, None) == (last(root).access, last(root).doubt)
    assert Batch(names=[b"%b-%d.eml" % (mark(endpoint(), b"INBOX"), number) for number in (1, 2, 3)]) == inbox[0]
    assert Access.ANONYMOUS is last(inbox).access
    assert {"pop3.messages": "3", "pop3.octets": "4711", "door.how": "logged in as anonymous, in clear",
            "door.software": "Example-1.0", "pop3.anonymous": "allowed"}.items() <= last(inbox).facts.items()
    assert (Reason.NOT_A_LISTING, "no such mailbox") == last(other).doubt
    assert {"POP3 AUTH": 1, "POP3 CAPA": 1, "POP3 QUIT": 1, "POP3 STAT": 1} == net.ledger.conduct().requests


@pytest.mark.parametrize(("steps", "reason", "text"), [
    ([(b"AUTH ANONYMOUS\r\n", b"-ERR not today\r\n")], Reason.LOGIN,
     "asks for a password, which travels in clear: no TLS is offered; anonymous access is offered and refused"),
    ([(b"AUTH ANONYMOUS\r\n", b"+ \r\n"), (TRACE, b"+OK\r\n"), (b"STAT\r\n", b"-ERR no\r\n"), (b"QUIT", b"+OK\r\n")],
     Reason.FORBIDDEN, "lets a stranger in and does not say what lies there"),
])
async def test_a_refusal_is_told(steps: list[tuple[bytes, bytes]], reason: Reason, text: str) -> None:
    net = FakeNet(talks=[Talk([HELLO, capable("SASL PLAIN ANONYMOUS"), *steps])])
    assert (reason, text) == last((await asked(net))[0]).doubt


@pytest.mark.parametrize(("text", "reason"), [
    ("[SYS/TEMP] too many connections", Reason.SLOW_DOWN), ("closed for the night", Reason.SERVER_ERROR)])
async def test_a_refusal_to_talk_is_told(text: str, reason: Reason) -> None:
    seen = last((await asked(FakeNet(talks=[Talk([f"-ERR {text}\r\n".encode()])])))[0])
    assert (reason, "refuses to talk") == seen.doubt


@pytest.mark.parametrize("said", [b"* OK IMAP4 ready\r\n", b"+OKAY\r\n", b"-EXIT\r\n", b"\0\0", b"+"])
async def test_another_protocol_is_none_of_ours(said: bytes) -> None:
    with pytest.raises(NotThisProtocol) as raised:
        await asked(FakeNet(talks=[Talk([said])]))
    assert said == raised.value.said


@pytest.mark.parametrize(("steps", "error"), [
    ([], Reset), ([HELLO], Reset), ([HELLO, (b"CAPA", b"hm\r\n")], ProtocolError), ([HELLO, (b"CAPA", b"+OK")], Reset),
    ([HELLO, (b"CAPA", b"+OK\r\n" + b"X\r\n" * 200)], ProtocolError), ([b"+OK" + b"x" * 5000], ProtocolError),
    ([HELLO, (b"CAPA", b"+OK\r\n" + b"X" * 2000)], ProtocolError), ([HELLO, (b"CAPA", b"+OK\r\n")], Reset),
])
async def test_what_breaks_is_named(steps: list[bytes | tuple[bytes, bytes]], error: type[NetError]) -> None:
    with pytest.raises(error):
        await asked(FakeNet(talks=[Talk(steps)]))
