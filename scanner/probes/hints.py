"""What a site says of its own directories: robots.txt and sitemap.xml, each one request. It opens no other document."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import suppress

from scanner.errors import BudgetError
from scanner.listing.hints import SITEMAP, SITEMAP_LONGEST, names_sitemap, robots, sitemap
from scanner.model import Access, Ask, Asked
from scanner.net import Answer
from scanner.probes.base import Shown
from scanner.probes.telling import clock_of, observation
from scanner.probes.ways import Talk

ROBOTS = "/robots.txt"
_ROBOTS_BYTES = 64 * 1024


def is_hint(path: str) -> bool:
    """Whether `path` is a document that names directories."""
    return path in (ROBOTS, SITEMAP)


async def hints(talk: Talk, ask: Ask) -> AsyncGenerator[Shown, None]:
    """The directories that it names, as asks. After robots.txt comes the sitemap, at once where it is named there."""
    async with talk.ask(ask.path) as answer:
        named = _of_robots if ask.path == ROBOTS else _of_sitemap
        for found in named(await _text(answer, ask.path), talk.authority, ask):
            yield found
        yield observation(talk.endpoint, ask.path, Access.NONE, {"http.status": str(answer.status)}, clock_of(answer))


def _of_robots(text: bytes, authority: str, ask: Ask) -> Iterator[Ask]:
    yield Ask(SITEMAP, Asked.SITEMAP, ask.depth + (0 if names_sitemap(text, authority) else 1))
    for path in robots(text):
        yield Ask(path, Asked.ROBOTS, ask.depth)


def _of_sitemap(text: bytes, authority: str, ask: Ask) -> Iterator[Ask]:
    for path in sitemap(text, authority):
        yield Ask(path, Asked.SITEMAP, ask.depth)


async def _text(answer: Answer, path: str) -> bytes:
    """Its beginning, where it is of the kind that it should be."""
    kinds, most = (("text",), _ROBOTS_BYTES) if path == ROBOTS else (("xml",), SITEMAP_LONGEST)
    text = bytearray()
    if answer.status == 200 and answer.kind in kinds:
        with suppress(BudgetError):
            async for chunk in answer.chunks():
                text += chunk
                if len(text) >= most:
                    break
    return bytes(text)
