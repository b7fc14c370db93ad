"""What real servers have said, played back: WebDAV and media servers, entry by entry."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scanner.model import Access, Ask, Asked, Batch, Observation
from scanner.probes import Http
from scanner.signature import load
from tests.fakes import FakeNet, endpoint

WIRE = Path(__file__).parents[2] / "fixtures" / "wire"
CALLS = {b"Call 070-1740605.wav": 8044, "åäö #1?.wav".encode(): 4000, b"a%2Fb.wav": 4001}
WRITING = {"apache": True, "nginx": True, "lighttpd": False, "rclone": True}


def recorded(room: str, name: str) -> bytes:
    return (WIRE / room / f"{name}.http").read_bytes()


async def listed(net: FakeNet, path: str, way: str) -> tuple[dict[bytes, int], list[str], list[Ask], Observation]:
    """(file -> size, folders as they are asked for, asks, what was seen)."""
    async with Http().open(replace(endpoint(80), tls=None), net) as door:
        things = [thing async for thing in door.list(Ask(path, Asked.ROOT, way=way))]
    batches = [thing for thing in things if isinstance(thing, Batch)]
    files = {name: size for batch in batches for name, size in zip(batch.names, batch.sizes or [], strict=True)}
    folders = [batch.hrefs.get(name, name.decode()) for batch in batches for name in batch.directories]
    seen = things[-1]
    assert isinstance(seen, Observation)
    return files, sorted(folders), [thing for thing in things if isinstance(thing, Ask)], seen


def webdav(name: str) -> FakeNet:
    return FakeNet({
        "GET /": recorded("webdav", f"{name}-front"), "OPTIONS /": recorded("webdav", f"{name}-options"),
        "PROPFIND /": recorded("webdav", f"{name}-calls"), "PROPFIND /none/": recorded("webdav", f"{name}-missing"),
        "PROPFIND /empty%20folder/": recorded("webdav", f"{name}-empty")})


@pytest.mark.parametrize("name", WRITING)
async def test_a_webdav_folder_is_listed_with_its_sizes(name):
    files, folders, _, seen = await listed(webdav(name), "/", "dav")
    assert (CALLS, ["2019", "empty folder"], Access.ANONYMOUS) == (files, folders, seen.access)
    assert "listing.strays" not in seen.facts


@pytest.mark.parametrize("name", WRITING)
async def test_what_a_webdav_server_advertises_is_named(name):
    *_, seen = await listed(webdav(name), "/", "dav")
    signatures = {one.id for one in load().products(seen.facts)}
    assert ("access/webdav" in signatures, "access/http-write" in signatures) == (True, WRITING[name])


@pytest.mark.parametrize("name", WRITING)
async def test_an_empty_webdav_folder_is_open_and_a_missing_one_is_not(name):
    *_, empty = await listed(webdav(name), "/empty%20folder/", "dav")
    *_, missing = await listed(webdav(name), "/none/", "dav")
    assert (Access.ANONYMOUS, Access.NONE) == (empty.access, missing.access)


@pytest.mark.parametrize("name", ["apache", "nginx", "lighttpd"])
async def test_a_front_that_refuses_leads_to_webdav(name):
    _, _, asks, seen = await listed(webdav(name), "/", "")
    assert ([("/", "dav")], "403") == ([(ask.path, ask.way) for ask in asks], seen.facts["http.status"])


DLNA = {
    "minidlna": ("dlna:/ctl/ContentDir", {
        "/": ({}, ["Browse%20Folders;64", "Pictures;3", "Video;2"]),
        "/Browse%20Folders;64/": ({b"Call 070-1740605.wav": 8044}, ["2019;64$0"]),
        "/Browse%20Folders;64/2019;64$0/": ({b"Call 070-1740606.wav": 16044}, []),
    }),
    "rclone": ("dlna:/ctl", {
        "/": ({b"Call 070-1740605.wav": 8044}, ["2019;%252F2019"]),
        "/2019;%252F2019/": ({b"Call 070-1740606.wav": 16044}, []),
    }),
}
OBJECTS = {"minidlna": {"root": "0", "folders": "64", "folder": "64$0", "all": "1"}, "rclone": {"root": "0",
                                                                                      "folder": "%2F2019"}}


def media(name: str) -> FakeNet:
    control = DLNA[name][0].partition(":")[2]
    answers = {f"POST {control} {key}+0": recorded("dlna", f"{name}-browse-{what}")
               for what, key in OBJECTS[name].items()}
    return FakeNet({"GET /": recorded("dlna", f"{name}-front"),
                    "GET /rootDesc.xml": recorded("dlna", f"{name}-description"), **answers})


@pytest.mark.parametrize("name", DLNA)
async def test_a_media_server_is_listed_from_its_front_to_its_items(name):
    way, folders = DLNA[name]
    net = media(name)
    _, _, asks, front = await listed(net, "/", "")
    assert "/rootDesc.xml" in [ask.path for ask in asks]
    assert "product/upnp" in {one.id for one in load().products(front.facts)}
    _, _, asks, _ = await listed(net, "/rootDesc.xml", "")
    assert [("/", way)] == [(ask.path, ask.way) for ask in asks]
    assert folders == {path: (await listed(net, path, way))[:2] for path in folders}


async def test_an_object_that_is_not_there_is_no_listing():
    net = FakeNet({"POST /ctl/ContentDir nope+0": recorded("dlna", "minidlna-browse-none")})
    files, _, _, seen = await listed(net, "/x;nope/", "dlna:/ctl/ContentDir")
    assert ({}, Access.NONE, "701") == (files, seen.access, seen.facts["dlna.error"])
