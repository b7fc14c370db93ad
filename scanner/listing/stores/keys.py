"""Keys of an object store -> rows below a prefix. A key is bytes with slashes; the store itself knows no folders."""

from __future__ import annotations

from scanner.listing.flat import Flat, under
from scanner.listing.sizes import UNKNOWN

LONGEST = 4096                               # bytes of a key; stores allow 1,024


class Keys:
    """Puts keys that begin with `prefix` (empty, or ending with a slash) into rows."""

    def __init__(self, prefix: bytes, rows: Flat) -> None:
        self.strays = 0                      # keys of other places, or too long for one
        self._prefix = prefix
        self._rows = rows

    def folder(self, key: bytes) -> None:
        """A prefix that stands for what lies below it."""
        place = self._place(key)
        if place is not None:
            self._rows.directory(*place)

    def object(self, key: bytes, size: int = UNKNOWN, time: int = UNKNOWN) -> None:
        """An object. One without bytes whose key ends with a slash is how tools make a folder."""
        place = self._place(key)
        if place is None:
            return
        if key.endswith(b"/") and size <= 0:
            self._rows.directory(*place)
        else:
            self._rows.file(*place, size, time)

    def _place(self, key: bytes) -> tuple[str, bytes] | None:
        """The folder below the prefix and the name; None where the key is the prefix itself, or lies elsewhere.

        A name may be empty, `.` or `..`: to the store these are names like others.
        """
        if not key.startswith(self._prefix) or len(key) > LONGEST:
            self.strays += 1
            return None
        rest = key[len(self._prefix):]
        if not rest:
            return None
        *folders, name = rest.removesuffix(b"/").split(b"/")
        return under(folders), name
