"""Real servers that list no files: named by what they say, and live sound told apart from what is stored."""

from __future__ import annotations

from pathlib import Path

import pytest
from known_servers import icecast, live, memcached, svnserve

from tests.scan.scans import scan

pytestmark = pytest.mark.real


async def test_a_subversion_server_is_named_by_its_greeting(ground: Path) -> None:
    with svnserve(ground) as port:
        done = await scan(f"127.0.0.1:{port}")
    assert [("recognised", "program text (Subversion)")] == [(g.reason.value, g.detail) for g in done.report.gaps]


async def test_a_memcached_is_named_by_what_it_says_to_tls() -> None:
    with memcached() as port:
        done = await scan(f"127.0.0.1:{port}")
    assert [("recognised", "a cache (memcached): ERROR")] == [(g.reason.value, g.detail) for g in done.report.gaps]


async def test_live_sound_of_an_icecast_is_told_as_live_and_hardly_any_of_it_is_read(ground: Path) -> None:
    with icecast(ground) as port, live(port, "/calls/"):
        done = await scan(f"http://127.0.0.1:{port}/calls/")
    told = [(gap.reason.value, gap.detail) for gap in done.report.gaps]
    assert [("recognised", "/calls/: a live audio stream, no stored file")] == [one for one in told if "live" in one[1]]
    assert any(detail.startswith("Icecast 2.") for _, detail in told)
    assert () == done.findings
    assert done.report.conduct.bytes_received < 64 * 1024


async def test_what_an_icecast_stores_is_not_told_as_live(ground: Path) -> None:
    (ground / "files").mkdir()
    (ground / "files" / "20190218-100000_0701740605.mp3").write_bytes(b"ID3" + bytes(100_000))
    with icecast(ground) as port:
        done = await scan(f"http://127.0.0.1:{port}/files/")
    assert [] == [gap.detail for gap in done.report.gaps if "live" in gap.detail]
    assert () == done.findings
