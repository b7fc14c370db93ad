"""The list of shares: NetrShareEnum at level 1, spoken over a pipe. Pure: bytes of DCE/RPC and NDR, values out.

MS-SRVS §3.1.4.8; C706 §12 (PDUs) and §14 (NDR), little-endian.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from scanner.errors import ProtocolError

PIPE = "srvsvc"
ALL = 0xFFFFFFFF                          # PreferedMaximumLength: everything at once
MORE_DATA = 234                           # ERROR_MORE_DATA (MS-ERREF §2.2)
_SRVSVC = bytes.fromhex("c84f324b7016d30112785a47bf6ee188") + struct.pack("<HH", 3, 0)
_NDR = bytes.fromhex("045d888aeb1cc9119fe808002b104860") + struct.pack("<I", 2)
_HEAD = struct.Struct("<BBBB4sHHI")       # version 5.0, type, flags, drep, length, auth, call
_LITTLE = b"\x10\0\0\0"
_REQUEST, _RESPONSE, _FAULT, _BIND, _ACCEPTED, _CANCEL = 0, 2, 3, 11, 12, 18
_FIRST, _LAST = 1, 2
_FRAGMENT = 4280                          # bytes of one PDU, as everybody says
_SHARE_ENUM = 15
_MOST_SHARES = 10_000
_MOST_TEXT = 1024                         # characters
_DISK, _PRINTER, _DEVICE, _IPC = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Share:
    """One share, as it is announced (MS-SRVS §2.2.4.23)."""

    name: str
    kind: int                             # 0 disk, 1 printer, 2 device, 3 IPC
    hidden: bool                          # for administrators: C$, ADMIN$
    comment: str

    @property
    def disk(self) -> bool:
        """Whether it holds folders. Some servers announce IPC$ as a disk."""
        return self.kind == _DISK and bool(self.name) and self.name.upper() != "IPC$"

    @property
    def noun(self) -> str:
        """What it is."""
        if self.kind == _DISK and not self.disk:
            return "ipc"
        return {_DISK: "disk", _PRINTER: "printer", _DEVICE: "device", _IPC: "ipc"}.get(self.kind, "other")


@dataclass(frozen=True, slots=True)
class Shares:
    """One answer: some shares, the error code with them, and where to go on."""

    shares: tuple[Share, ...]
    code: int
    resume: int


def bind() -> bytes:
    """The first word on the pipe: srvsvc 3.0 in NDR."""
    body = struct.pack("<HHIB3xHBB", _FRAGMENT, _FRAGMENT, 0, 1, 0, 1, 0) + _SRVSVC + _NDR
    return _pdu(_BIND, 1, body)


def cancel() -> bytes:
    """A word that changes nothing and is not answered: with it the next fragment of an answer is fetched."""
    return _pdu(_CANCEL, 2, b"")


def share_enum(server: str, *, most: int = ALL, resume: int = 0) -> bytes:
    """Ask for shares from `resume` on, of about `most` bytes."""
    name = (f"\\\\{server}\0").encode("utf-16-le")
    count = len(name) // 2
    stub = struct.pack("<IIII", 0x20000, count, 0, count) + name
    stub += b"\0" * (-len(stub) % 4)
    stub += struct.pack("<IIIII", 1, 1, 0x20004, 0, 0) + struct.pack("<III", most, 0x20008, resume)
    return _pdu(_REQUEST, 2, struct.pack("<IHH", len(stub), 0, _SHARE_ENUM) + stub)


def _pdu(kind: int, call: int, body: bytes) -> bytes:
    return _HEAD.pack(5, 0, kind, _FIRST | _LAST, _LITTLE, _HEAD.size + len(body), 0, call) + body


def accepted(data: bytes) -> None:
    """The answer to `bind`. ProtocolError where it is a refusal."""
    kind, _, _ = _parsed(data)
    if kind != _ACCEPTED:
        raise ProtocolError("the list of shares is not spoken here")


def fragment(data: bytes) -> tuple[bytes, bool]:
    """A part of an answer, and whether it is the last. ProtocolError where it is a fault or nothing at all."""
    kind, flags, body = _parsed(data)
    if kind == _FAULT:
        raise ProtocolError("the list of shares ends in a fault")
    if kind != _RESPONSE or len(body) < 8:
        raise ProtocolError("the list of shares is answered by something else")
    return body[8:], bool(flags & _LAST)


def _parsed(data: bytes) -> tuple[int, int, bytes]:
    if len(data) < _HEAD.size:
        raise ProtocolError("the list of shares is answered by nothing")
    version, _, kind, flags, order, size, _, _ = _HEAD.unpack_from(data)
    if version != 5 or order[0] != 0x10 or not _HEAD.size <= size <= len(data):
        raise ProtocolError("the list of shares is not in DCE/RPC")
    return kind, flags, data[_HEAD.size:size]


def parse_shares(stub: bytes) -> Shares:
    """The answer to `share_enum`, all its fragments joined. ProtocolError where it is broken."""
    reader = _Reader(stub)
    _level, _switch, container = reader.number(), reader.number(), reader.number()
    shares: tuple[Share, ...] = ()
    if container:
        count, array = reader.number(), reader.number()
        shares = tuple(_rows(reader, count)) if array else ()
    reader.number()                       # TotalEntries
    told = reader.number()                # whether there is a ResumeHandle
    resume = reader.number() if told else 0
    return Shares(shares, reader.number(), resume)


def _rows(reader: _Reader, count: int) -> Iterator[Share]:
    if reader.number() != count or count > _MOST_SHARES:
        raise ProtocolError(f"a list of {count} shares")
    fixed = [(reader.number(), reader.number(), reader.number()) for _ in range(count)]
    for name, kind, comment in fixed:
        yield Share(reader.text() if name else "", kind & 0xFF, bool(kind & 0x80000000),
                    reader.text() if comment else "")


class _Reader:
    """NDR, front to back."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self) -> int:
        """An unsigned 32-bit number."""
        return int.from_bytes(self._bytes(4), "little")

    def text(self) -> str:
        """A conformant varying string of UTF-16 with its end mark, and the padding behind it."""
        _, offset, count = self.number(), self.number(), self.number()
        if offset or count > _MOST_TEXT:
            raise ProtocolError("a share whose name or comment is too long")
        text = self._bytes(2 * count).decode("utf-16-le", "surrogatepass")
        self._at += -self._at % 4
        return text.partition("\0")[0]

    def _bytes(self, size: int) -> bytes:
        if self._at + size > len(self._data):
            raise ProtocolError("a list of shares that is cut short")
        self._at += size
        return self._data[self._at - size:self._at]
