"""A folder to work in, and small servers that go when the test does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.listing import MIRROR, STORE, Listing
from tests.cli.program import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An empty folder, and an empty home below it."""
    return Place(tmp_path)


@pytest.fixture
def store() -> Iterator[Listing]:
    """An open store of calls whose names are telephone numbers."""
    with Listing(STORE) as server:
        yield server


@pytest.fixture
def mirror() -> Iterator[Listing]:
    """An open folder of nothing personal."""
    with Listing(MIRROR) as server:
        yield server
