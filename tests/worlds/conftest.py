"""A folder for the real program to work in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An empty folder, and an empty home below it."""
    return Place(tmp_path)
