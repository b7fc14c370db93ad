"""The measure of the founding case runs, small, and finds its figures. It asks for no speed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench import album, world
from tests.worlds.world import load

SMALL = 1_000


def test_a_thousandth_of_the_case_is_counted_exactly() -> None:
    run = subprocess.run([sys.executable, "-m", "tests.bench.world", "--scale", str(SMALL)], capture_output=True,
                         text=True, timeout=160)
    assert (run.returncode, run.stderr) == (0, ""), run.stdout + run.stderr
    assert "2,700 rows" in run.stdout
    assert "scan / bare: " in run.stdout


def test_the_yardstick_sees_every_row(tmp_path: Path) -> None:
    case = load("1177", scale=SMALL)
    seen = world.bare(album.printed(case, tmp_path / "pages.bin"))
    files = [file for _, file in case.doors[0].files()]
    assert (len(files), b"2013-04-12 06:00", b"2019-02-18 14:27") == (seen.rows, seen.first, seen.last)
    assert pytest.approx(sum(file.size for file in files), rel=0.01) == seen.bytes


def test_a_wrong_figure_is_told() -> None:
    assert ["0 findings, not one"] == world.wrong({"findings": []}, world.Cost(1.0, 1.0), 1)
