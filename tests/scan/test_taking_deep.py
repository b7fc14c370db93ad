"""One key may name thousands of folders: what is kept of them is bounded, and what lies in them is counted."""

from __future__ import annotations

import tracemalloc

from scanner.listing.stores import S3Page
from tests.scan.scans import scan
from tests.scan.sites import Site, place

KIB = 1024


def page(*keys: str) -> str:
    rows = "".join(f"<Contents><Key>{key}</Key><Size>8044</Size></Contents>" for key in keys)
    return f"<ListBucketResult><Name>b</Name><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>"


class Flat(Site):
    """A store that knows no delimiter, with one bucket at its root."""

    def __init__(self, *keys: str) -> None:
        super().__init__({})
        self._keys = keys

    async def _answer(self, writer: object, path: str, host: str) -> None:
        body = page(*self._keys).encode()
        head = (f"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n"
                "Connection: close\r\n\r\n").encode()
        writer.write(head + body)  # type: ignore[attr-defined]
        await writer.drain()  # type: ignore[attr-defined]


async def test_folders_beyond_a_depth_are_counted_as_the_last_one() -> None:
    site = Flat(*(f"{i}/" + "a/" * 400 + "call.wav" for i in range(50)))
    address = place()
    await site.start(address, 9000)
    tracemalloc.start()
    done = await scan(f"s3://bb@{address}:9000")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    await site.stop()
    finding, = done.findings
    assert (finding.store.files, finding.store.directories) == (50, 50 * 64)
    assert peak < 32 * KIB * KIB


def test_a_key_longer_than_stores_allow_is_no_row() -> None:
    reader = S3Page(b"")
    batches = reader.feed(page("a/" * 15_000 + "call.wav", "call.wav").encode()) + reader.close()
    assert ([batch.names for batch in batches], reader.strays) == ([[b"call.wav"]], 1)
