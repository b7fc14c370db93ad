"""The kept corpus: inputs that broke something once, or reach far, in `fixtures/fuzz/TARGET/`. Small, and replayed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.fuzz.target import Target

MOST = 24 * 1024                             # bytes of a target
FOLDER = Path(__file__).parents[2] / "fixtures" / "fuzz"


def kept(target: Target) -> list[bytes]:
    """The inputs of a target."""
    return [path.read_bytes() for path in sorted((FOLDER / target.name).glob("*"))]


def name_of(data: bytes) -> str:
    """What an input is called."""
    return hashlib.sha256(data).hexdigest()[:16]
