"""Legs of one call: what is said in `-in` and `-out` is heard again in `-all`, and lasts once."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.census.belief import Place
from scanner.census.shape import Shape


def legs_twice(shapes: Mapping[Place, Shape]) -> set[Place]:
    """Shapes whose calls last as long in another file: `-in` beside `-all`, and the fewer of `-in` and `-out`."""
    families: dict[tuple[bytes, str], dict[str, Place]] = {}
    for place in shapes:
        shape, leg, extension = place
        if leg:
            stem = len(shape) - len(extension) - 1 - len(leg)
            families.setdefault((shape[:stem], extension), {})[leg] = place
    twice: set[Place] = set()
    for legs in families.values():
        whole = next((legs[leg] for leg in ("all", "mix") if leg in legs), None)
        kept = whole or max(legs.values(), key=lambda place: (shapes[place].files, place))
        twice |= {place for place in legs.values() if place != kept and _same_calls(shapes[place], shapes[kept])}
    return twice


def _same_calls(leg: Shape, other: Shape) -> bool:
    """Whether they are legs of the same calls; else `in` and `out` say who called."""
    return 2 * len(leg.stems & other.stems) >= min(len(leg.stems), len(other.stems))
