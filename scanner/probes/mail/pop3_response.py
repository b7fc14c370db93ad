"""POP3 responses, read: greetings, capabilities and the count of a mailbox (RFC 1939, 2449, 5034). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scanner.errors import NotThisProtocol, ProtocolError
from scanner.probes.mail.messages import Count

_STATUS = re.compile(rb"\A(\+OK|-ERR)(?:[ \t]+([^\r\n]*))?\r?\n?\Z", re.IGNORECASE)
_COUNT = re.compile(rb"\A(\d{1,20}) +(\d{1,20})(?:\s|\Z)")


@dataclass(frozen=True, slots=True)
class Answer:
    """The first line of a response (RFC 1939 §3)."""

    good: bool
    text: bytes


def answer(line: bytes) -> Answer:
    """`ProtocolError` where it is none."""
    found = _STATUS.match(line)
    if found is None:
        raise ProtocolError("an answer that begins with neither +OK nor -ERR")
    return Answer(found[1].upper() == b"+OK", (found[2] or b"").strip())


def greeting(line: bytes, where: str) -> Answer:
    """The first line of a connection. `NotThisProtocol` where it is no POP3 server's."""
    try:
        return answer(line)
    except ProtocolError as error:
        raise NotThisProtocol(f"{where}: not POP3", line) from error


def capability(line: bytes) -> str:
    """One line of CAPA, its name in upper case, one space between its words (RFC 2449 §5)."""
    name, *rest = line.decode("ascii", "replace").split() or [""]
    return " ".join([name.upper(), *rest])


def mechanisms(capabilities: tuple[str, ...]) -> frozenset[str]:
    """SASL mechanisms (RFC 5034 §3)."""
    return frozenset(word.upper() for line in capabilities if line.startswith("SASL ") for word in line.split()[1:])


def count(text: bytes) -> Count | None:
    """What STAT says: messages and octets (RFC 1939 §5); None where it does not."""
    found = _COUNT.match(text)
    return Count(int(found[1]), int(found[2])) if found else None
