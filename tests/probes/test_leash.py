"""What is no listing stays where it is, whichever way is asked in: counted at the server, as in test_no_download."""

from __future__ import annotations

import sys
from contextlib import aclosing

import pytest

from scanner.errors import NetError
from scanner.model import Ask, Asked, Batch
from scanner.probes.door import HttpDoor
from scanner.probes.ways import WAYS
from tests.net.hostile import Server, endless, net

XML = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n"
STATUS_207 = XML.replace(b"200 OK", b"207 Multi-Status")
HTML = STATUS_207.replace(b"text/xml", b"text/html")
JUNK = b"<note>the patient was seen</note>" * 2000
BODIES = {
    "an XML file": (XML, b"<?xml version='1.0'?><list>"),
    "an error without end": (XML, b"<Error>"),
    "an envelope without end": (XML, b"<s:Envelope>"),
    "a bucket without keys": (XML, b"<ListBucketResult>"),
    "a service without buckets": (XML, b"<ListAllMyBucketsResult>"),
    "a container without blobs": (XML, b"<EnumerationResults>"),
    "a multistatus without responses": (STATUS_207, b"<multistatus>"),
    "a page": (HTML, b"<html><body>"),
}
PATHS = {"s3": "/b/", "gcs": "/b/", "azure": "/b/", "swift:/v1/a/": "/v1/a/b/"}
NAMES = [*PATHS, "", *(way.name for way in WAYS if way.name not in ("s3", "gcs", "azure", "swift"))]
LEASH = (16 + 1 + 4) * 1024                  # of XML that brings no row, the piece that is looked at last, the window


async def listed(server: Server, ask: Ask) -> int:
    """How many entries a door shows, whatever ends it."""
    rows = 0
    try:
        async with aclosing(HttpDoor(server.endpoint, net()).list(ask)) as shown:
            async for thing in shown:
                rows += len(thing) if isinstance(thing, Batch) else 0
    except NetError:
        pass
    return rows


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what TCP has sent (TCP_INFO)")
@pytest.mark.parametrize("way", NAMES)
@pytest.mark.parametrize("body", list(BODIES))
async def test_what_is_no_listing_stays_at_the_server_in_every_way(body: str, way: str) -> None:
    if body == "a page" and not way:
        return                               # a page is read as far as pages are: test_no_download
    head, begin = BODIES[body]
    with Server(endless(head + begin, JUNK)) as server:
        assert await listed(server, Ask(PATHS.get(way, "/"), Asked.PRODUCT, 0, way)) == 0
        server.settled()
    assert max(server.sent) <= LEASH, server.sent


async def test_keys_that_wait_for_their_encoding_are_rows_of_a_listing_all_the_same() -> None:
    """A store that never says how it writes keys: those with a plus are held until the end."""
    keys = b"".join(b"<Contents><Key>call+%05d.wav</Key><Size>8044</Size></Contents>" % i for i in range(900))
    body = b"<ListBucketResult><Name>b</Name>" + keys + b"</ListBucketResult>"

    def whole(sock: object, request: bytes) -> None:
        sock.sendall(XML + body)  # type: ignore[attr-defined]

    with Server(whole) as server:
        assert await listed(server, Ask("/b/", Asked.PRODUCT, 0, "s3")) == 900
