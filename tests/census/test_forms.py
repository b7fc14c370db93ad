"""Digits read as times, form by form."""

from __future__ import annotations

import random

import pytest

from scanner.census.forms import DAY, FORMS, days, head, is_clock, second

FEB_18 = 17_945 * DAY                        # 2019-02-18


@pytest.mark.parametrize(("digits", "place", "expected"), [
    ("20190218", 0, FEB_18), ("18022019", 1, FEB_18), ("20190231", 0, None), ("00000101", 0, None),
    ("20190229", 0, FEB_18 + 11 * DAY), ("99991231", 0, None), ("18990101", 0, None),
    ("190218", 0, FEB_18), ("180219", 1, FEB_18), ("191332", 0, None), ("950101", 0, 9131 * DAY),
    ("1550478612", 0, 1_550_478_612), ("0701740605", 0, None), ("1902180830", 2, FEB_18), ("1902182460", 2, None),
    ("1802190830", 3, FEB_18), ("0218190830", 4, FEB_18), ("2019021808", 1, FEB_18),
    ("201902180830", 0, FEB_18), ("180220190830", 1, FEB_18), ("190218083012", 3, FEB_18),
    ("1550478612123456", 0, 1_550_478_612), ("02182019", 2, FEB_18), ("021819", 2, FEB_18),
    ("1550478612123", 0, 1_550_478_612), ("20190218083012", 0, FEB_18), ("20190218083060", 0, None),
    ("18022019083012", 1, FEB_18), ("20190218083012999", 0, FEB_18),
])
def test_digits_are_a_moment_or_none(digits: str, place: int, expected: int | None) -> None:
    assert expected == FORMS[len(digits)][place].read(digits)


@pytest.mark.parametrize(("text", "width", "expected"), [
    ("20190218_083012", 8, FEB_18), ("20190218083012", 8, FEB_18), ("2019-02-18 08:30:12", 10, FEB_18),
    ("18-02-2019", 10, FEB_18), ("18.02.2019", 10, FEB_18), ("2019Feb18", 11, FEB_18), ("2019Xyz18", 11, None),
    ("2019-Feb-18_x", 11, FEB_18), ("18Feb2019", 11, FEB_18), ("18 Okt 2018", 11, FEB_18 - 123 * DAY),
    ("18_02_2019", 10, FEB_18), ("02-18-2019", 10, FEB_18), ("31-31-2019", 10, None),
    ("2019", 8, None), ("", 10, None),
])
def test_a_date_or_timestamp_says_its_day(text: str, width: int, expected: int | None) -> None:
    assert (width, expected) == (head(text), days([text])[0])


@pytest.mark.parametrize(("text", "expected"), [
    ("1550478612.123", 1_550_478_612), ("1550478612", 1_550_478_612), ("952500000.1", 952_500_000),
    ("0000000001.1", None), ("x.1", None), ("", None), ("9" * 400, None),
])
def test_a_unique_id_says_its_second(text: str, expected: int | None) -> None:
    assert expected == second(text)


def test_forms_know_how_likely_digits_at_random_have_them() -> None:
    seeded = random.Random(6)
    for length, forms in FORMS.items():
        some = ["".join(seeded.choices("0123456789", k=length)) for _ in range(40_000)]
        for form in forms:
            share = sum(form.read(digits) is not None for digits in some) / len(some)
            assert share <= 1.3 * form.chance + 3e-4
    assert 0.07 < sum(is_clock(f"{i:06}") for i in range(0, 1_000_000, 7)) / 142_857 < 0.1


def test_a_column_with_one_day_that_has_the_month_first_has_it_in_all() -> None:
    assert [FEB_18, FEB_18 - 41 * DAY] == days(["02-18-2019", "01-08-2019"])
    assert [FEB_18, FEB_18 + 164 * DAY] == days(["18-02-2019", "01-08-2019"])
