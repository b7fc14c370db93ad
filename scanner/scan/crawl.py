"""The crawl of one door: from its first look to its last ask, breadth first, within its budgets, each step on disk.

Asks are of two sorts. Those that search (`root` None) are few: the root, what the owner wrote, and what `order` tells
of. Each that turns out to be a listing begins a store; the asks below it belong to that.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from scanner.model import Ask, Asked, Reason
from scanner.probes import Door
from scanner.probes.door import HOSTLESS
from scanner.probes.smell import store_of
from scanner.probes.ways import any_name
from scanner.scan import order
from scanner.scan.answer import answer
from scanner.scan.desk import Desk
from scanner.scan.inquiry import Inquiry
from scanner.scan.likely import buckets, names
from scanner.scan.site import Site
from scanner.scan.stores import Held
from scanner.state import AskRow, DoorRow, State, StoreRow

T = TypeVar("T")
_FETCH = 64                              # asks taken from the state at a time
OPENS_ALL = "opens whatever name it is asked for: of those that it may hide one is tried"
GUESSES = "directories to try, left out by the request budget"


class Crawl:
    """One door. `run` returns when nothing is left to ask, or when the scan is to stop."""

    def __init__(self, site: Site, desk: Desk, row: DoorRow, door: Door) -> None:
        self._site = site
        self._desk = desk
        self._row = row
        self._door = door
        self._inquiry = Inquiry(site, row, door)
        self._under_way: dict[bytes, asyncio.Event] = {}   # asks that are being answered

    # ---- from look to end

    async def run(self) -> None:
        """Crawl the door. Raises LocalFault when this machine cannot go on, StateError when nothing can be kept."""
        await self._inquiry.take_up()
        begun = self._row.stage not in ("new", "alike")
        await self._inquiry.recall(begun=begun)
        if not begun:
            await self._begin()
        for store in self._inquiry.stores:
            if not store.marks.told:
                await self._tell_apart(store)
        while await self._site.may_go_on():
            rows = await self._do(lambda state: state.waiting(self._row.id, _FETCH))
            if not rows:
                await self._end()
                return
            await self._work([row for row in rows if row.ask.depth == rows[0].ask.depth])

    async def _begin(self) -> None:
        """Ask the root and what the owner wrote; only where paths are answered each in its own way, search on."""
        there = self._door.endpoint
        wanted = self._site.scope.paths_at(there.address, there.port, there.host)
        turn = 0 if self._door.web else order.BELOW_SHARES
        owned = [Ask(path, Asked.TARGET, turn, way) for path, way in wanted if (path, way) != ("/", "")]
        only = self._site.scope.only_buckets(there.address, there.port, there.host)
        first = [Ask(path, Asked.TARGET, way=way) for path, way in wanted] if only else [Ask("/", Asked.ROOT), *owned]
        await self._put(first, self._row.stage)
        for _ in range(2):                   # the second time the ways that the first answers suggest
            for row in await self._do(lambda state: state.waiting(self._row.id, len(first))):
                if row.ask.depth <= order.LED and await self._site.may_go_on():
                    await self._answer(row)
        if not self._site.stop.is_set():
            await self._search_on(only=only)

    async def _search_on(self, *, only: bool) -> None:
        """Begin to search, now that the first answers are known; not where `only` what is written may be asked for."""
        if not self._door.web:
            hidden = self._hidden()
            alike = bool(hidden) and await self._opens_all(hidden[0])
            await self._put(hidden[:1] if alike else hidden, "open")
            return
        likely = [] if only else await self._likely_buckets()
        if likely is not None:
            await self._put(likely, "open")
            return
        status = self._inquiry.root_facts.get("http.status")
        bare = status is not None and self._door.endpoint.host is None and not [*self._inquiry.stores]
        hostless = order.unnamed(status or "", alike=self._inquiry.alike) if bare else None
        further = [hostless] if hostless is not None else []
        if not self._inquiry.alike:
            further += [Ask("/robots.txt", Asked.ROBOTS, order.ROBOTS), *await self._named_by_signatures()]
        await self._put(further, "open")

    def _hidden(self) -> Sequence[Ask]:
        """Names that a file server may hide: the published ones, where the profile allows them."""
        tried = names(self._site.knowledge.asks()) if self._site.profile.names else []
        return order.in_turn(self._door.hidden(tried)) if tried else []

    async def _opens_all(self, like: Ask) -> bool:
        """Whether a made-up name is shown as well: then one of the published ones shows what there is."""
        if not self._door.once_more():
            return False
        made_up = replace(like, path=f"/{secrets.token_hex(8)}/")
        if not (await answer(self._site, self._door, made_up, self._door.once_more)).open:
            return False
        gap = self._inquiry.gap(Reason.NOT_TRIED, OPENS_ALL)
        await self._do(lambda state: state.put_gap_once(self._site.scan.id, gap))
        return True

    async def _put(self, asks: Sequence[Ask], stage: str) -> None:
        rows, folds = self._inquiry.search(asks)

        def work(state: State) -> None:
            state.put_asks(self._row.id, rows)
            for fold in folds:
                state.put_alias(self._row.id, fold)
            state.stage(self._row.id, stage, tls=bool(self._door.endpoint.tls), protocol=self._door.protocol)

        await self._do(work)

    async def _likely_buckets(self) -> list[Ask] | None:
        """What to ask an object store for that shows no buckets, nothing where it shows them; None: it is no store."""
        answers = (self._inquiry.root_facts, (await self._door.look()).facts)
        kind = next((kind for kind in map(store_of, answers) if kind is not None), None)
        ways = [store.way for store in self._inquiry.stores if store.root == "/"]
        if kind is None or ways:
            return [] if any(any_name(way) for way in ways) else None
        knowledge = self._site.knowledge
        own = [path for facts in answers for product in knowledge.products(facts) for path in product.paths]
        return buckets(kind, list(dict.fromkeys(own)), knowledge.asks())

    async def _named_by_signatures(self) -> list[Ask]:
        knowledge, known = self._site.knowledge, dict[str, None]()
        for facts in (self._inquiry.root_facts, (await self._door.look()).facts):
            products = (*knowledge.products(facts), *knowledge.listing(facts))
            known |= dict.fromkeys(path for product in products for path in product.paths)
        return order.named_by_signatures([*dict.fromkeys([*known, *knowledge.asks()])], known)

    async def _work(self, rows: Sequence[AskRow]) -> None:
        """Put the asks in their order, as many at a time as a host may have connections."""
        left = iter(rows)

        async def one_by_one() -> None:
            for row in left:
                if await self._site.may_go_on():
                    await self._within_budget(row)

        async with asyncio.TaskGroup() as group:
            for _ in range(min(self._site.profile.open_host, len(rows))):
                group.create_task(one_by_one())

    async def _within_budget(self, row: AskRow) -> None:
        if row.root is None:             # meanwhile it may have been answered, or turned up in a store
            fresh = await self._do(lambda state: state.find_ask(self._row.id, row.digest))
            if fresh is None:
                return
            row = fresh
        if row.ask.way == HOSTLESS and row.ask.reason is Asked.ROOT and [*self._inquiry.stores]:
            await self._inquiry.keep(row, asked=False)           # something is shown to the bare address
        elif row.root is None and self._door.whole and self._inquiry.stores.above(row.ask.path, row.ask.way):
            await self._inquiry.keep(row, asked=False)           # shown already with what lies above it
        elif row.root is None and row.ask.reason is not Asked.SHARE and self._inquiry.spent:
            await self._inquiry.keep(row, asked=False, gaps=[self._inquiry.gap(Reason.NOT_TRIED, GUESSES)])
        elif row.root is not None and self._inquiry.stores.full(row.root):
            kept = self._inquiry.stores[row.root].cut("directories")
            await self._inquiry.keep(row, asked=False, store=kept, gaps=[self._inquiry.left_out("directories", 1)])
        else:
            await self._answer(row)

    async def _end(self) -> None:
        await self._do(lambda state: state.stage(self._row.id, "done"))
        for store in self._inquiry.stores:
            if store.row.same_as is None:
                self._site.watcher.store(store.row, [])

    async def _answer(self, row: AskRow) -> None:
        """Ask once, whoever wants to know; then compare a store that it began."""
        if row.digest in self._under_way:
            await self._under_way[row.digest].wait()
            return
        answered = self._under_way[row.digest] = asyncio.Event()
        try:
            new = await self._inquiry.put(row)
        finally:
            answered.set()
            del self._under_way[row.digest]
        if new is not None:
            await self._tell_apart(new)

    # ---- one store, many doors

    async def _tell_apart(self, store: Held) -> None:
        """Compare a new store with those known here, by its root and first folders; attach it where it is the same."""
        seen = await self._first_folders(store)
        if self._site.stop.is_set():
            return
        async with self._desk.lock:
            census = store.row.census
            twin = self._desk.twin(store.known) if census.files + census.directories and seen else None
            store.mark(replace(store.marks, told=True))
            same_as = None if twin is None else (twin.door, twin.root)
            store.row = kept = replace(store.row, same_as=same_as)
            await self._do(lambda state: _keep_told(state, kept))
            if twin is None:
                self._desk.add(store.known)

    async def _first_folders(self, store: Held) -> bool:
        """Ask for the folders that a store is told apart by; False where the budget ends first."""
        for digest in store.marks.missing():
            if self._inquiry.stores.full(store.root):
                return False             # what has not been seen cannot be compared
            row = await self._do(lambda state, digest=digest: state.find_ask(self._row.id, bytes.fromhex(digest)))  # type: ignore[misc]
            if row is not None and await self._site.may_go_on():
                await self._answer(row)
        return True

    async def _do(self, work: Callable[[State], T]) -> T:
        return await self._site.journal.do(work)


def _keep_told(state: State, kept: StoreRow) -> None:
    state.put_store(kept)
    if kept.same_as is not None:
        state.drop_asks(kept.door, kept.root)
