"""Object stores and media servers that say what no request can hold, or lead to what may be a file."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

import pytest

from tests.scan.scans import Done, scan
from tests.scan.sites import PAGE, WORDS, Site, place

ABSENT = (404, "<Error><Code>NoSuchBucket</Code></Error>")
Told = Callable[[str, dict[str, list[str]]], tuple[int, str]]


class Says(Site):
    """Answers what a function of path and query says."""

    def __init__(self, told: Told, headers: str = "") -> None:
        super().__init__({})
        self._told, self._headers = told, headers

    async def _answer(self, writer: asyncio.StreamWriter, path: str, host: str) -> None:
        where, _, asked = path.partition("?")
        status, body = self._told(where, parse_qs(asked))
        kind = "text/html" if body.startswith("<!doctype") else "application/xml"
        writer.write((f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
                      f"Connection: close\r\n{self._headers}\r\n{body}").encode())
        await writer.drain()


@pytest.fixture
async def told() -> Callable[..., Awaitable[tuple[Done, Site]]]:
    async def one(said: Told, target: str = "s3://calls@{}:9000", headers: str = "") -> tuple[Done, Site]:
        site, address = Says(said, headers), place()
        await site.start(address, 9000)
        done = await scan(target.format(address))
        await site.stop()
        site.judge()
        return done, site

    return one


Scan = Callable[..., Awaitable[tuple[Done, Site]]]


def page(rows: str, token: str = "") -> tuple[int, str]:
    more = f"<IsTruncated>true</IsTruncated><NextContinuationToken>{token}</NextContinuationToken>" if token else ""
    return 200, f"<ListBucketResult><Name>calls</Name>{more}{rows}</ListBucketResult>"


KEY = "<Contents><Key>{}call.wav</Key><Size>8044</Size></Contents>"


async def test_a_marker_that_no_request_can_hold_cuts_the_listing_and_breaks_nothing(told: Scan) -> None:
    done, _ = await told(lambda where, asked: page(KEY.format(""), "t" * 9000) if where == "/calls/" else ABSENT)
    finding, = done.findings
    assert (finding.store.files, finding.store.cut_by, done.watching.warnings) == (1, "protocol", [])
    gap, = done.gaps("protocol")
    assert "which no request can hold" in gap.detail


async def test_a_folder_that_several_pages_name_is_counted_once(told: Scan) -> None:
    """As stores that go on within a folder tell it."""
    names = ["a", "a", "a", "b"]

    def said(where: str, asked: dict[str, list[str]]) -> tuple[int, str]:
        number = int(asked.get("continuation-token", ["0"])[0])
        if where != "/calls/" or "prefix" in asked:
            return page(KEY.format(asked["prefix"][0])) if where == "/calls/" else ABSENT
        row = f"<CommonPrefixes><Prefix>{names[number]}/</Prefix></CommonPrefixes>"
        return page(row, str(number + 1) if number < 3 else "")

    done, _ = await told(said)
    finding, = done.findings
    assert (finding.store.files, finding.store.directories) == (2, 2)


async def test_what_may_be_a_file_is_not_asked_for_as_a_container(told: Scan) -> None:
    """A path of a container has no slash at its end; a server that passes over the query would send the file."""
    start = "<!doctype html>" + PAGE.format(WORDS, '<a href="/files/call.wav/">call</a><a href="/files/calls/">all</a>')

    def said(where: str, asked: dict[str, list[str]]) -> tuple[int, str]:
        if where.startswith("/files/"):
            return 200, "<?xml version='1.0'?><Error><Code>InvalidUri</Code></Error>"
        return (200, start) if where == "/" else (404, "<!doctype html><p>no</p>")

    done, site = await told(said, "{}:9000", "x-ms-request-id: 1\r\n")
    files = [one.path for one in site.asked if one.path.startswith("/files/")]
    assert "/files/calls?restype=container&comp=list&delimiter=%2F" in files
    assert [path for path in files if "call.wav" in path] == ["/files/call.wav/"]
    assert done.watching.warnings == []


@pytest.mark.parametrize("name", ["..;x", "a\\..\\b", "..\\", "..", "."])
async def test_a_bucket_whose_name_leads_up_is_not_asked_for(name: str, told: Scan) -> None:
    rows = f"<Buckets><Bucket><Name>{name}</Name></Bucket></Buckets>"
    buckets = f"<ListAllMyBucketsResult>{rows}</ListAllMyBucketsResult>"
    done, site = await told(lambda where, asked: (200, buckets) if where == "/" else ABSENT, "{}:9000")
    below = {one.path for one in site.asked if "list-type" in one.path}
    assert (below, done.watching.warnings) == (set(), [])


async def test_a_control_path_that_no_request_can_hold_breaks_nothing(told: Scan) -> None:
    service = "urn:schemas-upnp-org:service:ContentDirectory:1"
    control = f"<serviceType>{service}</serviceType><controlURL>/{'c' * 9000}</controlURL>"
    device = f"<root><device><serviceList><service>{control}</service></serviceList></device></root>"

    def said(where: str, asked: dict[str, list[str]]) -> tuple[int, str]:
        return (200, device) if where == "/rootDesc.xml" else (404, "<!doctype html><p>no</p>")

    done, site = await told(said, "{}:9000", "Server: Linux UPnP/1.0 Media/1.0\r\n")
    assert ("/rootDesc.xml" in site.paths(), done.findings, done.watching.warnings) == (True, (), [])
