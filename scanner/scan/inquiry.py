"""An inquiry: one ask of a door, and everything that comes of it: counted, noted, asked next, and kept in one piece.

It says what an answer means to the crawl; in which order and how far is asked is the crawl's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import unquote
from weakref import WeakMethod

from scanner.aside import MANY
from scanner.filenames import mask
from scanner.model import Ask, Asked, Gap, Reason
from scanner.probes import Door
from scanner.probes.ways import any_name
from scanner.scan import order, paths, products
from scanner.scan.answer import UNREADABLE, Answer, answer
from scanner.scan.circles import Circles
from scanner.scan.desk import ENOUGH, Marks
from scanner.scan.doubts import is_closed, worth_a_gap
from scanner.scan.evidence import masked_url, outcome, way
from scanner.scan.hops import goes_round, hop
from scanner.scan.kept import Kept
from scanner.scan.site import Site
from scanner.scan.stores import Held, Stores
from scanner.state import AskRow, DoorRow, State

T = TypeVar("T")
_NOTHING = frozenset[str]()
_FOLDED = 1000                           # folders of a root that are known again in another letter case
MIRRORS = "folders that show the same as another of their store, to the size and time: counted, looked into last"
_LEFT_OUT = {
    "directories": "folders left out by the budget of folders", "depth": "folders left out by the limit of depth",
    "path-length": "folders whose names cannot be asked for",
}


class Inquiry:
    """What is asked of one door. `searched` counts its requests that searched, also those that failed, but for those
    that the door makes of its own accord; `stores` are what it has shown.
    """

    def __init__(self, site: Site, row: DoorRow, door: Door) -> None:
        self.stores = Stores(site, row.id)
        self.searched = 0
        self.alike = row.stage == "alike"      # every path is answered like every other: only the root is judged
        self.root_facts: Mapping[str, str] = {}    # of the answer to the root, in this run
        self._site = site
        self._row = row
        self._door = door
        counted = WeakMethod(self._once_more)    # a door holds no inquiry
        door.once_more = lambda: (once_more := counted()) is not None and once_more()
        self._endpoint = door.endpoint
        self._looks = 0                  # requests of an earlier run that are not asks
        self._attempts: dict[bytes, int] = {}    # requests that an ask took, until it is kept
        self._said = set[str]()          # what has been said of products
        self._circles = Circles(site, door)
        self._aliases: dict[bytes, frozenset[str]] = {}    # searched paths, letter case aside -> marks shown there

    async def take_up(self) -> None:
        """What an earlier run left."""
        self.stores.take_up(await self._do(lambda state: state.stores_of(self._row.id)))
        self.searched += await self._do(lambda state: state.searched(self._row.id))
        offered = any(store.row.seen.protocol in ("http", "webdav") and store.row.census.files for store in self.stores)
        self._looks = self._door.looks + offered     # of what a server offers an earlier run has asked
        aliases = await self._do(lambda state: state.aliases(self._row.id))
        self._aliases = {fold: frozenset(marks) for fold, marks in aliases.items()}
        self._circles.take_up(aliases)
        for path in self._site.knowledge.asks():
            self._fold(path)

    async def recall(self, *, begun: bool) -> None:
        """Put the root once more, where an earlier run has heard its answer and what it said is needed and kept
        nowhere: the facts that searching begins from (`begun`: it has begun), and what a list of shares says of each.
        """
        root = Ask("/", Asked.ROOT)
        digest = self._digest(root)
        wanted = not begun or (not self._door.web and await self._do(lambda state: state.searches(self._row.id)))
        if wanted and await self._do(lambda state: state.is_answered(self._row.id, digest)):
            got = await answer(self._site, self._door, root)
            self.root_facts = got.seen.facts if got.seen is not None else {}

    async def put(self, row: AskRow) -> Held | None:
        """Ask, and keep what comes of it; the store that it began, if any. Raises LocalFault and StateError."""
        if row.ask.reason is Asked.SHARE and row.root is None:
            got = await answer(self._site, self._door, row.ask)
        elif row.root is None:
            self.searched += 1
            got = await answer(self._site, self._door, row.ask, self._once_more)
        else:
            store = self.stores[row.root]
            store.begun += 1
            got = await answer(self._site, self._door, row.ask, beside=store.row.census.sketch)
        self._attempts[row.digest] = got.attempts
        self._site.watcher.asked(lambda: self._told(row.ask, got))
        if _is_root(row) and got.seen is not None:
            self.root_facts = got.seen.facts
            self.alike = self.alike or got.catch_all
        elif got.catch_all and (self.alike or (got.open and self.stores.answers_all)):
            await self.keep(row)
            return None
        if await self._circles.close(row, got):
            await self.keep(row, gaps=[self.gap(Reason.LOOP, self._detail(row, "the same names, below themselves"))])
        elif got.open and self._shown_before(row, got):
            await self.keep(row)
        elif got.open:
            return await self._count(row, got)
        else:
            await self._note(row, got)
        return None

    def _told(self, ask: Ask, got: Answer) -> str:
        return f"{masked_url(self._endpoint, ask.path)}{way(ask.way)}: {outcome(got)}"

    @property
    def spent(self) -> bool:
        """Whether nothing more may be searched."""
        return self.searched + max(self._looks, self._door.looks) >= self._site.profile.silent_requests

    def _once_more(self) -> bool:
        """Count one more request that searches, where the budget has room for it."""
        if self.spent:
            return False
        self.searched += 1
        return True

    def _shown_before(self, row: AskRow, got: Answer) -> bool:
        """Whether a path that differs in letter case only has shown the same: to some servers they are one."""
        fold = paths.fold(self._site.key, row.ask.path)
        marks = self._aliases.get(fold)
        if marks is None or not got.entries:
            return False
        known = got.mark in marks
        self._aliases[fold] = marks | {got.mark}
        return known

    async def _note(self, row: AskRow, got: Answer) -> None:
        """No listing: what is not known becomes a gap, what the page led to is asked next."""
        reason, why = got.gap if got.gap is not None else (Reason.NOT_A_LISTING, "")
        listed = row.root is not None
        doubt = got.gap is not None and worth_a_gap(reason, row.ask.reason, got.seen, listed=listed)
        store, there = None, (self._digest(replace(ask, way=row.ask.way)) for ask in got.asks)
        if row.root is not None and got.gap is None and goes_round(row.trail, there):
            reason, why, doubt = Reason.LOOP, "redirects that do not end", True
            store, got.asks = self.stores[row.root].spend(reason.value), []
        elif row.root is not None and got.gap is not None and not is_closed(reason, got.seen):
            store = self.stores[row.root].spend(reason.value)      # neither open nor closed: it is counted "at least"
        asks, folds = self._led_to(row, got)
        if row.root is not None and not (got.gap or asks or doubt):
            reason, why, doubt = Reason.NOT_TRIED, "leads to where it is not followed", True
            store = self.stores[row.root].spend(reason.value)      # a listing named it: what it holds is not known
        gaps = [self.gap(reason, self._detail(row, why))] if doubt else []
        await self.keep(row, store=store, asks=asks, folds=folds, gaps=[*gaps, *self._recognised(got)])

    def _recognised(self, got: Answer) -> list[Gap]:
        """Products that an answer without names shows: each is said once a door."""
        told = products.told(self._site.knowledge, got.seen.facts) if self._door.web and got.seen is not None else []
        new = [sentence for sentence in told if sentence not in self._said]
        self._said.update(new)
        return [self.gap(Reason.NOT_A_LISTING, sentence) for sentence in new]

    def _led_to(self, row: AskRow, got: Answer) -> tuple[list[AskRow], list[bytes]]:
        """What a page links to, or where a redirect on this door goes; from a store's folder, redirects only."""
        redirected = got.seen is not None and got.seen.facts.get("http.status", "").startswith("3")
        named = [ask for ask in got.asks if not self._door.web or any_name(ask.way) or not paths.climbs(ask.path)]
        if row.root is None:
            led = [ask for ask in named if not self.alike or ask.reason is Asked.PRODUCT]
            led = [*self._products(row, got), *led]
            return self.search(order.in_turn(led, after=row.ask.depth, moved=redirected))
        moved = named if redirected else []
        if len(row.trail) >= self._site.profile.depth:
            return [], []
        inside = [ask for ask in moved if ask.path.startswith(row.root)]
        moved = [replace(ask, way=row.ask.way) for ask in inside]
        return [AskRow(self._digest(ask), ask, row.root, (*row.trail, hop(row.digest))) for ask in moved], []

    def _products(self, row: AskRow, got: Answer) -> list[Ask]:
        """A recognised product is asked at its list endpoint, where that has not shown a store above already."""
        found = products.asks(self._site.knowledge, row.ask, got.seen.facts) if got.seen is not None else []
        return [ask for ask in found if self.stores.above(ask.path, ask.way) is None]

    async def _count(self, row: AskRow, got: Answer) -> Held | None:
        """A listing: into its store, and the folders below it become asks, in one change. The store if it is new."""
        held = await self._home(row, got)
        if held is not None and (held.row.same_as is not None or held.way != row.ask.way):
            await self.keep(row)        # its twin shows this too, or it is listed already in another way
            return None
        if held is not None and row.root is None and await self._circles.repeats(row, got, held):
            await self.keep(row, gaps=[self.gap(Reason.LOOP, self._detail(row, "another way to the root of a store"))])
            return None
        new = held is None
        store = held or self._begin_store(row, got)
        if row.root is None and not new:
            store.begun += 1
            store.mark(store.marks.with_found(self._below_root(row, store.root), got.mark))
        else:
            store.mark(store.marks.with_folder(row.digest.hex(), got.mark, got.whole, got.told, got.hidden))
        if got.entries >= ENOUGH and row.ask.path[len(store.root):].count("/") == 1:
            store.mark(store.marks.with_top(got.mark))
        mirror = self._circles.mirrors(got)
        wholes = self._noted(row, got)
        asks, left = await self._below(row, got, store.root, after=order.MIRRORED if mirror else 0)
        gaps = self._missing(row, got, left, mirror=mirror)
        folds = [self._fold(ask.ask.path) for ask in asks[:_FOLDED]] if row.ask.depth == 0 else []
        store.quote(got)
        kept = store.spend(*left, census=got.census)
        self._site.progress.folders += 1
        self._site.progress.files += got.census.files if got.census else 0
        await self.keep(row, store=kept, asks=asks, folds=folds, gaps=gaps, shown=got.shown, wholes=wholes)
        return store if new else None

    def _missing(self, row: AskRow, got: Answer, left: Mapping[str, int], *, mirror: bool) -> list[Gap]:
        """What is not known of a folder that was counted; `left`: folders left out, by limit."""
        gaps = [self.gap(Reason.LOOP, MIRRORS)] if mirror else []
        gaps += [self.left_out(why, count) for why, count in left.items()]
        if got.gap is not None:
            gaps.append(self.gap(got.gap[0], self._detail(row, got.gap[1])))
        facts = got.seen.facts if got.seen is not None else {}
        if strays := int(facts.get("listing.strays", "0")):
            gaps.append(self.gap(Reason.OUT_OF_SCOPE, self._detail(row, "names lead elsewhere: not followed"), strays))
        if unread := int(facts.get(UNREADABLE, "0")):
            gaps.append(self.gap(Reason.CUT, self._detail(row, "lines that could not be read as entries"), unread))
        return gaps

    def _noted(self, row: AskRow, got: Answer) -> list[tuple[bytes, str]]:
        """What a folder with folders shows, for whoever shows it again."""
        if not got.directories:
            return []
        self._circles.note(row.digest, got.whole)
        return [(row.digest, got.whole)]

    def _begin_store(self, row: AskRow, got: Answer) -> Held:
        above = self.stores.above(row.ask.path, row.ask.way)
        store = self.stores.begin(row, got, endless=got.catch_all)
        if above is not None:            # a twin, and not known to show this: the other may yet turn out to
            store.mark(replace(store.marks, below=self._below_root(row, above.root)))
        return store

    async def _home(self, row: AskRow, got: Answer) -> Held | None:
        """The store that a listing belongs to: its own, or an open one above it. None: it begins one."""
        if row.root is not None:
            return self.stores[row.root]
        above = self.stores.above(row.ask.path, row.ask.way)
        if above is None or above.row.same_as is None:
            return above
        door, root = above.row.same_as   # a twin is not crawled: is this known of the other?
        twins = await self._do(lambda state: [store for store in state.stores_of(door) if store.root == root])
        below = self._below_root(row, above.root)
        return above if any(Marks.from_json(store.marks).shows(below, got.mark) for store in twins) else None

    def _below_root(self, row: AskRow, root: str) -> str:
        return paths.digest(self._site.key, row.ask.path.removeprefix(root)).hex()

    async def _below(self, row: AskRow, got: Answer, root: str, *, after: int) -> tuple[list[AskRow], dict[str, int]]:
        """The folders to ask next, and how many are left out by which limit."""
        if got.catch_all or not got.directories:
            return [], {}
        if len(row.trail) >= self._site.profile.depth:
            return [], {"depth": len(got.directories) + got.left_out}
        depth = order.below(row.ask, root, searched=row.root is None) + after
        found: list[AskRow] = []
        for first in range(0, len(got.directories), MANY):
            if first:
                await asyncio.sleep(0)
            found += self._rows(row, got, got.directories[first:first + MANY], root, depth)
        left = {"directories": got.left_out, "path-length": len(got.directories) - len(found)}
        return found, {why: count for why, count in left.items() if count}

    def _rows(self, row: AskRow, got: Answer, some: Sequence[tuple[str, str]], root: str, depth: int) -> list[AskRow]:
        """An ask for each of some folders below whose name can be asked for."""
        loose, trail = any_name(row.ask.way), (*row.trail, got.mark)
        named = (paths.below(row.ask.path + under, segment, any_name=loose) for under, segment in some)
        asks = (Ask(path, Asked.LINK, depth, row.ask.way) for path in named if path is not None)
        return [AskRow(self._digest(ask), ask, root, trail) for ask in asks]

    # ---- on disk

    async def _do(self, work: Callable[[State], T]) -> T:
        return await self._site.journal.do(work)

    async def keep(self, row: AskRow, *, wholes: Sequence[tuple[bytes, str]] = (), **what: Any) -> None:
        """One ask is answered: everything that came of it goes in together."""
        if what.get("store") is None and row.root is not None:
            what["store"] = self.stores[row.root].spend()
        attempts = self._attempts.pop(row.digest, 0)
        fold = paths.fold(self._site.key, row.ask.path)
        alias = [*((fold, mark) for mark in self._aliases.get(fold, ())), *wholes]
        stage = "alike" if self.alike and _is_root(row) else None
        kept = Kept(scan=self._site.scan.id, door=self._row.id, row=row, aliases=alias, stage=stage,
                    searched=attempts if row.root is None and row.ask.reason is not Asked.SHARE else 0, **what)
        await self._do(kept.write)

    def gap(self, reason: Reason, detail: str, count: int = 1) -> Gap:
        """Something about this door is not known."""
        there = self._endpoint
        where = there.host or str(there.address)
        return Gap(addresses=where, ports=str(there.port), probe=self._door.protocol, reason=reason, detail=detail,
                   count=count)

    def left_out(self, limit: str, count: int) -> Gap:
        """Folders that a limit leaves out."""
        return self.gap(Reason.CUT, _LEFT_OUT[limit], count)

    def _detail(self, row: AskRow, why: str) -> str:
        return why if row.ask.path == "/" else f"{mask(unquote(row.ask.path, errors='replace'))}: {why}"

    def search(self, asks: Iterable[Ask]) -> tuple[list[AskRow], list[bytes]]:
        """The rows of asks that search, and what stands for their paths, letter case aside."""
        rows = [AskRow(self._digest(ask), ask, None, ()) for ask in asks]
        return rows, [self._fold(row.ask.path) for row in rows]

    def _fold(self, path: str) -> bytes:
        """From here on it is noted what is shown under this path in any letter case."""
        fold = paths.fold(self._site.key, path)
        self._aliases.setdefault(fold, _NOTHING)
        return fold

    def _digest(self, ask: Ask) -> bytes:
        return paths.digest(self._site.key, ask.path, ask.way)


def _is_root(row: AskRow) -> bool:
    return row.ask.reason is Asked.ROOT and not row.ask.way
