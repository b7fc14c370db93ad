"""The stores of one door while it is crawled: what has been counted into each, and how much of its budget is spent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from scanner.census import Census
from scanner.scan.answer import Answer
from scanner.scan.desk import ENOUGH, Known, Marks
from scanner.scan.evidence import deeper, quoted
from scanner.scan.paths import digest
from scanner.scan.seen import door_seen
from scanner.scan.site import Site
from scanner.signature import LISTS
from scanner.state import AskRow, StoreRow


@dataclass(slots=True)
class Held:
    """A store while it is crawled."""

    row: StoreRow
    marks: Marks
    begun: int                           # asks spent on it, those under way too

    @property
    def root(self) -> str:
        """Quoted path of its root."""
        return self.row.root

    @property
    def way(self) -> str:
        """How its folders are listed."""
        return self.row.seen.facts.get("way", "")

    @property
    def known(self) -> Known:
        """As it is compared with others."""
        return Known.of(self.row.door, self.root, self.marks, self.row.seen.setting.owner.controller)

    def spend(self, *cut_by: str, census: Census | None = None) -> StoreRow:
        """One more ask is answered, with or without something to count."""
        return self._change(folders=self.row.folders + 1, census=census, cut_by=cut_by)

    def cut(self, *cut_by: str) -> StoreRow:
        """Something of it is left out: its counts are "at least"."""
        return self._change(folders=self.row.folders, census=None, cut_by=cut_by)

    def mark(self, marks: Marks) -> None:
        """Other marks."""
        self.marks = marks
        self.row = replace(self.row, marks=marks.to_json())

    def quote(self, got: Answer) -> None:
        """The first names that are shown are evidence, also where the root shows folders only."""
        found = deeper(self.row.seen.evidence, got, self.row.seen.setting.regions)
        if found is not None:
            self.row = replace(self.row, seen=replace(self.row.seen, evidence=found))

    def _change(self, *, folders: int, census: Census | None, cut_by: tuple[str, ...]) -> StoreRow:
        merged = self.row.census if census is None else self.row.census.merge(census)
        if not merged.cut_by >= set(cut_by):
            merged = replace(merged, cut_by=merged.cut_by | set(cut_by))
        self.row = replace(self.row, census=merged, folders=folders)
        return self.row


class Stores:
    """By root. Nothing here waits: between a look and a change nobody else comes in."""

    def __init__(self, site: Site, door: int) -> None:
        self._site = site
        self._door = door
        self._held: dict[str, Held] = {}

    def take_up(self, rows: Iterable[StoreRow]) -> None:
        """What an earlier run left."""
        for row in rows:
            self._held[row.root] = Held(row, Marks.from_json(row.marks), row.folders)

    def __getitem__(self, root: str) -> Held:
        return self._held[root]

    def __iter__(self) -> Iterator[Held]:
        return iter(tuple(self._held.values()))

    def above(self, path: str, way: str) -> Held | None:
        """The shallowest open store that a path lies in, of those listed in this way or beginning just here.

        What a product lists at its own endpoint, its pages show once more.
        """
        roots = (root for root, held in self._held.items() if path.startswith(root) and (
            held.way == way or root == path or (not way and held.way.partition(":")[0] in LISTS)))
        root = min(roots, key=len, default=None)
        return None if root is None else self._held[root]

    @property
    def answers_all(self) -> bool:
        """Whether a listing that is shown for every path has been counted."""
        return any(held.row.seen.facts.get("http.catch-all") for held in self)

    def full(self, root: str) -> bool:
        """Whether the budget of folders is spent."""
        limit = self._site.profile.directories
        return limit is not None and self._held[root].begun >= limit

    def begin(self, row: AskRow, got: Answer, *, endless: bool) -> Held:
        """A new store, nothing counted yet. `endless`: its folders are not looked into."""
        assert got.seen is not None
        assert got.census is not None
        root = row.ask.path
        first = [] if endless else [(self._below(name), segment) for name, segment in got.foremost]
        asks = {below: digest(self._site.key, f"{root}{segment}/", row.ask.way).hex() for below, segment in first}
        folders = {below: got.tops.get(segment, ("", 0))[0] for below, segment in first}
        marks = Marks(got.tops.get("", (got.mark, 0))[0], folders, asks, wholes={"": got.whole}, weight=got.told,
                      hidden=got.hidden)
        for segment, (mark, names) in got.tops.items():
            marks = marks.with_top(mark) if segment and names >= ENOUGH else marks
        seen = door_seen(self._site, got.seen, row.ask, got.census, quoted(got))
        store = StoreRow(self._door, root, seen, Census(), marks.to_json())
        self._held[root] = Held(store, marks, 1)
        self._site.progress.stores += 1
        return self._held[root]

    def _below(self, name: bytes) -> str:
        """Digest of a folder of a root; a name is spelled in as many ways as there are protocols."""
        return digest(self._site.key, f"{quote(name, safe='')}/").hex()
