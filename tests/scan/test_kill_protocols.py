"""Killed at any moment, a scan over FTP, SMB and rsync finds what an undisturbed one finds: nothing lost, nothing
twice. A signal ends it within seconds, also while lists are slow to come.
"""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from time import monotonic

import pytest

from tests.kill.runs import nursery, whole
from tests.kill.table import killed
from tests.kill.worlds import ftp, nas, smb
from tests.probes.smb.smb_server import QUERY

KILLS, SEED = 10, 1
MET = {"starting", "starting again", "asking", "writing reports"}


@pytest.mark.timeout(180)
async def test_ten_kills_in_every_state_of_a_scan_change_nothing_over_any_protocol(tmp_path: Path) -> None:
    async with nursery() as begin:
        over = await killed("nas", nas, begin, tmp_path, kills=KILLS, a_life=KILLS, seed=SEED,
                            states=MET)
    assert [] == over.wrong
    assert over.kills.total() >= KILLS
    assert over.kills.keys() >= MET


async def test_a_signal_ends_a_scan_within_seconds_while_lists_are_slow(tmp_path: Path) -> None:
    async with ftp() as files, smb() as shares:
        files.delay = 60
        shares.on[QUERY] = lambda asked: None                # never answered
        run = await whole(["scan", f"ftp://127.0.0.1:{files.port}/", f"smb://127.0.0.1:{shares.port}/", "-o",
                           "report.json", "--state", "state.sqlite", "-q"], tmp_path)
        while not files.told.count("LIST") or not shares.commands().count(QUERY):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        began = monotonic()
        run.kill(signal.SIGINT)
        code = await run.wait()
        took = monotonic() - began
    assert 130 == code, (tmp_path / "said").read_text()
    assert 15 > took, took
    assert (tmp_path / "report.json").exists()
