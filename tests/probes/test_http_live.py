"""Sound that is sent just now, over proper HTTP, told apart from stored files; and databases that answer in a word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.model import Ask, Asked, Observation, Reason
from scanner.probes import Http
from scanner.signature import load
from tests.fakes import ANSWER_404, FakeNet, endpoint

LIVE = (Reason.RECOGNISED, "a live audio stream, no stored file")
SOUND = b"\xff\xfb\x90\x44" + b"\0" * 900


def said(body: bytes = SOUND, **headers: str) -> bytes:
    """An answer with these headers and no other."""
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.0 200 OK\r\n{head}\r\n".encode() + body


async def seen(raw: bytes, path: str = "/") -> Observation:
    """What the door says of its root, and how much of the body was read for it."""
    net = FakeNet({f"GET {path}": raw})
    async with Http().open(replace(endpoint(8000), tls=None), net) as door:
        *_, last = [thing async for thing in door.list(Ask(path, Asked.ROOT))]
    return last


@pytest.mark.parametrize(
    ("why", "headers", "doubt"),
    [
        ("an Icecast", {"Server": "Icecast 2.4.4", "Content_Type": "audio/mpeg", "icy_br": "128"}, LIVE),
        ("an Icecast that says no more", {"Server": "Icecast 2.4.4", "Content_Type": "application/ogg"}, LIVE),
        ("a SHOUTcast", {"content_type": "audio/aacp", "icy_notice1": "<BR>", "icy_metaint": "8192"}, LIVE),
        ("pictures as well", {"Server": "Icecast 2.4.4", "Content_Type": "video/webm"}, LIVE),
        ("its file", {"Server": "Icecast 2.4.4", "Content_Type": "audio/mpeg", "Content_Length": "9"}, None),
        ("a file of a web server", {"Server": "nginx", "Content_Type": "audio/mpeg"}, None),
        ("a playlist", {"Server": "Icecast 2.4.4", "Content_Type": "audio/x-mpegurl"}, None),
        ("a page of an Icecast", {"Server": "Icecast 2.4.4", "Content_Type": "text/html"}, None),
    ],
)
async def test_live_sound_is_told_apart_from_stored_files(why, headers, doubt):
    assert doubt == (await seen(said(**headers))).doubt, why


async def test_of_live_sound_nothing_is_read_but_what_came_with_its_headers():
    net = FakeNet({"GET /": said(SOUND * 1000, Server="Icecast 2.4.4", Content_Type="audio/mpeg", icy_name="x")})
    async with Http().open(replace(endpoint(8000), tls=None), net) as door:
        [_ async for _ in door.list(Ask("/", Asked.ROOT))]
    assert net.ledger.bytes_received <= 1024 + len(ANSWER_404)


@pytest.mark.parametrize(
    ("product", "raw"),
    [
        (
            "product/mongodb",
            said(
                b"It looks like you are trying to access MongoDB over HTTP on the native driver port.\r\n",
                Connection="close",
                Content_Type="text/plain",
                Content_Length="85",
            ),
        ),
        ("product/icecast", said(Server="Icecast 2.4.4", Content_Type="audio/mpeg", icy_name="x")),
        ("product/shoutcast", said(content_type="audio/mpeg", icy_notice1="<BR>", icy_notice2="SHOUTcast")),
        ("product/elasticsearch", said(b'{"name": "x"}', X_elastic_product="Elasticsearch")),
        ("product/couchdb", said(b'{"couchdb": "Welcome"}', Server="CouchDB/3.3.3 (Erlang OTP/24)")),
    ],
)
async def test_a_database_or_station_that_names_itself_is_recognised(product, raw):
    observation = await seen(raw)
    assert product in [one.id for one in load().products(observation.facts)]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"Ok.\n", "Ok."),
        (b"caf\xe9  is  open", "caf\ufffd is open"),
        (b"word " * 50, None),
        (b"<html>a page</html>", None),
    ],
)
async def test_a_sentence_in_plain_text_is_a_fact_and_more_is_not(body, text):
    raw = said(body, Content_Type="text/plain", Content_Length=str(len(body)))
    assert text == (await seen(raw)).facts.get("http.text")


async def test_text_that_goes_on_is_no_sentence():
    raw = said(b"Ok.\n", Content_Type="text/plain", Content_Length="90000")
    assert "http.text" not in (await seen(raw)).facts
