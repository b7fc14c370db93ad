"""Killed at any moment and started again, a scan finds what an undisturbed one finds: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.scan.sites import Hidden, Loop, Page, Status, calls

ROOT = Path(__file__).parent.parent.parent
KILLS = 30
SEED = 1177


def tree() -> dict[str, Any]:
    """Some hundred folders, and what may come between."""
    months = {
        f"{month:02}": {f"{day:02}": calls(3, first=month * 1000 + day * 10) for day in range(1, 16)}
        for month in range(1, 13)
    }
    years = {str(year): {name: dict(days) for name, days in months.items()} for year in (2018, 2019)}
    odd = {"shut": Status(403), "broken": Status(500), "page": Page(), "self": Loop(), "notes.txt": 5}
    return Hidden({**years, **odd}, {"calls": {"old": calls(7, first=90_000)}})


async def command(site: Any, folder: Path) -> asyncio.subprocess.Process:
    words = [
        f"{site.address}:8080",
        f"{site.address}:8081",
        "--state",
        str(folder / "state.sqlite"),
        "-o",
        str(folder / "report.json"),
        "--host-rate",
        "300",
        "--rate",
        "300",
        "--no-progress",
        "-q",
    ]
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "scanner",
        "scan",
        *words,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )


def settled(folder: Path) -> dict[str, Any]:
    """The report without times, names of scans and what is estimated with a scan's own key."""
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    for finding in report["findings"]:
        del finding["first_seen"], finding["last_seen"]
        for people in [*finding["store"]["people"], *(one for part in finding["parts"] for one in part["people"])]:
            del people["distinct"]
    gaps: Counter[tuple[str, str]] = Counter()
    for gap in report["gaps"]:  # which of two doors is crawled, and which only compared, is chance
        gaps[gap["reason"], gap["detail"]] += gap["count"]
    return {"findings": report["findings"], "gaps": dict(gaps), "coverage": report["coverage"]}


@pytest.mark.timeout(180)
async def test_thirty_kills_change_nothing_that_is_found(serve, tmp_path):
    drawn = random.Random(SEED)
    site = await serve(tree(), delay=0.01)
    twin = await serve(tree(), port=8081, address=site.address, delay=0.01)
    calm, disturbed = tmp_path / "calm", tmp_path / "disturbed"
    calm.mkdir()
    disturbed.mkdir()
    process = await command(site, calm)
    _, said = await process.communicate()
    assert 0 == process.returncode, said
    asked = len(site.asked) + len(twin.asked)

    killed = 0
    while killed < KILLS:
        process = await command(site, disturbed)
        before = len(site.asked) + len(twin.asked)
        enough = before + drawn.randint(1, max(2, asked // 40))  # so that all kills fit into one scan
        while process.returncode is None and len(site.asked) + len(twin.asked) <= enough:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
        await asyncio.sleep(drawn.uniform(0, 0.01))
        if process.returncode is not None:
            break  # it has come to its end
        process.kill()
        await process.wait()
        killed += 1
    process = await command(site, disturbed)
    _, said = await process.communicate()
    assert (0, KILLS) == (process.returncode, killed), said
    assert settled(calm) == settled(disturbed)
    assert 1 == len(settled(calm)["findings"])
    assert len(site.asked) + len(twin.asked) - asked > asked  # it was disturbed indeed
