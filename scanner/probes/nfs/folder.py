"""One folder, page after page: its rows in batches, and why they ended. Flat in memory, whatever the server does."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from time import monotonic

from scanner.errors import BudgetError, DeadlineError
from scanner.model import Batch, Doubt, Reason
from scanner.net import Limits
from scanner.probes.nfs.export import Export
from scanner.probes.nfs.rows import UNKNOWN, Page
from scanner.probes.nfs.rpc import DeniedError
from scanner.probes.nfs.status import RefusedError, meant
from scanner.probes.nfs.tree import Tree
from scanner.probes.paths import is_plain

_LOOKED_UP = 1000                        # names of one folder whose kind only a call of their own tells
_THIN = 1000                             # answers of a few rows each
_FEW = 4
_ROW = 40                                # bytes of an answer that a row takes at least, beside its name


@dataclass(slots=True)
class Opened:
    """A folder that was shown: who shows it, its handle, and its first page."""

    export: Export
    tree: Tree
    handle: bytes
    page: Page


class Pages:
    """The pages of a folder. `cut` is why they ended before their end, `unknown` counts names of unknown kind."""

    def __init__(self, opened: Opened, limits: Limits) -> None:
        self.cut: Doubt | None = None
        self.unknown = 0
        self._opened = opened
        self._limits = limits
        self._room = _LOOKED_UP
        self._circle = Circle()
        self._thin = 0
        self._bytes = 0
        self._began = monotonic()

    @property
    def doubt(self) -> Doubt | None:
        """Why the rows are not all, or do not say all."""
        if self.cut is None and self.unknown and not self._room:
            return Reason.CUT, f"the server tells no kinds: folders beyond {_LOOKED_UP} names are not known"
        return self.cut

    async def batches(self) -> AsyncGenerator[Batch, None]:
        """One for each page. `NetError` where the contact breaks."""
        page = self._opened.page
        while True:
            await self._look_up(page)
            if page.names:
                yield page.batch()
            if page.last or not self._goes_on(page):
                return
            try:
                page = await self._opened.tree.page(self._opened.export, self._opened.handle, page)
            except (RefusedError, DeniedError) as error:
                self.cut = Reason.CUT, f"the list ended in the middle: {meant(error)[1]}"
                return

    def _goes_on(self, page: Page) -> bool:
        """Whether the next page may be asked for. `BudgetError`, `DeadlineError`."""
        self._thin += page.rows < _FEW
        if page.rows == 0 or self._circle.closes(page.cookie):
            self.cut = Reason.CUT, "the server's list goes in a circle: ended"
        elif self._thin > _THIN:
            self.cut = Reason.CUT, f"the server gives its list in too small pieces: ended after {_THIN}"
        self._bytes += sum(map(len, page.names)) + _ROW * page.rows
        if self._bytes > self._limits.listing_bytes:
            raise BudgetError(f"a list of more than {self._limits.listing_bytes} bytes")
        if monotonic() - self._began > self._limits.total + self._bytes / self._limits.slowest:
            raise DeadlineError("a list that comes too slowly")
        return self.cut is None

    async def _look_up(self, page: Page) -> None:
        """What the rows do not say, for as many names as is fair."""
        for i, kind in enumerate(page.kinds):
            if kind != UNKNOWN:
                continue
            if self._room and is_plain(page.names[i]):
                self._room -= 1
                await self._ask(page, i)
            self.unknown += page.kinds[i] == UNKNOWN

    async def _ask(self, page: Page, i: int) -> None:
        opened = self._opened
        try:
            page.put(i, *await opened.tree.told(opened.export, opened.handle, page.names[i]))
        except (RefusedError, DeniedError):
            return                       # a name all the same


class Circle:
    """Whether a list comes back to where it was: compares with one earlier place, which moves on ever more rarely."""

    __slots__ = ("_kept", "_next", "_seen")

    def __init__(self) -> None:
        self._kept: int | None = None
        self._seen = 0
        self._next = 1

    def closes(self, cookie: int) -> bool:
        """The place that has been reached now."""
        if cookie == self._kept:
            return True
        self._seen += 1
        if self._seen == self._next:
            self._kept, self._next = cookie, self._next * 2
        return False
