"""The frames that an rsync daemon sends once a module is open: rows and messages through one stream. Pure.

A frame is four bytes, little endian: its length (24 bits) and its kind + 7; then so many bytes. A frame is never
waited for as a whole, so its length costs nothing.
"""

from __future__ import annotations

from scanner.errors import ProtocolError
from scanner.probes.rsync.trouble import Troubles

_DATA = 0
_ERRORS = frozenset({1, 3, 5, 8})        # error of a transfer, error, of a socket, in UTF-8
_OTHERS = frozenset({2, 4, 6, 7, 9, 10, 22, 33, 42, 86, 100, 101, 102})   # told, and nothing that we wait for
_KEPT = 1000                             # bytes of a message


class Frames:
    """Takes the stream in any pieces; gives what rows are made of, and keeps account of errors."""

    __slots__ = ("_head", "_kind", "_left", "_text", "troubles")

    def __init__(self) -> None:
        self.troubles = Troubles()
        self._head = b""
        self._kind = _DATA
        self._left = 0                   # bytes of this frame that are still to come
        self._text = b""                 # of a message

    def feed(self, data: bytes) -> bytes:
        """The bytes of rows in this piece. ProtocolError where it is no frame."""
        rows: list[bytes] = []
        place = 0
        while place < len(data):
            if not self._left:
                place = self._begin(data, place)
                continue
            piece = data[place:place + self._left]
            place += len(piece)
            self._left -= len(piece)
            if self._kind == _DATA:
                rows.append(piece)
            else:
                self._message(piece)
        return rows[0] if len(rows) == 1 else b"".join(rows)

    def _begin(self, data: bytes, place: int) -> int:
        """Read what a frame begins with; where the next byte is."""
        piece = data[place:place + 4 - len(self._head)]
        self._head += piece
        if len(self._head) == 4:
            if self._head.startswith(b"@ERR"):
                raise ProtocolError("the server broke off its list with an error")
            self._kind, self._left = self._head[3] - 7, int.from_bytes(self._head[:3], "little")
            if self._kind != _DATA and self._kind not in _ERRORS and self._kind not in _OTHERS:
                raise ProtocolError("a frame of a kind that rsync does not know")
            self._head = b""
        return place + len(piece)

    def _message(self, piece: bytes) -> None:
        if self._kind not in _ERRORS:
            return
        self._text = (self._text + piece)[-_KEPT:]
        if not self._left:
            self.troubles.take(self._text)
            self._text = b""
