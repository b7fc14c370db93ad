"""Media servers: containers listed by the SOAP action Browse (UPnP ContentDirectory:1 section 2.7.4), the only POST.

`dlna:CONTROL` names the path that is asked. "/" is object 0, the root; a container's segment is `TITLE;ID`. No URL of
an item is ever asked for.

The same items are shown in many views: by folder, by artist, all together. They are counted once (see `once`), and a
container of the root that shows nothing but references is not walked where another shows the items themselves.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import ClassVar
from urllib.parse import unquote
from weakref import WeakKeyDictionary

from scanner.errors import LocalFault, NetError
from scanner.model import Ask, Batch
from scanner.probes.base import Shown
from scanner.probes.met import fail
from scanner.probes.ways.base import Talk, Way
from scanner.probes.ways.browsing import Answered, browse, pages, segment_of
from scanner.probes.ways.once import Once

_ROOT = "0"
_VIEWS = 12                              # containers of the root that are looked into, to tell views apart
_LOOKS = 6                               # questions for each of them
_LOOK = 8                                # objects a question


class Dlna(Way):
    """Containers of a media server's ContentDirectory."""

    name = "dlna"
    protocol = "dlna"
    facts: ClassVar[frozenset[str]] = frozenset({
        "dlna.seconds", "dlna.error", "dlna.again", "dlna.views", "xml.refused"})

    def __init__(self) -> None:
        self._once: WeakKeyDictionary[Talk, Once] = WeakKeyDictionary()

    async def list(self, talk: Talk, ask: Ask) -> AsyncGenerator[Shown, None]:
        """See `Way.list`. ProtocolError where the pages end before all was shown, or repeat themselves."""
        once, target = self._once.setdefault(talk, Once()), identity(ask.path)
        fresh = once.begins(target.encode(), ask.path)
        seconds, again, views, last = 0, 0, frozenset[str](), None
        async with aclosing(pages(talk, ask, target)) as answers:
            async for page in answers:
                if target == _ROOT and last is None:
                    views = await _views(talk, ask, page, once)
                last, seconds = page, seconds + page.seconds
                for batch in once.fresh(page, ask.path) if fresh else ():
                    again -= len(batch.names)
                    yield _without(batch, views)
                again += sum(len(batch.names) for batch in page.batches)
        assert last is not None
        facts = {"dlna.seconds": seconds, "dlna.again": again, "dlna.views": len(views)}
        said = {fact: str(count) for fact, count in facts.items() if count}
        yield replace(last.seen, facts={**last.seen.facts, **said})
        if last.error is not None:
            fail(last)


def identity(path: str) -> str:
    """The object that a path asks for: what follows the semicolon of its last segment."""
    return unquote(path.rstrip("/").rpartition("/")[2].partition(";")[2]) or _ROOT


async def _views(talk: Talk, ask: Ask, root: Answered, once: Once) -> frozenset[str]:
    """The segments of the root's containers that show references only, while another shows items."""
    found: dict[str, bool] = {}
    for segment in root.containers[:_VIEWS]:
        refers = await _refers(talk, ask, segment)
        if refers is not None:
            found[segment] = refers
    once.refers = once.refers or any(found.values())
    return frozenset() if all(found.values()) else frozenset(segment for segment, refers in found.items() if refers)


async def _refers(talk: Talk, ask: Ask, segment: str) -> bool | None:
    """Whether the first items below a container are references; None where none was found, or it could not be told."""
    waiting = [segment]
    for _ in range(_LOOKS):
        if not waiting:
            break
        try:
            page = await browse(talk, ask, identity(f"/{waiting.pop()}/"), 0, _LOOK)
        except LocalFault:
            raise
        except NetError:
            return None
        if page.items:
            return page.references == len(page.items)
        waiting += reversed(page.containers)
    return None


def _without(batch: Batch, views: frozenset[str]) -> Batch:
    """The batch without those containers."""
    if not views:
        return batch
    return replace(batch, directories=[name for name in batch.directories if segment_of(batch, name) not in views])
