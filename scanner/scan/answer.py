"""An answer: one ask put to a door, its entries counted as they come. It keeps no name but those to be asked next."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import traceback
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from scanner.census import Census, Folder
from scanner.errors import BudgetError, LocalFault, NetError
from scanner.model import Access, Ask, Batch, Observation, Reason
from scanner.probes import Door
from scanner.scan.doubts import Doubt, of_answer
from scanner.scan.patience import patiently
from scanner.scan.site import Site

_ATTEMPTS = 4
_ATTEMPTS_OPEN = 2                       # of a listing that was cut off: the longer one counts
_PAUSE = 0.25                            # seconds, more with each attempt
_MOST_DIRECTORIES = 1_000_000            # of one listing
_PASSING = (Reason.TIMEOUT, Reason.RESET, Reason.SLOW_DOWN)   # worth asking again
_MARK_SIZE = 12
_SORTED_NAMES = 50_000                   # of which the mark does not depend on the order
SHOWN_LIMIT = 10_000                     # names kept of a store with --show-names


@dataclass(slots=True)
class Answer:
    """What came of one ask."""

    ask: Ask
    seen: Observation | None = None
    census: Census | None = None         # None: not a listing
    directories: list[str] = field(default_factory=list)      # quoted segments to ask for next
    asks: list[Ask] = field(default_factory=list)
    mark: str = ""                       # digest of the names, whatever their order
    entries: int = 0
    gap: Doubt | None = None
    shown: list[str] = field(default_factory=list)
    left_out: int = 0                    # directories of which no more than their number is kept
    attempts: int = 1

    @property
    def open(self) -> bool:
        """Whether it is a listing."""
        return self.census is not None


async def answer(site: Site, door: Door, ask: Ask) -> Answer:
    """Put one ask, again when what went wrong may pass. Raises LocalFault when this machine cannot."""
    best = await patiently(site, lambda: _once(site, door, ask))
    while _may_pass(best) and best.attempts < (_ATTEMPTS_OPEN if best.open else _ATTEMPTS) and await site.may_go_on():
        assert best.gap is not None
        if best.gap[0] is not Reason.SLOW_DOWN:      # for that the pace has its own pause
            await asyncio.sleep(_PAUSE * best.attempts)
        again = await patiently(site, lambda: _once(site, door, ask))
        attempts = best.attempts + 1
        best = max(again, best, key=lambda got: (got.open, got.gap is None, got.entries))
        best.attempts = attempts
    return best


def _may_pass(got: Answer) -> bool:
    return got.gap is not None and got.gap[0] in _PASSING


async def _once(site: Site, door: Door, ask: Ask) -> Answer:
    taken = _Taken(site, door, ask)
    cut_by: str | None = None
    try:
        async with contextlib.aclosing(door.list(ask)) as shown:
            async for thing in shown:
                taken.take(thing)
    except LocalFault:
        raise
    except NetError as error:
        cut_by = "bytes" if isinstance(error, BudgetError) else error.reason.value
        taken.answer.gap = (error.reason, str(error))
    except Exception as error:  # noqa: BLE001  a probe that breaks must not end the scan
        site.watcher.warn(f"{door.endpoint.url(ask.path)}: the probe broke: {error!r}")
        taken.answer.gap = (Reason.INTERNAL_ERROR, "".join(traceback.format_exception_only(error)).strip()[:300])
        cut_by = Reason.INTERNAL_ERROR.value
    return taken.close(cut_by)


class _Taken:
    """Folds what a door shows of one ask."""

    def __init__(self, site: Site, door: Door, ask: Ask) -> None:
        self.answer = Answer(ask)
        self._site = site
        self._path = unquote(ask.path, errors="replace")
        _, setting = site.scope.setting_at(door.endpoint.address, door.endpoint.host)
        self._folder = Folder(
            site.knowledge, regions=setting.regions, key=site.key, path=self._path,
            now=int(datetime.now(UTC).timestamp()), memory=site.memory)
        self._names: list[bytes] = []
        self._ordered = hashlib.blake2b(digest_size=_MARK_SIZE, key=site.key)

    def take(self, thing: object) -> None:
        if isinstance(thing, Batch):
            self._batch(thing)
        elif isinstance(thing, Ask):
            self.answer.asks.append(thing)
        elif isinstance(thing, Observation):
            self.answer.seen = thing

    def _batch(self, batch: Batch) -> None:
        self._folder.add(batch)
        self.answer.entries += len(batch)
        self._ordered.update(b"\0".join([*batch.names, b"/", *batch.directories, b""]))
        if len(self._names) <= _SORTED_NAMES:
            self._names += [*batch.names, *(name + b"/" for name in batch.directories)]
        room = max(0, (self._site.profile.directories or _MOST_DIRECTORIES) - len(self.answer.directories))
        self.answer.left_out += max(0, len(batch.directories) - room)
        self.answer.directories += [batch.hrefs.get(name) or quote(name, safe="") for name in batch.directories[:room]]
        if self._site.show_names and len(self.answer.shown) < SHOWN_LIMIT:
            names = batch.names[:SHOWN_LIMIT - len(self.answer.shown)]
            self.answer.shown += [self._path + name.decode(errors="backslashreplace") for name in names]

    def close(self, cut_by: str | None) -> Answer:
        got = self.answer
        listing = got.entries > 0 or (got.seen is not None and got.seen.access in (Access.ANONYMOUS, Access.GUEST))
        if listing:
            got.census = self._folder.close(complete=cut_by is None, cut_by=cut_by)
            got.mark = self._mark()
        elif got.gap is None and got.seen is not None:
            got.gap = of_answer(got.seen, self._site.scope)
        return got

    def _mark(self) -> str:
        """The same for the same names in any order, as far as they are few enough to be sorted."""
        if not self.answer.entries or len(self._names) > _SORTED_NAMES:
            return self._ordered.hexdigest()
        whole = b"\0".join(sorted(self._names))
        return hashlib.blake2b(whole, digest_size=_MARK_SIZE, key=self._site.key).hexdigest()
