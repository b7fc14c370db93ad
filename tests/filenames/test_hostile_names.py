"""Any name of any length is read and masked, and what is looked at of it is bounded."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from types import FrameType

import pytest

from scanner.filenames import mask, tokens
from tests.bench.hostile_names import KINDS


def steps(work: Callable[[], object]) -> int:
    """Lines of Python that run, as a count of work that is the same on every machine."""
    count = 0

    def trace(_: FrameType, event: str, __: object) -> Callable[..., object]:
        nonlocal count
        count += event == "line"
        return trace

    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(None)
    return count


@pytest.mark.parametrize("kind", KINDS)
def test_work_grows_no_faster_than_the_name(kind: str) -> None:
    def name(length: int) -> str:
        return (KINDS[kind] * length)[:length]

    mask(name(512))                          # what is made once
    tokens(name(512), ("SE",))
    found = [steps(lambda n=length: (tokens(name(n), ("SE",)), mask(name(n)))) for length in (128, 512, 65_536)]  # type: ignore[misc]
    assert found[1] <= 8 * found[0] + 2000
    assert found[2] <= 1.2 * found[1] + 2000, "beyond 512 characters nothing more is read"


def test_names_of_any_bytes_are_read_and_masked() -> None:
    rng = random.Random(4)
    for _ in range(400):
        length = rng.choice((0, 1, 30, 255, 512, 513, 4096))
        name = rng.randbytes(length).decode("utf-8", "surrogateescape")
        found = tokens(name, ("SE", "DK", "PL", "BE", "FR", "IT", "ES", "IS", "LV", "NL"))
        assert all(0 <= t.start < t.end <= min(len(name), 512) for t in found)
        mask(name, ("SE",)).encode()
    assert ["number"] == [token.kind for token in tokens("9" * 65_536)]
    assert len(mask("tolvan@example.org" * 4000)) <= 121
