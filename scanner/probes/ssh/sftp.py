"""SFTP version 3, as far as a folder is listed with it (draft-ietf-secsh-filexfer-02). Bytes in, values out.

Five packets can be sent, and none of them opens a file: there is no number for that here.
"""

from __future__ import annotations

import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from scanner.errors import ProtocolError
from scanner.model import Batch

VERSION = 3
LARGEST = 256 * 1024                      # bytes of a packet that is read: what OpenSSH sends at most
_ROWS_IN_ONE = LARGEST // 12              # the shortest row: two empty strings and no attributes
_LONGEST_FILE = (1 << 63) - 1             # bytes: what is said beyond is no size
_KIND = 0o170000                          # of a mode
_EXTENDED = 1 << 31                       # flag: extensions follow
_FORMS = [struct.Struct(">" + "Q" * bool(flags & 1) + "II" * bool(flags & 2) + "I" * bool(flags & 4)
                        + "II" * bool(flags & 8)) for flags in range(16)]
"""Size; owner and group; mode; times of access and change: what stands in a row, by its flags."""


class Say(IntEnum):
    """What is ever sent (section 3)."""

    INIT = 1
    CLOSE = 4
    OPENDIR = 11
    READDIR = 12
    REALPATH = 16


class Hear(IntEnum):
    """What is understood (section 3)."""

    VERSION = 2
    STATUS = 101
    HANDLE = 102
    NAME = 104


class Status(IntEnum):
    """Codes of section 7 that mean something here."""

    OK = 0
    EOF = 1
    NO_SUCH_FILE = 2
    PERMISSION_DENIED = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One name of a NAME packet (section 7)."""

    name: bytes
    size: int | None                      # bytes
    modified: int | None                  # seconds since 1970
    folder: bool
    weight: int                           # bytes that it may have taken on the line


@dataclass(frozen=True, slots=True)
class Reply:
    """One packet from the server: what kind, to which request, and the rest of it."""

    kind: int
    number: int
    rest: bytes


def init() -> bytes:
    """The first packet."""
    return struct.pack(">IBI", 5, Say.INIT, VERSION)


def request(kind: Say, number: int, text: bytes) -> bytes:
    """A request about a path or a handle."""
    return struct.pack(">IBII", 9 + len(text), kind, number, len(text)) + text


def size_of(head: bytes) -> int:
    """Bytes that follow the first four of a packet. `ProtocolError` where no packet has so many."""
    size = int.from_bytes(head, "big")
    if not 5 <= size <= LARGEST:
        raise ProtocolError(f"SFTP: a packet of {size} bytes")
    return size


def reply(packet: bytes) -> Reply:
    """A packet taken apart; a VERSION packet has its version in place of the number. `ProtocolError`."""
    if len(packet) < 5:
        raise ProtocolError("SFTP: a packet that ends too early")
    kind, number = struct.unpack_from(">BI", packet)
    return Reply(kind, number, packet[5:])


def handle(rest: bytes) -> bytes:
    """The handle of a HANDLE packet. `ProtocolError`; a handle has at most 256 bytes (section 7)."""
    text, _ = _string(rest, 0)
    if len(text) > 256:
        raise ProtocolError("SFTP: a handle of more than 256 bytes")
    return text


def status(rest: bytes) -> int:
    """The code of a STATUS packet. `ProtocolError`."""
    return _number(rest, 0)[0]


def rows(rest: bytes) -> Iterator[Row]:
    """The rows of a NAME packet, in order. `ProtocolError` where one cannot be read: what came before stands."""
    count, place = _number(rest, 0)
    if count > _ROWS_IN_ONE:
        raise ProtocolError(f"SFTP: {count} names in one packet")
    for _ in range(count):
        row, place = _row(rest, place)
        yield row


def _row(rest: bytes, place: int) -> tuple[Row, int]:
    start = place
    name, place = _string(rest, place)
    long, place = _string(rest, place)
    flags, place = _number(rest, place)
    (size, mode, modified), place = _attributes(rest, place, flags & 15)
    if flags & _EXTENDED:
        place = _extended(rest, place)
    folder = long[:1] == b"d" if mode is None else mode & _KIND == stat.S_IFDIR
    if size is not None and size > _LONGEST_FILE:
        size = None
    return Row(name, size, modified, folder, min(place - start, 2 * len(name) + 256)), place


def _attributes(rest: bytes, place: int, flags: int) -> tuple[tuple[int | None, int | None, int | None], int]:
    """Size, mode and time, as far as the flags say that they are there (section 5)."""
    form = _FORMS[flags]
    try:
        found = form.unpack_from(rest, place)
    except struct.error:
        raise ProtocolError("SFTP: a packet that ends too early") from None
    place += form.size
    if flags == 15:
        return (found[0], found[3], found[5]), place
    size = found[0] if flags & 1 else None
    mode = found[-3 if flags & 8 else -1] if flags & 4 else None
    return (size, mode, found[-1] if flags & 8 else None), place


def _extended(rest: bytes, place: int) -> int:
    count, place = _number(rest, place)
    if count > len(rest) // 8:
        raise ProtocolError(f"SFTP: {count} extensions of a name")
    for _ in range(2 * count):
        _, place = _string(rest, place)
    return place


def _number(rest: bytes, place: int) -> tuple[int, int]:
    try:
        return struct.unpack_from(">I", rest, place)[0], place + 4
    except struct.error:
        raise ProtocolError("SFTP: a packet that ends too early") from None


def _string(rest: bytes, place: int) -> tuple[bytes, int]:
    size, place = _number(rest, place)
    if size > len(rest) - place:
        raise ProtocolError("SFTP: a string that is longer than its packet")
    return rest[place:place + size], place + size


@dataclass(slots=True)
class Columns:
    """Rows on their way into a batch. Links stay names: they are not followed."""

    names: list[bytes] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    folders: list[bytes] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.names) + len(self.folders)

    def add(self, row: Row) -> None:
        """One more, but for the two that every folder has."""
        if row.name in (b".", b"..", b""):
            return
        if row.folder:
            self.folders.append(row.name)
            return
        self.names.append(row.name)
        self.sizes.append(-1 if row.size is None else row.size)
        self.times.append(-1 if row.modified is None else row.modified)

    def batch(self) -> Batch:
        """All of it. Times are exact to the second (section 5)."""
        return Batch(names=self.names, sizes=self.sizes, times=self.times, grain=1, directories=self.folders)
