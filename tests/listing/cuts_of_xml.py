"""The same bytes, cut in every way that matters."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from scanner.listing.reader import Reader
from scanner.model import Batch, Kind

R = TypeVar("R", bound=Reader)
STEPS = (0, 1, 7, 1000, 1024, 1025)


def fed(one: R, body: bytes, step: int = 0) -> tuple[R, list[Batch]]:
    """A reader that has read a body in pieces of `step` bytes, 0 for one, and the batches."""
    batches: list[Batch] = []
    for at in range(0, len(body), step or len(body) or 1):
        batches += one.feed(body[at:at + (step or len(body))])
    return one, batches + one.close()


def rows(batches: list[Batch]) -> list[tuple[object, ...]]:
    """Every row with its folder: (under, name, size, time), or (under, name, "dir", href)."""
    found: list[tuple[object, ...]] = []
    for batch in batches:
        found += [(batch.under, entry.name, entry.size, entry.modified) for entry in batch.entries()
                  if entry.kind is Kind.FILE]
        found += [(batch.under, name, "dir", batch.hrefs.get(name)) for name in batch.directories]
    return sorted(found, key=repr)


def alike(make: Callable[[], Reader], body: bytes) -> None:
    """Assert that what is read does not depend on the cuts."""
    first, batches = fed(make(), body)
    for step in STEPS:
        one, others = fed(make(), body, step)
        assert rows(batches) == rows(others)
        assert (first.verdict, first.why, first.facts) == (one.verdict, one.why, one.facts)
