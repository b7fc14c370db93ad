"""What FTP servers answer (RFC 959 §4.2), read from bytes. It knows no connection and decides no order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from scanner.errors import ProtocolError

LONGEST = 4096                               # bytes of a line of a reply
MOST = 200                                   # lines of a reply
LEAST_PORT = 1024                            # a data port below is a service of its own: a trick
TEXT = 300                                   # characters of a fact
_FIRST = re.compile(rb"([1-6]\d\d)(?:([ -])(.*)|)", re.DOTALL)
_EPSV = re.compile(rb"\((.)\1\1(\d{1,5})\1\)")
_PASV = re.compile(rb"(?<!\d)\d{1,3}, ?\d{1,3}, ?\d{1,3}, ?\d{1,3}, ?(\d{1,3}), ?(\d{1,3})(?!\d)")
_PWD = re.compile(rb'"((?:[^"]|"")*)"')
_SECURE = re.compile(rb"\b(?:TLS|SSL|FTPS|AUTH|encrypt\w*|secur\w+ (?:connection|control|session)|cleartext)\b",
                     re.IGNORECASE)
_MAIL = re.compile(rb"\bE?SMTP\b|\bLMTP\b|\bMail\b", re.IGNORECASE)
_CUT = re.compile(rb"truncat|too many (?:files|matches)|limit (?:reached|exceeded)", re.IGNORECASE)
_MOST = re.compile(rb"\b(\d{2,9})\b")
_SHUT = re.compile(rb"failed to open|permission denied|access (?:is )?denied|can't open", re.IGNORECASE)
_NOTHING = re.compile(rb"no files|empty", re.IGNORECASE)
_FTP = re.compile(rb"\bS?FTP", re.IGNORECASE)
_PASSWORD = re.compile(rb"password|e-?mail", re.IGNORECASE)
_GREETINGS = frozenset({b"220", b"120", b"421", b"500", b"530", b"550"})


class Let(Enum):
    """How a login ended."""

    IN = "in"
    PASSWORD = "password"  # noqa: S105  it is asked for one
    TLS = "tls"                              # not in clear
    LOGIN = "login"                          # not without an account
    BUSY = "busy"                            # not now
    SHUT = "shut"                            # it greets with a refusal
    DEAF = "deaf"                            # it does not know what a login is


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply: its code, and its lines without codes and line ends."""

    code: int
    lines: tuple[bytes, ...]

    @property
    def kind(self) -> int:
        """1: more follows, 2: done, 3: go on, 4: not now, 5: no."""
        return self.code // 100

    @property
    def text(self) -> str:
        """All lines as the text of a fact."""
        return told(b" ".join(line.strip() for line in self.lines if line.strip()))

    @property
    def title(self) -> str:
        """The first line that says something, without what is drawn around it."""
        return next((text for line in self.lines if (text := told(line).strip(" -=*#|"))), "")

    def says(self, pattern: re.Pattern[bytes]) -> bool:
        """Whether a line has it."""
        return any(pattern.search(line) for line in self.lines)


class Reading:
    """A reply as its lines come: `add` each, until it gives the reply. `ProtocolError` where it is none or too long.

    A reply of several lines ends with the line that has its code again, and a space (RFC 959 §4.2).
    """

    def __init__(self) -> None:
        self._code = b""
        self._lines: list[bytes] = []

    def add(self, line: bytes) -> Reply | None:
        """Take one line with its end."""
        line = line.rstrip(b"\r\n")
        found = _FIRST.fullmatch(line)
        if not self._code:
            if found is None:
                raise ProtocolError(f"no reply of an FTP server: {told(line)[:60]!r}")
            self._code = found[1]
        elif found is None or found[1] != self._code:
            found = None
        self._lines.append(found[3] or b"" if found is not None else line)
        if found is not None and found[2] != b"-":
            return Reply(int(self._code), tuple(self._lines))
        if len(self._lines) >= MOST:
            raise ProtocolError(f"a reply of more than {MOST} lines")
        return None


def told(text: bytes) -> str:
    """Text of a reply as the text of a fact."""
    return text.decode("utf-8", "replace")[:TEXT]


def greets(first: bytes) -> bool:
    """Whether the first bytes of a connection may be an FTP server's: ready, ready soon, or a refusal."""
    return first[:3] in _GREETINGS and first[3:4] in (b" ", b"-", b"\r", b"\n", b"")


def is_mail(greeting: Reply) -> bool:
    """Whether it is a mail server that greets: their greeting has the same code (RFC 5321 §4.2)."""
    return greeting.code == 220 and greeting.says(_MAIL) and not greeting.says(_FTP)


def judged(reply: Reply) -> Let:
    """What an answer to USER or PASS means."""
    if reply.code in (230, 232, 202):
        return Let.IN
    if reply.code == 331:
        return Let.TLS if _wants_tls(reply) and not reply.says(_PASSWORD) else Let.PASSWORD
    if reply.kind in (4, 5) and _wants_tls(reply):
        return Let.TLS
    if reply.code == 421 or reply.code // 10 == 45:
        return Let.BUSY
    return Let.DEAF if reply.code in (500, 501, 502, 504) else Let.LOGIN


def _wants_tls(reply: Reply) -> bool:
    return reply.code in (522, 534) or reply.says(_SECURE)


def features(reply: Reply) -> dict[str, str]:
    """FEAT (RFC 2389 §3.2): feature in capitals -> its parameters. Empty where it has no answer."""
    if reply.code != 211:
        return {}
    found: dict[str, str] = {}
    for line in reply.lines[1:-1]:
        name, _, rest = told(line).strip().partition(" ")
        if name.isprintable() and len(name) <= 32:
            found.setdefault(name.upper(), rest.strip())
            found[name.upper()] += f";{rest}" if name.upper() == "AUTH" and rest not in found["AUTH"] else ""
    return found


def extended(reply: Reply) -> int | None:
    """The port in a 229 (RFC 2428 §3); None where EPSV is not known here. `ProtocolError` where it makes no sense."""
    if reply.code != 229:
        return None
    return _port(next((int(found[2]) for line in reply.lines if (found := _EPSV.search(line))), 0), reply)


def passive(reply: Reply) -> int | None:
    """The port in a 227 (RFC 959 §4.1.2); the address is not looked at. None where it is no 227. `ProtocolError`."""
    if reply.code != 227:
        return None
    for line in reply.lines:
        if found := _PASV.search(line):
            high, low = int(found[1]), int(found[2])
            return _port(high * 256 + low if max(high, low) < 256 else 0, reply)
    return _port(0, reply)


def _port(port: int, reply: Reply) -> int:
    if not LEAST_PORT <= port < 65536:
        raise ProtocolError(f"a data connection to port {port} is not made: {reply.text[:80]!r}")
    return port


def home(reply: Reply) -> bytes | None:
    """The folder that PWD tells (RFC 959 appendix II); None where it tells none."""
    found = _PWD.search(b"\n".join(reply.lines)) if reply.code == 257 else None
    return found[1].replace(b'""', b'"') if found is not None else None


class End(Enum):
    """How a listing ended, by what the server says last."""

    WHOLE = "whole"
    EMPTY = "empty"
    CUT = "cut"                              # it shows no more
    SHUT = "shut"                            # it may not look there itself
    BROKEN = "broken"


def ended(reply: Reply) -> End:
    """What the reply after a listing means."""
    if reply.kind == 2:
        return End.CUT if reply.says(_CUT) else End.SHUT if reply.says(_SHUT) else End.WHOLE
    if reply.code in (450, 550) and reply.says(_NOTHING):
        return End.EMPTY
    return End.SHUT if reply.code == 550 else End.BROKEN


def most(reply: Reply) -> str:
    """How many a server says that it shows at most; empty where it names no number."""
    found = _MOST.search(b" ".join(reply.lines))
    return found[1].decode() if found is not None else ""
