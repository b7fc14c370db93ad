"""The promise, counted at the server: what is no listing stays where it is."""

from __future__ import annotations

import sys

import pytest

from scanner.net import Verb
from tests.net.hostile import BLOCK, Server, endless, net

AUDIO = b"HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\n"
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNK = f"{len(BLOCK):x}\r\n".encode() + BLOCK + b"\r\n"
WAYS = {
    "length": endless(AUDIO + b"Content-Length: 4294967296\r\n\r\n"),
    "chunked": endless(AUDIO + b"Transfer-Encoding: chunked\r\n\r\n", CHUNK),
    "until close": endless(AUDIO + b"\r\n"),
    "header and body in one write": endless(AUDIO + b"\r\n", together=True),
    "labelled html": endless(HTML + b"\r\n"),
    "labelled html, in letters": endless(HTML + b"\r\n", b"A" * 65536),
    "labelled html, one write": endless(HTML + b"\r\n", together=True),
    "labelled html, chunked": endless(HTML + b"Transfer-Encoding: chunked\r\n\r\n", CHUNK),
    "labelled html, in lines": endless(HTML + b"\r\n", b"0123456789abcde\n" * 4096),
    "labelled html, says gzip": endless(HTML + b"Content-Encoding: gzip\r\n\r\n"),
    "labelled html, wav": endless(HTML + b"\r\n", b"RIFF\xff\xff\xff\xffWAVEfmt " + BLOCK),
    "no label": endless(b"HTTP/1.1 200 OK\r\n\r\n", together=True),
    "an error page": endless(AUDIO.replace(b"200 OK", b"404 Not Found") + b"\r\n"),
    "a part": endless(HTML.replace(b"200 OK", b"206 Part") + b"Content-Range: bytes 0-9/10\r\n\r\n"),
    "brotli": endless(HTML + b"Content-Encoding: br\r\n\r\n"),
    "an attachment": endless(HTML + b"Content-Disposition: attachment\r\n\r\n", b"<html>" * 9999),
}
# A handshake, a record of 16 KiB (OpenSSL needs the whole of it) and the window
ON_THE_WIRE = {False: 4 * 1024, True: 24 * 1024}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what TCP has sent (TCP_INFO)")
@pytest.mark.parametrize("tls", [False, True], ids=["clear", "tls"])
@pytest.mark.parametrize("way", list(WAYS))
async def test_an_endless_file_stays_at_the_server(way: str, tls: bool) -> None:
    door = net()
    with Server(WAYS[way], tls=tls) as server:
        body = b""
        async with door.fetch(server.endpoint, Verb.GET, "/") as answer:
            async for chunk in answer.chunks():
                body += chunk
        server.settled()
    assert (answer.refused is not None, body) == (True, b"")
    assert door.ledger.refused_bodies == 1
    assert door.ledger.largest_refused_body <= 1024
    assert server.sent[0] <= ON_THE_WIRE[tls], server.sent


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what TCP has sent (TCP_INFO)")
async def test_endless_framing_is_cut_as_well() -> None:
    door = net()
    with Server(endless(HTML + b"Transfer-Encoding: chunked\r\n\r\n1;", BLOCK)) as server:
        async with door.fetch(server.endpoint, Verb.GET, "/") as answer:
            assert (answer.refused is not None, answer.body_read) == (True, 0)
        server.settled()
    assert server.sent[0] <= 16 * 1024


async def test_what_was_read_of_a_refused_body_is_in_the_account() -> None:
    door = net()
    with Server(WAYS["labelled html"]) as server:
        async with door.fetch(server.endpoint, Verb.GET, "/") as answer:
            assert answer.refused == "neither markup, JSON, XML nor a listing in text"
            assert 0 < answer.body_read <= 1024
        conduct = door.ledger.conduct()
    assert (conduct.refused_bodies, conduct.largest_refused_body) == (1, answer.body_read)
    assert (dict(conduct.requests), conduct.file_contents_requested) == ({"GET": 1}, 0)


async def test_json_that_is_no_listing_is_left_when_its_reader_stops() -> None:
    door = net()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
    with Server(endless(head, b'{"patient": "x"},\n' * 3000)) as server:
        async with door.fetch(server.endpoint, Verb.GET, "/") as answer:
            async for chunk in answer.chunks():
                assert len(chunk) <= 1024
                break
        server.settled()
    assert door.ledger.refused_bodies == 1
    assert door.ledger.largest_refused_body <= 1024
    assert server.sent[0] <= 4096
