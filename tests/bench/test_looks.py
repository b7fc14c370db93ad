"""The measure of first looks runs, and loses no host; how fast is not asked here."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="127/8 is one address there")
@pytest.mark.parametrize("server", ["python", "any"])
def test_no_client_loses_a_host(server: str) -> None:
    small = {"EARSHOT_BENCH_HOSTS": "300", "EARSHOT_BENCH_ROUNDS": "1", "EARSHOT_BENCH_AT_ONCE": "50"}
    run = subprocess.run([sys.executable, "-m", "tests.bench", "looks"], capture_output=True, text=True, timeout=160,
                         env={**os.environ, **small, "EARSHOT_BENCH_SERVER": server})
    assert (run.returncode, run.stderr) == (0, "")
    assert "ours lost: no host" in run.stdout
    lost = dict(re.findall(r"^  (httpx|ours|C) {2,}.* (\d+)$", run.stdout, re.MULTILINE))
    assert {"httpx": "0", "ours": "0"}.items() <= lost.items()
    assert set(lost.values()) == {"0"}


def test_an_unknown_measure_is_told() -> None:
    run = subprocess.run([sys.executable, "-m", "tests.bench", "nothing"], capture_output=True, text=True, timeout=160)
    assert run.returncode == 2
    assert "there are: looks" in run.stderr
