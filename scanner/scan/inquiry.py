"""An inquiry: one ask of a door, and everything that comes of it: counted, noted, asked next, and kept in one piece.

It says what an answer means to the crawl; in which order and how far is asked is the crawl's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import unquote

from scanner.filenames import mask
from scanner.model import Ask, Asked, Gap, Reason
from scanner.probes import Door
from scanner.scan import paths
from scanner.scan.answer import Answer, answer
from scanner.scan.desk import Marks
from scanner.scan.doubts import CLOSED, worth_a_gap
from scanner.scan.kept import Kept
from scanner.scan.site import Site
from scanner.scan.stores import Held, Stores
from scanner.state import AskRow, DoorRow, State

T = TypeVar("T")
_FOLDED = 1000                           # folders of a root that are known again in another letter case
_CONFIRMED = 3                           # times that a folder must repeat itself before it is called a loop
_LEFT_OUT = {
    "directories": "folders left out by the budget of folders", "depth": "folders left out by the limit of depth",
    "path-length": "folders whose names cannot be asked for",
}


class Inquiry:
    """What is asked of one door. `searched` counts its requests that searched; `stores` are what it has shown."""

    def __init__(self, site: Site, row: DoorRow, door: Door) -> None:
        self.stores = Stores(site, row.id)
        self.searched = 1                # the control request
        self.alike = row.stage == "alike"      # every path is answered like every other: only the root is judged
        self._site = site
        self._row = row
        self._door = door
        self._endpoint = door.endpoint
        self._aliases: dict[bytes, set[str]] = {}          # searched paths, letter case aside -> marks shown there

    async def take_up(self) -> None:
        """What an earlier run left."""
        self.stores.take_up(await self._do(lambda state: state.stores_of(self._row.id)))
        self.searched += await self._do(lambda state: state.searched(self._row.id))
        self._aliases = await self._do(lambda state: state.aliases(self._row.id))
        for path in self._site.knowledge.asks():
            self._fold(path)

    async def put(self, row: AskRow) -> Held | None:
        """Ask, and keep what comes of it; the store that it began, if any. Raises LocalFault and StateError."""
        if row.root is None:
            self.searched += 1
        else:
            self.stores[row.root].begun += 1
        got = await answer(self._site, self._door, row.ask)
        if row.root is None:
            self.searched += got.attempts - 1
        if _is_catch_all(got) and row.ask.reason is Asked.ROOT:
            self.alike = True
        elif _is_catch_all(got) and (self.alike or (got.open and self.stores.answers_all)):
            await self.keep(row)
            return None
        if await self._loops(row, got):
            await self.keep(row, gaps=[self.gap(Reason.LOOP, self._detail(row, "the same names, below themselves"))])
        elif got.open and self._shown_before(row, got):
            await self.keep(row)
        elif got.open:
            return await self._count(row, got)
        else:
            await self._note(row, got)
        return None

    async def _loops(self, row: AskRow, got: Answer) -> bool:
        """Whether a folder shows what one above it shows, and goes on doing so. Folders by first letter do it once."""
        if not got.entries or got.mark not in row.trail:
            return False
        back = row.trail[::-1].index(got.mark) + 1
        turn = "".join(f"{segment}/" for segment in row.ask.path.rstrip("/").split("/")[-back:])
        path = row.ask.path
        for _ in range(_CONFIRMED):
            path += turn
            if len(path) > paths.LONGEST:
                return True
            again = await answer(self._site, self._door, replace(row.ask, path=path))
            if again.mark != got.mark or not again.entries:
                return False
        return True

    def _shown_before(self, row: AskRow, got: Answer) -> bool:
        """Whether a path that differs in letter case only has shown the same: to some servers they are one."""
        marks = self._aliases.get(paths.fold(self._site.key, row.ask.path))
        if marks is None or not got.entries:
            return False
        known = got.mark in marks
        marks.add(got.mark)
        return known

    async def _note(self, row: AskRow, got: Answer) -> None:
        """No listing: what is not known becomes a gap, what the page led to is asked next."""
        reason, why = got.gap if got.gap is not None else (Reason.NOT_A_LISTING, "")
        listed = row.root is not None
        doubt = got.gap is not None and worth_a_gap(reason, row.ask.reason, got.seen, listed=listed)
        store = None
        if row.root is not None and got.gap is not None and reason not in CLOSED:
            store = self.stores[row.root].spend(reason.value)      # neither open nor closed: it is counted "at least"
        asks, folds = self._led_to(row, got)
        gaps = [self.gap(reason, self._detail(row, why))] if doubt else []
        await self.keep(row, store=store, asks=asks, folds=folds, gaps=gaps)

    def _led_to(self, row: AskRow, got: Answer) -> tuple[list[AskRow], list[bytes]]:
        """What a page links to, or where a redirect on this door goes; from a store's folder, redirects only."""
        if row.root is None:
            return self.search(() if self.alike else got.asks)
        moved = got.asks if got.seen is not None and got.seen.facts.get("http.status", "").startswith("3") else []
        if len(row.trail) >= self._site.profile.depth:
            return [], []
        inside = [ask for ask in moved if ask.path.startswith(row.root)]
        return [AskRow(self._digest(ask.path), ask, row.root, (*row.trail, "")) for ask in inside], []

    async def _count(self, row: AskRow, got: Answer) -> Held | None:
        """A listing: into its store, and the folders below it become asks, in one change. The store if it is new."""
        held = await self._home(row, got)
        if held is not None and held.row.same_as is not None:
            await self.keep(row)        # its twin shows this too
            return None
        new = held is None
        store = held or self._begin_store(row, got)
        if row.root is None and not new:
            store.begun += 1
            store.mark(store.marks.with_found(self._digest(row.ask.path.removeprefix(store.root)).hex(), got.mark))
        else:
            store.mark(store.marks.with_folder(row.digest.hex(), got.mark))
        asks, left = self._below(row, got, store.root)
        gaps = [self.left_out(why, count) for why, count in left.items()]
        if got.gap is not None:
            gaps.append(self.gap(got.gap[0], self._detail(row, got.gap[1])))
        folds = [self._fold(ask.ask.path) for ask in asks[:_FOLDED]] if row.ask.depth == 0 else []
        kept = store.spend(*left, census=got.census)
        self._site.progress.folders += 1
        self._site.progress.files += got.census.files if got.census else 0
        await self.keep(row, store=kept, asks=asks, folds=folds, gaps=gaps, shown=got.shown)
        return store if new else None

    def _begin_store(self, row: AskRow, got: Answer) -> Held:
        above = self.stores.above(row.ask.path)
        store = self.stores.begin(row, got, endless=_is_catch_all(got))
        if above is not None:            # a twin, and not known to show this: the other may yet turn out to
            store.mark(replace(store.marks, below=self._digest(row.ask.path.removeprefix(above.root)).hex()))
        return store

    async def _home(self, row: AskRow, got: Answer) -> Held | None:
        """The store that a listing belongs to: its own, or an open one above it. None: it begins one."""
        if row.root is not None:
            return self.stores[row.root]
        above = self.stores.above(row.ask.path)
        if above is None or above.row.same_as is None:
            return above
        door, root = above.row.same_as   # a twin is not crawled: is this known of the other?
        twins = await self._do(lambda state: [store for store in state.stores_of(door) if store.root == root])
        below = self._digest(row.ask.path.removeprefix(above.root)).hex()
        return above if any(Marks.from_json(store.marks).shows(below, got.mark) for store in twins) else None

    def _below(self, row: AskRow, got: Answer, root: str) -> tuple[list[AskRow], dict[str, int]]:
        """The folders to ask next, and how many are left out by which limit."""
        if _is_catch_all(got) or not got.directories:
            return [], {}
        if len(row.trail) >= self._site.profile.depth:
            return [], {"depth": len(got.directories) + got.left_out}
        named = [paths.below(row.ask.path, segment) for segment in got.directories]
        asks = [Ask(path, Asked.LINK, row.ask.depth + 1) for path in named if path is not None]
        left = {"directories": got.left_out, "path-length": len(named) - len(asks)}
        trail = (*row.trail, got.mark)
        return ([AskRow(self._digest(ask.path), ask, root, trail) for ask in asks],
                {why: count for why, count in left.items() if count})

    # ---- on disk

    async def _do(self, work: Callable[[State], T]) -> T:
        return await self._site.journal.do(work)

    async def keep(self, row: AskRow, **what: Any) -> None:
        """One ask is answered: everything that came of it goes in together."""
        if what.get("store") is None and row.root is not None:
            what["store"] = self.stores[row.root].spend()
        fold = paths.fold(self._site.key, row.ask.path)
        alias = [(fold, mark) for mark in self._aliases.get(fold, ())]
        stage = "alike" if self.alike and row.ask.reason is Asked.ROOT else None
        kept = Kept(scan=self._site.scan.id, door=self._row.id, row=row, aliases=alias, stage=stage, **what)
        await self._do(kept.write)

    def gap(self, reason: Reason, detail: str, count: int = 1) -> Gap:
        """Something about this door is not known."""
        there = self._endpoint
        where = there.host or str(there.address)
        return Gap(addresses=where, ports=str(there.port), probe="http", reason=reason, detail=detail, count=count)

    def left_out(self, limit: str, count: int) -> Gap:
        """Folders that a limit leaves out."""
        return self.gap(Reason.CUT, _LEFT_OUT[limit], count)

    def _detail(self, row: AskRow, why: str) -> str:
        return why if row.ask.path == "/" else f"{mask(unquote(row.ask.path, errors='replace'))}: {why}"

    def search(self, asks: Iterable[Ask]) -> tuple[list[AskRow], list[bytes]]:
        """The rows of asks that search, and what stands for their paths, letter case aside."""
        rows = [AskRow(self._digest(ask.path), ask, None, ()) for ask in asks]
        return rows, [self._fold(row.ask.path) for row in rows]

    def _fold(self, path: str) -> bytes:
        """From here on it is noted what is shown under this path in any letter case."""
        fold = paths.fold(self._site.key, path)
        self._aliases.setdefault(fold, set())
        return fold

    def _digest(self, path: str) -> bytes:
        return paths.digest(self._site.key, path)


def _is_catch_all(got: Answer) -> bool:
    return got.seen is not None and got.seen.facts.get("http.catch-all") == "yes"
