"""What speaks for a column of digits being no people."""

from __future__ import annotations

import pytest

from scanner.census.trace import Trace

GOODS = ["7310865004703", "4006381333931", "9780306406157", "5901234123457", "0012345678905"] * 4
BOOKS = ["0306406152", "0140449132", "0571056865", "0198526636", "0521663504"]


def trace(kind: str, texts: list[str], lead: str = "+46") -> Trace:
    made = Trace(kind)
    made.add([(lead + text.lstrip("0")).encode() if kind == "phone" else text.encode() for text in texts], texts)
    return made


@pytest.mark.parametrize("texts", [
    [f"{month:02}18{year}" for month in range(1, 13) for year in (2018, 2019)],
    [f"{day:02}02190830" for day in range(1, 29)],
    [f"02{day:02}190830" for day in range(1, 29)],
    [f"07{day:02}08{day:02}59" for day in range(1, 29)],         # month, day, hour, minute, second: all are mobiles
    [f"0807{day:02}{day:02}00" for day in range(1, 24)],
    [f"07{day:02}5{day % 10}0708" for day in range(1, 29)],
])
def test_digits_that_are_all_a_time_in_one_form_are_no_numbers(texts: list[str]) -> None:
    assert trace("phone", texts).is_time()
    assert not trace("phone", [*texts, *["0701740605"] * len(texts)]).is_time()


def test_one_number_that_follows_a_form_without_a_year_stays_a_number() -> None:
    assert not trace("phone", ["0725083059"]).may_be_time()
    assert trace("phone", ["0701190830"]).may_be_time()


def test_births_with_ends_of_any_kind_are_no_times() -> None:
    births = [f"{day:02}0260-{day * 331 % 10_000:04}" for day in range(1, 29)]
    assert not trace("cpr", births).is_time()
    assert trace("cpr", [f"{day:02}0219-08{day:02}" for day in range(1, 29)]).is_time()


def test_barcodes_and_books_are_things() -> None:
    assert trace("phone", GOODS).is_thing()
    assert trace("phone", BOOKS * 4).is_thing()
    assert not trace("phone", [f"07017406{i:02}" for i in range(5, 99)]).is_thing()


def test_numbers_that_follow_each_other_are_counted_out() -> None:
    counter = trace("phone", [f"07{i:08}" for i in range(1000, 1050)])
    assert counter.counts(50)
    assert counter.runs(50, 50)
    drawn = trace("phone", [f"07{i * 7_919_993 % 10**8:08}" for i in range(50)])
    assert not drawn.counts(50)
    assert not drawn.runs(50, 50)


def test_joined_is_as_if_read_in_one() -> None:
    texts = [f"07{i:08}" for i in range(1000, 1050)]
    one, two = trace("phone", texts[:20]), trace("phone", texts[20:])
    assert one.joined(two).runs(50, 50)
    assert trace("phone", texts, "+45").country() == "45"
