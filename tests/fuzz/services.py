"""Targets of fuzzing: what servers of mail and SSH say, SFTP, and first bytes of whatever speaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from scanner.errors import NotThisProtocol, ProtocolError
from scanner.probes.mail import imap_response as imap
from scanner.probes.mail import mailbox
from scanner.probes.mail import pop3_response as pop3
from scanner.probes.recognised import recognise
from scanner.probes.ssh import banner, sftp
from tests.fuzz.listings import WIRE, sound
from tests.fuzz.target import Form, Target

_BROKEN = (ProtocolError,)
_PORTS = (80, 21, 3306, 5432, 6379, 1883, 8009, 10050)
_SERVICES = Path(__file__).parents[1] / "probes" / "test_services_recognised.py"


def _imap(line: bytes) -> object:
    """A response, by all that may ask it."""
    said = (imap.literal(line), imap.may_hold_literals(line), imap.greeting(line), imap.kind(line),
            imap.capabilities(line), imap.box(line), imap.status(line))
    return said, imap.result(line)


def _box(line: bytes) -> object:
    """A row of LIST, and the path and the command that are made of its name."""
    found = imap.box(line)
    if found is None:
        return None
    path = mailbox.path_of(found.name)
    if path is not None:
        assert path.count("/") == 2, "a mailbox of several segments"
        raw = mailbox.raw_of(path)
        assert raw in (None, found.name), "a path that leads to another mailbox"
        if raw is not None:
            assert b"\r" not in mailbox.quoted(raw)
            assert b"\n" not in mailbox.quoted(raw)
    return found, path


def _pop3(line: bytes) -> object:
    said = pop3.capability(line), pop3.mechanisms((pop3.capability(line),)), pop3.count(line)
    return said, pop3.greeting(line, "192.0.2.7:110")


def _folder(packet: bytes) -> object:
    found = sftp.reply(packet)
    kept = sftp.Columns()
    for row in sftp.rows(found.rest):
        assert 0 <= row.weight <= 2 * len(row.name) + 256
        kept.add(row)
    return found.kind, sound([kept.batch()], slashes=True)


def _rest(packet: bytes) -> object:
    return sftp.size_of(packet[:4]), sftp.handle(packet[5:]), sftp.status(packet[5:])


def _greeted(pieces: list[bytes]) -> object:
    """A greeting as it comes: what is said of the whole, once enough has come to say it."""
    said, told = b"", banner.search(b"")
    for piece in pieces:
        said += piece
        told = banner.search(said)
        if told not in (banner.Verdict.MORE, banner.Verdict.BEGUN):
            break
    return told


def _service(data: bytes) -> object:
    return [recognise(data, port, after=data[:20]) for port in _PORTS] + [recognise(data, 80)]


def _mail() -> Iterator[tuple[str, bytes]]:
    for path in sorted((WIRE / "mail").iterdir()):
        for line in path.read_bytes().splitlines(keepends=True):
            if line.startswith(b"S "):
                yield ("pop3" if "pop3" in path.name else "imap"), line[2:]
    yield "box", b'* LIST (\\HasNoChildren) "/" "&AOUA5AD2-/a"\r\n'
    yield "box", b"* LIST () NIL {5}\r\na b\\c\r\n"
    yield "imap", b'* STATUS "a \\"b" (MESSAGES 3 SIZE 8044)\r\n'
    yield "imap", b"a1 OK [CAPABILITY IMAP4rev1 AUTH=ANONYMOUS] done\r\n"


def _ssh() -> Iterator[tuple[str, bytes]]:
    for path in sorted((WIRE / "ssh").iterdir()):
        yield "greeting", path.read_bytes()[:1000]
    yield "greeting", b"be welcome\r\nSSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"
    text = b"\0\0\0\5a.wav\0\0\0\x0a-rw-r--r--"
    yield "folder", b"\x68\0\0\0\1\0\0\0\1" + text + b"\0\0\0\x0f" + bytes(6) + b"\x1f\x6c" + bytes(20)
    yield "rest", b"\0\0\0\x0c\x66\0\0\0\3abc"
    for said in _said():
        yield "service", said


def _said() -> Iterator[bytes]:
    """The greetings that the test of services knows, as they stand in it."""
    for found in re.finditer(rb'[( ]b"((?:[^"\\\n]|\\.){4,200})"', _SERVICES.read_bytes()):
        yield found[1].decode().encode("latin-1").decode("unicode_escape").encode("latin-1")


TARGETS = (
    Target("mail", {
        "imap": Form(_imap, raises=_BROKEN), "box": Form(_box), "pop3": Form(_pop3, raises=(NotThisProtocol,))}, _mail,
           ("probes/mail/imap_response.py", "probes/mail/pop3_response.py", "probes/mail/mailbox.py")),
    Target("ssh", {
        "greeting": Form(stream=_greeted), "folder": Form(_folder, raises=_BROKEN),
        "rest": Form(_rest, raises=_BROKEN), "service": Form(_service)}, _ssh,
           ("probes/ssh/banner.py", "probes/services.py")),
)
