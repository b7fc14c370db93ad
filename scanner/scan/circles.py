"""Circles: folders of a store that show again what it has shown, because something leads back or across.

A way back is proven by walking it: what a folder shows must come again each time that the turn is taken. A look-alike
that is not proven is a mirror: it is counted as shown, and looked into last, so that a crawl that is cut short has
seen everything else before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from scanner.aside import MANY, aside
from scanner.probes import Door
from scanner.scan.answer import Answer, answer
from scanner.scan.desk import ENOUGH
from scanner.scan.paths import LONGEST, digest
from scanner.scan.site import Site
from scanner.scan.stores import Held
from scanner.state import AskRow

_TURNS = 3                               # that must show the same before a way is called a circle
_TURNS_BARE = 12                         # the same where no file tells one folder from another
_MOST = 200_000                          # folders remembered
_DIGEST = 16                             # bytes of the digest of an ask; what else stands with aliases is shorter


class Circles:
    """What the folders of one door have shown, as far as they have folders of their own."""

    def __init__(self, site: Site, door: Door) -> None:
        self._site = site
        self._door = door
        self._shown: dict[bytes, str] = {}       # digest of an ask -> digest of all that its folder shows
        self._wholes: set[str] = set()
        self._round: set[str] = set()            # proven to come again below themselves
        self._once: set[str] = set()             # proven not to

    def take_up(self, known: Mapping[bytes, set[str]]) -> None:
        """What an earlier run has seen."""
        for key, wholes in known.items():
            for whole in wholes if len(key) == _DIGEST else ():
                self.note(key, whole)

    def note(self, key: bytes, whole: str) -> None:
        """A folder that has folders shows this. `key`: digest of its ask."""
        if len(self._shown) < _MOST:
            self._shown[key] = whole
            self._wholes.add(whole)

    def mirrors(self, got: Answer) -> bool:
        """Whether another folder shows the same names, sizes and times, and folders below them."""
        return bool(got.directories) and got.told > 0 and got.whole in self._wholes

    async def close(self, row: AskRow, got: Answer) -> bool:
        """Whether a folder shows what one above it shows, or beside one above it, and goes on doing so.

        Folders by first letter do it once.
        """
        if row.root is None or not got.entries:
            return False
        if got.told and got.whole in self._round:
            return True
        back = self._back(row, got)
        if not back or got.whole in self._once:
            return False
        proven = await self._proven(row, got, back)
        (self._round if proven else self._once).add(got.whole)
        return proven

    async def repeats(self, row: AskRow, got: Answer, store: Held) -> bool:
        """Whether a path that was searched shows the very store that it lies in, from its root on."""
        marks, weight = store.marks, got.told
        if got.whole != marks.wholes.get("") or row.ask.path == store.root or "" in marks.folders.values():
            return False
        many = len(got.directories) > MANY
        segments = await aside(self._segments, got) if many else self._segments(got)
        for below, whole in marks.wholes.items():
            if not below:
                continue
            if below not in segments:
                return False
            path = f"{row.ask.path}{segments[below]}/"
            again = await answer(self._site, self._door, replace(row.ask, path=path))
            if again.whole != whole:
                return False
            weight += again.told
        return weight >= ENOUGH

    def _segments(self, got: Answer) -> dict[str, str]:
        """The folders of an answer by what a store knows them by. Pure."""
        return {digest(self._site.key, f"{segment}/").hex(): segment for under, segment in got.directories
                if not under}

    def _back(self, row: AskRow, got: Answer) -> int:
        """How many segments the turn has that may lead round; 0 where nothing suggests one."""
        if got.mark in row.trail:
            return row.trail[::-1].index(got.mark) + 1
        if not got.directories or got.whole not in self._wholes or row.root is None:
            return 0
        segments = row.ask.path[len(row.root):].rstrip("/").split("/")
        for above in range(len(segments) - 1):
            beside = row.root + "/".join([*segments[:above], segments[-1]]) + "/"
            if self._shown.get(digest(self._site.key, beside, row.ask.way)) == got.whole:
                return len(segments) - above
        return 0

    async def _proven(self, row: AskRow, got: Answer, back: int) -> bool:
        turn = "".join(f"{segment}/" for segment in row.ask.path.rstrip("/").split("/")[-back:])
        path = row.ask.path
        for _ in range(_TURNS if got.told else _TURNS_BARE):
            path += turn
            if len(path) > LONGEST:
                return True
            again = await answer(self._site, self._door, replace(row.ask, path=path))
            if again.mark != got.mark or not again.entries:
                return False
        return True
