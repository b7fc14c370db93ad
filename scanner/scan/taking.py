"""Taking: what a door shows of one ask is folded as it comes, a census for each folder, and no name is kept but those
of folders to be asked next.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from scanner.aside import Portions
from scanner.census import Census, Folder
from scanner.model import Batch, Endpoint
from scanner.scan.showing import Showing
from scanner.scan.site import Site

QUOTED = 3                               # names of an answer that may be quoted, masked
_MOST_DIRECTORIES = 1_000_000            # of one listing
_MARK_SIZE = 12
_SORTED_NAMES = 50_000                   # of which the mark does not depend on the order
_SORTED_BYTES = 16 * 1024 * 1024         # of these
_DEEPEST = 64                            # levels below the folder asked for; what lies deeper counts as lying there
_MOST_SHOWN = 1_000_000                  # folders known by what lies in them


class Taking:
    """The entries of one answer: those of the folder asked for, and of folders below it that it shows as well."""

    def __init__(self, site: Site, there: Endpoint, path: str, beside: tuple[int, ...] = ()) -> None:
        """`beside`: the sketch of the store that this belongs to."""
        self.entries = 0
        self.directories: list[tuple[str, str]] = []      # (folder below the one asked for, quoted segment)
        self.left_out = 0                # directories of which no more than their number is kept
        self.showing = Showing(path) if site.show_names else None
        self.first: list[bytes] = []     # some names, as they are
        self._site = site
        self._path = path
        self._beside = beside
        _, self._setting = site.scope.setting_at(there.address, there.host, there.port)
        self._now = int(datetime.now(UTC).timestamp())
        self._census: Census | None = None
        self._under = ""
        self._shown: set[int] = set()    # hashes of the folders that are shown by what lies in them
        self._folder = self._open("")
        self._portions = Portions()
        self._names: list[bytes] = []
        self._weight = 0                 # bytes of these
        self._ordered = hashlib.blake2b(digest_size=_MARK_SIZE, key=site.key)
        self._hidden = hashlib.blake2b(digest_size=_MARK_SIZE, key=site.key)
        self._visible = False
        self.hidden = 0                  # names with a dot before them
        self.told = 0                    # files shown with a size or a time
        self._sizes = hashlib.blake2b(digest_size=_MARK_SIZE, key=site.key)
        self._times = hashlib.blake2b(digest_size=_MARK_SIZE, key=site.key)

    def take(self, batch: Batch) -> Iterator[None]:
        """The next entries, in portions: between two of them others may have their turn."""
        if batch.under.count("/") > _DEEPEST:
            batch = replace(batch, under="/".join([*batch.under.split("/", _DEEPEST)[:_DEEPEST], ""]))
        if batch.under != self._under:
            self._end_folder()
            self._folder, self._under = self._open(batch.under), batch.under
            self._show(batch.under)
        yield from self._fold(batch)
        self.entries += len(batch)
        self._mark_names(batch)
        self._mark_columns(batch)
        self.first += batch.names[:QUOTED - len(self.first)]
        room = max(0, (self._site.profile.directories or _MOST_DIRECTORIES) - len(self.directories))
        self.left_out += max(0, len(batch.directories) - room)
        self.directories += [(batch.under, batch.hrefs.get(name) or quote(name, safe=""))
                             for name in batch.directories[:room]]
        if self.showing is not None:
            self.showing.add(batch)
        yield

    def _fold(self, batch: Batch) -> Iterator[None]:
        """Into the census of its folder, which does not hang on how it is parted."""
        done = 0
        while done < max(1, len(batch.names)):
            many, portions = self._portions.size, self._portions
            piece = batch if not done and len(batch.names) <= many else _part(batch, done, done + many)
            portions.begin()
            self._folder.add(piece)
            portions.end()
            done += many
            if done < len(batch.names):
                yield

    def close(self, *, complete: bool, cut_by: str | None) -> Census:
        """All of it, counted. What was shown whole need not be asked for again."""
        self._end_folder(complete=complete, cut_by=cut_by)
        assert self._census is not None
        return self._below(self._census) if self._shown else self._census

    def _show(self, under: str) -> None:
        """A folder below, and those above it."""
        if len(self._shown) < _MOST_SHOWN:
            self._shown.update(hash(under[:end]) for end, sign in enumerate(under, 1) if sign == "/")

    def _below(self, census: Census) -> Census:
        """With the folders that were shown by what lies in them alone; they and their like are not asked for."""
        listed = {hash(f"{under}{segment}/") for under, segment in self.directories}
        self.directories = [(under, segment) for under, segment in self.directories
                            if hash(f"{under}{segment}/") not in self._shown]
        unlisted = len(self._shown - listed)
        met = min(unlisted, self.left_out)           # left out as folders to ask for, and shown all the same
        self.left_out -= met
        return replace(census, directories=census.directories + unlisted - met)

    def mark(self) -> str:
        """The same for the same names in any order, as far as they are few enough to be sorted."""
        if self.entries and not self._visible:
            return self._hidden.hexdigest()
        if not self.entries or not self._sorts:
            return self._ordered.hexdigest()
        return self._of(self._names)

    def tops(self) -> dict[str, tuple[str, int]]:
        """Of an answer that shows folders below as well: quoted segment of each folder directly below, and "" for the
        one asked for, with what `mark` of its own list would be, and how many names that had. Else empty.
        """
        found: dict[str, list[bytes]] = {}
        for name in self._names if self._shown and self._sorts else ():
            top, _, rest = name.partition(b"/")
            if not rest:
                found.setdefault("", []).append(name)
            elif b"/" not in rest[:-1]:
                found.setdefault(top.decode(errors="replace"), []).append(rest)
        return {segment: (self._of(names), len(names)) for segment, names in found.items()}

    def _of(self, names: list[bytes]) -> str:
        return hashlib.blake2b(b"\0".join(sorted(names)), digest_size=_MARK_SIZE, key=self._site.key).hexdigest()

    def whole(self) -> str:
        """The same for the same names with the same sizes and times, in the order of the server."""
        parts = f"{self.mark()} {self._sizes.hexdigest()} {self._times.hexdigest()}".encode()
        return hashlib.blake2b(parts, digest_size=_MARK_SIZE, key=self._site.key).hexdigest()

    def _open(self, under: str) -> Folder:
        path = unquote(self._path + under, errors="replace")
        return Folder(self._site.knowledge, regions=self._setting.regions, key=self._site.key, path=path,
                      now=self._now, memory=self._site.memory, beside=self._beside)

    def _end_folder(self, *, complete: bool = True, cut_by: str | None = None) -> None:
        census = self._folder.close(complete=complete, cut_by=cut_by)
        self._census = census if self._census is None else self._census.merge(census)

    def _mark_columns(self, batch: Batch) -> None:
        for column, digest in ((batch.sizes, self._sizes), (batch.times, self._times)):
            if column is not None:
                digest.update(_packed(column))
        if batch.sizes is not None or batch.times is not None:
            self.told += len(batch.names)

    def _mark_names(self, batch: Batch) -> None:
        """Hidden names are left out beside others: one protocol shows them, another one does not."""
        under = batch.under.encode()
        shown = [name for name in batch.names if name[:1] != b"."]
        below = [name for name in batch.directories if name[:1] != b"."]
        self.hidden += len(batch) - len(shown) - len(below)
        if not self._visible:
            self._visible = bool(shown or below)
            self._hidden.update(b"\0".join([under, *batch.names, b"/", *batch.directories, b""]))
        self._ordered.update(b"\0".join([under, *shown, b"/", *below, b""] if under else [*shown, b"/", *below, b""]))
        if self._sorts:
            names = [under + name for name in shown] if under else shown
            folders = [under + name + b"/" for name in below]
            self._names += names
            self._names += folders
            self._weight += sum(map(len, names)) + sum(map(len, folders))

    @property
    def _sorts(self) -> bool:
        """Whether the names so far are few enough to be sorted."""
        return len(self._names) <= _SORTED_NAMES and self._weight <= _SORTED_BYTES


def _part(batch: Batch, first: int, last: int) -> Batch:
    """Some files of a batch; its directories go with the first of them."""
    def part(column: list[int] | None) -> list[int] | None:
        return column and column[first:last]

    return replace(batch, names=batch.names[first:last], sizes=part(batch.sizes), slacks=part(batch.slacks),
                   times=part(batch.times), directories=[] if first else batch.directories)


def _packed(column: list[int]) -> bytes:
    """The numbers as bytes, whatever their size."""
    try:
        return array("q", column).tobytes()
    except OverflowError:
        return repr(column).encode()
