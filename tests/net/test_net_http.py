"""What is asked, and what is made of every kind of answer."""

from __future__ import annotations

import gzip
import socket
import struct
import time

import pytest

from scanner.errors import BudgetError, DeadlineError, NetError, NotThisProtocol, ProtocolError, Reset
from scanner.model import Reason
from scanner.net import Browse, Limits, Request, Verb, agent, listed
from scanner.net.http import authority, retry_after
from tests.fakes import FakeNet, endpoint
from tests.net.hostile import Server, drip, endless, net, say

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
PAGE = b"<html><head><title>Index of /</title></head><body><pre><a href=\"a.wav\">a.wav</a></pre></body></html>"
ASKING = [verb for verb in Verb if verb is not Verb.BROWSE]
LENGTH = f"Content-Length: {len(PAGE)}\r\n\r\n".encode()


@pytest.mark.parametrize("path", ["/", "/a/", "/a%20b/", "/RECORDINGS/MP3/", "/?C=M;O=A", "/b/?list-type=2&prefix=a/",
                                  "/robots.txt"])
@pytest.mark.parametrize("verb", ASKING)
def test_directories_and_published_paths_may_be_asked_for(verb: Verb, path: str) -> None:
    line = Request(verb, path, "192.0.2.7").render("x").split(b"\r\n")[0]
    assert f"{verb} {path} HTTP/1.1".encode() == line


@pytest.mark.parametrize("path", ["", "a/", "/a", "/a.wav", "/a/b.mp3", "/a.wav?x=/", "/robots.txt?x", "/robots.txt#/",
                                  "*", "/a b/", "/a\r\nRange: bytes=0-9/", "/a\n/", "/a\0/", "/å/", "/a/#/", "http://x/",
                                  "/favicon.ico", "/feed.xml", "/a?restype=container", "/a?comp=list&restype=container",
                                  "/storage/v1/b/x/o/y?delimiter=%2F", "/storage/v1/b/x/o?delimiter=%2F&alt=media",
                                  "/v1/a/b/c?format=json", "/a/b?comp=list", "/storage/v1/b", "/" + "a" * 9000 + "/",
                                  "/storage/v1/b/x?maxResults=1000", "/storage/v1/b?maxResults=1000&alt=media",
                                  "/x/v1/AUTH_a/rec?format=json", "/a\x7f/"])
def test_nothing_else_can_be_asked_for(path: str) -> None:
    with pytest.raises(ValueError):
        Request(Verb.GET, path, "192.0.2.7")


@pytest.mark.parametrize(("verb", "host", "depth"), [
    ("DELETE", "h", 1), (Verb.BROWSE, "h", 1), ("POST", "h", 1), ("PUT", "h", 1), ("get", "h", 1),
    ("GET", "h\r\nX: y", 1),
    ("GET", "a b", 1), ("PROPFIND", "h", 2), ("PROPFIND", "h", -1)])
def test_no_other_verb_host_or_depth_can_be_said(verb: str, host: str, depth: int) -> None:
    with pytest.raises(ValueError):
        Request(verb, "/", host, depth)  # type: ignore[arg-type]


@pytest.mark.parametrize("verb", ASKING)
def test_no_request_names_a_range_a_password_or_a_cookie(verb: Verb) -> None:
    head = Request(verb, "/", "files.example.org").render("earshot/0").split(b"\r\n\r\n")[0].decode()
    names = {line.partition(":")[0] for line in head.split("\r\n")[1:]}
    expected = {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}
    assert names == expected | ({"Depth", "Content-Type", "Content-Length"} if verb is Verb.PROPFIND else set())


def test_every_published_path_has_its_reason() -> None:
    assert [] == [shown for shown, why in listed() if not why]


@pytest.mark.parametrize("path", [
    "/recordings?restype=container&comp=list", "/v1/AUTH_a?format=json", "/v1/AUTH_a/rec?format=json&prefix=a",
    "/acc/rec?restype=container&comp=list&delimiter=%2F&prefix=2019%2F&marker=x", "/acc?comp=list",
    "/storage/v1/b/rec/o?delimiter=%2F&prefix=a%2F&pageToken=x", "/storage/v1/b?maxResults=1000&pageToken=x",
    "/swift/v1/AUTH_a/rec?format=json&limit=1000&delimiter=%2F&prefix=a%2F&marker=x"])
def test_a_query_that_can_only_list_may_be_asked(path: str) -> None:
    assert "published" == Request(Verb.GET, path, "192.0.2.7").path_class


def test_a_media_server_is_asked_for_the_children_of_an_object_and_nothing_else() -> None:
    asked = Request(Verb.BROWSE, "/ctl/ContentDir", "192.0.2.7:8200", browse=Browse("64$<1", 200, 50))
    head, _, body = asked.render("earshot/0").partition(b"\r\n\r\n")
    assert b'SOAPAction: "urn:schemas-upnp-org:service:ContentDirectory:1#Browse"' in head
    assert f"Content-Length: {len(body)}".encode() in head
    assert b"<ObjectID>64$&lt;1</ObjectID><BrowseFlag>BrowseDirectChildren</BrowseFlag>" in body
    assert b"<StartingIndex>200</StartingIndex><RequestedCount>50</RequestedCount>" in body
    with pytest.raises(ValueError):
        Request(Verb.GET, "/", "192.0.2.7", browse=Browse("0"))
    with pytest.raises(ValueError):
        Request(Verb.BROWSE, "/ctl?x=/", "192.0.2.7", browse=Browse("0"))


def test_without_an_authority_no_host_is_named() -> None:
    lines = Request(Verb.GET, "/", "").render("earshot/0").split(b"\r\n")
    assert (b"GET / HTTP/1.0", []) == (lines[0], [line for line in lines if line.startswith(b"Host")])


@pytest.mark.parametrize(("door", "expected"), [
    (endpoint(80), "192.0.2.7"), (endpoint(443), "192.0.2.7:443"), (endpoint(443, tls=True), "192.0.2.7"),
    (endpoint(8080, host="files.example.org"), "files.example.org:8080"),
    (endpoint(80, address="2001:db8::7"), "[2001:db8::7]"), (endpoint(81, address="2001:db8::7"), "[2001:db8::7]:81"),
])
def test_the_host_header_names_the_port_where_it_is_not_the_usual_one(door, expected) -> None:
    assert expected == authority(door)


@pytest.mark.parametrize(("text", "expected"), [
    (None, None), ("", None), ("3", 3.0), (" 7 ", 7.0), ("-1", None), ("9" * 400, 999999999.0), ("soon", None),
    ("1e9", None), ("Mon, 18 Feb 2019 06:00:10 GMT", 10.0), ("Mon, 18 Feb 2019 05:00:00 GMT", None),
    ("Mon, 99 Feb 99999 99:99:99 GMT", None), ("²", None)])
def test_retry_after_is_taken_where_it_makes_sense(text, expected) -> None:
    assert expected == retry_after(text, 1550469600.0)


async def read(door, where, path="/", verb=Verb.GET, rows=lambda chunk: 0):
    """(status, refused, kind, body, error type) of one look; `rows` says how many bytes of a chunk were rows."""
    body = b""
    try:
        async with door.fetch(where, verb, path) as answer:
            try:
                async for chunk in answer.chunks():
                    body += chunk
                    answer.grant(rows(chunk))
            except NetError as error:
                return answer.status, answer.refused, answer.kind, body, type(error)
            return answer.status, answer.refused, answer.kind, body, None
    except NetError as error:
        return None, None, None, body, type(error)


@pytest.mark.parametrize(("raw", "expected"), [
    (OK + LENGTH + PAGE, (200, None, "html", PAGE, None)),
    (OK + b"\r\n" + PAGE, (200, None, "html", PAGE, None)),
    (b"HTTP/1.0 200\r\n\r\n" + PAGE, (200, None, "html", PAGE, None)),
    (b"HTTP/1.0 200 OK\nContent-type: text/html\n\n" + PAGE, (200, None, "html", PAGE, None)),
    (b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + PAGE, (200, None, "html", PAGE, None)),
    (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" * 3 + OK + LENGTH + PAGE, (200, None, "html", PAGE, None)),
    (OK + LENGTH + PAGE + b"HTTP/1.1 200 OK\r\n\r\nsecond", (200, None, "html", PAGE, None)),
    (OK + b"Transfer-Encoding: chunked\r\n\r\n5;x=y\r\n<html\r\n1\r\n>\r\n0\r\nX: trailer\r\n\r\n",
     (200, None, "html", b"<html>", None)),
    (OK + b"Content-Length: 0\r\n\r\n", (200, None, None, b"", None)),
    (OK + b"X-Odd: \xe5\x01\r\n" + LENGTH + PAGE, (200, None, "html", PAGE, None)),
    (OK + b"Content-Length: 500\r\n\r\n" + PAGE, (200, None, "html", PAGE, Reset)),
    (OK + b"Transfer-Encoding: chunked\r\n\r\n65\r\n" + PAGE, (200, None, "html", PAGE, Reset)),
    (OK + f"Transfer-Encoding: chunked\r\n\r\n{len(PAGE):x}\r\n".encode() + PAGE + b"\r\nzz\r\n",
     (200, None, "html", PAGE, ProtocolError)),
    (OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + f"{len(PAGE):x}\r\n".encode() + PAGE
     + b"\r\n0\r\n\r\n", (200, None, "html", PAGE, None)),
    (OK + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n" + PAGE, (None, None, None, b"", ProtocolError)),
    (OK + b"Content-Length: -3\r\n\r\n" + PAGE, (None, None, None, b"", ProtocolError)),
    (OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n" + PAGE, (None, None, None, b"", ProtocolError)),
    (OK + b"Content-Length: 99999999999999\r\n\r\n", (200, "longer than a listing may be", None, b"", None)),
    (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nx",
     (None, None, None, b"", ProtocolError)),
    (b"HTTP/1.1 100 Continue\r\n\r\n" * 20, (None, None, None, b"", ProtocolError)),
    (b"HTTP/2.0 200 OK\r\n\r\n" + PAGE, (None, None, None, b"", ProtocolError)),
    (b"HTTP/1.1 000 X\r\n\r\n" + PAGE, (None, None, None, b"", ProtocolError)),
    (b"HTTP/1.1 999 X\r\n\r\n" + PAGE, (None, None, None, b"", ProtocolError)),
    (PAGE, (None, None, None, b"", NotThisProtocol)),
    (b"ICY 200 OK\r\nicy-name: x\r\n\r\n", (None, None, None, b"", NotThisProtocol)),
    (b"RTSP/1.0 200 OK\r\n\r\n", (None, None, None, b"", NotThisProtocol)),
    (b"SSH-2.0-OpenSSH_9.2\r\n", (None, None, None, b"", NotThisProtocol)),
    (bytes(range(256)), (None, None, None, b"", NotThisProtocol)),
    (b"RTSP/1.0 200", (None, None, None, b"", NotThisProtocol)),
    (b"HX", (None, None, None, b"", NotThisProtocol)),
    (b"", (None, None, None, b"", Reset)),
    (b"HT", (None, None, None, b"", Reset)),
    (b"HTTP/1.1 200 O", (None, None, None, b"", Reset)),
    (b"HTTP/1.1 200 OK\r\nA: " + b"b" * 40000 + b"\r\n\r\n", (None, None, None, b"", BudgetError)),
    (b"HTTP/1.1 200 OK\r\n" + b"Set-Cookie: a=b\r\n" * 3000 + b"\r\n", (None, None, None, b"", BudgetError)),
    (b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<h1>Not Found</h1>",
     (404, "status 404", "html", b"<h1>Not Found</h1>", None)),
    (b"HTTP/1.1 403 No\r\nContent-Type: text/html\r\n\r\n<h1>No" + b" " * 4000,
     (403, "status 403", "html", None, None)),
    (b"HTTP/1.1 500 Oops\r\nContent-Type: image/png\r\n\r\n\x89PNG", (500, "type image/png", None, b"", None)),
    (b"HTTP/1.1 302 Found\r\nLocation: http://198.51.100.1/\r\nContent-Type: text/html\r\n\r\n" + PAGE,
     (302, "status 302", None, b"", None)),
    (OK + b"Transfer-Encoding: gzip\r\n\r\n" + PAGE, (200, "transfer encoding gzip", None, b"", None)),
])
async def test_every_answer_ends_as_one_of_our_kinds(raw: bytes, expected) -> None:
    status, refused, kind, body, error = await read(FakeNet({"GET /": raw}), endpoint())
    assert expected == (status, refused, kind, body if expected[3] is not None else None, error)
    assert len(body) <= 1024


async def test_a_banner_is_quoted_where_it_is_no_http() -> None:
    with pytest.raises(ProtocolError, match=r"SSH-2\.0-OpenSSH"):
        async with FakeNet({"GET /": b"SSH-2.0-OpenSSH_9.2\x1b[31m\r\n"}).fetch(endpoint(), Verb.GET, "/"):
            pass


@pytest.mark.parametrize("raw", [
    b"SSH-2.0-OpenSSH_9.2\r\n", b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n", b"ICY 200 OK\r\nicy-name: x\r\n\r\n",
    b"220-a\r\n220-" + b"b" * 600 + b"\r\n220 c\r\n", b"I\0\0\0\x0a8.0.35\0"])
async def test_what_is_no_http_is_handed_on_as_it_came(raw) -> None:
    with pytest.raises(NotThisProtocol) as caught:
        async with FakeNet({"GET /": raw}).fetch(endpoint(), Verb.GET, "/"):
            pass
    assert raw[:512] == caught.value.said
    assert Reason.NOT_THIS_PROTOCOL is caught.value.reason


async def test_a_head_answer_has_no_body_whatever_its_length_says() -> None:
    found = await read(FakeNet({"HEAD /": OK + b"Content-Length: 99999\r\n\r\n"}), endpoint(), verb=Verb.HEAD)
    assert found == (200, None, None, b"", None)


async def test_robots_txt_is_read_as_text_and_only_as_text() -> None:
    head, text = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", b"Disallow: /recordings/\n" * 400
    found = await read(FakeNet({"GET /robots.txt": head + text}), endpoint(), "/robots.txt")
    assert found == (200, None, "text", text, None)
    found = await read(FakeNet({"GET /robots.txt": head + b"RIFF" + bytes(9000)}), endpoint(), "/robots.txt")
    assert found == (200, "a file: RIFF (wav, avi)", None, b"", None)


async def test_a_page_without_rows_ends_at_its_budget() -> None:
    limits = Limits(page_bytes=20000)
    net_ = FakeNet({"GET /": OK + b"\r\n<html>" + b"x" * 90000}, limits=limits)
    status, _, _, body, error = await read(net_, endpoint())
    assert (200, 20000, BudgetError) == (status, len(body), error)


async def test_a_packed_page_ends_at_its_budget_of_what_comes_out() -> None:
    packed = gzip.compress(b"<html>" + bytes(range(65, 91)) * 3500)
    head = OK + f"Content-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode()
    net_ = FakeNet({"GET /": head + packed}, limits=Limits(page_bytes=20000))
    status, _, _, body, error = await read(net_, endpoint())
    assert (200, 20000, BudgetError) == (status, len(body), error)


async def test_rows_buy_more_up_to_the_most_a_listing_may_have() -> None:
    limits = Limits(page_bytes=20000, listing_bytes=60000)
    fake = FakeNet({"GET /": OK + b"\r\n<html>" + b"x" * 90000}, limits=limits)
    _, _, _, body, error = await read(fake, endpoint(), rows=len)
    assert (body, error) == (b"<html>" + b"x" * (60000 - 6), BudgetError)


async def test_text_without_rows_ends_within_four_kib_even_when_nobody_stops_it() -> None:
    raw = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[" + b'{"a": 1},' * 9000
    _, _, kind, body, error = await read(FakeNet({"GET /": raw}), endpoint())
    assert ("json", BudgetError) == (kind, error)
    assert len(body) <= 4096


async def test_json_rows_are_handed_out_a_kib_at_a_time() -> None:
    raw = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[" + b'{"name": "a"},' * 9000
    sizes = []
    async with FakeNet({"GET /": raw}).fetch(endpoint(), Verb.GET, "/") as answer:
        async for chunk in answer.chunks():
            sizes.append(len(chunk))
            answer.grant(len(chunk))
    assert (max(sizes), sum(sizes)) == (1024, 1 + 14 * 9000)


async def test_slow_down_is_told_to_the_pace_and_ends_with_a_good_answer() -> None:
    fake = FakeNet({"GET /": b"HTTP/1.1 429 Slow\r\nRetry-After: 9999999\r\nContent-Length: 0\r\n\r\n"})
    await read(fake, endpoint())
    assert (fake.pace.slowed, 59 < fake.pace.backoff(endpoint().address) <= 60) == (1, True)


async def test_the_user_agent_is_honest() -> None:
    with Server(say(OK + LENGTH + PAGE)) as server:
        assert (await read(net(), server.endpoint))[3] == PAGE
    assert b"User-Agent: earshot/" in server.requests[0]
    assert b"(+security@example.org; authorised listing scan)" in server.requests[0]


@pytest.mark.parametrize(("contact", "said"), [
    ("R. O'Example (SOC) <soc@example.org>", "R. O'Example (SOC) <soc@example.org>"), ("a (b (c)) d", "a (b (c)) d"),
    ("a) b", r"a\) b"), ("a ( b", r"a \( b"), (") (", r"\) \("), ("a\\b", r"a\\b"), ("(\\)", r"(\\)"),
    ('"quoted"', '"quoted"')])
def test_a_contact_stays_within_the_comment_that_it_stands_in(contact: str, said: str) -> None:
    assert agent(contact).endswith(f" (+{said}; authorised listing scan)")


@pytest.mark.parametrize(("contact", "said"), [
    *((text, "plain ASCII letters") for text in ("a\r\nX: y", "a\nb", "\x1b", "sécurité@example.org", "\x7f")),
    ("x" * 201, "at most 200 characters")])
def test_a_contact_that_no_header_can_hold_is_refused(contact: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        agent(contact)


QUICK = Limits(connect=5, first_byte=2.0, total=2.0)


@pytest.mark.parametrize(("behave", "expected"), [
    (say(5.0), (None, None, b"")),                                                         # never answers
    (drip(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n", 0.05), (None, None, b"")),                  # header, line by line
    (drip(OK + b"\r\n<html>", b"<br>", 0.05), (200, "html", b"<html><br>")),               # body
    (drip(OK + b"Transfer-Encoding: chunked\r\n\r\n6\r\n<html>\r\n", b"1\r\n<\r\n", 0.05), (200, "html", b"<html><")),
    (drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.5), (None, None, b"")),
], ids=["silent", "header", "body", "chunks", "interim"])
async def test_a_tarpit_is_left_at_the_deadline_and_what_came_is_kept(behave, expected) -> None:
    door = net(QUICK)
    outcomes: list[str] = []
    door.ledger.sinks.append(lambda contact: outcomes.append(contact.outcome))
    with Server(behave) as server:
        status, _, kind, body, error = await read(door, server.endpoint)
    assert (expected[0], expected[1], DeadlineError) == (status, kind, error)
    assert body.startswith(expected[2])
    assert outcomes == ["timeout"]


async def test_a_dripped_listing_ends_though_it_consists_of_rows() -> None:
    row = b'<a href="a.wav">a.wav</a>\n'
    with Server(drip(OK + b"\r\n<html><pre>", row, 0.02)) as server:
        door = net(Limits(first_byte=2.0, total=2.0, slowest=64 * 1024))
        _, _, _, body, error = await read(door, server.endpoint, rows=lambda chunk: len(row) * chunk.count(row))
    assert (body.count(row) > 5, error) == (True, DeadlineError)


async def test_a_listing_may_take_longer_than_an_answer_while_rows_arrive() -> None:
    row = b'<a href="a.wav">a.wav</a>\n' * 400
    with Server(say(OK + b"\r\n<html><pre>", *[row, 0.2] * 10)) as server:
        rows = 0
        async with net(Limits(first_byte=5, total=1.5)).fetch(server.endpoint, Verb.GET, "/") as answer:
            async for chunk in answer.chunks():
                rows += chunk.count(b"</a>")
                answer.grant(len(chunk))
    assert rows == 4000


async def test_a_peer_that_always_has_more_is_stopped_by_the_clock() -> None:
    with Server(endless(OK + b"\r\n<html>", b"<br>" * 4096)) as server:
        door = net(Limits(total=0.5, page_bytes=1 << 40, listing_bytes=1 << 41))
        assert DeadlineError is (await read(door, server.endpoint))[4]


async def test_a_reset_in_the_middle_keeps_what_came() -> None:
    def behave(sock, request):
        sock.sendall(OK + b"Content-Length: 9999\r\n\r\n" + PAGE)
        time.sleep(0.2)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()
    with Server(behave) as server:
        status, _, kind, body, error = await read(net(), server.endpoint)
    assert (200, "html", PAGE, Reset) == (status, kind, body, error)
