"""Object stores: what the ways to list them share. A bucket is walked by prefix, page after page, to the end.

A bucket that is closed, absent or elsewhere costs one request. What a store says of another place is noted, never
followed. What a folder is called is told in a query, so that keys of any shape can be asked for.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import quote_from_bytes, unquote_to_bytes

from scanner.errors import NetError, ProtocolError
from scanner.listing import Verdict
from scanner.listing.stores import access
from scanner.model import Access, Ask, Asked
from scanner.model.octets import octets
from scanner.net import Accept, Answer
from scanner.probes.base import Shown
from scanner.probes.met import fail
from scanner.probes.ways.base import Reading, Talk, Way, argument
from scanner.probes.ways.walk import StorePage, Walk

_CLIMBING = re.compile(rb"(?:\A|[/\\])\.{1,2}(?:[;/\\]|\Z)")      # in a path: a way up, to some servers

FACTS = frozenset({
    "store.kind", "store.access", "store.code", "store.name", "store.region", "store.endpoint", "xml.root",
    "xml.refused",
})


@dataclass(frozen=True, slots=True)
class Place:
    """What is asked for. `ProtocolError` where a bucket has a name that no request can hold."""

    base: str                            # quoted, a slash at both ends: what stands before the bucket
    bucket: str | None = None            # quoted; None: the service itself, "": the host is the bucket
    prefix: bytes = b""                  # of keys: empty, or ending with a slash

    @classmethod
    def of(cls, path: str, base: str) -> Place:
        """The place that a quoted path names below `base`."""
        if path == base:
            return cls(base)
        bucket, _, rest = path.removeprefix(base).partition("/")
        if not bucket or _CLIMBING.search(unquote_to_bytes(bucket)):
            raise ProtocolError("a bucket whose name no request can hold")
        return cls(base, bucket, unquote_to_bytes(rest))

    @property
    def above(self) -> str:
        """The quoted path of the bucket, without a slash at its end."""
        return f"{self.base}{self.bucket or ''}".rstrip("/")


def _may_try(talk: Talk, ask: Ask) -> bool:
    """Whether another form may be tried: what searches has a budget; folders and targets have none."""
    return ask.reason is Asked.LINK or talk.once_more() or ask.reason is Asked.TARGET


def query(*parts: tuple[str, str | bytes]) -> str:
    """A query in this order; parts without a value are left out."""
    return "&".join(f"{name}={_quoted(value)}" for name, value in parts if value)


def _quoted(value: str | bytes) -> str:
    return quote_from_bytes(value if isinstance(value, bytes) else octets(value), safe="")


@dataclass(frozen=True, slots=True)
class Question:
    """One page of one place, in one form of the request."""

    place: Place
    form: str
    page: Mapping[str, str] = field(default_factory=dict)    # what the reader of the page before gave


class Store(Way):
    """The way to list one dialect of object stores."""

    forms: ClassVar[tuple[str, ...]] = ("",)     # of the request, in the order in which they are tried
    accept: ClassVar[Accept] = Accept.XML
    any_name = True
    facts = FACTS

    def place(self, ask: Ask) -> Place:
        """Which bucket and prefix an ask is for."""
        return Place.of(ask.path, argument(ask.way))

    @abstractmethod
    def request(self, asked: Question) -> str:
        """The quoted path and query."""

    @abstractmethod
    def reader(self, asked: Question, answer: Answer) -> StorePage:
        """The reader of its answer."""

    def other(self, asked: Question, answer: Answer, page: StorePage) -> str | None:  # noqa: ARG002  most have one
        """The form to ask in instead, where this one is not spoken here."""
        return None

    def first(self, ask: Ask) -> str:
        """See `Way.first`."""
        return self.request(Question(self.place(ask), self.forms[0]))

    async def list(self, talk: Talk, ask: Ask) -> AsyncGenerator[Shown, None]:
        """See `Way.list`."""
        place = self.place(ask)
        walk = Walk(talk.limits.listing_bytes, talk.learned.get(self.name, self.forms[0]))
        seen: Shown | None = None
        while walk.going:
            asked = Question(place, walk.form, walk.page)
            try:
                async with talk.ask(self.request(asked), accept=self.accept) as answer:
                    page = self.reader(asked, answer)
                    reading = Reading(answer, page)
                    async for batch in reading.batches():
                        if walk.is_news(batch):
                            yield walk.fresh(batch)
                    other = self.other(asked, answer, page) if seen is None else None
                    if other is not None and _may_try(talk, ask):
                        walk.form = talk.learned[self.name] = other
                        continue
                    seen = seen or talk.seen(ask, answer, *self._told(place, answer, page))
                    walk.turn(answer, page, reading.error)
            except NetError as error:
                if seen is None:
                    raise
                walk.failed(error)
        assert seen is not None
        yield seen
        if walk.error is not None:
            fail(walk)

    def _told(self, place: Place, answer: Answer, page: StorePage) -> tuple[Access, Mapping[str, str]]:
        """How it lets a stranger in, and the facts."""
        facts = {**page.facts, "store.kind": self.protocol}
        if region := answer.header("x-amz-bucket-region"):
            facts.setdefault("store.region", region[:80])
        if code := answer.header("x-ms-error-code"):
            facts.setdefault("store.code", code[:80])
        if page.verdict is Verdict.LISTING:
            hollow = place.bucket is None and facts.get("listing.rows") == "0"
            return (Access.NONE if hollow else Access.ANONYMOUS), {**facts, "store.access": "open"}
        if answer.status == 200 and not facts.get("store.code"):
            return Access.NONE, {**facts, "listing.why": page.why}      # no answer of a store
        said = access(answer.status, facts)
        how = Access.LOGIN if said == "closed" and answer.status == 401 else Access.NONE
        return how, {**facts, "store.access": "unknown" if said == "open" else said}
