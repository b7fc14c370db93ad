"""What the HTTP probe says of a wire: observations and facts, further asks, and what it never does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.errors import ClientCertificateWanted, DeadlineError, NetError, NotThisProtocol, Reset, TlsError
from scanner.model import Access, Ask, Asked, Batch, Observation
from scanner.probes import PROBES, Http
from tests.fakes import ANSWER_404, FakeNet, Talk, endpoint

ROWS = "".join(
    f'<a href="call-{i}.wav">call-{i}.wav</a>          01-Feb-2019 10:00        {100 + i}\r\n' for i in range(5)
)
INDEX = (
    "<html>\r\n<head><title>Index of /</title></head>\r\n<body>\r\n<h1>Index of /</h1><hr><pre>"
    '<a href="../">../</a>\r\n<a href="sub/">sub/</a>                01-Feb-2019 10:00                   -\r\n'
    f"{ROWS}</pre><hr></body>\r\n</html>\r\n"
)
PAGE = (
    "<!doctype html><html><head><title>Home</title></head><body><p>"
    + "Words about wood. " * 60
    + "</p>{}</body></html>"
)


def answer(body: str = "", status: str = "200 OK", **headers: str) -> bytes:
    lines = {
        "Content-Type": "text/html",
        "Content-Length": str(len(body.encode())),
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n{body}".encode("latin-1", "replace")


async def shown(net: FakeNet, path: str = "/", *, port: int = 80, **said):
    """(batches, asks, observation) of one ask, after the control."""
    ask = Ask(path, Asked.ROOT)
    async with Http().open(replace(endpoint(port, **said), tls=None), net) as door:
        things = [thing async for thing in door.list(ask)]
    seen = [thing for thing in things if isinstance(thing, Observation)]
    assert [things[-1]] == seen  # one, and last
    return [t for t in things if isinstance(t, Batch)], [t for t in things if isinstance(t, Ask)], seen[0]


async def test_a_listing_is_shown_with_its_entries_and_facts():
    net = FakeNet(
        {"GET /": answer(INDEX, Server="nginx/1.24.0", Date="Mon, 18 Feb 2019 08:00:00 GMT", X_Powered_By="PHP/5.4")}
    )
    batches, asks, seen = await shown(net)
    assert (5, [b"sub"], []) == (sum(len(b.names) for b in batches), [d for b in batches for d in b.directories], asks)
    assert (Access.ANONYMOUS, "http", "/") == (seen.access, seen.protocol, seen.path)
    facts = {
        "http.status": "200",
        "http.server": "nginx/1.24.0",
        "http.powered-by": "PHP/5.4",
        "http.tls": "no",
        "http.control": "404",
        "http.title": "Index of /",
        "http.type": "text/html",
    }
    assert facts == {name: seen.facts.get(name) for name in facts}
    assert "2019-02-18T08:00:00+00:00" == seen.server_time.isoformat()
    assert "http.catch-all" not in seen.facts


async def test_every_fact_is_declared():
    everything = {
        "Server": "x",
        "X_Powered_By": "x",
        "DAV": "1",
        "Allow": "GET",
        "WWW_Authenticate": "Basic",
        "Location": "/x/",
    }
    said: set[str] = set()
    for reply in (
        answer(INDEX, **everything),
        answer(PAGE, **everything),
        answer("", "401 No", **everything),
        answer("", "302 Found", **everything),
    ):
        for port in (80, 443):
            _, _, seen = await shown(FakeNet({"GET /": reply, "*": reply}), port=port)
            said |= set(seen.facts)
    assert set() == said - Http.facts
    families = ("http.", "listing.", "xml.", "store.", "dav.", "dlna.")
    assert [] == [fact for fact in Http.facts if not fact.startswith(families)]


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
def test_every_probe_names_its_facts_after_itself(probe):
    shared = ("door.", "listing.", *(("xml.", "store.", "dav.", "dlna.") if probe.name == "http" else ()))
    assert [] == [fact for fact in probe.facts if not fact.startswith((f"{probe.name}.", *shared))]


@pytest.mark.parametrize(
    ("reply", "access", "facts"),
    [
        (
            answer("no", "401 Unauthorized", WWW_Authenticate='Basic realm="x"'),
            Access.LOGIN,
            {"http.status": "401", "http.authenticate": 'Basic realm="x"'},
        ),
        (answer("no", "403 Forbidden"), Access.NONE, {"http.status": "403"}),
        (
            answer("", "302 Found", Location="https://other.example.org/a?token=secret"),
            Access.NONE,
            {"http.status": "302", "http.location": "https://other.example.org/a"},
        ),
        (answer(PAGE.format("")), Access.NONE, {"http.status": "200", "http.title": "Home"}),
        (
            answer("x" * 50, Content_Type="audio/mpeg"),
            Access.NONE,
            {"http.status": "200", "http.refused": "type audio/mpeg"},
        ),
        (answer("RIFF....WAVE" + "\0" * 900), Access.NONE, {"http.refused": "a file: RIFF (wav, avi)"}),
        (
            answer("x", Content_Disposition="attachment; filename=a"),
            Access.NONE,
            {"http.refused": "offered as an attachment"},
        ),
    ],
    ids=["login", "forbidden", "away", "page", "audio", "audio called a page", "download"],
)
async def test_what_is_no_listing_says_what_it_is(reply, access, facts):
    batches, _, seen = await shown(FakeNet({"GET /": reply}))
    assert ([], access, facts) == (batches, seen.access, {name: seen.facts.get(name) for name in facts})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Mon, 18 Feb 2019 08:00:00 +0100", "2019-02-18T07:00:00+00:00"),
        ("Mon, 18 Feb 2019 08:00:00", "2019-02-18T08:00:00+00:00"),
        ("yesterday", None),
        ("Mon, 99 Feb 99999 08:00:00 GMT", None),
        ("", None),
    ],
)
async def test_the_servers_clock_is_read_where_it_can_be(name, expected):
    _, _, seen = await shown(FakeNet({"GET /": answer(INDEX, Date=name)}))
    assert expected == (seen.server_time and seen.server_time.isoformat())


@pytest.mark.parametrize("same", [INDEX, PAGE.format("")], ids=["listing", "page"])
async def test_a_server_that_answers_everything_alike_is_known_for_one(same):
    _, asks, seen = await shown(FakeNet({"*": answer(same)}))
    assert ("yes", []) == (seen.facts.get("http.catch-all"), asks)


@pytest.mark.parametrize("reply", [answer("no", "404 Not Found"), answer("gone", "410 Gone")])
async def test_not_found_everywhere_is_no_catch_all(reply):
    _, _, seen = await shown(FakeNet({"*": reply}))
    assert "http.catch-all" not in seen.facts


async def test_a_redirect_of_everything_to_one_place_is_a_catch_all():
    class Net(FakeNet):
        pass

    _, _, seen = await shown(Net({"*": answer("", "302 Found", Location="/login?next=/x/")}))
    assert "yes" == seen.facts.get("http.catch-all")


async def test_links_of_a_page_become_asks_on_this_host_only():
    links = '<a href="/pub/">a</a><a href="http://192.0.2.7/own/">b</a><a href="http://other.example.org/x/">c</a>'
    _, asks, _ = await shown(FakeNet({"GET /": answer(PAGE.format(links))}))
    assert {"/pub/", "/own/"} == {ask.path for ask in asks}
    assert {(Asked.LINK, 1)} == {(ask.reason, ask.depth) for ask in asks}


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/new/", "/new/"),
        ("new/", "/new/"),
        ("http://192.0.2.7/new/", "/new/"),
        ("http://192.0.2.7:80/new/", "/new/"),
        ("/caf\xe9/", "/caf%C3%A9/"),
        ("/a b/", "/a%20b/"),
        ("/new/?session=1", "/new/"),
        ("https://192.0.2.7/new/", None),
        ("http://192.0.2.7:8080/new/", None),
        ("http://192.0.2.8/new/", None),
        ("//192.0.2.8/new/", None),
        ("/file.wav", None),
        ("/", None),
        ("http://[::1/", None),
        ("http://192.0.2.7:99999/x/", None),
        ("/" + "a" * 5000 + "/", None),
        ("javascript:alert(1)/", None),
        ("http://user@192.0.2.7/x/", "/x/"),
    ],
)
async def test_only_a_directory_on_this_very_door_is_followed(location, expected):
    _, asks, _ = await shown(FakeNet({"GET /": answer("", "301 Moved", Location=location)}))
    assert ([expected] if expected else []) == [ask.path for ask in asks]


async def test_robots_names_directories_and_nothing_else_of_it_is_kept():
    text = "User-agent: *\nDisallow: /private/\nDisallow: /a.html\nDisallow: /*?x\nAllow: /open/\n"
    net = FakeNet({"GET /robots.txt": answer(text, Content_Type="text/plain")})
    _, asks, seen = await shown(net, "/robots.txt")
    assert {"/private/", "/open/"} <= {ask.path for ask in asks}
    assert {Asked.ROBOTS, Asked.SITEMAP} == {ask.reason for ask in asks}
    assert {"http.status": "200"} == dict(seen.facts)


@pytest.mark.parametrize(
    "reply", [answer(PAGE.format(""), "200 OK"), answer("x", "404 Not Found"), answer("", "500 No")]
)
async def test_robots_that_is_none_names_nothing(reply):
    _, asks, _ = await shown(FakeNet({"GET /robots.txt": reply}), "/robots.txt")
    assert ["/sitemap.xml"] == [ask.path for ask in asks]


# ---- ways in

OK = [(b"GET /", answer("no", "404 Not Found"))]


@pytest.mark.parametrize(
    ("port", "talks", "tls"),
    [
        (80, [Talk(OK)], False),
        (443, [Talk(OK)], True),
        (443, [Talk([TlsError("no TLS")]), Talk(OK)], False),
        (443, [Talk([Reset("hung up")]), Talk(OK)], False),
        (443, [Talk([DeadlineError("silent")]), Talk(OK)], False),
        (80, [Talk([Reset("hung up")]), Talk(OK)], True),
        (80, [Talk([b"\x15\x03\x01\x00\x02\x02\x28"]), Talk(OK)], True),
        (80, [Talk([(b"GET /", answer("plain request to HTTPS port", "400 Bad Request"))]), Talk(OK)], True),
        (80, [Talk([(b"GET /", answer("no", "400 Bad Request"))]), Talk([TlsError("no TLS")])], False),
    ],
)
async def test_each_way_is_tried_where_the_other_fails(port, talks, tls):
    async with Http().open(replace(endpoint(port), tls=None), FakeNet(talks=talks)) as door:
        seen = await door.look()
        assert tls == door.endpoint.tls
    assert ("yes" if port == 443 and not tls else None) == seen.facts.get("http.on-tls-port")


@pytest.mark.parametrize(
    ("talks", "error"),
    [
        ([Talk([TlsError("a")]), Talk([Reset("b")])], Reset),
        ([Talk([TlsError("a")]), Talk([b"220 ftp ready\r\n"])], NotThisProtocol),
        ([Talk([TlsError("too old")]), Talk([b"\x15\x03\x01\0\x02\x02\x46"])], TlsError),
        ([Talk([ClientCertificateWanted("c")])], ClientCertificateWanted),
        ([Talk([(b"GET /", b""), DeadlineError("in TLS")]), Talk([Reset("b")])], DeadlineError),
        ([Talk([(b"GET /", b""), TlsError("in TLS")]), Talk([b"220 ftp ready\r\n"])], NotThisProtocol),
        ([Talk([TlsError("a", b"HTTP/1.1 400 Bad Request\r\n")]), Talk([DeadlineError("b")])], DeadlineError),
    ],
)
async def test_where_neither_way_leads_the_most_telling_error_rises(talks, error):
    with pytest.raises(error):
        async with Http().open(replace(endpoint(443), tls=None), FakeNet(talks=talks)):
            pass


@pytest.mark.parametrize(
    ("port", "talks"),
    [
        (8000, [Talk([b"ICY 200 OK\r\n\r\n"]), Talk([TlsError("a")])]),
        (443, [Talk([TlsError("a")]), Talk([b"ICY 200 OK\r\n\r\n"])]),
        (443, [Talk([DeadlineError("a")]), Talk([b"ICY 200 OK\r\n\r\n"])]),
        (8000, [Talk([b"HTTP/9.9\r\n\r\n"]), Talk([b"ICY 200 OK\r\n\r\n"])]),
        (8000, [Talk([Reset("a")]), Talk([TlsError("b", b"ICY 200 OK\r\n\r\n")])]),
    ],
)
async def test_what_something_else_said_is_kept_whichever_way_it_was_heard(port, talks):
    with pytest.raises(NotThisProtocol) as caught:
        async with Http().open(replace(endpoint(port), tls=None), FakeNet(talks=talks)):
            pass
    assert b"ICY 200 OK\r\n\r\n" == caught.value.said


async def test_a_way_that_is_known_is_not_tried_again():
    net = FakeNet(talks=[Talk([Reset("b")])])
    with pytest.raises(Reset):
        async with Http().open(endpoint(443, tls=True), net):
            pass
    assert [True] == [one.tls for one in net.dialled]


async def test_rows_before_the_cut_are_shown_and_the_error_rises_after_them():
    whole = answer(INDEX)
    net = FakeNet(talks=[Talk(OK), Talk([(b"GET /", whole[:-120])])])
    things: list[object] = []

    async def take(door):
        async for thing in door.list(Ask("/", Asked.ROOT)):
            things.append(thing)  # noqa: PERF401  what came before the error counts

    async with Http().open(replace(endpoint(80), tls=None), net) as door:
        with pytest.raises(NetError):
            await take(door)
    assert sum(len(thing.names) for thing in things if isinstance(thing, Batch)) >= 3
    assert Access.ANONYMOUS == things[-1].access


async def test_a_large_page_is_a_page_and_no_cut():
    _, asks, seen = await shown(
        FakeNet({"GET /": answer(PAGE.format('<a href="/pub/">x</a>' + "<p>word</p>" * 60_000))})
    )
    assert (Access.NONE, ["/pub/"]) == (seen.access, [ask.path for ask in asks])


async def test_a_server_that_wants_time_is_looked_at_again():
    busy = answer("wait", "429 Too Many Requests", Retry_After="0")
    net = FakeNet(talks=[Talk([(b"GET /", busy)]), Talk(OK)])
    async with Http().open(endpoint(80), net) as door:
        assert "404" == (await door.look()).facts["http.status"]


async def test_it_asks_for_directories_and_nothing_else():
    net = FakeNet({"GET /": answer(INDEX), "*": ANSWER_404})
    async with Http().open(replace(endpoint(80), tls=None), net) as door:
        for path in ("/", "/robots.txt", "/a/"):
            async for _ in door.list(Ask(path, Asked.LINK)):
                pass
        with pytest.raises(ValueError, match="neither a directory nor published"):
            async for _ in door.list(Ask("/a.wav", Asked.LINK)):
                pass
    assert [] == [line for line in net.asked if not (line.endswith("/") or line == "GET /robots.txt")]
