"""The file limit bounds what is in flight."""

from __future__ import annotations

import subprocess
import sys

import pytest

from scanner.discover import files

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no such limit")

LIMITED = """
import resource
from scanner.discover import files
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
print(files.limit(), files.at_once(2000), files.raise_limit(), files.at_once(2000))
"""


@pytest.mark.parametrize(("soft", "hard", "seen"), [
    (256, 1024, [256, 128, 1024, 896]),
    (64, 64, [64, 32, 64, 32]),                                  # less than the reserve: half of them
    (4096, 4096, [4096, 2000, 4096, 2000]),
])
def test_what_is_in_flight_fits_the_limit(soft: int, hard: int, seen: list[int]) -> None:
    code = LIMITED.format(soft=soft, hard=hard)
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30).stdout
    assert [int(word) for word in out.split()] == seen


def test_a_small_wish_is_granted() -> None:
    assert files.at_once(10) == 10
