"""The list of files of rsync's protocols 27 to 29, as a daemon sends it: bytes in any pieces, rows out. Pure.

A row is: flags (1 byte, 2 with `_LONG_FLAGS`), bytes shared with the name before (1, with `_SHARES`), length of the
rest of the name (1, or 4 with `_LONG_NAME`), that rest, size (4, or -1 and 8), and unless the same as before time (4)
and mode (4). Flags of 0 end the list; four bytes follow that say whether anything could not be read. Owners, links and
devices have fields only where their options were asked for, which they never are. All numbers are little endian.
"""

from __future__ import annotations

from struct import error, unpack_from
from typing import NamedTuple

from scanner.errors import ProtocolError

_SAME_MODE, _LONG_FLAGS, _SHARES, _LONG_NAME, _SAME_TIME = 0x02, 0x04, 0x20, 0x40, 0x80
_LONGEST = 4096                          # bytes of a path
_KIND, _FILE, _FOLDER = 0o170000, 0o100000, 0o040000


class Row(NamedTuple):
    """One entry: a path below the folder asked for."""

    path: bytes
    size: int                            # bytes; -1 for what is no file
    time: int                            # seconds since 1970; -1 before
    folder: bool


class Rows:
    """Reads a list as it comes."""

    __slots__ = ("_data", "_long_flags", "_mode", "_path", "_time", "begun", "ended", "unread")

    def __init__(self, protocol: int = 29) -> None:
        self.begun = False               # something of it has come
        self.ended = False               # the list is whole
        self.unread = False              # and something could not be read
        self._long_flags = _LONG_FLAGS if protocol >= 28 else 0
        self._data = b""
        self._path = b""
        self._time = 0
        self._mode = 0

    def feed(self, data: bytes) -> list[Row]:
        """The rows that are whole now. ProtocolError where they cannot be rows."""
        if self.ended:
            return []
        rows: list[Row] = []
        self.begun |= bool(data)
        self._data = whole = self._data + data
        place = 0
        try:
            while not self.ended:
                place = self._row(whole, place, rows)
        except (IndexError, error):      # the rest is still to come
            self._data = whole[place:]
        return rows

    def _row(self, data: bytes, at: int, rows: list[Row]) -> int:
        """Read one row; where the next begins. IndexError or struct.error where it is not all here."""
        flags = data[at]
        if not flags:
            return self._end(data, at + 1)
        path, at = self._name(data, at + (2 if flags & self._long_flags else 1), flags)
        (size,) = unpack_from("<i", data, at)
        at += 4
        if size < 0:
            (size,) = unpack_from("<q", data, at)
            at += 8
        time, mode = self._time, self._mode
        if not flags & _SAME_TIME:
            (time,) = unpack_from("<i", data, at)
            at += 4
        if not flags & _SAME_MODE:
            (mode,) = unpack_from("<I", data, at)
            at += 4
        self._path, self._time, self._mode = path, time, mode
        kind = mode & _KIND
        rows.append(Row(path, size if kind == _FILE and size >= 0 else -1, time if time >= 0 else -1, kind == _FOLDER))
        return at

    def _name(self, data: bytes, at: int, flags: int) -> tuple[bytes, int]:
        """A path, which may begin as the last one did, and where what follows begins. As above."""
        shared = 0
        if flags & _SHARES:
            shared = data[at]
            at += 1
        if flags & _LONG_NAME:
            (length,) = unpack_from("<i", data, at)
            at += 4
        else:
            length = data[at]
            at += 1
        if not 0 <= length <= _LONGEST - shared or shared > len(self._path):
            raise ProtocolError("a name in the list that cannot be one")
        return self._path[:shared] + data[at:at + length], at + length

    def _end(self, data: bytes, at: int) -> int:
        (unread,) = unpack_from("<i", data, at)
        self.ended, self.unread = True, unread != 0
        self._data = b""
        return at + 4
