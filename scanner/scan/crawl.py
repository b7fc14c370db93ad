"""The crawl of one door: from its first look to its last ask, breadth first, within its budgets, each step on disk.

Asks are of two sorts. Those that search (`root` None) are few: the root, what the owner wrote, links, robots.txt and
directories named by signatures. Each that turns out to be a listing begins a store; the asks below it belong to that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from scanner.model import Ask, Asked, Reason
from scanner.probes import Door
from scanner.scan.desk import Desk
from scanner.scan.inquiry import Inquiry
from scanner.scan.site import Site
from scanner.scan.stores import Held
from scanner.state import AskRow, DoorRow, State, StoreRow

T = TypeVar("T")
_FETCH = 64                              # asks taken from the state at a time
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
        if self._row.stage in ("new", "alike"):
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
        first = [Ask("/", Asked.ROOT), *(Ask(path, Asked.TARGET) for path in wanted if path != "/")]
        await self._put(first, self._row.stage)
        for row in await self._do(lambda state: state.waiting(self._row.id, len(first))):
            if row.ask.depth == 0 and await self._site.may_go_on():
                await self._answer(row)
        if self._site.stop.is_set():
            return
        robots = Ask("/robots.txt", Asked.ROBOTS, 1)
        await self._put([] if self._inquiry.alike else [robots, *await self._named_by_signatures()], "open")

    async def _put(self, asks: Sequence[Ask], stage: str) -> None:
        rows, folds = self._inquiry.search(asks)

        def work(state: State) -> None:
            state.put_asks(self._row.id, rows)
            for fold in folds:
                state.put_alias(self._row.id, fold)
            state.stage(self._row.id, stage, tls=bool(self._door.endpoint.tls))

        await self._do(work)

    async def _named_by_signatures(self) -> list[Ask]:
        seen = await self._door.look()
        return [Ask(path, Asked.SIGNATURE, 2) for path in self._site.knowledge.asks(facts=seen.facts)]

    async def _work(self, rows: Sequence[AskRow]) -> None:
        turn = asyncio.Semaphore(self._site.profile.open_host)

        async def one(row: AskRow) -> None:
            async with turn:
                if await self._site.may_go_on():
                    await self._within_budget(row)

        async with asyncio.TaskGroup() as group:
            for row in rows:
                group.create_task(one(row))

    async def _within_budget(self, row: AskRow) -> None:
        if row.root is None:             # meanwhile it may have been answered, or turned up in a store
            fresh = await self._do(lambda state: state.find_ask(self._row.id, row.digest))
            if fresh is None:
                return
            row = fresh
        if row.root is None and self._inquiry.searched >= self._site.profile.silent_requests:
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
        async with self._desk.lock:
            for digest in store.marks.missing():
                row = await self._do(lambda state, digest=digest: state.find_ask(self._row.id, bytes.fromhex(digest)))  # type: ignore[misc]
                if row is not None and await self._site.may_go_on():
                    await self._answer(row)
            if self._site.stop.is_set():
                return
            census = store.row.census
            twin = self._desk.twin(store.known) if census.files + census.directories else None
            store.mark(replace(store.marks, told=True))
            same_as = None if twin is None else (twin.door, twin.root)
            store.row = kept = replace(store.row, same_as=same_as)
            await self._do(lambda state: _keep_told(state, kept))
            if twin is None:
                self._desk.stores.append(store.known)

    async def _do(self, work: Callable[[State], T]) -> T:
        return await self._site.journal.do(work)


def _keep_told(state: State, kept: StoreRow) -> None:
    state.put_store(kept)
    if kept.same_as is not None:
        state.drop_asks(kept.door, kept.root)
