"""Browse: one question to a media server and its answer, and all pages of one container. Counts nothing."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from scanner.errors import LocalFault, NetError, ProtocolError
from scanner.listing import Verdict
from scanner.listing.xml.didl import Didl
from scanner.model import Access, Ask, Batch, Observation
from scanner.net import Accept, Browse, Verb
from scanner.probes.ways.base import Reading, Talk, argument

PAGE = 200                               # objects asked for at once
_MOST_PAGES = 20_000                     # of one container
_CLOSED = frozenset({401, 407})


@dataclass(slots=True)
class Answered:
    """The answer to one Browse."""

    seen: Observation
    batches: Sequence[Batch] = ()
    items: Sequence[bytes] = ()          # what each file is, or refers to, in the order of the names
    references: int = 0                  # how many of them refer to another
    objects: int = 0                     # as many as the server says that it gave
    total: int = 0                       # as many as there are; 0: it does not say
    seconds: int = 0                     # how long all of them last
    error: NetError | None = None

    @property
    def open(self) -> bool:
        """Whether it lists, be it nothing."""
        return self.seen.access is Access.ANONYMOUS

    @property
    def containers(self) -> list[str]:
        """Their quoted segments."""
        return [segment_of(batch, name) for batch in self.batches for name in batch.directories]

    @property
    def mark(self) -> int:
        """By which two answers of one run are the same."""
        return hash((*self.items, *self.containers))

    def more(self, start: int) -> bool:
        """Whether more is to be asked for than this answer, which begins at `start`."""
        return start + self.objects < self.total or (not self.total and self.objects > 0)


def segment_of(batch: Batch, name: bytes) -> str:
    """How a directory of a batch is asked for: a quoted segment."""
    return batch.hrefs.get(name) or quote(name, safe="")


async def browse(talk: Talk, ask: Ask, target: str, start: int, count: int) -> Answered:
    """Ask for some objects of a container. An error of the body is kept; those before it rise as NetError."""
    question = Browse(target, start, count)
    async with talk.ask(argument(ask.way), Verb.BROWSE, accept=Accept.XML, browse=question) as answer:
        reader = Didl()
        reading = Reading(answer, reader)
        batches = [batch async for batch in reading.batches()]
        listing = reader.verdict is Verdict.LISTING
        access = Access.ANONYMOUS if listing else Access.LOGIN if answer.status in _CLOSED else Access.NONE
        facts = {fact: text for fact, text in reader.facts.items() if fact != "dlna.seconds"}
        seen = talk.seen(ask, answer, access, facts if listing else {**facts, "listing.why": reader.why})
    rows = sum(map(len, batches))
    said = reader.returned or rows
    error = reading.error
    if listing and error is None and said > rows + reader.strays:
        error = ProtocolError(f"{said} objects announced, {rows + reader.strays} shown")
    return Answered(seen, batches, reader.items, reader.references, said, reader.total or 0,
                    int(reader.facts.get("dlna.seconds", "0")), error)


async def pages(talk: Talk, ask: Ask, target: str) -> AsyncGenerator[Answered, None]:
    """The objects of a container, page by page. What ends them too early stands in the last page's `error`."""
    page, start, shown = await browse(talk, ask, target, 0, PAGE), 0, set[int]()
    while page.open and page.error is None and page.more(start):
        shown.add(page.mark)
        start += page.objects
        following = await _following(talk, ask, target, start, page)
        if following.objects and (following.mark in shown or len(shown) >= _MOST_PAGES):
            following = Answered(page.seen, error=ProtocolError(f"the page from {start} on shows nothing new"))
        if following.error is not None and not following.objects:
            page.error = following.error
            break
        yield page
        page = following
    yield page


async def _following(talk: Talk, ask: Ask, target: str, start: int, before: Answered) -> Answered:
    """The next page; one without rows where there is none, though there should be."""
    try:
        page = await browse(talk, ask, target, start, PAGE)
    except LocalFault:
        raise
    except NetError as error:
        return Answered(before.seen, error=error)
    if page.open and (page.objects or not before.total):
        return page
    return Answered(before.seen, error=ProtocolError(f"{start} of {before.total} objects shown, and no more"))
