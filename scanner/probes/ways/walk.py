"""A walk through the pages of one listing: which page is next, and when there is none. It asks nothing itself.

It ends with the last page, with a budget, or where a store leads in a circle; what was listed until then stands.
"""

from __future__ import annotations

from dataclasses import replace

from scanner.errors import BudgetError, DeadlineError, NetError, ProtocolError, Reset
from scanner.listing import Verdict
from scanner.listing.stores import AzurePage, GcsPage, S3Page, SwiftPage
from scanner.model import Batch
from scanner.net import Answer

PAGES = 20_000                           # of one listing: as many keys as 1,000 a page make of it
EMPTY = 50                               # pages without a row, one after the other
_PATIENCE = 4                            # times that a page other than the first is asked for
_PASSING = frozenset({429, 500, 502, 503, 504})
_HEAD = 8                                # rows by which a page is known again


StorePage = S3Page | AzurePage | GcsPage | SwiftPage
"""A reader of one page of an object store."""


class Walk:
    """Where a listing stands. `page` holds the query parameters of the page to ask for, empty for the first."""

    def __init__(self, most: int, form: str) -> None:
        """`most`: bytes that all pages may have."""
        self.form = form
        self.page: dict[str, str] = {}
        self.going = True
        self.error: NetError | None = None
        self._left = most
        self._pages = 0
        self._empty = 0
        self._tries = 0
        self._strays = 0
        self._told: set[int] = set()         # markers that were given, and how pages began
        self._began = False                  # rows of the page that is being read have come
        self._again = False                  # it begins as an earlier one did
        self._folders: set[int] = set()      # of the page that is being read
        self._before: set[int] = set()       # of the page before: a folder may reach over several

    def is_news(self, batch: Batch) -> bool:
        """Whether rows belong to a page that has not been shown before."""
        if not self._began:
            self._began = True
            names, folders = batch.names[:_HEAD], batch.directories[:_HEAD]
            if names or len(folders) > 1:
                head = hash((batch.under, *names, b"/", *folders))
                self._again = head in self._told
                self._told.add(head)
        return not self._again

    def fresh(self, batch: Batch) -> Batch:
        """The batch without the folders that the page before has shown already."""
        marks = [hash((batch.under, name)) for name in batch.directories]
        self._folders.update(marks)
        if self._before.isdisjoint(marks):
            return batch
        left = [name for name, mark in zip(batch.directories, marks, strict=True) if mark not in self._before]
        return replace(batch, directories=left)

    def failed(self, error: NetError) -> None:
        """A page did not come, or not whole."""
        passing = isinstance(error, Reset | DeadlineError) and not self._began
        if passing and self._tries + 1 < _PATIENCE:
            self._tries += 1
        else:
            self._end(error)

    def turn(self, answer: Answer, page: StorePage, error: NetError | None) -> None:
        """A page has been read, as far as it came."""
        if page.verdict is not Verdict.LISTING:
            self._refused(answer, page, error)
        elif error is not None:
            self._end(error)
        elif self._again:
            self._end(ProtocolError("the store shows the same page again and again"))
        elif cut := page.facts.get("xml.refused"):
            self._end(ProtocolError(f"page {self._pages + 1} of the listing: {cut}"))
        else:
            self._on(answer, page)

    def _refused(self, answer: Answer, page: StorePage, error: NetError | None) -> None:
        """The answer is no listing: at the first page that is the answer, at a later one something went wrong."""
        if not self._pages:
            self._end(None if isinstance(error, BudgetError) else error)
        elif answer.status in _PASSING and self._tries + 1 < _PATIENCE:
            self._tries += 1
        else:
            what = page.facts.get("store.code") or page.why
            self._end(ProtocolError(f"page {self._pages + 1} of the listing: status {answer.status}, {what}"))

    def _on(self, answer: Answer, page: StorePage) -> None:
        self._pages += 1
        self._tries = 0
        self._left -= answer.body_read
        self._strays += page.strays
        self._empty = 0 if self._began else self._empty + 1
        self._began = False
        self._before, self._folders = self._folders, set()
        marker = hash(tuple(sorted(page.next.items())))
        if not page.next:
            self._end(ProtocolError("the store has more than it says how to ask for") if page.more else None)
        elif marker in self._told:
            self._end(ProtocolError("the store gives the same page marker again"))
        elif self._empty >= EMPTY:
            self._end(ProtocolError(f"{EMPTY} pages without a row"))
        elif self._left <= 0 or self._pages >= PAGES:
            self._end(BudgetError(f"more than a listing may have, {self._pages} pages read"))
        else:
            self._told.add(marker)
            self.page = page.next

    def _end(self, error: NetError | None) -> None:
        self.going = False
        if error is None and self._strays:
            error = ProtocolError(f"{self._strays} keys that do not lie where they were asked for")
        self.error = error
