"""Rows of a folder as NFS shows them, in columns, and a batch of them. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from scanner.model import Batch

UNKNOWN, FILE, FOLDER = 0, 1, 2          # ftype3 (RFC 1813 §2.6) and nfs_ftype4 (RFC 7530 §5.8.1.2) begin alike
_OWN = (b".", b"..")
_MOST = 1 << 62


@dataclass(slots=True)
class Page:
    """One answer's part of a folder. All columns have one length; -1 where nothing is said."""

    cookie: int                          # of the last row: where the next answer begins
    verifier: bytes
    last: bool = False
    names: list[bytes] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    marks: list[tuple[int, int] | None] = field(default_factory=list)   # file systems, where they were asked for
    rows: int = 0                        # with those that are dropped

    def add(self, name: bytes, kind: int, size: int, time: int) -> bool:
        """One more row; the folder itself and the one above it are none, and left out."""
        self.rows += 1
        if not name or name in _OWN:
            return False
        self.names.append(name)
        self.kinds.append(UNKNOWN)
        self.sizes.append(-1)
        self.times.append(-1)
        self.put(-1, kind, size, time)
        return True

    def put(self, i: int, kind: int, size: int, time: int) -> None:
        """What another call said of a row."""
        self.kinds[i] = kind
        self.sizes[i] = size if kind == FILE and size < _MOST else -1
        self.times[i] = time if 0 <= time < _MOST else -1

    def batch(self) -> Batch:
        """Folders apart; all else is a name."""
        files = [i for i, kind in enumerate(self.kinds) if kind != FOLDER]
        folders = [name for name, kind in zip(self.names, self.kinds, strict=True) if kind == FOLDER]
        return Batch(
            names=[self.names[i] for i in files], sizes=[self.sizes[i] for i in files],
            times=[self.times[i] for i in files], grain=1, directories=folders)
