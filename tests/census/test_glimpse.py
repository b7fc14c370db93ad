"""Which names of a shape are looked at again."""

from __future__ import annotations

import pytest

from scanner.census.glimpse import FIRST, SPREAD, Glimpse


def glimpse(count: int, piece: int, *, timed: bool = True) -> Glimpse:
    made = Glimpse()
    for i in range(0, count, piece):
        rows = range(i, min(i + piece, count))
        made.add([b"%d" % row for row in rows], list(rows) if timed else None)
    return made


@pytest.mark.parametrize("count", [1, 63, 512, 513, 1000, 5000])
@pytest.mark.parametrize("piece", [1, 7, 300, 10_000])
def test_they_do_not_depend_on_the_pieces_and_lie_evenly(count: int, piece: int) -> None:
    one, whole = glimpse(count, piece), glimpse(count, count)
    assert (whole.first, whole.names, whole.times) == (one.first, one.names, one.times)
    assert [b"%d" % i for i in range(min(count, FIRST))] == one.first
    assert [b"%d" % time for time in one.times] == one.names
    assert len({b - a for a, b in zip(one.times, one.times[1:], strict=False)}) <= 1
    assert min(count, SPREAD // 2) <= len(one.names) <= SPREAD


def test_names_without_times_have_none() -> None:
    assert [-1] * 9 == glimpse(9, 4, timed=False).times
