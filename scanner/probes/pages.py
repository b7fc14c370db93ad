"""The pages of one door: folders listed as pages, in the form that tells most, and told apart from files where the
server does not mark them. What is asked beside them is the door's.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote

from scanner.errors import BudgetError, LocalFault, NetError, ProtocolError, Reset
from scanner.listing import Dialect
from scanner.model import Ask, Batch, Endpoint, Observation
from scanner.net import Accept, Answer, Verb
from scanner.probes.base import Shown
from scanner.probes.better import HELD, PLAIN, Form, Told, candidates, newest_first
from scanner.probes.met import fail
from scanner.probes.page import Page
from scanner.probes.telling import facts_of
from scanner.probes.unmarked import DOOR, MOST, Unmarked

_GLANCE = 64 * 1024                      # bytes of a page that is only looked at
_COMPARED = 512 * 1024                   # of one that is compared
_NO_HEAD = frozenset({405, 501})
_PAGES = ("text/html", "application/xhtml", "application/json")
_LONGEST = 2048                          # characters of a path that may be a folder


class Host(Protocol):
    """What a door lends to its pages."""

    endpoint: Endpoint
    authority: str

    def ask(self, path: str, verb: Verb = Verb.GET, *, accept: Accept = Accept.PAGE, hostless: bool = False
            ) -> AbstractAsyncContextManager[Answer]:
        """One request."""

    def compares(self, path: str) -> bool:
        """Whether it may be asked what the page of `path` is like."""

    def alike(self, page: Page) -> bool:
        """Whether a random path is answered like this."""

    def further(self, ask: Ask, page: Page) -> Sequence[Ask]:
        """What the page leads to."""

    def page_seen(self, ask: Ask, page: Page, more: Mapping[str, str]) -> Observation:
        """What it says."""


@dataclass(slots=True)
class _First:
    """The first listing of a door, kept until it is known whether another form tells more."""

    wanted: tuple[Form, ...] = ()
    batches: list[Batch] = field(default_factory=list)
    whole: bool = False                  # it has been read to its end

    def take(self, batch: Batch) -> bool:
        """Keep a batch; whether it is enough to compare."""
        self.batches.append(batch)
        return sum(map(len, self.batches)) > HELD


class Pages:
    """Lists folders as pages, and remembers how this server prints them."""

    def __init__(self, door: Host) -> None:
        self._door = door
        self._marks = False              # the server marks the folders of its listings
        self._unmarking = False          # it has been seen not to
        self._headless = False           # HEAD breaks its connections
        self._doubts = DOOR              # names that may still be asked for as folders
        self._dialect: Dialect | None = None     # of the last listing
        self._form: Form | None = None   # how pages are asked for; None: no listing has been seen yet

    async def list(self, ask: Ask, *, hostless: bool = False) -> AsyncGenerator[Shown, None]:
        """See `Door.list`."""
        form, first = self._form or PLAIN, _First()
        async with self._door.ask(ask.path + form.query, accept=form.accept, hostless=hostless) as answer:
            page = Page(answer, ask.path, self._door.authority, self._dialect,
                        compared=hostless or self._door.compares(ask.path))
            held = Unmarked(marks=self._marks)
            async for batch in self._rows(page, first):
                for known in held.take(batch):
                    yield known
            self._dialect = page.dialect
        if first.wanted:
            self._form = await self._choose(ask, first, hostless=hostless)
            self._dialect = self._dialect if self._form == PLAIN else None
        if first.wanted and (self._form != PLAIN or not first.whole):
            async for thing in self.list(ask, hostless=hostless):
                yield thing
            return
        for batch in first.batches:
            for known in held.take(batch):
                yield known
        async for thing in self._rest(ask, page, held, hostless=hostless):
            yield thing

    async def _rest(self, ask: Ask, page: Page, held: Unmarked, *, hostless: bool) -> AsyncGenerator[Shown, None]:
        """What is told once a page has been read: what was held back, where it leads, what it says, what went wrong."""
        folders, trouble = await self._folders(ask.path, held, hostless=hostless)
        for batch in held.rest(folders):
            yield batch
        for found in self._door.further(ask, page):
            yield found
        yield self._door.page_seen(ask, page, await self._newest(ask, page, hostless=hostless))
        if page.error is not None and not page.long:
            fail(page)
        if trouble is not None:
            raise trouble

    async def _rows(self, page: Page, first: _First) -> AsyncGenerator[Batch, None]:
        """The batches of a page; those of the first listing go into `first` while there may be a better form."""
        async for batch in page.batches():
            if self._form is None and not first.batches:
                first.wanted = self._wanted(page, batch)
                self._form = None if first.wanted else PLAIN
            if not first.wanted:
                yield batch
            elif first.take(batch):
                return
        first.whole = page.error is None

    # ---- better forms

    def _wanted(self, page: Page, batch: Batch) -> tuple[Form, ...]:
        if self._door.alike(page):
            return ()
        return candidates({**facts_of(page.answer, self._door.endpoint), **page.facts}, Told.of([batch]))

    async def _choose(self, ask: Ask, first: _First, *, hostless: bool) -> Form:
        """The first form that tells more. Trouble with one says nothing of the others."""
        told = Told.of(first.batches)
        for form in first.wanted:
            try:
                other, ended = await self._told(ask, form, hostless=hostless)
            except LocalFault:
                raise
            except NetError:
                continue
            if other.more_than(told, whole=first.whole and ended):
                return form
        return PLAIN

    async def _told(self, ask: Ask, form: Form, *, hostless: bool) -> tuple[Told, bool]:
        async with self._door.ask(ask.path + form.query, accept=form.accept, hostless=hostless) as answer:
            page = Page(answer, ask.path, self._door.authority, None)
            batches = [batch async for batch in page.batches(_COMPARED)]
            return Told.of(batches), page.error is None and answer.complete

    async def _newest(self, ask: Ask, page: Page, *, hostless: bool) -> dict[str, str]:
        """The latest date of a listing that was cut, where it can be had newest first."""
        query = newest_first(page.facts) if page.listing and page.error is not None else None
        if query is None:
            return {}
        try:
            async with self._door.ask(ask.path + query, hostless=hostless) as answer:
                other = Page(answer, ask.path, self._door.authority, self._dialect)
                times = [max(batch.times) async for batch in other.batches(_GLANCE) if batch.times]
        except LocalFault:
            raise
        except NetError:
            return {}
        return {"listing.last": str(max(times))} if times and max(times) > 0 else {}

    # ---- folders that are not marked

    async def _folders(self, path: str, held: Unmarked, *, hostless: bool
                       ) -> tuple[set[bytes], NetError | None]:
        """Those of the held names that are folders, and why that is not known of all. Asking loses nothing listed."""
        self._marks = self._marks or held.marks
        names, found = held.doubtful(), set[bytes]()
        for asked, name in enumerate(names):
            if self._doubts <= 0 or (asked >= MOST and not self._unmarking):
                left = f"{len(names) - asked} names that may be folders were left out by the request budget"
                return found, BudgetError(left) if self._unmarking else None
            self._doubts -= 1
            try:
                if await self._is_folder(f"{path}{quote(name, safe='')}/", hostless=hostless):
                    found.add(name)
                    self._unmarking = True
            except LocalFault:
                raise
            except NetError as error:
                return found, error
        return found, None

    async def _is_folder(self, path: str, *, hostless: bool) -> bool:
        """Whether a path answers as a listing of its own.

        Some servers pass over the slash and send the file: HEAD tells, and of what is no page nothing is asked for.
        """
        if len(path) > _LONGEST or not await self._may_be_page(path, hostless=hostless):
            return False
        async with self._door.ask(path, hostless=hostless) as answer:
            page = Page(answer, path, self._door.authority, self._dialect)
            await page.glance(_GLANCE)
            return page.listing and not self._door.alike(page)

    async def _may_be_page(self, path: str, *, hostless: bool) -> bool:
        """Whether HEAD leaves it open that GET shows a page; where it is not even answered, it does."""
        if self._headless:
            return True
        try:
            async with self._door.ask(path, Verb.HEAD, hostless=hostless) as answer:
                return _may_be_page(answer)
        except (Reset, ProtocolError):
            self._headless = True
            return True


def _may_be_page(answer: Answer) -> bool:
    """Whether an answer to HEAD leaves it open that GET shows a listing: a page or JSON, or HEAD is not spoken."""
    said = (answer.header("content-type") or "").strip().lower()
    return answer.status in _NO_HEAD or (200 <= answer.status < 300 and (not said or said.startswith(_PAGES)))
