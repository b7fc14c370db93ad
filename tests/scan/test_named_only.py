"""Products that give no names away: recognised, said once a door, and asked for nothing more."""

from __future__ import annotations

from tests.scan.scans import scan
from tests.scan.sites import Front, Status

PAGE = b"<!doctype html><html><head><title>Synology DiskStation</title></head><body><p>Sign in</p></body></html>"


async def test_a_product_that_wants_a_login_is_said_once_and_leaves_no_question_open(serve):
    site = await serve(Front(Status(200, body=PAGE), {}))
    done = await scan(f"{site.address}:8080")
    told = [gap for gap in done.report.gaps if "recognised" in gap.detail]
    assert [("not-a-listing", 1)] == [(gap.reason.value, gap.count) for gap in told]
    assert "after a login only, which is not tried" in told[0].detail
    assert () == done.findings
