"""What an rsync daemon says in lines, and what is said to it: greeting, modules, whether one lets a stranger in.

Pure. Sources: rsync(1) and rsyncd.conf(5), and what daemons of protocols 27 to 32 were seen to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from scanner.errors import ProtocolError
from scanner.model import Doubt, Reason

MAGIC = b"@RSYNCD:"
SPOKEN = 29                              # the newest protocol without variable-length numbers and pieced lists
OLDEST = 27                              # the oldest whose list of files is known here
LINE = 4096                              # bytes of one
MOST_LINES = 20_000                      # of modules and welcome together
MOST_BYTES = 1024 * 1024                 # of these
_WELCOME = 2000                          # bytes of it that are kept
_GREETING = re.compile(rb"@RSYNCD: {1,4}([0-9]{1,5})(?:\.([0-9]{1,5}))?(?: [^\r\n]*)?\r?\n")
_MODULE = re.compile(rb"([^\t\r\n]*?) *\t([^\n]*?)\r?\n")
_LIMIT = re.compile(rb"max connections", re.IGNORECASE)
LIST = b"#list\n"


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a daemon says first: the protocol that it speaks at best."""

    protocol: int
    version: str                         # as said, such as "31.0"

    @property
    def spoken(self) -> int:
        """The protocol that is used with it."""
        return min(self.protocol, SPOKEN)

    @property
    def reply(self) -> bytes:
        """Ours."""
        return b"@RSYNCD: %d\n" % self.spoken


def greeting(line: bytes) -> Greeting:
    """`@RSYNCD: 31.0 sha512 md5`. ProtocolError where no version follows."""
    found = _GREETING.fullmatch(line)
    if found is None:
        raise ProtocolError("an rsync greeting without a version")
    version = ".".join(part.decode() for part in found.groups() if part is not None)
    return Greeting(int(found[1]), version)


@dataclass(frozen=True, slots=True)
class Module:
    """A module that is on the list, as it is named."""

    name: bytes
    comment: bytes


@dataclass(slots=True)
class Welcome:
    """Lines that are no answer: what the owner greets with. Its beginning is kept."""

    text: bytes = b""

    def take(self, line: bytes) -> None:
        """One more of them."""
        self.text = (self.text + line)[:_WELCOME]


def module(line: bytes) -> Module | None:
    """`name<padding>TAB comment`. None: some other line.

    A daemon pads names to 15 bytes before the tab; a line of the welcome that has a tab without it is none.
    """
    found = _MODULE.fullmatch(line)
    if found is None or not found[1] or line.find(b"\t") < 15 or line.startswith(b"@"):
        return None
    return Module(found[1], found[2])


class Said(Enum):
    """What a line means to somebody who waits for an answer."""

    OPEN = "open"
    LOGIN = "login"
    ERROR = "error"
    END = "end"
    OTHER = "other"                      # of the welcome, or of the list


def said(line: bytes) -> Said:
    """What a line of a daemon means."""
    if line.startswith(b"@ERROR"):
        return Said.ERROR
    if not line.startswith(MAGIC):
        return Said.OTHER
    words = line[len(MAGIC):].split()
    match words[:1]:
        case [b"OK"]:
            return Said.OPEN
        case [b"AUTHREQD"]:
            return Said.LOGIN
        case [b"EXIT"]:
            return Said.END
    return Said.OTHER


_ERRORS: tuple[tuple[re.Pattern[bytes], Reason, str], ...] = (
    (_LIMIT, Reason.SLOW_DOWN, "says that it has too many connections"),
    (re.compile(rb"unknown module|no such module", re.IGNORECASE), Reason.NOT_A_LISTING, "there is no such module"),
    (re.compile(rb"auth failed|password", re.IGNORECASE), Reason.LOGIN, "wants a login"),
    (re.compile(rb"access denied|not allowed|permission denied|write.?only", re.IGNORECASE), Reason.FORBIDDEN,
     "says that access is denied"),
    (re.compile(rb"protocol", re.IGNORECASE), Reason.PROTOCOL, "speaks no protocol of rsync that is known here"),
    (re.compile(rb"chroot|chdir|change.?dir|setuid|setgid|initgroups|invalid [ug]id|lock file|misconfigured|security",
                re.IGNORECASE), Reason.SERVER_ERROR, "cannot get at what the module offers"),
)


def refusal(line: bytes) -> Doubt:
    """Why `@ERROR: …` refuses, in our words: the server's own may name files."""
    for pattern, reason, words in _ERRORS:
        if pattern.search(line):
            return reason, words
    return Reason.SERVER_ERROR, "answers with an error that says nothing known"
