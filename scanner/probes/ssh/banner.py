"""The first line of an SSH server (RFC 4253 section 4.2). Bytes in, value out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

MOST_LINES = 50                           # said before it: the standard sets no limit
MOST_BYTES = 8192                         # the same, in bytes
LONGEST = 255                             # bytes of the version line, its end among them
_START = b"SSH-"


class Verdict(Enum):
    """What can be said of the first bytes where they hold no greeting."""

    MORE = "more"                         # it may still come, after lines of another kind
    BEGUN = "begun"                       # its line has begun
    BROKEN = "broken"                     # a line of that name, not of that form
    NOT_SSH = "not ssh"


@dataclass(frozen=True, slots=True)
class Banner:
    """`SSH-protocol-software comments`."""

    line: str                             # without its end
    protocol: str                         # "2.0"; "1.99": both generations
    software: str                         # with its comments: "OpenSSH_9.2p1 Debian-2+deb12u3"

    @property
    def modern(self) -> bool:
        """Whether SSH 2 is spoken."""
        return self.protocol in ("2.0", "1.99")


def search(said: bytes) -> Banner | Verdict:
    """The greeting in the first bytes that a server said, or why there is none."""
    *lines, rest = said[:MOST_BYTES].split(b"\n", MOST_LINES)
    first = (lines or [b""])[0].removesuffix(b"\r")
    if len(first) > LONGEST and not first.startswith(_START):
        return Verdict.NOT_SSH               # as before its end had come
    for line in lines:
        if line.startswith(_START):
            return _parse(line.removesuffix(b"\r"))
    rest = rest.removesuffix(b"\r")
    if len(lines) == MOST_LINES or len(said) > MOST_BYTES:
        return Verdict.NOT_SSH
    if rest and (rest.startswith(_START) or _START.startswith(rest)):
        return Verdict.BEGUN if len(rest) <= LONGEST else Verdict.BROKEN
    return Verdict.MORE if not rest or lines or len(rest) <= LONGEST else Verdict.NOT_SSH


def _parse(line: bytes) -> Banner | Verdict:
    protocol, dash, software = line[len(_START):].partition(b"-")
    if not dash or not protocol or len(line) > LONGEST:
        return Verdict.BROKEN
    return Banner(_shown(line), _shown(protocol), _shown(software).strip())


def _shown(raw: bytes) -> str:
    return raw.decode(errors="replace")
