"""What the WebDAV way makes of answers: rows, logins, pages that are none; one request, and none that writes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.errors import Reset
from scanner.model import Access, Ask, Asked, Batch, Observation
from scanner.probes import Http
from tests.fakes import FakeNet, endpoint

WROTE = "Mon, 18 Feb 2019 06:07:08 GMT"
FILE = f"<D:resourcetype/><D:getcontentlength>8044</D:getcontentlength><D:getlastmodified>{WROTE}</D:getlastmodified>"
FOLDER = "<D:resourcetype><D:collection/></D:resourcetype>"
ALLOW = "OPTIONS, GET, HEAD, PROPFIND, PUT, MKCOL"


def http(status: str, body: str = "", **headers: str) -> bytes:
    lines = {"Content-Type": "application/xml", "Content-Length": str(len(body.encode())),
             **{name.replace("_", "-"): value for name, value in headers.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n{body}".encode()


def multistatus(*rows: tuple[str, str], path: str = "/") -> bytes:
    responses = "".join(
        f"<D:response><D:href>{href}</D:href><D:propstat><D:prop>{prop}</D:prop>"
        "<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>" for href, prop in ((path, FOLDER), *rows))
    return http("207 Multi-Status", f'<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">{responses}</D:multistatus>')


CALLS = multistatus(("/070-1740605.wav", FILE), ("/2019/", FOLDER), ("http://files.example.org/x.wav", FILE))


async def shown(net: FakeNet, path: str = "/", way: str = "dav"):
    """(file names, folder names, asks, observation) of one ask."""
    async with Http().open(replace(endpoint(80), tls=None), net) as door:
        things = [thing async for thing in door.list(Ask(path, Asked.ROOT, way=way))]
    batches = [thing for thing in things if isinstance(thing, Batch)]
    assert isinstance(things[-1], Observation)
    return ([name for batch in batches for name in batch.names],
            [name for batch in batches for name in batch.directories],
            [thing for thing in things if isinstance(thing, Ask)], things[-1])


def asked(net: FakeNet) -> list[str]:
    """All request lines but the control."""
    return net.asked[1:]


async def test_a_multistatus_is_a_listing():
    net = FakeNet({"PROPFIND /": CALLS})
    files, folders, _, seen = await shown(net)
    assert ([b"070-1740605.wav"], [b"2019"]) == (files, folders)
    assert (Access.ANONYMOUS, "webdav", "207") == (seen.access, seen.protocol, seen.facts["http.status"])


async def test_hrefs_that_lead_elsewhere_are_counted_and_not_followed():
    _, _, asks, seen = await shown(net := FakeNet({"PROPFIND /": CALLS}))
    assert ("1", []) == (seen.facts["listing.strays"], asks)
    assert {"192.0.2.7"} == {str(there.address) for there in net.dialled}


@pytest.mark.parametrize(("answer", "access"), [
    (http("401 Unauthorized", WWW_Authenticate='Digest realm="/"'), Access.LOGIN),
    (http("405 Method Not Allowed", Allow="GET, HEAD"), Access.NONE),
    (http("501 Not Implemented"), Access.NONE),
    (http("400 Bad Request", "<html>no body here</html>", Content_Type="text/html"), Access.NONE),
    (http("403 Forbidden", "<html>depth is refused</html>", Content_Type="text/html"), Access.NONE),
    (http("302 Found", Location="/login"), Access.NONE),
    (http("207 Multi-Status", "<D:multistatus xmlns:D='DAV:'></D:multistatus>"), Access.NONE),
    (http("207 Multi-Status", "<error/>"), Access.NONE),
    (http("207 Multi-Status", "<html><body><a href='/a.wav'>a</a></body></html>", Content_Type="text/html"),
     Access.NONE),
    (http("200 OK", CALLS.partition(b"\r\n\r\n")[2].decode()), Access.NONE),
    (http("200 OK", "<html><a href='a.wav'>a.wav</a><br><a href='b.wav'>b.wav</a></html>", Content_Type="text/html"),
     Access.NONE),
])
async def test_what_is_no_multistatus_is_no_listing_and_costs_one_request(answer, access):
    files, folders, asks, seen = await shown(net := FakeNet({"PROPFIND /": answer}))
    assert ([], [], [], access) == (files, folders, asks, seen.access)
    assert ["PROPFIND /"] == asked(net)


async def test_an_answer_of_infinite_depth_is_sorted_into_its_folders():
    deep = multistatus(("/2019/", FOLDER), ("/2019/02/", FOLDER), ("/2019/02/070-1740606.wav", FILE))
    async with Http().open(replace(endpoint(80), tls=None), FakeNet({"PROPFIND /": deep})) as door:
        things = [thing async for thing in door.list(Ask("/", Asked.ROOT, way="dav"))]
    found = {(batch.under, name) for batch in things if isinstance(batch, Batch)
             for name in (*batch.names, *batch.directories)}
    assert {("", b"2019"), ("2019/", b"02"), ("2019/02/", b"070-1740606.wav")} == found


async def test_a_listing_that_is_cut_is_shown_as_far_as_it_came():
    cut = CALLS.replace(b"Content-Length: ", b"Content-Length: 9")
    things: list[object] = []

    async def read(door) -> None:
        async for thing in door.list(Ask("/", Asked.ROOT, way="dav")):
            things.append(thing)  # noqa: PERF401  what came before the error counts

    async with Http().open(replace(endpoint(80), tls=None), FakeNet({"PROPFIND /": cut})) as door:
        with pytest.raises(Reset):
            await read(door)
    assert [b"070-1740605.wav"] == [name for batch in things if isinstance(batch, Batch) for name in batch.names]
    assert Access.ANONYMOUS == things[-1].access


# ---- what is advertised


@pytest.mark.parametrize(("answer", "facts"), [
    (http("200 OK", Allow=ALLOW, DAV="1,2"), {"http.allow": ALLOW, "http.dav": "1,2"}),
    (http("204 No Content", Allow=ALLOW, DAV="<http://example.org/propset/1>, 1"),
     {"http.allow": ALLOW, "http.dav": "<http://example.org/propset/1>, 1"}),
    (b"HTTP/1.1 200 OK\r\nDAV: 1,2\r\nDAV: <http://example.org/propset/1>\r\nContent-Length: 0\r\n\r\n",
     {"http.dav": "1,2, <http://example.org/propset/1>"}),
    (http("200 OK", "<html>a page</html>", Content_Type="text/html"), {}),
    (http("405 Method Not Allowed", Allow="GET, HEAD"), {}),
    (http("500 Internal Server Error"), {}),
    (b"", {}),
    (b"SSH-2.0-none\r\n", {}),
])
async def test_what_an_open_door_advertises_is_asked_once_and_loses_nothing(answer, facts):
    net = FakeNet({"PROPFIND /": CALLS, "PROPFIND /2019/": multistatus(path="/2019/"), "OPTIONS /": answer})
    async with Http().open(replace(endpoint(80), tls=None), net) as door:
        first = [thing async for thing in door.list(Ask("/", Asked.ROOT, way="dav"))]
        second = [thing async for thing in door.list(Ask("/2019/", Asked.LINK, 1, "dav"))]
    said = {fact: text for fact, text in first[-1].facts.items() if fact in ("http.allow", "http.dav")}
    assert (facts, Access.ANONYMOUS, Access.ANONYMOUS) == (said, first[-1].access, second[-1].access)
    assert ["PROPFIND /", "OPTIONS /", "PROPFIND /2019/"] == asked(net)


async def test_a_page_that_is_open_is_asked_what_it_offers_as_well():
    rows = "".join(f'<a href="070-17406{i}.wav">070-17406{i}.wav</a>  01-Feb-2019 10:00  9\r\n' for i in range(10, 16))
    page = http("200 OK", f"<html><h1>Index of /</h1><hr><pre><a href='../'>../</a>\r\n{rows}</pre><hr></html>",
                Content_Type="text/html")
    net = FakeNet({"GET /": page, "OPTIONS /": http("200 OK", Allow="GET, PUT, DELETE")})
    *_, seen = await shown(net, way="")
    assert ("GET, PUT, DELETE", 1) == (seen.facts.get("http.allow"), net.asked.count("OPTIONS /"))


async def test_a_closed_door_is_never_asked_what_it_offers():
    net = FakeNet({"GET /": http("403 Forbidden"), "PROPFIND /": http("405 Method Not Allowed")})
    await shown(net, way="")
    await shown(net)
    assert not [line for line in net.asked if line.startswith("OPTIONS")]


# ---- when it is tried


@pytest.mark.parametrize(("path", "reason", "answer", "ways"), [
    ("/", Asked.ROOT, http("403 Forbidden"), ["dav"]),
    ("/", Asked.ROOT, http("405 Method Not Allowed"), ["dav"]),
    ("/", Asked.ROOT, http("501 Not Implemented"), ["dav"]),
    ("/", Asked.ROOT, http("401 Unauthorized"), []),
    ("/", Asked.ROOT, http("404 Not Found"), []),
    ("/", Asked.ROOT, http("200 OK", "<html>Home</html>", Content_Type="text/html"), []),
    ("/", Asked.ROOT, http("200 OK", "<html>Home</html>", Content_Type="text/html", DAV="1"), ["dav"]),
    ("/", Asked.ROOT, http("200 OK", "<html>Home</html>", Content_Type="text/html", MS_Author_Via="DAV"), ["dav"]),
    ("/", Asked.ROOT, http("404 Not Found", Allow="GET, PROPFIND"), ["dav"]),
    ("/calls/", Asked.SIGNATURE, http("403 Forbidden"), []),
    ("/calls/", Asked.SIGNATURE, http("405 Method Not Allowed"), ["dav"]),
    ("/webdav/", Asked.SIGNATURE, http("403 Forbidden"), ["dav"]),
    ("/remote.php/dav/files/", Asked.LINK, http("403 Forbidden"), ["dav"]),
    ("/webdav/", Asked.SIGNATURE, http("200 OK", "<html>Welcome</html>", Content_Type="text/html"), ["dav"]),
    ("/webdav/", Asked.SIGNATURE, http("401 Unauthorized"), []),
    ("/webdav/", Asked.SIGNATURE, http("404 Not Found"), []),
    ("/webdav/", Asked.SIGNATURE, http("302 Found", Location="/login"), []),
    ("/calls/", Asked.TARGET, http("403 Forbidden"), ["dav"]),
    ("/calls/", Asked.TARGET, http("400 Bad Request"), ["dav"]),
    ("/calls/", Asked.TARGET, http("404 Not Found"), []),
    ("/calls/", Asked.TARGET, http("302 Found", Location="/login"), []),
    ("/public.php/dav/files/abc123/", Asked.TARGET, http("405 Method Not Allowed"), ["dav"]),
    ("/public.php/dav/files/abc123/", Asked.TARGET, http("401 Unauthorized"), ["dav"]),
    ("/public.php/dav/files/abc123/", Asked.TARGET, http("404 Not Found"), ["dav"]),
    ("/public.php/webdav/", Asked.TARGET, http("302 Found", Location="/login"), ["dav"]),
    ("/public.php/webdav/", Asked.TARGET, http("200 OK", "<html>Log in</html>", Content_Type="text/html"), ["dav"]),
])
async def test_an_answer_leads_to_webdav(path, reason, answer, ways):
    net = FakeNet({f"GET {path}": answer})
    async with Http().open(replace(endpoint(80), tls=None), net) as door:
        things = [thing async for thing in door.list(Ask(path, reason))]
    asks = [thing for thing in things if isinstance(thing, Ask) and thing.way == "dav"]
    assert [Ask(path, Asked.PRODUCT, 0, way) for way in ways] == asks


async def test_a_server_that_refuses_every_page_may_speak_webdav_all_the_same():
    net = FakeNet({"*": http("403 Forbidden", "<html>no</html>", Content_Type="text/html")})
    _, _, asks, seen = await shown(net, way="")
    assert (["dav"], "yes") == ([ask.way for ask in asks], seen.facts["http.catch-all"])


async def test_a_get_that_is_answered_with_a_multistatus_leads_there():
    _, _, asks, _ = await shown(FakeNet({"GET /": CALLS}), way="")
    assert ["dav"] == [ask.way for ask in asks]


# ---- folders whose page is refused, below a page that lists


ROWS = "".join(f'<a href="070-17406{i}.wav">070-17406{i}.wav</a>  01-Feb-2019 10:00  9\r\n' for i in range(10, 16))
INDEX = http("200 OK", f"<html><h1>Index of /</h1><hr><pre><a href='../'>../</a>\r\n{ROWS}</pre><hr></html>",
             Content_Type="text/html")
SPEAKS = http("200 OK", Allow=ALLOW, DAV="1")


async def second(net: FakeNet, path: str = "/2019/") -> tuple[list[bytes], Observation]:
    """Files of a folder below the root, and what was seen of it."""
    async with Http().open(replace(endpoint(80), tls=None), net) as door:
        assert [thing async for thing in door.list(Ask("/", Asked.ROOT))]
        things = [thing async for thing in door.list(Ask(path, Asked.LINK, 1))]
    return [name for batch in things if isinstance(batch, Batch) for name in batch.names], things[-1]


@pytest.mark.parametrize("status", ["403 Forbidden", "405 Method Not Allowed", "500 Internal Server Error"])
async def test_a_folder_whose_page_is_refused_is_listed_where_webdav_is_advertised(status):
    below = multistatus(("/2019/070-1740606.wav", FILE), path="/2019/")
    net = FakeNet({"GET /": INDEX, "OPTIONS /": SPEAKS, "GET /2019/": http(status), "PROPFIND /2019/": below})
    files, seen = await second(net)
    assert ([b"070-1740606.wav"], "webdav", Access.ANONYMOUS) == (files, seen.protocol, seen.access)


@pytest.mark.parametrize("answer", [http("403 Forbidden"), http("207 Multi-Status", "<error/>"), b""])
async def test_where_webdav_refuses_as_well_the_page_has_the_last_word(answer):
    net = FakeNet({"GET /": INDEX, "OPTIONS /": SPEAKS, "GET /2019/": http("403 Forbidden"), "PROPFIND /2019/": answer})
    files, seen = await second(net)
    assert ([], "http", "403") == (files, seen.protocol, seen.facts["http.status"])


async def test_where_webdav_is_not_advertised_a_refused_folder_is_not_asked_for_again():
    net = FakeNet({"GET /": INDEX, "OPTIONS /": http("200 OK", Allow="GET, HEAD"), "GET /2019/": http("403 Forbidden")})
    await second(net)
    assert not [line for line in net.asked if line.startswith("PROPFIND")]
