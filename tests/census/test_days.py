"""Times by day: the newest days, in any order of the listing."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from scanner.census.days import DAY, Days, newest

TOMORROW = 30_000 * DAY


def counted(times: list[int], piece: int = 1000) -> Days:
    days = Days()
    for i in range(0, len(times), piece):
        days.add(times[i:i + piece], TOMORROW)
    return days


def test_files_are_counted_by_the_day_they_show() -> None:
    days = counted([17_945 * DAY, 17_945 * DAY + 86_399, 17_946 * DAY, -1])
    assert ({17_945: 2, 17_946: 1}, 3) == (days.newest(), days.timed)
    assert (17_945 * DAY, 17_946 * DAY, 0) == (days.first, days.last, days.odd)


@pytest.mark.parametrize("spread", [1, 2, 3])
def test_a_listing_of_one_day_or_two_counts_as_one_of_many(spread: int) -> None:
    times = [17_945 * DAY + second * spread * DAY // 100 for second in range(100)]
    assert Counter(time // DAY for time in times) == counted(times).newest()


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("piece", [1, 7, 1000])
def test_only_the_newest_64_days_are_kept_and_counted_whole(piece: int, shuffled: bool) -> None:
    times = [day * DAY + second for day in range(100, 2100) for second in (0, 5)]
    if shuffled:
        random.Random(4).shuffle(times)
    days = counted(times, piece)
    assert dict.fromkeys(range(2036, 2100), 2) == days.newest()
    assert (100 * DAY, 2099 * DAY + 5, 4000) == (days.first, days.last, days.timed)
    assert len(days._counts) <= 256 + 1000


@pytest.mark.parametrize("odd", [0, 1, DAY - 1, TOMORROW + 1, 2**63, 10**30, -62_167_219_200, 3_093_527_980_800, -2])
def test_times_that_no_clock_can_have_meant_are_set_aside(odd: int) -> None:
    days = counted([odd, 17_945 * DAY, odd, -1])
    assert (1, 2, {17_945: 1}) == (days.timed, days.odd, days.newest())
    alone = counted([odd])
    assert (0, 1, {}, None) == (alone.timed, alone.odd, alone.newest(), alone.first)


def test_no_time_at_all_is_none() -> None:
    assert (0, 0, {}) == ((days := counted([-1, -1])).timed, days.odd, days.newest())
    assert {} == newest({})
