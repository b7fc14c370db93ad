"""What a door with nothing open costs, counted at the server: every request to it, whatever it was for.

A row is a way of showing nothing. Connections are counted, so that a retry, a control, a fallback between TLS and clear
and a request that was cut off count as well; one more is the knock that found the port open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from scanner.scan.profile import PROFILES
from tests.scan.scans import finish, scan, scope_of, session_of, state_in, stop_after
from tests.scan.sites import Front, Gone, Maze, Page, Redirect, Slow, Status

KNOCK = 1
BUDGETS = {"gentle": 6, "standard": 25, "thorough": 120}
DAV = {"DAV": "1, 2", "Allow": "OPTIONS, GET, HEAD, PROPFIND, PUT, DELETE"}
STORE = {"Server": "MinIO", "x-amz-request-id": "1"}
OLD = b"<Error><Code>NotImplemented</Code></Error>"
LOGIN = {"WWW-Authenticate": 'Basic realm="x"'}
BUSY = Status(503, {"Retry-After": "0"})
ROBOTS = "User-agent: *\n" + "".join(f"Disallow: /private-{i}/\n" for i in range(300))
MAP = b"<?xml version='1.0'?><urlset>" + b"".join(
    b"<url><loc>http://files.example.org/a%d/page.html</loc></url>" % i for i in range(300)) + b"</urlset>"


def denied(code: bytes, server: str) -> Status:
    """As an object store says that it is not open."""
    body = b"<?xml version='1.0' encoding='UTF-8'?><Error><Code>%s</Code><Message>no</Message></Error>" % code
    return Status(403, {"Server": server, "x-amz-request-id": "1"}, body=body, kind="application/xml")


def page_of(count: int, *, way: str = "/folder-{}/") -> Page:
    return Page([way.format(i) for i in range(count)])


SILENT: Mapping[str, Mapping[str, Any]] = {
    "nothing but the root": {"tree": Front(Page(), {})},
    "a store of an older form": {"everything": Status(501, STORE, body=OLD, kind="application/xml")},
    "a store that is none in JSON": {"everything": Status(404, {"X-GUploader-UploadID": "1"})},
    "404": {"tree": Status(404)},
    "404 for everything": {"everything": Status(404)},
    "410 for everything": {"everything": Status(410)},
    "403 for everything": {"everything": Status(403)},
    "403 at the root": {"tree": Front(Status(403), {})},
    "a login": {"everything": Status(401, LOGIN)},
    "a login at the root": {"tree": Front(Status(401, LOGIN), {})},
    "405, with verbs of WebDAV": {"everything": Status(405, DAV)},
    "404, with verbs of WebDAV": {"everything": Status(404, DAV)},
    "403 at the root, with verbs of WebDAV": {"tree": Front(Status(403, DAV), {}, every=Status(404, DAV))},
    "a soft 404": {"everything": Page()},
    "a page with links for everything": {"everything": page_of(40)},
    "500 for everything": {"everything": Status(500)},
    "500 at the root": {"tree": Front(Status(500), {})},
    "500 for all but the root": {"tree": Front(page_of(40), {}, every=Status(500))},
    "502 for all but the root": {"tree": Front(page_of(40), {}, every=Status(502))},
    "503 for everything": {"everything": BUSY},
    "429 for everything": {"everything": Status(429, {"Retry-After": "0"})},
    "resets everything": {"everything": Gone()},
    "resets the root": {"tree": Front(Gone(), {})},
    "resets all but the root": {"tree": Front(page_of(40), {}, every=Gone())},
    "resets every link": {"tree": Front(page_of(60), {f"folder-{i}": Gone() for i in range(60)})},
    "503 for every link": {"tree": Front(page_of(60), {f"folder-{i}": BUSY for i in range(60)})},
    "500 for every link": {"tree": Front(page_of(60), {f"folder-{i}": Status(500) for i in range(60)})},
    "resets the root, and robots.txt names 300": {"tree": Front(Gone(), {}, every=Status(403)), "robots": ROBOTS},
    "500 links": {"tree": Front(page_of(500), {})},
    "500 links to pages": {"tree": Front(page_of(500), {}, every=Page(["/x/", "/y/"]))},
    "500 links to closed folders": {"tree": Front(page_of(500), {}, every=Status(403))},
    "pages without end": {"everything": Maze()},
    "300 names in robots.txt": {"tree": Front(Page(), {}), "robots": ROBOTS},
    "300 names in robots.txt and 500 links": {"tree": Front(page_of(500), {}, every=Status(403)), "robots": ROBOTS},
    "300 pages in a site map": {"tree": Front(Page(), {"sitemap.xml": Status(200, body=MAP, kind="application/xml")}),
                                "robots": "Sitemap: http://files.example.org/sitemap.xml\n"},
    "a redirect to a login": {"everything": Redirect("/login/?next={path}")},
    "a redirect that grows": {"everything": Redirect("{path}x/")},
    "a redirect that grows, from the root": {"tree": Front(Redirect("/x/"), {}, every=Redirect("{path}x/"))},
    "a redirect to a page": {"tree": Front(Redirect("/app/"), {"app": Page(["/a/", "/b/"])})},
    "links to redirects": {"tree": Front(page_of(60), {}, every=Redirect("{path}further/"))},
    "a redirect elsewhere": {"everything": Redirect("https://192.0.2.10/")},
    "an object store": {"everything": denied(b"AccessDenied", "MinIO")},
    "an object store without buckets": {"everything": denied(b"NoSuchBucket", "AmazonS3")},
    "a gateway to objects": {"tree": Front(denied(b"AccessDenied", "x"), {}, every=denied(b"NoSuchKey", "x"))},
    "blobs": {"everything": denied(b"PublicAccessNotPermitted", "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0")},
    "a media server": {"everything": Status(404, {"Server": "Linux/5.0 UPnP/1.0 DLNADOC/1.50 MiniDLNA/1.3.0"})},
    "slow to nothing": {"everything": Slow(0.01, Status(404))},
}


@pytest.mark.timeout(180)                # a host that asks for time is given it
@pytest.mark.parametrize("profile", list(BUDGETS))
@pytest.mark.parametrize("way", list(SILENT))
async def test_a_door_with_nothing_open_costs_no_more_than_its_budget(serve, way, profile):
    site = await serve(**{"tree": None, **SILENT[way]})
    done = await scan(f"{site.address}:8080", profile=replace(PROFILES[profile], rate=5000, host_rate=5000))
    assert [] == [finding.title for finding in done.findings]
    assert site.dialled - KNOCK <= BUDGETS[profile]


async def test_each_name_of_an_address_has_a_budget_of_its_own(serve):
    names = {"a.example.org", "b.example.org"}
    site = await serve(Front(page_of(60), {}))
    scope = scope_of(f"{site.address}:8080", *(f"{name}:8080" for name in sorted(names)))
    await finish(session_of(scope, names=dict.fromkeys(names, site.address)))
    asked = Counter(one.host.partition(":")[0] or site.address for one in site.asked)
    assert dict.fromkeys({*names, site.address}, BUDGETS["standard"]) == asked


@pytest.mark.parametrize("profile", list(BUDGETS))
async def test_a_door_that_speaks_tls_where_clear_is_asked_first_is_no_dearer(serve, tls, profile):
    site = await serve(Front(page_of(60), {f"folder-{i}": Gone() for i in range(60)}), port=8080, tls=tls)
    done = await scan(f"{site.address}:8080", profile=replace(PROFILES[profile], rate=5000, host_rate=5000))
    assert () == done.findings
    assert len(site.asked) < BUDGETS[profile]     # the try without TLS counts as well


async def test_a_scan_that_is_stopped_again_and_again_keeps_to_one_budget(serve, tmp_path):
    site = await serve(Front(page_of(60), {f"folder-{i}": Gone() for i in range(60)}), delay=0.1)
    state = state_in(tmp_path)
    for _ in range(40):
        session = session_of(scope_of(f"{site.address}:8080"), state=state)
        done = await stop_after(session, 0.5)
        if done.outcome.ended:
            break
    controls = [one for one in site.asked if one.path not in site.paths()]
    assert (True, True) == (done.outcome.ended, len(controls) > 1)     # one control a run: the scan was stopped
    assert len(site.asked) - len(controls) < BUDGETS["standard"]
