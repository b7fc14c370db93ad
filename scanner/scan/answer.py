"""An answer: one ask put to a door, its entries counted as they come. It keeps no name but those to be asked next."""

from __future__ import annotations

import asyncio
import contextlib
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from heapq import nsmallest
from urllib.parse import unquote_to_bytes

from scanner.aside import Breath, aside
from scanner.census import Census
from scanner.errors import BudgetError, LocalFault, NetError
from scanner.filenames import mask, mask_quoted
from scanner.model import Access, Ask, Batch, Doubt, Observation, Reason
from scanner.probes import Door
from scanner.scan.desk import COMPARED
from scanner.scan.doubts import masked, of_answer
from scanner.scan.patience import patiently
from scanner.scan.site import Site
from scanner.scan.taking import Taking

_ATTEMPTS = 4
_ATTEMPTS_OPEN = 2                       # of a listing that was cut off: the longer one counts
_LONG = 4096                             # entries that are summed up beside the event loop
_PAUSE = 0.25                            # seconds, more with each attempt
UNREADABLE = "listing.unreadable"        # fact: lines of a listing that are no entries
_PASSING = (Reason.TIMEOUT, Reason.RESET, Reason.SLOW_DOWN)   # worth asking again


@dataclass(slots=True)
class Answer:
    """What came of one ask."""

    ask: Ask
    seen: Observation | None = None
    census: Census | None = None         # None: not a listing
    directories: list[tuple[str, str]] = field(default_factory=list)   # (folder below, quoted segment) to ask for next
    asks: list[Ask] = field(default_factory=list)
    mark: str = ""                       # digest of the names, whatever their order
    whole: str = ""                      # digest of the names with their sizes and times
    told: int = 0                        # files with a size or a time
    entries: int = 0
    tops: dict[str, tuple[str, int]] = field(default_factory=dict)     # segment -> mark and names, of a flat answer
    foremost: list[tuple[bytes, str]] = field(default_factory=list)    # folders that a store is told by: name, segment
    hidden: int = 0                      # of them, those with a dot before them
    gap: Doubt | None = None
    shown: list[str] = field(default_factory=list)
    first: list[bytes] = field(default_factory=list)   # a few names
    left_out: int = 0                    # directories of which no more than their number is kept
    attempts: int = 1

    @property
    def open(self) -> bool:
        """Whether it is a listing."""
        return self.census is not None

    @property
    def catch_all(self) -> bool:
        """Whether the server answers so to whatever it is asked for."""
        return self.seen is not None and self.seen.facts.get("http.catch-all") == "yes"


async def answer(
    site: Site, door: Door, ask: Ask, again: Callable[[], bool] = lambda: True, beside: tuple[int, ...] = (),
) -> Answer:
    """Put one ask, and where what went wrong may pass, put it again for as long as `again` allows.

    `beside`: the sketch of the store that what comes of it is merged into.
    Raises LocalFault when this machine cannot.
    """
    best = await patiently(site, lambda: _once(site, door, ask, beside))
    while _may_pass(best) and best.attempts < (_ATTEMPTS_OPEN if best.open else _ATTEMPTS) and await site.may_go_on():
        assert best.gap is not None
        if not again():
            break
        if best.gap[0] is not Reason.SLOW_DOWN:      # for that the pace has its own pause
            await asyncio.sleep(_PAUSE * best.attempts)
        another = await patiently(site, lambda: _once(site, door, ask, beside))
        attempts = best.attempts + 1
        best = max(another, best, key=lambda got: (got.open, got.gap is None, got.entries))
        best.attempts = attempts
    return best


def _may_pass(got: Answer) -> bool:
    return got.gap is not None and got.gap[0] in _PASSING


async def _once(site: Site, door: Door, ask: Ask, beside: tuple[int, ...]) -> Answer:
    taken = _Taken(site, door, ask, beside)
    cut_by: str | None = None
    try:
        async with contextlib.aclosing(door.list(ask)) as shown:
            async for thing in shown:
                await taken.take(thing)
    except LocalFault:
        raise
    except NetError as error:
        cut_by = "bytes" if isinstance(error, BudgetError) else error.reason.value
        taken.answer.gap = (error.reason, str(error))
        await taken.stand(door)
    except Exception as error:  # noqa: BLE001  a probe that breaks must not end the scan
        site.watcher.warn(f"{door.endpoint.url(mask_quoted(ask.path))}: the probe broke: {mask(repr(error))}")
        taken.answer.gap = (Reason.INTERNAL_ERROR, "".join(traceback.format_exception_only(error)).strip()[:300])
        cut_by = Reason.INTERNAL_ERROR.value
    return await taken.close(cut_by)


class _Taken:
    """What a door shows of one ask."""

    def __init__(self, site: Site, door: Door, ask: Ask, beside: tuple[int, ...]) -> None:
        self.answer = Answer(ask)
        self._site = site
        self._breath = Breath()
        self._taking = Taking(site, door.endpoint, ask.path, beside)

    async def take(self, thing: object) -> None:
        if isinstance(thing, Batch):
            await self._count(thing)
        elif isinstance(thing, Ask):
            self.answer.asks.append(thing)
        elif isinstance(thing, Observation):
            self.answer.seen = thing

    async def _count(self, batch: Batch) -> None:
        if not self._site.names_ready:
            await aside(self._site.knowledge.prepare_names)
            self._site.names_ready = True
        for _ in self._taking.take(batch):
            await self._breath.take()

    async def stand(self, door: Door) -> None:
        """The contact went wrong before the door could say what it showed: rows that have come stand all the same."""
        if self.answer.seen is None and self._taking.entries and not door.web:
            seen = await door.look()
            access = seen.access if seen.access in (Access.GUEST, Access.LOGIN) else Access.ANONYMOUS
            self.answer.seen = replace(seen, path=self.answer.ask.path, access=access, doubt=None)

    async def close(self, cut_by: str | None) -> Answer:
        """All of it, counted."""
        return await aside(self._closed, cut_by) if self._taking.entries > _LONG else self._closed(cut_by)

    def _closed(self, cut_by: str | None) -> Answer:
        got, taken = self.answer, self._taking
        got.entries = taken.entries
        shown = got.entries > 0 or (got.seen is not None and got.seen.access in (Access.ANONYMOUS, Access.GUEST))
        if shown and got.seen is not None:       # a probe that broke says of its rows not what they are
            got.gap = got.gap or got.seen.doubt
            cut_by = cut_by or _cut_short(got.seen)
            got.census = taken.close(complete=cut_by is None, cut_by=cut_by)
            got.directories, got.left_out = taken.directories, taken.left_out
            got.shown = taken.showing.first() if taken.showing is not None else []
            got.mark, got.whole, got.told = taken.mark(), taken.whole(), taken.told
            got.first, got.hidden, got.tops = taken.first, taken.hidden, taken.tops()
            got.foremost = _foremost(got)
            got.census = _grown(got.census, got.seen)
        elif got.gap is None and got.seen is not None:
            got.gap = of_answer(got.seen, self._site.scope)
        got.gap = masked(*got.gap) if got.gap is not None else None
        return got


def _foremost(got: Answer) -> list[tuple[bytes, str]]:
    """The first visible folders by name, however their names are spelled in a path."""
    listed = (segment for under, segment in got.directories if not under)
    shown = {segment for segment in (*listed, *got.tops) if segment and not segment.startswith((".", "%2E", "%2e"))}
    return nsmallest(COMPARED, ((unquote_to_bytes(segment), segment) for segment in shown))


def _cut_short(seen: Observation) -> str | None:
    """What of a listing that was shown to its end is missing all the same."""
    if seen.doubt is not None:
        return seen.doubt[0].value
    return "unreadable" if UNREADABLE in seen.facts else None


def _grown(census: Census, seen: Observation | None) -> Census:
    """With the latest date of a listing that was cut, where it was asked for apart."""
    last = seen.facts.get("listing.last") if seen is not None else None
    return census if last is None else replace(census, last=max(census.last or 0, int(last)))
