"""Lists of files as an rsync daemon of protocols 27 to 29 puts them on the wire: the other half of the parsers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from struct import pack

FOLDER, FILE, LINK, PIPE = 0o040755, 0o100644, 0o120777, 0o010644
HELLO = b"@RSYNCD: 31.0 sha512 md5\n"
OK = b"@RSYNCD: OK\n"
SEED = b"\x2b\xa9\x0a\x6b"


@dataclass(frozen=True)
class Put:
    """One entry that a server has."""

    path: bytes
    size: int = 0
    time: int = 1550480000
    mode: int = FILE


def rows(puts: Iterable[Put], *, errors: int = 0, protocol: int = 29, whole: bool = True) -> bytes:
    """The rows, shortened against the one before as rsync does it, and (`whole`) the end."""
    out, before = [], Put(b"", 0, 0, 0)
    for put in puts:
        shared = _shared(before.path, put.path)
        rest = put.path[shared:]
        flags = 0x20 * bool(shared) | 0x40 * (len(rest) > 255)
        flags |= 0x80 * (put.time == before.time) | 0x02 * (put.mode == before.mode) | 0x18
        head = pack("<BB", flags | 0x04, 1) if protocol >= 28 and put.size % 7 == 3 else pack("<B", flags)
        out += [head, pack("<B", shared) if shared else b"",
                pack("<i", len(rest)) if len(rest) > 255 else pack("<B", len(rest)), rest,
                pack("<i", put.size) if put.size < 1 << 31 else pack("<iq", -1, put.size),
                pack("<i", put.time) if put.time != before.time else b"",
                pack("<I", put.mode) if put.mode != before.mode else b""]
        before = put
    return b"".join(out) + (pack("<Bi", 0, errors) if whole else b"")


def frame(data: bytes, kind: int = 0) -> bytes:
    """One frame."""
    return pack("<I", (kind + 7) << 24 | len(data)) + data


def answer(puts: Iterable[Put], *, messages: Iterable[bytes] = (), errors: int = 0) -> bytes:
    """What follows the seed: messages first, as a daemon sends them, then the list."""
    return b"".join(frame(text, 1) for text in messages) + frame(rows(puts, errors=errors))


def _shared(one: bytes, other: bytes) -> int:
    same = 0
    while same < min(len(one), len(other), 255) and one[same] == other[same]:
        same += 1
    return same
