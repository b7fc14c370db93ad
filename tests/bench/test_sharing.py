"""The measure of file servers, small: memory does not grow with a folder, an early stop closes. It asks for no speed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.probes import PROBES
from tests.bench.servers import grown, ours
from tests.bench.sharing import SHARES, folder_for

pytestmark = pytest.mark.real

SMALL, LARGE = 2_000, 20_000
FLAT = 3.0                                   # MB: a folder of ten times as many entries takes no more than this
_GRANTED = frozenset({"nfs"})                # a namespace of its own is not granted everywhere


@pytest.fixture
def above() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="earshot-shares-") as made:
        folder = Path(made)
        folder.chmod(0o755)                  # servers that root started give their rights away
        yield folder


@pytest.mark.parametrize("protocol", SHARES)
def test_memory_does_not_grow_with_a_folder_and_a_stop_closes(protocol: str, above: Path) -> None:
    assert protocol in {probe.name for probe in PROBES}
    small, large = (_listed(protocol, above, entries) for entries in (SMALL, LARGE))
    assert large < small + FLAT


def _listed(protocol: str, above: Path, entries: int) -> float:
    """MB that listing so many entries takes, each of which came."""
    own = above / str(entries)
    own.mkdir(mode=0o755)
    try:
        with folder_for(protocol, own) as folder, SHARES[protocol](folder, grown(own / "calls", entries)) as shared:
            seen = ours(shared, "traced")
    except LookupError as lacks:
        if os.environ.get("EARSHOT_REQUIRE_SERVERS") == "1" and protocol not in _GRANTED:
            pytest.fail(str(lacks))
        pytest.skip(str(lacks))
    assert (entries, 0) == (seen["entries"], seen["left"])
    return seen["grown"]
