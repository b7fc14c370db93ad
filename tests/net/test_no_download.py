"""What was read of a body that is refused stands in the account. Every way of pushing one: `tests/pushes`."""

from __future__ import annotations

from scanner.net import Verb
from tests.net.hostile import Server, endless, net

HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


async def test_what_was_read_of_a_refused_body_is_in_the_account() -> None:
    door = net()
    with Server(endless(HTML + b"\r\n")) as server:
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
