"""HTTP: asks directory-like paths and reads what answers like a listing. Decides nothing about what it means.

On a port where TLS fails plain HTTP is tried, and the other way round. A random directory is asked first, so that a
server that answers everything alike is known for one.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import ClassVar
from urllib.parse import quote, urljoin, urlsplit

from scanner.errors import (
    BudgetError,
    ClientCertificateWanted,
    DeadlineError,
    LocalFault,
    NetError,
    ProtocolError,
    Reset,
    TlsError,
)
from scanner.listing import Dialect
from scanner.listing.hints import robots
from scanner.model import Access, Ask, Asked, Endpoint, Observation
from scanner.net import Answer, Net, Verb
from scanner.net.http import authority
from scanner.probes.base import Door, Probe, Shown
from scanner.probes.page import Likeness, Page
from scanner.probes.unmarked import DOOR, MOST, Unmarked
from scanner.scope import TLS_PORTS

_HEADERS = {
    "http.server": "server", "http.powered-by": "x-powered-by", "http.type": "content-type", "http.dav": "dav",
    "http.allow": "allow", "http.authenticate": "www-authenticate",
}
_CONTROL_BYTES = 64 * 1024               # of a control answer: enough to tell whether everything is answered alike
_ROBOTS_BYTES = 64 * 1024
_PATIENCE = 4                            # controls asked of a server that wants time
_LONGEST = 2048                          # characters of a path that a redirect leads to
_SAFE = "/%:@!$&'()*+,;=~"


class Http(Probe):
    """HTTP/1.1, in clear or over TLS."""

    name = "http"
    ports: ClassVar[frozenset[int]] = frozenset()
    facts = frozenset({
        "http.status", "http.title", "http.location", "http.tls", "http.on-tls-port", "http.catch-all", "http.control",
        "http.refused", "listing.dialect", "listing.title", "listing.head", "listing.row", "listing.columns",
        "listing.tail", "listing.sort", "listing.rows",
        *_HEADERS,
    })

    @asynccontextmanager
    async def open(self, endpoint: Endpoint, net: Net) -> AsyncIterator[HttpDoor]:
        """See `Probe.open`."""
        yield await _find_door(endpoint, net)


class HttpDoor(Door):
    """One HTTP server, by one name."""

    def __init__(self, endpoint: Endpoint, net: Net) -> None:
        self.endpoint = endpoint
        self._net = net
        self._control: Likeness | None = None
        self._first: Observation | None = None
        self._marks = False              # the server marks the folders of its listings
        self._unmarking = False          # it has been seen not to
        self._doubts = DOOR              # names that may still be asked for as folders
        self._dialect: Dialect | None = None     # of the last listing

    async def look(self) -> Observation:
        """The answer to a random directory: what the server says of itself."""
        for _ in range(_PATIENCE if self._first is None else 0):
            self._first, busy = await self._ask_control()
            if not busy:
                break
        assert self._first is not None
        return self._first

    async def list(self, ask: Ask) -> AsyncGenerator[Shown, None]:
        """See `Door.list`."""
        if ask.path == "/robots.txt":
            async for found in self._robots():
                yield found
            return
        client = self._net.http(self.endpoint)
        async with client.stream("GET", self.endpoint.url(ask.path)) as response:
            answer: Answer = response.extensions["answer"]
            page = Page(answer, ask.path, authority(self.endpoint), self._dialect)
            held = Unmarked(marks=self._marks)
            async for batch in page.batches():
                for known in held.take(batch):
                    yield known
            self._dialect = page.dialect
            further, seen = self._further(ask, page), self._seen(ask, page)
        self._marks = self._marks or held.marks
        folders, trouble = await self._folders(ask.path, held.doubtful())
        for batch in held.rest(folders):
            yield batch
        for found in further:
            yield found
        yield seen
        if page.error is not None and not page.long:
            raise page.error
        if trouble is not None:
            raise trouble

    async def _folders(self, path: str, names: Sequence[bytes]) -> tuple[set[bytes], NetError | None]:
        """Those of `names` that are folders, and why that is not known of all. Asking never loses what was listed."""
        found: set[bytes] = set()
        for asked, name in enumerate(names):
            if self._doubts <= 0 or (asked >= MOST and not self._unmarking):
                left = f"{len(names) - asked} names that may be folders were left out by the request budget"
                return found, BudgetError(left) if self._unmarking else None
            self._doubts -= 1
            try:
                if await self._is_folder(f"{path}{quote(name, safe='')}/"):
                    found.add(name)
                    self._unmarking = True
            except LocalFault:
                raise
            except NetError as error:
                return found, error
        return found, None

    async def _is_folder(self, path: str) -> bool:
        """Whether a path answers as a listing of its own."""
        if len(path) > _LONGEST:
            return False
        async with self._net.fetch(self.endpoint, Verb.GET, path) as answer:
            page = Page(answer, path, authority(self.endpoint), self._dialect)
            await page.glance(_CONTROL_BYTES)
            return page.listing and not self._alike(page)

    async def _ask_control(self) -> tuple[Observation, bool]:
        """What it says, and whether it asked for time instead: the pace waits before the next request."""
        path = f"/{secrets.token_hex(8)}/"
        async with self._net.fetch(self.endpoint, Verb.GET, path) as answer:
            page = Page(answer, path, authority(self.endpoint))
            await page.glance(_CONTROL_BYTES)
            self._control = page.likeness()
            busy = answer.status == 429 or (answer.status == 503 and answer.header("retry-after") is not None)
            return self._observation("/", Access.NONE, self._facts(page), _clock(answer)), busy

    async def _robots(self) -> AsyncGenerator[Shown, None]:
        async with self._net.fetch(self.endpoint, Verb.GET, "/robots.txt") as answer:
            text = bytearray()
            if answer.status == 200 and answer.kind == "text":
                async for chunk in answer.chunks():
                    text += chunk
                    if len(text) >= _ROBOTS_BYTES:
                        break
            for path in robots(bytes(text)):
                yield Ask(path, Asked.ROBOTS, 1)
            facts = {"http.status": str(answer.status)}
            yield self._observation("/robots.txt", Access.NONE, facts, _clock(answer))

    def _further(self, ask: Ask, page: Page) -> Sequence[Ask]:
        target = self._redirect(ask, page.answer)
        if target is not None:
            return [Ask(target, Asked.LINK, ask.depth + 1)]
        if page.listing or self._alike(page):
            return []
        return [Ask(path, Asked.LINK, ask.depth + 1) for path in page.links]

    def _redirect(self, ask: Ask, answer: Answer) -> str | None:
        """The directory on this very door that a redirect names."""
        location = answer.header("location")
        if not location or answer.status not in (301, 302, 303, 307, 308):
            return None
        try:
            there = urlsplit(urljoin(self.endpoint.url(ask.path), location))
            port = there.port or (443 if there.scheme == "https" else 80)
        except ValueError:
            return None
        here = urlsplit(self.endpoint.url())
        same = (there.scheme, there.hostname, port) == (here.scheme, here.hostname, self.endpoint.port)
        path = quote(there.path, safe=_SAFE)
        return path if same and path.endswith("/") and path != ask.path and len(path) <= _LONGEST else None

    def _alike(self, page: Page) -> bool:
        return self._control is not None and self._control.answers_everything and self._control == page.likeness()

    def _seen(self, ask: Ask, page: Page) -> Observation:
        facts = self._facts(page)
        if self._alike(page):
            facts["http.catch-all"] = "yes"
        if self._first is not None:
            facts["http.control"] = self._first.facts["http.status"]
        status = page.answer.status
        access = Access.ANONYMOUS if page.listing else Access.LOGIN if status in (401, 407) else Access.NONE
        return self._observation(ask.path, access, facts, _clock(page.answer))

    def _facts(self, page: Page) -> dict[str, str]:
        answer = page.answer
        facts = {"http.status": str(answer.status), "http.tls": "yes" if self.endpoint.tls else "no"}
        facts.update({fact: value for fact, name in _HEADERS.items() if (value := answer.header(name))})
        if not self.endpoint.tls and self.endpoint.port in TLS_PORTS:
            facts["http.on-tls-port"] = "yes"
        if location := answer.header("location"):
            facts["http.location"] = location.split("?")[0][:500]
        if answer.refused:
            facts["http.refused"] = answer.refused
        if page.reader is not None:
            facts.update(page.reader.facts)
            if title := page.reader.facts.get("listing.title"):
                facts["http.title"] = title
        return facts

    def _observation(self, path: str, access: Access, facts: dict[str, str], clock: datetime | None) -> Observation:
        return Observation(endpoint=self.endpoint, protocol="http", path=path, access=access, facts=facts,
                           seen_at=datetime.now(UTC), server_time=clock)


async def _find_door(endpoint: Endpoint, net: Net) -> HttpDoor:
    """The door with `tls` decided: each way is tried where the other fails."""
    if endpoint.tls is not None:
        door = HttpDoor(endpoint, net)
        await door.look()
        return door
    first = endpoint.port in TLS_PORTS
    failed: list[NetError] = []
    fallback: HttpDoor | None = None
    for tls in (first, not first):
        door = HttpDoor(replace(endpoint, tls=tls), net)
        try:
            seen = await door.look()
        except ClientCertificateWanted:
            raise
        except (TlsError, ProtocolError, Reset, DeadlineError) as error:
            failed.append(error)
            continue
        if tls or first or not _wants_tls(seen):
            return door
        fallback = door
    if fallback is not None:
        return fallback
    raise _most_telling(failed)


def _wants_tls(seen: Observation) -> bool:
    """A TLS port that was asked in clear answers 400, and nothing else anywhere (nginx, Apache, Go and others)."""
    return seen.facts["http.status"] in ("400", "426", "497")


def _most_telling(failed: list[NetError]) -> NetError:
    plain = [error for error in failed if not isinstance(error, TlsError)]
    return (plain or failed)[0]


def _clock(answer: Answer) -> datetime | None:
    """The server's own time (RFC 9110 section 6.6.1), where it tells it in a form that can be read."""
    try:
        when = parsedate_to_datetime(answer.header("date") or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
