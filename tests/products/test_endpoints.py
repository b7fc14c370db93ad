"""Products that were recognised are asked for their names at the endpoint that they document, and for nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from recorded_products import CALLS, FOLDERS, files, folders, recorded

from scanner.errors import NetError
from scanner.model import Access, Ask, Asked, Batch, Observation
from scanner.net.published import is_published
from scanner.probes import Http
from scanner.probes.ways import is_known
from scanner.probes.ways.endpoints import ENDPOINTS
from scanner.signature import LISTS
from tests.fakes import ANSWER_404, FakeNet, endpoint

ASKED = {
    "copyparty": "/calls/?ls",
    "dufs": "/calls/?json",
    "gohttpserver": "/calls/?json=true",
    "hfs": "/~/api/get_file_list?uri=%2Fcalls%2F",
    "jupyter": "/api/contents/calls?content=1&type=directory",
    "cloudcmd": "/api/v1/fs/calls/",
    "webhdfs": "/webhdfs/v1/calls/?op=LISTSTATUS",
}
ANSWERED = [("copyparty", "copyparty/ls"), ("dufs", "dufs/json"), ("hfs", "hfs/list"), ("jupyter", "jupyter/contents"),
            ("cloudcmd", "cloudcmd/api")]
REFUSED = [("copyparty", "copyparty/ls-login", Access.NONE), ("hfs", "hfs/list-login", Access.LOGIN),
           ("jupyter", "jupyter/contents-token", Access.LOGIN), ("dufs", "dufs/login", Access.LOGIN),
           ("hfs", "hfs/list-missing", Access.NONE), ("jupyter", "jupyter/contents-missing", Access.NONE),
           ("copyparty", "copyparty/ls-missing", Access.NONE), ("dufs", "dufs/page", Access.NONE)]


async def listed(way: str, path: str, asked: str, answer: bytes) -> tuple[list[Batch], Observation, FakeNet]:
    net = FakeNet({f"GET {asked}": answer, "*": ANSWER_404})
    async with Http().open(replace(endpoint(80), tls=None), net) as door:
        things = [thing async for thing in door.list(Ask(path, Asked.PRODUCT, way=way))]
    [seen] = [thing for thing in things if isinstance(thing, Observation)]
    assert things[-1] is seen
    return [thing for thing in things if isinstance(thing, Batch)], seen, net


@pytest.mark.parametrize("way", ENDPOINTS, ids=lambda way: way.name)
async def test_a_folder_costs_one_request_and_that_is_for_the_endpoint(way) -> None:
    batches, seen, net = await listed(way.name, "/calls/", ASKED[way.name], ANSWER_404)
    assert ([], Access.NONE, "/calls/") == (batches, seen.access, seen.path)
    assert [f"GET {ASKED[way.name]}"] == net.asked[1:]


@pytest.mark.parametrize(("product", "name"), ANSWERED)
async def test_what_the_product_tells_is_shown(product: str, name: str) -> None:
    batches, seen, _ = await listed(product, "/calls/", ASKED[product], recorded(name).answer)
    assert (Access.ANONYMOUS, "http", "json") == (seen.access, seen.protocol, seen.facts["listing.dialect"])
    assert (sorted(CALLS), FOLDERS) == (sorted(files(batches)), folders(batches))


@pytest.mark.parametrize(("product", "name", "access"), REFUSED, ids=[name for _, name, _ in REFUSED])
async def test_what_the_product_refuses_is_no_listing(product: str, name: str, access: Access) -> None:
    batches, seen, _ = await listed(product, "/calls/", ASKED[product], recorded(name).answer)
    assert ([], access) == (batches, seen.access)


BELOW = [
    ("hfs:/share/", "/share/", "/share/~/api/get_file_list?uri=%2F"),
    ("hfs:/share/", "/share/a%20b/", "/share/~/api/get_file_list?uri=%2Fa%2520b%2F"),
    ("hfs", "/%C3%A5%FF%26/", "/~/api/get_file_list?uri=%2F%25C3%25A5%25FF%2526%2F"),
    ("jupyter:/of/lab/", "/of/lab/", "/of/lab/api/contents/?content=1&type=directory"),
    ("jupyter:/of/lab/", "/of/lab/calls/2019/", "/of/lab/api/contents/calls/2019?content=1&type=directory"),
    ("cloudcmd:/fs/", "/fs/calls/", "/api/v1/fs/calls/"),
    ("cloudcmd:/cmd/fs/", "/cmd/fs/", "/cmd/api/v1/fs/"),
    ("dufs", "/", "/?json"), ("copyparty", "/", "/?ls"),
]


@pytest.mark.parametrize(("way", "path", "asked"), BELOW)
async def test_a_product_below_a_path_is_asked_there(way: str, path: str, asked: str) -> None:
    assert [f"GET {asked}"] == (await listed(way, path, asked, ANSWER_404))[2].asked[1:]


async def test_an_answer_that_breaks_off_gives_what_it_had_and_the_error() -> None:
    whole = recorded("dufs/json").answer
    net = FakeNet({"GET /calls/?json": whole[:whole.index(b"plan")], "*": ANSWER_404})
    things: list[object] = []

    async def take() -> None:
        async with Http().open(replace(endpoint(80), tls=None), net) as door:
            async for thing in door.list(Ask("/calls/", Asked.PRODUCT, way="dufs")):
                things.append(thing)  # noqa: PERF401  what came before the error is wanted

    with pytest.raises(NetError):
        await take()
    assert (2, Access.ANONYMOUS) == (len(files([t for t in things if isinstance(t, Batch)])), things[-1].access)


def test_signatures_and_ways_know_the_same_endpoints() -> None:
    assert sorted(LISTS) == sorted(way.name for way in ENDPOINTS)
    assert all(is_known(name) for name in LISTS)


@pytest.mark.parametrize("path", [
    "/~/api/get_file_list?uri=%2Fcalls%2Fone.wav", "/~/api/get_file_list?uri=%2F&file=x", "/~/api/get_file_list",
    "/~/api/get_file?uri=%2F", "/api/contents/one.ipynb", "/api/contents/one.ipynb?content=1",
    "/api/contents/one.ipynb?content=1&type=file", "/files/one.ipynb?content=1&type=directory",
    "/api/contents/x?content=1&type=directory&type=file",
])
def test_what_could_give_a_file_away_is_not_published(path: str) -> None:
    assert not is_published(path)
