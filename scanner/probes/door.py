"""One HTTP server by one name: it looks, and lists what it is asked for, as pages or in another way.

A random directory is asked first, so that a server that answers everything alike is known for one.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from urllib.parse import quote, urljoin, urlsplit
from weakref import proxy

from scanner.errors import LocalFault, NetError, ProtocolError
from scanner.model import Access, Ask, Asked, Batch, Endpoint, Observation
from scanner.net import Accept, Answer, Browse, Net, Verb
from scanner.net.http import LONGEST, authority
from scanner.probes.base import Door, Shown
from scanner.probes.device import DESCRIPTIONS, device
from scanner.probes.hints import hints, is_hint
from scanner.probes.offers import Offers
from scanner.probes.page import Likeness, Page
from scanner.probes.pages import Pages
from scanner.probes.smell import is_media, other_ways
from scanner.probes.telling import certified, clock_of, facts_of, observation
from scanner.probes.ways import is_known, way_of

HOSTLESS = "hostless"                    # a way: as a page, but without a Host header
_CONTROL_BYTES = 64 * 1024               # of a control answer: enough to tell whether everything is answered alike
_REFUSED = frozenset({"403", "405", "500", "501"})    # a page that WebDAV may show all the same
_PATIENCE = 4                            # controls asked of a server that wants time
_LONGEST = 2048                          # characters of a path that a redirect leads to
_SAFE = "/%:@!$&'()*+,;=~"


class HttpDoor(Door):
    """One HTTP server, by one name."""

    web = True

    def __init__(self, endpoint: Endpoint, net: Net, only: Ask | None = None) -> None:
        """`only`: see `Probe.open`."""
        self.endpoint = endpoint
        self.looks = 0
        self.authority = authority(endpoint)
        self.limits = net.limits
        self.learned: dict[str, str] = {}
        self._net = net
        self._only = only
        self._control: Likeness | None = None
        self._first: Observation | None = None
        self._root: Likeness | None = None       # what the root is like, asked as pages are
        self._pages = Pages(proxy(self))         # they are the door's: it ends when nobody else holds it
        self._offers = Offers(proxy(self))

    async def look(self) -> Observation:
        """The answer to a random directory, or to the only thing that may be asked for: what the server says."""
        for _ in range(_PATIENCE if self._first is None else 0):
            self._first, busy = await self._ask_control()
            if not busy:
                break
        assert self._first is not None
        return self._first

    async def list(self, ask: Ask) -> AsyncGenerator[Shown, None]:
        """See `Door.list`."""
        if is_hint(ask.path):
            shown = hints(self, ask)
        elif ask.path in DESCRIPTIONS:
            shown = device(self, ask)
        elif ask.way and ask.way != HOSTLESS:
            shown = way_of(ask.way).list(self, ask)
        else:
            shown = self._pages.list(ask, hostless=ask.way == HOSTLESS)
        rows = 0
        async with aclosing(shown):
            async for thing in shown:
                rows += len(thing) if isinstance(thing, Batch) else 0
                if not isinstance(thing, Observation):
                    yield thing
                elif self._offers.webdav and ask.reason is Asked.LINK and not ask.way and (
                        thing.facts.get("http.status") in _REFUSED):
                    async for other in self._by_webdav(ask, thing):
                        yield other
                else:
                    yield await self._heard(thing, rows)

    async def _by_webdav(self, ask: Ask, refused: Observation) -> AsyncGenerator[Shown, None]:
        """A folder whose page is refused, where WebDAV is spoken; what the page said where that tells no more."""
        said = refused
        try:
            async with aclosing(way_of("dav").list(self, replace(ask, way="dav"))) as shown:
                async for thing in shown:
                    if not isinstance(thing, Observation):
                        yield thing
                    elif thing.access is Access.ANONYMOUS:
                        said = thing
        except LocalFault:
            raise
        except NetError:
            if said is not refused:
                yield said
                raise
        yield said

    async def _heard(self, seen: Observation, rows: int) -> Observation:
        """With what the server offers beside reading, asked once."""
        before = self._offers.asked
        heard = await self._offers.added(seen, rows)
        self.looks += self._offers.asked and not before
        return heard

    @asynccontextmanager
    async def ask(self, path: str, verb: Verb = Verb.GET, *, accept: Accept = Accept.PAGE, depth: int = 1,
                  browse: Browse | None = None, hostless: bool = False) -> AsyncIterator[Answer]:
        """See `Talk.ask`. ProtocolError where what a server said makes a path that no request can hold."""
        if len(path) > LONGEST:
            raise ProtocolError(f"a path of {len(path)} characters, which no request can hold")
        said = {"accept": accept, "depth": depth, "browse": browse, "hostless": hostless}
        client = self._net.http(self.endpoint)
        async with client.stream(verb.value, self.endpoint.url(path), extensions=said) as response:
            yield response.extensions["answer"]

    def seen(self, ask: Ask, answer: Answer, access: Access, facts: Mapping[str, str]) -> Observation:
        """See `Talk.seen`."""
        protocol = way_of(ask.way).protocol if ask.way and ask.way != HOSTLESS else "http"
        facts = {**facts_of(answer, self.endpoint), **self._controlled(), **facts}
        return observation(self.endpoint, ask.path, access, facts, clock_of(answer), protocol=protocol)

    def _controlled(self) -> dict[str, str]:
        """What a random directory was answered with."""
        told = self._first is not None and self._only is None
        return {"http.control": self._first.facts["http.status"]} if told and self._first else {}

    async def _ask_control(self) -> tuple[Observation, bool]:
        """What it says, and whether it asked for time instead: the pace waits before the next request."""
        only = self._only
        path = f"/{secrets.token_hex(8)}/" if only is None else way_of(only.way).first(only) if only.way else only.path
        self.looks += 1
        async with self._net.fetch(self.endpoint, Verb.GET, path) as answer:
            page = Page(answer, path, self.authority)
            await page.glance(_CONTROL_BYTES)
            self._control = page.likeness() if only is None else None
            busy = answer.status == 429 or (answer.status == 503 and answer.header("retry-after") is not None)
            facts = {**facts_of(answer, self.endpoint), **page.facts, **certified(answer)}
            return observation(self.endpoint, "/", Access.NONE, facts, clock_of(answer)), busy

    def further(self, ask: Ask, page: Page) -> Sequence[Ask]:
        """What a page leads to: where it redirects, other ways to list it, directories that it links to."""
        if self._only is not None:
            return self._other_ways(ask, page)
        if self._as_by_name(ask, page):
            return []
        target = self._redirect(ask, page.answer)
        if target is not None:
            return [Ask(target, Asked.LINK, ask.depth + 1, ask.way), *self._other_ways(ask, page)]
        if page.listing:
            return []
        if self.alike(page):
            return self._other_ways(ask, page) if ask.reason is Asked.ROOT else []
        return [*self._other_ways(ask, page), *(Ask(path, Asked.LINK, ask.depth + 1, ask.way) for path in page.links)]

    def _as_by_name(self, ask: Ask, page: Page) -> bool:
        """Whether the root, asked without a Host, says what it said to one: then nothing comes of it."""
        if ask.path == "/" and not ask.way:
            self._root = page.likeness()
        return ask.way == HOSTLESS and self._root == page.likeness()

    def _other_ways(self, ask: Ask, page: Page) -> Sequence[Ask]:
        """The same folder again, in the ways that the answer suggests."""
        if ask.way:
            return []
        facts = {**facts_of(page.answer, self.endpoint), **page.facts}
        wanted = other_ways(facts, ask.path, asked=ask.reason)
        asks = [Ask(ask.path, Asked.PRODUCT, ask.depth, way) for way in wanted if is_known(way)]
        if ask.reason is Asked.ROOT and is_media(facts, self.endpoint.port):
            asks += [Ask(path, Asked.PRODUCT, ask.depth + 1) for path in DESCRIPTIONS]
        return asks

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

    def compares(self, path: str) -> bool:
        """Whether the page of `path` is held against others: the root is, and all where any path may be answered."""
        return path == "/" or self._control is None or self._control.answers_everything

    def alike(self, page: Page) -> bool:
        """Whether a random path is answered like this."""
        return self._control is not None and self._control.answers_everything and self._control == page.likeness()

    def page_seen(self, ask: Ask, page: Page, more: Mapping[str, str]) -> Observation:
        """What a page says; `more` was learned beside it."""
        facts = {**facts_of(page.answer, self.endpoint), **self._controlled(), **page.facts, **more}
        if self.alike(page):
            facts["http.catch-all"] = "yes"
        status = page.answer.status
        access = Access.ANONYMOUS if page.listing else Access.LOGIN if status in (401, 407) else Access.NONE
        return observation(self.endpoint, ask.path, access, facts, clock_of(page.answer))
