"""Ground that a server may stand on, and servers that go when the test does."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from servers import ADDRESS, Running, start

from tests import witness


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
def serve(ground: Path) -> Iterator[Callable[..., Running]]:
    """`serve(NAME, ROOT)` starts a recipe, at a loopback address; all are stopped when the test ends."""
    running: list[Running] = []

    def begin(name: str, root: Path, address: str = ADDRESS) -> Running:
        started = start(name, root, ground / "servers", address=address)
        running.append(started)
        return started

    yield begin
    for each in running:
        each.stop()
    witness.judge(witness.unfit(one.verb, one.path) for each in running for one in each.asked())
