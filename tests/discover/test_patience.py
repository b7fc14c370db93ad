"""Waiting follows what was seen, within its bounds."""

from __future__ import annotations

import pytest

from scanner.discover.patience import Patience


def after(times: list[float], *, ceiling: float = 3.0, floor: float = 0.25) -> Patience:
    patience = Patience(ceiling, floor)
    for seconds in times:
        patience.observe(seconds)
    return patience


@pytest.mark.parametrize(("times", "first"), [
    ([], 3.0),                                                   # nothing known: the ceiling
    ([0.01] * 15, 3.0),                                          # too few to believe
    ([0.01] * 16, 0.25),                                         # near: the floor
    ([0.2] * 16, 0.6),                                           # three times what was seen
    ([0.01] * 80 + [0.2] * 48, 0.6),                             # a third of them far: the slow end counts
    ([0.01] * 124 + [2.0] * 4, 0.25),                            # a few stragglers do not slow the rest
    ([2.0] * 16, 3.0),                                           # never above the ceiling
    ([2.0] * 16 + [0.01] * 512, 0.25),                           # old times are forgotten
])
def test_the_first_wait_follows_the_answers(times: list[float], first: float) -> None:
    assert after(times).first == pytest.approx(first)


def test_the_second_wait_stays_at_the_ceiling() -> None:
    assert after([0.001] * 600).last == 3.0


def test_a_ceiling_below_the_floor_wins() -> None:
    assert after([0.001] * 600, ceiling=0.1).first == 0.1
