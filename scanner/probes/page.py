"""One HTTP answer, read as a page: its rows as they come, or its links. Nothing else of it is kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

from scanner.errors import BudgetError, NetError, ProtocolError
from scanner.listing import Dialect, Reader, Verdict, reader
from scanner.listing.html.facts import page as page_facts
from scanner.model import Batch
from scanner.net import Answer
from scanner.probes.taken import closed, fed

_TAG = re.compile(rb"<([a-zA-Z][a-zA-Z0-9]{0,15})")
_BEGINNING = 8192                        # bytes of a page that signatures may look at
_SHAPE_TAGS = 400                        # tags that make the shape of a page
_SHAPE_BYTES = 8192                      # of a page that are looked at for them at once


@dataclass(frozen=True, slots=True)
class Likeness:
    """What makes two answers "the same answer" to different paths."""

    status: int
    location: str                        # redirect target, the path that was asked for cut out
    shape: str                           # digest of the page's first tags; "" where no page was read
    names: str                           # digest of the names listed

    @property
    def answers_everything(self) -> bool:
        """Whether this answer to a random path says that every path is answered so."""
        return self.status not in (404, 410)


class Page:
    """Drives a listing reader over an answer's body, within the answer's budgets."""

    def __init__(self, answer: Answer, path: str, authority: str, dialect: Dialect | None = None, *,
                 compared: bool = True) -> None:
        """`compared`: whether its likeness will be asked for."""
        self.answer = answer
        self.reader: Reader | None = None
        self.error: NetError | None = None
        self.dialect = dialect           # how this server prints listings, as far as it is known; newer once read
        self._path = path
        self._authority = authority      # links written with it lead to here
        self._tags: list[bytes] = []
        self._beginning = bytearray()    # of a page, until it is known to be a listing
        self._names = hashlib.blake2b(digest_size=16)
        self._compared = compared

    @property
    def listing(self) -> bool:
        """Whether the page is a listing, as far as it has been read."""
        return self.reader is not None and self.reader.verdict is Verdict.LISTING

    @property
    def facts(self) -> dict[str, str]:
        """What the page says of itself; complete once it has been read."""
        if self.reader is None:
            return {}
        if not self.listing:
            said = page_facts(bytes(self._beginning)) if self.answer.kind == "html" else {}
            near = {"listing.near": "yes"} if self.reader.near else {}
            return {**said, **self.reader.facts, **near, "listing.why": self.reader.why}
        facts = {**self.reader.facts}
        if title := facts.get("listing.title"):
            facts["http.title"] = title
        return facts

    @property
    def long(self) -> bool:
        """Whether it is a page longer than is read of one, and no listing: nothing is missed."""
        told = self.reader is not None and self.reader.verdict is Verdict.NOT
        return told and isinstance(self.error, BudgetError)

    @property
    def links(self) -> list[str]:
        """Directories on the same host that a page links to which is no listing."""
        return [] if self.reader is None or self.listing else self.reader.links

    async def batches(self, limit: int | None = None) -> AsyncIterator[Batch]:
        """The rows, in batches, of at most `limit` bytes of page. An error of the body is kept in `error`."""
        if self.answer.refused or self.answer.kind is None:
            await self._empty()
            return
        self.reader = reader(self.answer.kind, self._path, host=self._authority, dialect=self.dialect,
                             now=int(datetime.now(UTC).timestamp()))
        async for batch in self._read(self.reader, limit):
            if self._compared:
                self._names.update(b"\0".join([*batch.names, b"/", *batch.directories, b""]))
            yield batch

    async def glance(self, limit: int) -> None:
        """Read up to `limit` bytes and keep nothing but the likeness and the facts."""
        async for _ in self.batches(limit):
            pass

    async def _empty(self) -> None:
        """Nothing may be read: because nothing came, or because it broke off or stopped before it could be judged."""
        try:
            await self.answer.read()
        except NetError as error:
            self.error = error.with_traceback(None)      # which would hold this page

    async def _read(self, rows: Reader, limit: int | None) -> AsyncIterator[Batch]:
        granted = taken = 0
        try:
            async for chunk in self.answer.chunks():
                if self._compared:
                    self._shape(chunk)
                if len(self._beginning) < _BEGINNING:
                    self._beginning += chunk[:_BEGINNING - len(self._beginning)]
                for batch in await fed(rows, chunk):
                    yield batch
                taken += len(chunk)
                self.answer.grant(rows.row_bytes - granted)
                granted = rows.row_bytes
                useless = rows.verdict is Verdict.NOT and self.answer.kind != "html"
                if useless or (limit is not None and taken >= limit):
                    break
        except NetError as error:
            self.error = error.with_traceback(None)      # which would hold this page
        for batch in await closed(rows):
            yield batch
        broken = rows.facts.get("listing.broken") or rows.facts.get("xml.refused")
        if self.error is None and self.listing and broken:
            self.error = ProtocolError(broken)
        if self.error is None:
            self.dialect = rows.dialect

    def _shape(self, chunk: bytes) -> None:
        begin = 0
        while len(self._tags) < _SHAPE_TAGS and begin < len(chunk):
            end = chunk.find(b"<", begin + _SHAPE_BYTES)
            end = len(chunk) if end < 0 else end
            self._tags += _TAG.findall(chunk, begin, end)[:_SHAPE_TAGS - len(self._tags)]
            begin = end

    def likeness(self) -> Likeness:
        """What to compare this answer by. Only of a page that was read to be compared."""
        assert self._compared
        location = (self.answer.header("location") or "").split("?")[0]
        shape = hashlib.blake2b(b" ".join(self._tags).lower(), digest_size=8).hexdigest() if self._tags else ""
        cut = location.replace(self._path.strip("/") or "\0", "")
        return Likeness(self.answer.status, cut.rstrip("/"), shape, self._names.hexdigest() if self.listing else "")
