"""Targets written as URLs of file servers, asked at a real one: what is written is asked for, hidden or not."""

from __future__ import annotations

from pathlib import Path

import pytest
from rsync_servers import daemon

from tests.scan.scans import scan

pytestmark = pytest.mark.real


@pytest.fixture
def folder(ground: Path, world: Path) -> Path:
    """Where a daemon works; what it serves is the world."""
    for path in ("1.wav", "2019/2.wav", "2019/02/3.wav", "2020/4.wav"):
        (world / path).parent.mkdir(exist_ok=True)
        (world / path).touch()
    made = ground / "daemon"
    made.mkdir()
    return made


@pytest.mark.parametrize(("path", "root", "files"), [
    ("quietly/", "/quietly/", 4), ("quietly", "/quietly/", 4), ("quietly/2019/", "/quietly/2019/", 2)])
async def test_a_module_that_is_not_on_the_list_is_asked_for_where_it_is_written(
        world: Path, folder: Path, path: str, root: str, files: int) -> None:
    with daemon(folder, {"quietly": {"path": str(world), "list": "no"}}) as running:
        done = await scan(f"rsync://127.0.0.1:{running.port}/{path}")
    (finding,) = done.findings
    assert [f"rsync://127.0.0.1:{running.port}{root}"] == [door.url for door in finding.doors]
    assert (files, {}) == (finding.store.files, dict(done.report.coverage.gaps))


async def test_a_port_is_asked_in_the_protocol_that_is_written_first(world: Path, folder: Path) -> None:
    with daemon(folder, {"calls": {"path": str(world)}}) as running:
        done = await scan(f"rsync://127.0.0.1:{running.port}/")
    assert {4} == {finding.store.files for finding in done.findings}
    assert "HTTP" not in folder.joinpath("log").read_text(errors="replace")
