"""Killed at any moment and started again, a scan finds what an undisturbed one finds: nothing lost, nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kill.runs import nursery
from tests.kill.table import killed
from tests.kill.worlds import web

KILLS, SEED = 10, 1177
MET = {"starting", "starting again", "asking", "writing reports"}


@pytest.mark.timeout(180)
async def test_ten_kills_in_every_state_of_a_scan_change_nothing_that_is_found(tmp_path: Path) -> None:
    async with nursery() as begin:
        over = await killed("http", web(years=(2018,)), begin, tmp_path, kills=KILLS, a_life=KILLS, seed=SEED,
                            states=MET)
    assert [] == over.wrong
    assert over.kills.total() >= KILLS
    assert over.kills.keys() >= MET
