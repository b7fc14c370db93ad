"""Rows of a listing that may reach below the folder asked for, gathered by the folder that they lie in."""

from __future__ import annotations

from dataclasses import dataclass, field

from scanner.listing.hrefs import quote
from scanner.model import Batch

SEEN = 50_000                                # folders that are remembered, so that none is given twice


@dataclass(slots=True)
class _Rows:
    names: list[bytes] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    directories: list[bytes] = field(default_factory=list)
    hrefs: dict[bytes, str] = field(default_factory=dict)


class Flat:
    """Takes rows one by one; gives them as batches, one for each folder."""

    def __init__(self) -> None:
        self.rows = 0                        # so far, all folders together
        self._folders: dict[str, _Rows] = {}
        self._seen: set[int] = set()         # their hashes: names may be long

    def file(self, under: str, name: bytes, size: int, time: int) -> None:
        """Add a file. `under`: quoted path of its folder with its slash, empty for the folder asked for."""
        rows = self._at(under)
        rows.names.append(name)
        rows.sizes.append(size)
        rows.times.append(time)

    def directory(self, under: str, name: bytes, href: str = "") -> bool:
        """Add a folder, once: False where it was there. `href`: the segment to ask for, if not the quoted name."""
        mark = hash((under, name))
        if mark in self._seen:
            return False
        if len(self._seen) < SEEN:
            self._seen.add(mark)
        rows = self._at(under)
        rows.directories.append(name)
        if href and href != quote(name):
            rows.hrefs[name] = href
        return True

    def _at(self, under: str) -> _Rows:
        self.rows += 1
        rows = self._folders.get(under)
        if rows is None:
            rows = self._folders[under] = _Rows()
        return rows

    def take(self) -> list[Batch]:
        """What has been added since the last time; the folder asked for comes first."""
        folders, self._folders = self._folders, {}
        return [_batch(under, folders[under]) for under in sorted(folders, key=bool)]


def _batch(under: str, rows: _Rows) -> Batch:
    return Batch(names=rows.names, sizes=rows.sizes if max(rows.sizes, default=-1) >= 0 else None,
                 times=rows.times if max(rows.times, default=-1) >= 0 else None, grain=1,
                 directories=rows.directories, hrefs=rows.hrefs, under=under)


def under(folders: list[bytes]) -> str:
    """The quoted path of a folder that lies below, with its slash; empty for none."""
    return "".join(quote(name) + "/" for name in folders)
