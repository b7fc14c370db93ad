"""What one page of a door teaches is known at the next one, and at no other door."""

from __future__ import annotations

from dataclasses import replace

from scanner.model import Access, Ask, Asked, Observation
from scanner.probes import Http
from tests.fakes import FakeNet, endpoint

FULL = "<pre>\n" + "".join(f'<a href="{n}.wav">{n}.wav</a>\n' for n in range(20)) + "</pre>\n"
EMPTY = "<pre>\n</pre>\n"


def answer(body: str) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


async def accesses(net: FakeNet, *paths: str) -> list[Access]:
    """How each path of one door lets a stranger in."""
    async with Http().open(replace(endpoint(80), tls=None), net) as door:
        things = [thing for path in paths async for thing in door.list(Ask(path, Asked.LINK))]
    return [thing.access for thing in things if isinstance(thing, Observation)]


async def test_an_empty_folder_is_known_by_the_folders_before_it() -> None:
    net = FakeNet({"GET /c/": answer(FULL), "GET /c/2013/": answer(EMPTY)})
    assert [Access.ANONYMOUS, Access.ANONYMOUS] == await accesses(net, "/c/", "/c/2013/")


async def test_the_same_page_is_none_where_no_listing_came_before_it() -> None:
    net = FakeNet({"GET /c/": answer(FULL), "GET /c/2013/": answer(EMPTY)})
    assert [Access.NONE, Access.ANONYMOUS] == await accesses(net, "/c/2013/", "/c/")
