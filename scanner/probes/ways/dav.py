"""WebDAV: folders listed by PROPFIND, Depth 1 (RFC 4918 section 9.1). One request a folder; nothing is written.

Only a 207 whose body is a multistatus is a listing: some servers answer a verb that they do not know with a page.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import ClassVar

from scanner.listing import Verdict
from scanner.listing.xml.multistatus import Multistatus
from scanner.model import Access, Ask
from scanner.net import Accept, Verb
from scanner.probes.base import Shown
from scanner.probes.met import fail
from scanner.probes.ways.base import Reading, Talk, Way

_MULTISTATUS = 207
_CLOSED = frozenset({401, 407})


class Dav(Way):
    """Folders of a WebDAV server, as a stranger sees them."""

    name = "dav"
    protocol = "webdav"
    facts: ClassVar[frozenset[str]] = frozenset({"listing.strays", "xml.refused"})

    async def list(self, talk: Talk, ask: Ask) -> AsyncGenerator[Shown, None]:
        """See `Way.list`. Hrefs that lead elsewhere are counted in `listing.strays`, and not followed."""
        async with talk.ask(ask.path, Verb.PROPFIND, accept=Accept.XML) as answer:
            reader = Multistatus(ask.path, talk.authority)
            reading = Reading(answer, reader)
            if answer.status == _MULTISTATUS:
                async for batch in reading.batches():
                    yield batch
            listing = reader.verdict is Verdict.LISTING
            access = Access.ANONYMOUS if listing else Access.LOGIN if answer.status in _CLOSED else Access.NONE
            seen = talk.seen(ask, answer, access, _facts(reader, listing=listing))
        yield seen
        if reading.error is not None:
            fail(reading)


def _facts(reader: Multistatus, *, listing: bool) -> dict[str, str]:
    facts = dict(reader.facts)
    if reader.strays:
        facts["listing.strays"] = str(reader.strays)
    if not listing and "xml.root" in facts:
        facts["listing.why"] = f"{reader.why}; {reader.strays} names lead elsewhere" if reader.strays else reader.why
    return facts
