"""What a way is: it turns one ask into the requests of one protocol over HTTP, and their answers into entries.

A way knows no signature, no score and no budget of the crawl. Where its protocol is not spoken it makes one request.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import ClassVar, Protocol

from scanner.errors import NetError
from scanner.listing import Reader, Verdict
from scanner.model import Access, Ask, Batch, Endpoint, Observation
from scanner.net import Accept, Answer, Browse, Limits, Verb
from scanner.probes.base import Shown
from scanner.probes.taken import closed, fed


class Talk(Protocol):
    """What a door lends to a way."""

    endpoint: Endpoint
    authority: str                       # what Host says: links written with it lead to here
    limits: Limits
    learned: dict[str, str]              # what ways have found out about this door, by their names
    once_more: Callable[[], bool]        # see `Door.once_more`

    def ask(self, path: str, verb: Verb = Verb.GET, *, accept: Accept = Accept.PAGE, depth: int = 1,
            browse: Browse | None = None) -> AbstractAsyncContextManager[Answer]:
        """One request. `path` is quoted; its query may follow. ValueError where it is not listed or a directory."""

    def seen(self, ask: Ask, answer: Answer, access: Access, facts: Mapping[str, str]) -> Observation:
        """What was shown: `facts` and those of the answer's headers."""


class Way(ABC):
    """One way to list a folder."""

    name: str                            # what `Ask.way` begins with
    protocol: ClassVar[str]              # what the report calls it, such as webdav
    facts: ClassVar[frozenset[str]] = frozenset()
    any_name: ClassVar[bool] = False     # folders stand in a query: their names may be empty, "." or ".."

    def first(self, ask: Ask) -> str:
        """The quoted path, with its query, of the first request for an ask."""
        return ask.path

    @abstractmethod
    def list(self, talk: Talk, ask: Ask) -> AsyncGenerator[Shown, None]:
        """As `Door.list`: batches only once it is known to be a listing, last an observation. NetError rises."""


class Reading:
    """Drives a reader of one page over an answer's body, within the answer's budgets. An error is kept in `error`.

    No protocol is spoken in HTML: of a page nothing more is read, nor of what its reader has given up.
    """

    def __init__(self, answer: Answer, reader: Reader) -> None:
        self.error: NetError | None = None
        self._answer = answer
        self._reader = reader

    async def batches(self) -> AsyncIterator[Batch]:
        """The rows as they come."""
        reader, granted = self._reader, 0
        try:
            async for chunk in self._answer.chunks():
                for batch in await fed(reader, chunk):
                    yield batch
                self._answer.grant(reader.row_bytes - granted)
                granted = reader.row_bytes
                if reader.verdict is Verdict.NOT or self._answer.kind == "html":
                    break
        except NetError as error:
            self.error = error.with_traceback(None)      # which would hold all of this
        for batch in await closed(reader):
            yield batch


def named(way: str) -> str:
    """The name in `name:argument`."""
    return way.partition(":")[0]


def argument(way: str, otherwise: str = "/") -> str:
    """The argument in `name:argument`."""
    return way.partition(":")[2] or otherwise
