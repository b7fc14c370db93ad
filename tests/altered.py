"""A value as JSON has it, with one of the values in it replaced."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Place = tuple[str | int, ...]


def places(value: Any, most: int = 1, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every value in it with its place, itself first; of a list the first `most`."""
    yield place, value
    inside = value.items() if isinstance(value, dict) else enumerate(value[:most]) if isinstance(value, list) else ()
    for step, below in inside:
        yield from places(below, most, (*place, step))


def altered(value: Any, place: Place, new: object) -> Any:
    """A copy that has `new` at `place`."""
    if not place:
        return new
    copy = value.copy()
    copy[place[0]] = altered(value[place[0]], place[1:], new)
    return copy
