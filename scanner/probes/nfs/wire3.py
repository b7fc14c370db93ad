"""NFS version 3 (RFC 1813 §3.3): what LOOKUP, READDIRPLUS and READDIR take and give. Pure."""

from __future__ import annotations

from struct import Struct

from scanner.probes.nfs.rows import UNKNOWN, Page
from scanner.probes.nfs.status import RefusedError
from scanner.probes.nfs.xdr import Reader, long, opaque, word

COUNT = 256 * 1024                       # bytes of one answer; a server may give less
_NAMES = 64 * 1024                       # bytes of names and cookies in it
_NAME, _HANDLE, _VERIFIER = 4096, 64, 8
_ATTRIBUTES = Struct(">5I5Q6I")          # fattr3: type .. gid, size used rdev fsid fileid, atime mtime ctime
_TYPE, _SIZE, _FSID, _FILEID, _MTIME, _CTIME = 0, 5, 8, 9, 12, 14
Attributes = tuple[int, ...]


def lookup(folder: bytes, name: bytes) -> bytes:
    """The arguments of LOOKUP."""
    return opaque(folder) + opaque(name)


def readdirplus(folder: bytes, cookie: int, verifier: bytes) -> bytes:
    """The arguments of READDIRPLUS."""
    return opaque(folder) + long(cookie) + verifier + word(_NAMES) + word(COUNT)


def readdir(folder: bytes, cookie: int, verifier: bytes) -> bytes:
    """The arguments of READDIR."""
    return opaque(folder) + long(cookie) + verifier + word(_NAMES)


def found(reader: Reader) -> tuple[bytes, int, int, int]:
    """The answer to LOOKUP: handle, kind, size, time; -1 where nothing is said. `RefusedError`, `ProtocolError`."""
    if status := reader.word():
        raise RefusedError(status)
    handle = reader.opaque(_HANDLE)
    told = _maybe(reader)
    return (handle, UNKNOWN, -1, -1) if told is None else (handle, told[_TYPE], told[_SIZE], told[_MTIME])


def identity(reader: Reader) -> tuple[int, ...]:
    """The answer to GETATTR, as far as it tells one folder from another. `RefusedError`, `ProtocolError`."""
    if status := reader.word():
        raise RefusedError(status)
    told = reader.unpack(_ATTRIBUTES)
    return told[_FILEID], told[_MTIME], told[_MTIME + 1], told[_CTIME], told[_CTIME + 1]


def page_plus(reader: Reader, cookie: int) -> Page:
    """The answer to READDIRPLUS from `cookie` on. `RefusedError`, `ProtocolError`."""
    page = _page(reader, cookie)
    for _ in reader.chain():
        reader.long()
        name, page.cookie = reader.opaque(_NAME), reader.long()
        told = _maybe(reader)
        if reader.truth():
            reader.opaque(_HANDLE)
        if told is None:
            page.add(name, UNKNOWN, -1, -1)
        else:
            page.add(name, told[_TYPE], told[_SIZE], told[_MTIME])
    page.last = reader.truth()
    return page


def page_plain(reader: Reader, cookie: int) -> Page:
    """The answer to READDIR from `cookie` on: names alone. `RefusedError`, `ProtocolError`."""
    page = _page(reader, cookie)
    for _ in reader.chain():
        reader.long()
        page.add(reader.opaque(_NAME), UNKNOWN, -1, -1)
        page.cookie = reader.long()
    page.last = reader.truth()
    return page


def _page(reader: Reader, cookie: int) -> Page:
    status = reader.word()
    _maybe(reader)
    if status:
        raise RefusedError(status)
    return Page(cookie, reader.fixed(_VERIFIER))


def _maybe(reader: Reader) -> Attributes | None:
    return reader.unpack(_ATTRIBUTES) if reader.truth() else None
