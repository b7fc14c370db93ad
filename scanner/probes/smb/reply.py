"""What the answers of an SMB server hold. Pure: bytes in, values out, ProtocolError for what is broken."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scanner.errors import ProtocolError
from scanner.probes.smb.command import Dialect
from scanner.probes.smb.packet import HEADER, Reply

_NEGOTIATED = struct.Struct("<HHHH16xIIIIq8xHH")
_SETUP = struct.Struct("<HHHH")
_TREE = struct.Struct("<HBBIII")
_IOCTL = struct.Struct("<HH4x16xIIII")
_ROWS = struct.Struct("<HHI")
_HANDLE_AT = HEADER + 64
_LARGE = 4                                # SMB2_GLOBAL_CAP_LARGE_MTU
_ENCRYPTED = 0x8000                       # SMB2_SHAREFLAG_ENCRYPT_DATA
DISK, PIPE = 1, 2                         # kinds of shares
_1601 = datetime(1601, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Negotiated:
    """What was agreed (MS-SMB2 §2.2.4)."""

    dialect: Dialect
    signing: str                          # required, offered or none
    most: int                             # bytes that an answer may hold
    large: bool                           # several credits may be spent on one answer
    clock: datetime | None                # UTC


@dataclass(frozen=True, slots=True)
class Setup:
    """One step of a login (§2.2.6)."""

    session: int
    guest: bool                           # what the server calls it; servers differ
    null: bool
    encrypted: bool                       # wants every further message encrypted
    token: bytes


@dataclass(frozen=True, slots=True)
class Tree:
    """A share that was connected to (§2.2.10)."""

    number: int
    kind: int                             # DISK, PIPE, or 3: a printer
    encrypted: bool


def parse_negotiated(reply: Reply) -> Negotiated:
    """The answer to NEGOTIATE. ProtocolError where it chose what was not offered."""
    size, mode, number, _, abilities, most, _, _, clock, _, _ = reply.fields(_NEGOTIATED)
    if size != 65 or number not in set(Dialect):
        raise ProtocolError(f"chose dialect 0x{number:04x}, which was not offered")
    signing = "required" if mode & 2 else "offered" if mode & 1 else "none"
    return Negotiated(Dialect(number), signing, most, bool(abilities & _LARGE), moment(clock))


def parse_setup(reply: Reply) -> Setup:
    """The answer to SESSION_SETUP."""
    _, flags, offset, size = reply.fields(_SETUP)
    return Setup(reply.session, bool(flags & 1), bool(flags & 2), bool(flags & 4), reply.part(offset, size))


def parse_tree(reply: Reply) -> Tree:
    """The answer to TREE_CONNECT."""
    _, kind, _, flags, _, _ = reply.fields(_TREE)
    return Tree(reply.tree, kind, bool(flags & _ENCRYPTED))


def parse_handle(reply: Reply) -> bytes:
    """The answer to CREATE: what it is called from now on."""
    return reply.part(_HANDLE_AT, 16)


def parse_output(reply: Reply) -> bytes:
    """The answer to IOCTL: what the pipe said."""
    _, _, _, _, offset, size = reply.fields(_IOCTL)
    return reply.part(offset, size)


def parse_rows(reply: Reply) -> bytes:
    """The answer to QUERY_DIRECTORY: the entries, for `directory`."""
    _, offset, size = reply.fields(_ROWS)
    return reply.part(offset, size)


def moment(ticks: int) -> datetime | None:
    """FILETIME: tenths of microseconds since 1601. None where it is no time."""
    if not 0 < ticks < 2_650_467_744_000_000_000:           # the year 10000
        return None
    return _1601 + timedelta(microseconds=ticks // 10)
