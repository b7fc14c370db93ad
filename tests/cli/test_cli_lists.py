"""Lists of targets are read a line at a time, and of a line no more than shows that it is none."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest

from scanner.cli.options import scope_of
from scanner.errors import TargetError


def test_of_a_line_without_end_no_more_is_read_than_shows_that_it_is_too_long(tmp_path: Path) -> None:
    path = tmp_path / "targets.txt"
    path.touch()
    os.truncate(path, 64 << 20)
    scope_of(["127.0.0.1"], None, None, None, None, None, None)          # what is imported once is not counted
    tracemalloc.start()
    try:
        with pytest.raises(TargetError, match=r"targets\.txt:1: the line is longer than 4096 characters"):
            scope_of(None, None, str(path), None, None, None, None)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 << 20
