"""The entries of a directory as an SMB server sends them, page by page, into batches. Pure.

MS-FSCC §2.4.14 (FileFullDirectoryInformation) and §2.4.8 (FileBothDirectoryInformation): the same fields, the name at
another place. Names are UTF-16; they become UTF-8 that keeps lone surrogates.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from enum import Enum

from scanner.model import Batch

_FIXED = struct.Struct("<I20xq8xq8xIII")     # next, last write, end of file, attributes, length of the name, EA size
_DIRECTORY, _REPARSE = 0x10, 0x400
_SURROGATE = 0x20000000                      # of a reparse tag: stands for another folder (MS-FSCC §2.1.2.1)
_DFS_TAGS = frozenset({0x8000000A, 0x80000012})
_1970 = 11_644_473_600                       # seconds from 1601
_TICKS = 10_000_000                          # a second
_LATEST = 253_402_300_800                    # seconds since 1970: the year 10000


class Form(Enum):
    """FileInformationClass, and where a name starts in it."""

    FULL = (2, 68)
    BOTH = (3, 94)

    @property
    def number(self) -> int:
        """As it is asked for."""
        return self.value[0]

    @property
    def name_at(self) -> int:
        """Bytes before the name."""
        return self.value[1]


@dataclass(slots=True)
class Page:
    """One answer's entries."""

    names: list[bytes] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    directories: list[bytes] = field(default_factory=list)
    strays: list[bytes] = field(default_factory=list)   # folders that stand for another place: not followed
    unreadable: int = 0                      # entries whose name is none
    broken: bool = False                     # the rest cannot be read: lengths that lead astray

    def batch(self) -> Batch:
        """As the scan takes it."""
        return Batch(names=self.names, sizes=self.sizes, times=self.times, grain=1, directories=self.directories)

    @property
    def blank(self) -> bool:
        """Nothing but the folder itself and the one above."""
        return not (self.names or self.directories or self.strays or self.unreadable)

    def mark(self) -> int:
        """What is the same where the same names come again."""
        return hash((*self.names, *self.directories, *self.strays))


def parse_page(data: bytes, form: Form) -> Page:
    """Every entry as far as they can be read. Each takes a step forward, so the work is bounded by `data`."""
    page, at, end, name_at = Page(), 0, len(data), form.name_at
    while True:
        if at + name_at > end:
            page.broken = bool(data)
            return page
        further, written, size, attributes, length, tag = _FIXED.unpack_from(data, at)
        start = at + name_at
        if start + length > end or (further and further < name_at + length):
            page.broken = True
            return page
        _take(page, data[start:start + length], written, size, attributes, tag)
        if not further:
            return page
        at += further


def _take(page: Page, raw: bytes, written: int, size: int, attributes: int, tag: int) -> None:
    if not raw or len(raw) & 1:
        page.unreadable += 1
        return
    name = to_bytes(raw)
    if not attributes & _DIRECTORY:
        seconds = written // _TICKS - _1970
        page.names.append(name)
        page.sizes.append(size if size >= 0 else -1)
        page.times.append(seconds if 0 <= seconds < _LATEST else -1)
    elif name in (b".", b".."):
        return
    elif attributes & _REPARSE and _leads_away(tag):
        page.strays.append(name)
    else:
        page.directories.append(name)


def _leads_away(tag: int) -> bool:
    return not tag or bool(tag & _SURROGATE) or tag in _DFS_TAGS


def to_bytes(raw: bytes) -> bytes:
    """A name of an even number of bytes in UTF-16 as UTF-8; lone surrogates stay."""
    return raw.decode("utf-16-le", "surrogatepass").encode("utf-8", "surrogatepass")


_UNSAYABLE = frozenset("/\\\0\r\n:")          # a colon would name a stream of a file (MS-FSCC §2.1.5)


def to_wire(name: bytes) -> bytes | None:
    """A name for a request, in UTF-16; None where no request can hold it."""
    try:
        text = name.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    if not text or text in (".", "..") or not _UNSAYABLE.isdisjoint(text):
        return None
    return text.encode("utf-16-le", "surrogatepass")
