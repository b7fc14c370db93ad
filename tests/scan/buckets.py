"""S3 services on loopback that serve a dict of buckets, with every way to list oddly. They count all they see.

    service = Service({"recordings": keys(3), "private": Shut("AccessDenied", 403)})
    await service.start("127.5.0.1", 9000)

A bucket is its keys (key -> size) or a way to refuse. Knobs: `page` keys a page, `old` speaks ListObjects only, `flat`
knows no delimiter, `shown` whether the service lists its buckets, `circle` gives the first page for ever.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote, unquote_to_bytes
from xml.sax.saxutils import escape

from tests import witness
from tests.scan.sites import Asked

HEADERS = "x-amz-request-id: 0000000000000001\r\n"


@dataclass(frozen=True)
class Shut:
    """A bucket that is not listed."""

    code: str
    status: int
    more: str = ""                       # further elements of the error
    headers: Mapping[str, str] = field(default_factory=dict)


class Service:
    """One service. `asked` is its log."""

    def __init__(self, buckets: Mapping[str, Mapping[bytes, int] | Shut], *, page: int = 1000, old: bool = False,
                 flat: bool = False, shown: bool = True, circle: bool = False, slow: Mapping[int, int] | None = None,
                 root: Shut | None = None, random: Shut | None = None) -> None:
        self.buckets = buckets
        self.asked: list[Asked] = []
        self._page, self._old, self._flat, self._circle = page, old, flat, circle
        self._slow = Counter(slow or {})             # number of a request for keys -> how often it is put off
        self._root = root or (None if shown else Shut("AccessDenied", 403))
        self._random = random or Shut("NoSuchBucket", 404)
        self._pages = 0
        self._server: asyncio.Server | None = None

    async def start(self, address: str, port: int) -> Service:
        """Serve."""
        self.address, self.port = address, port
        self._server = await asyncio.start_server(self._converse, address, port, backlog=512)
        return self

    async def stop(self) -> None:
        """Serve no more."""
        assert self._server is not None
        self._server.close()

    @property
    def paths(self) -> list[str]:
        """Every path that was asked for, with its query."""
        return [one.path for one in self.asked]

    def judge(self) -> None:
        """Every path was a directory, and every verb harmless."""
        witness.judge(witness.unfit(one.verb, one.path, one.body) for one in self.asked)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            verb, path, _ = head[0].split(" ")
            host = next((line[5:].strip() for line in head if line.lower().startswith("host:")), "")
            self.asked.append(Asked(verb, path, host))
            writer.write(self.answer(path))
            await writer.drain()
        with suppress(ConnectionError):
            writer.close()

    def answer(self, path: str) -> bytes:
        """The answer to one GET."""
        where, _, query = path.partition("?")
        bucket, _, rest = where.strip("/").partition("/")
        if not bucket:
            return _say(200, self._service()) if self._root is None else _refuse(self._root)
        found = self.buckets.get(bucket, self._random) if not rest else self._random
        if isinstance(found, Shut):
            return _refuse(found)
        asked = {name: values[0] for name, values in parse_qs(query, encoding="latin-1").items()}
        self._pages += 1
        if self._slow[self._pages] > 0:
            self._slow[self._pages] -= 1
            self._pages -= 1
            return _refuse(Shut("SlowDown", 503, headers={"Retry-After": "0"}))
        if self._old and "list-type" in asked:
            return _refuse(Shut("NotImplemented", 501))
        return _say(200, self._keys(bucket, found, asked))

    def _service(self) -> str:
        rows = "".join(f"<Bucket><Name>{name}</Name></Bucket>" for name in self.buckets)
        return f"<ListAllMyBucketsResult><Owner><ID>0</ID></Owner><Buckets>{rows}</Buckets></ListAllMyBucketsResult>"

    def _keys(self, bucket: str, found: Mapping[bytes, int], asked: Mapping[str, str]) -> str:
        prefix = asked.get("prefix", "").encode("latin-1")
        after = asked.get("continuation-token", asked.get("marker", "")).encode("latin-1")
        after = b"" if self._circle else unquote_to_bytes(after) if "continuation-token" in asked else after
        delimited = "delimiter" in asked and not self._flat
        rows = sorted({_row(key, prefix, delimited=delimited) for key in found if key.startswith(prefix)})
        left = [row for row in rows if row > after]
        page, more = left[:self._page], len(left) > self._page or self._circle
        encoded = "encoding-type" in asked
        told = "".join(_shown(row, found, delimited=delimited, encoded=encoded) for row in page)
        last = page[-1] if page else b""
        turn = len(self.asked) if self._circle else ""
        token = f"<NextContinuationToken>{quote(last, safe='')}{turn}</NextContinuationToken>"
        marker = f"<NextMarker>{_text(last, encoded=encoded)}</NextMarker>"
        encoding = "<EncodingType>url</EncodingType>" if encoded else ""
        following = (marker if "list-type" not in asked else token) if more else ""
        return (f"<ListBucketResult><Name>{bucket}</Name>{encoding}<IsTruncated>{'true' if more else 'false'}"
                f"</IsTruncated>{following}{told}</ListBucketResult>")


def _shown(row: bytes, found: Mapping[bytes, int], *, delimited: bool, encoded: bool) -> str:
    shown = _text(row, encoded=encoded)
    if delimited and row.endswith(b"/") and row not in found:
        return f"<CommonPrefixes><Prefix>{shown}</Prefix></CommonPrefixes>"
    return f"<Contents><Key>{shown}</Key><Size>{found.get(row, 0)}</Size></Contents>"


def _text(key: bytes, *, encoded: bool) -> str:
    return quote(key, safe="/") if encoded else escape(key.decode())


def _row(key: bytes, prefix: bytes, *, delimited: bool) -> bytes:
    at = key.find(b"/", len(prefix))
    return key[:at + 1] if delimited and at >= 0 else key


def _refuse(shut: Shut) -> bytes:
    body = f"<Error><Code>{shut.code}</Code><Message>no</Message>{shut.more}<RequestId>1</RequestId></Error>"
    return _say(shut.status, body, shut.headers)


def _say(status: int, body: str, headers: Mapping[str, str] | None = None) -> bytes:
    raw = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode()
    more = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
    return (f"HTTP/1.1 {status} X\r\nContent-Type: application/xml\r\nContent-Length: {len(raw)}\r\n{HEADERS}{more}"
            "Connection: close\r\n\r\n").encode() + raw


def keys(count: int, folder: str = "") -> dict[bytes, int]:
    """Keys of calls, no person in their names."""
    return {f"{folder}call-{i:05}.wav".encode(): 16_044 + i for i in range(count)}
