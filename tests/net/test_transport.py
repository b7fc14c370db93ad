"""httpx on our connections: its client, none of its reach."""

from __future__ import annotations

import gzip

import httpx
import pytest

from scanner.errors import BudgetError, OutOfScope, ProtocolError
from scanner.net.transport import charset
from tests.fakes import FakeNet, endpoint
from tests.net.hostile import Server, net, say

PAGE = b"<html><body>\xe5</body></html>"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html"


async def test_a_page_comes_with_its_answer() -> None:
    fake = FakeNet({"GET /a/": HEAD + b"\r\n\r\n" + PAGE})
    async with fake.http(endpoint()) as client, client.stream("GET", "/a/") as response:
        body = b"".join([chunk async for chunk in response.aiter_raw()])
        answer = response.extensions["answer"]
    assert (response.status_code, body, answer.kind, answer.complete) == (200, PAGE, "html", True)
    assert fake.ledger.contacts == 1


async def test_a_get_reads_within_the_budget_and_closes() -> None:
    fake = FakeNet({"GET /": HEAD + b"\r\n\r\n" + PAGE, "GET /big/": HEAD + b"\r\n\r\n<html>" + b"x" * 600000})
    async with fake.http(endpoint()) as client:
        assert (await client.get("/")).content == PAGE
        with pytest.raises(BudgetError):
            await client.get("/big/")
    assert fake.ledger.contacts == 2


@pytest.mark.parametrize("location", [
    "http://198.51.100.1/", "//evil.example/", "http:evil", "javascript:alert(1)", "ftp://x/", "\\\\evil", "http://[::1",
    "http://x:99999999/", "http://user:pass@x/", "http://x/" + "a" * 20000, "http://" + "å" * 300 + "/", "/login/"])
async def test_no_redirect_is_followed_however_it_is_written(location: str) -> None:
    raw = b"HTTP/1.1 302 Found\r\nLocation: " + location.encode() + b"\r\nSet-Cookie: a=b\r\n\r\n"
    fake = FakeNet({"GET /": raw})
    async with fake.http(endpoint()) as client:
        response = await client.get("/")
        assert (response.status_code, len(client.cookies)) == (302, 0)
    assert (fake.asked, len(fake.dialled)) == (["GET /"], 1)


async def test_another_door_another_verb_and_a_file_are_refused_unsent() -> None:
    fake = FakeNet({})
    async with fake.http(endpoint()) as client:
        for url in ("http://198.51.100.1/", "http://192.0.2.7:81/", "https://192.0.2.7/"):
            with pytest.raises(OutOfScope):
                await client.get(url)
        for method, path in (("POST", "/"), ("DELETE", "/"), ("GET", "/a.wav")):
            with pytest.raises(ValueError):
                await client.request(method, path)
        with pytest.raises(ValueError, match="password"):
            await client.get("http://user:secret@192.0.2.7:80/")
        for url in ("http://[::1", "http://192.0.2.7:80/\n", "/\x00/"):
            with pytest.raises(ProtocolError, match="URL"):
                await client.get(url)
    assert fake.dialled == []


async def test_nothing_of_the_caller_s_or_the_environment_s_is_sent(monkeypatch, tmp_path) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password secret\n")
    with Server(say(b"HTTP/1.1 200 OK\r\n\r\n")) as proxy, Server(
            say(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
        monkeypatch.setenv("HOME", str(tmp_path))
        async with net().http(server.endpoint) as client:
            await client.get("/", headers={"Range": "bytes=0-9", "Authorization": "x", "Cookie": "y"}, auth=("a", "b"))
            await client.get("/", cookies=None)
    assert (len(proxy.requests), len(server.requests)) == (0, 2)
    for request in server.requests:
        names = {line.partition(b":")[0] for line in request.split(b"\r\n")[1:] if line}
        assert names == {b"Host", b"User-Agent", b"Accept", b"Accept-Encoding", b"Connection"}


async def test_propfind_says_its_depth() -> None:
    with Server(say(b"HTTP/1.1 207 Multi-Status\r\nContent-Type: application/xml\r\n\r\n"
                    b"<?xml version=\"1.0\"?><D:multistatus xmlns:D=\"DAV:\"/>")) as server:
        async with net().http(server.endpoint) as client:
            response = await client.request("PROPFIND", "/", headers={"Depth": "0"})
    assert (response.status_code, response.extensions["answer"].kind) == (207, "xml")
    assert b"\r\nDepth: 0\r\n" in server.requests[0]


async def test_a_refused_body_is_empty_and_its_answer_says_why() -> None:
    fake = FakeNet({"GET /": b"HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\n\r\nRIFF" + bytes(9999)})
    async with fake.http(endpoint()) as client:
        response = await client.get("/")
    assert (response.content, response.extensions["answer"].refused) == (b"", "type audio/wav")


@pytest.mark.parametrize(("content_type", "expected"), [
    (None, "utf-8"), ("text/html", "utf-8"), ("text/html; charset=iso-8859-1", "iso8859-1"),
    ('text/html; charset="Shift_JIS"', "shift_jis"), ("text/html; charset=windows-1252", "cp1252"),
    *[(f"text/html; charset={name}", "utf-8") for name in (
        "zlib", "bz2", "hex", "base64", "uu", "rot13", "idna", "undefined", "punycode", "utf-16", "utf-7", "\xff",
        "x" * 5000, "utf-8,gbk;", "iso-8859-99")],
])
async def test_only_charsets_that_are_text_are_believed(content_type, expected) -> None:
    assert expected == charset(content_type)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type or 'text/html'}\r\n\r\n".encode("latin-1")
    async with FakeNet({"GET /": head + PAGE}).http(endpoint()) as client:
        assert "body" in (await client.get("/")).text


async def test_nothing_is_decoded_twice() -> None:
    raw = HEAD + b"\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(PAGE)
    async with FakeNet({"GET /": raw}).http(endpoint()) as client:
        assert (await client.get("/")).content == PAGE


def test_the_client_is_an_httpx_client() -> None:
    assert isinstance(FakeNet({}).http(endpoint()), httpx.AsyncClient)
