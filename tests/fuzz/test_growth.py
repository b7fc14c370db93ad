"""Twice the input never costs three times the steps, whatever the parser and the shape that hurts it.

Steps are lines of Python, counted: the same on every machine. What one call into C costs is kept linear by its making
(patterns with bounds, RE2). Here a part of all shapes is tried; `python -m tests.fuzz.growth` tries every one.
"""

from __future__ import annotations

import pytest

from tests.fuzz.shapes import Shape, shapes
from tests.fuzz.steps import grown
from tests.fuzz.target import Form, Target
from tests.fuzz.targets import BY_NAME, TARGETS

SIZE = 1500                                  # bytes, and twice as many
_MOST = 12                                   # shapes of a form that are tried
_FEW = {"knowledge": 3, "columns": 3, "filenames": 6, "scope": 6, "html": 8}   # of what takes long


def some(target: Target, form: str) -> list[Shape]:
    """Those of a form that are tried here: others for each form, its own among them."""
    known = [*shapes(target, form)]
    every = -(-len(known) // _FEW.get(target.name, _MOST))
    return known[sum(form.encode()) % every::every]


@pytest.mark.parametrize("target", TARGETS, ids=list(BY_NAME))
def test_twice_the_input_never_costs_three_times_the_steps(target: Target) -> None:
    assert [] == [told for form in target.forms for shape in some(target, form)
                  if (told := grown(target, form, shape, SIZE))]


def _pairs(data: bytes) -> object:
    return sum(one == other for one in data for other in data)


def test_what_compares_each_byte_with_each_is_seen_to_grow() -> None:
    slow = Target("slow", {"pairs": Form(_pairs)}, lambda: (), ())
    assert "slow, pairs, letters: " == grown(slow, "pairs", Shape("letters", b"a"), 60)[:22]
