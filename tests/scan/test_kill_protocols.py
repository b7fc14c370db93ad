"""Killed at any moment, a scan over FTP, SMB and rsync finds what an undisturbed one finds: nothing lost, nothing
twice. A signal ends it within seconds, also while a list is slow to come.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import pytest

from tests.probes.rsync.rsync_lists import FOLDER, Put
from tests.probes.rsync.rsync_served import served
from tests.probes.rsync.test_rsync_scan import module
from tests.probes.smb.smb_server import QUERY, Scripted, folder, row
from tests.scan.ftp_tree import FtpTree
from tests.scan.test_kill import ROOT, settled

KILLS, SEED = 10, 445
MONTHS = [f"2018-{month:02}" for month in range(1, 13)]


def recordings(month: str, days: int = 3) -> dict[str, list[str]]:
    """Folder of a day -> its files."""
    return {f"{day:02}": [f"recording of the day {month}-{day:02} number {i}.wav" for i in range(4)]
            for day in range(1, days + 1)}


def ftp() -> FtpTree:
    tree = {month: {day: dict.fromkeys(names, 480_044) for day, names in recordings(month).items()}
            for month in MONTHS}
    return FtpTree({"notes.txt": 5, **tree, "shut": "550 not for you", "broken": "451 not now"}, delay=0.01)


def smb() -> Scripted:
    """Other files than over FTP, so that nothing is joined. Files in the root are what evidence quotes."""
    rows = {"": [row("notes.txt", 5), *(folder(month) for month in MONTHS)]}
    for month in MONTHS:
        days = recordings(month)
        rows[month] = [folder(day) for day in days]
        rows |= {f"{month}\\{day}": [row(f"talk {name}", 160_000) for name in names] for day, names in days.items()}
    return Scripted([("talks", 0, "Talks"), ("PRINT$", 1, "Drivers")], rows)


def puts() -> Sequence[Put]:
    files = [(f"{month}/{day}/{name}", name) for month in MONTHS for day, names in recordings(month).items()
             for name in names]
    folders = {path.rpartition("/")[0] for path, _ in files} | set(MONTHS)
    listed = [Put(path.encode(), mode=FOLDER) for path in folders] + [
        Put(f"{path.rpartition('/')[0]}/third {name}".encode(), 320_000) for path, name in files]
    return sorted(listed, key=lambda put: put.path)


async def command(targets: Sequence[str], folder: Path) -> asyncio.subprocess.Process:
    words = [*targets, "--state", str(folder / "state.sqlite"), "-o", str(folder / "report.json"), "--host-rate", "300",
             "--rate", "300", "--no-progress", "-q"]
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "scanner", "scan", *words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE)


@asynccontextmanager
async def nas() -> AsyncIterator[tuple[list[str], Callable[[], int]]]:
    """Targets, and how much was asked of them."""
    async with ftp() as files, smb() as shares, served(module(puts())) as modules:
        targets = [f"ftp://127.0.0.1:{files.port}/", f"smb://127.0.0.1:{shares.port}/",
                   f"rsync://127.0.0.1:{modules.port}/"]
        yield targets, lambda: files.told.count("LIST") + shares.commands().count(QUERY)


@pytest.mark.timeout(180)
async def test_ten_kills_change_nothing_that_is_found(tmp_path: Path) -> None:
    drawn = random.Random(SEED)
    calm, disturbed = tmp_path / "calm", tmp_path / "disturbed"
    calm.mkdir()
    disturbed.mkdir()
    async with nas() as (targets, asked):
        process = await command(targets, calm)
        _, said = await process.communicate()
        assert 0 == process.returncode, said
        whole = asked()
        killed = 0
        for _ in range(KILLS):
            process = await command(targets, disturbed)
            enough = asked() + drawn.randint(1, max(2, 2 * whole // (3 * KILLS)))    # so that all fit into one scan
            while process.returncode is None and asked() < enough:  # noqa: ASYNC110
                await asyncio.sleep(0.002)
            await asyncio.sleep(drawn.uniform(0, 0.02))
            if process.returncode is not None:
                break
            process.kill()
            await process.wait()
            killed += 1
        process = await command(targets, disturbed)
        _, said = await process.communicate()
        assert (0, KILLS) == (process.returncode, killed), said
    assert settled(calm) == settled(disturbed)
    assert [144, 145, 145] == sorted(finding["store"]["files"] for finding in settled(disturbed)["findings"])


@pytest.mark.parametrize("protocol", ["ftp", "smb"])
async def test_a_signal_ends_a_scan_within_seconds_while_a_list_is_slow(protocol: str, tmp_path: Path) -> None:
    async with ftp() as files, smb() as shares:
        files.delay = 60
        shares.on[QUERY] = lambda asked: None                # never answered
        port = files.port if protocol == "ftp" else shares.port
        process = await command([f"{protocol}://127.0.0.1:{port}/"], tmp_path)
        while not (files.told.count("LIST") + shares.commands().count(QUERY)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        began = monotonic()
        process.send_signal(signal.SIGINT)
        _, said = await process.communicate()
        took = monotonic() - began
    assert 130 == process.returncode, said
    assert 15 > took, took
    assert (tmp_path / "report.json").exists()
