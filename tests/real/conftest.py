"""Ground that a server may stand on, and servers that go when the test does."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from servers import Running, start


@pytest.fixture
def ground() -> Iterator[Path]:
    """An empty folder that everyone may read: a server that was started by root gives its rights away."""
    folder = Path(tempfile.mkdtemp(prefix="earshot-real-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def world(ground: Path) -> Path:
    """An empty folder to be served."""
    root = ground / "world"
    root.mkdir(mode=0o755)
    return root


@pytest.fixture
def serve(ground: Path) -> Iterator[Callable[[str, Path], Running]]:
    """`serve(NAME, ROOT)` starts a recipe; all are stopped when the test ends."""
    running: list[Running] = []

    def begin(name: str, root: Path) -> Running:
        running.append(start(name, root, ground / "servers"))
        return running[-1]

    yield begin
    for each in running:
        each.stop()
