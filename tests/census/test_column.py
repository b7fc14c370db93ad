"""When a column of identifiers is believed."""

from __future__ import annotations

import random

import pytest

from scanner.census.column import Beside, Column
from scanner.census.sketch import Hashing
from scanner.model import Certainty

KEY = Hashing(b"k" * 32)
POSSIBLE, PROBABLE, CERTAIN = Certainty


def column(kind: str, values: list[str], certainty: Certainty = PROBABLE) -> Column:
    made = Column(kind, certainty, KEY)
    made.add([value.encode() for value in values], values)
    return made


def callers(count: int) -> list[str]:
    return [f"+4670{1740605 + i * 7919 % 1_000_000:07}" for i in range(count)]


@pytest.mark.parametrize(("values", "certainty", "beside", "expected"), [
    (callers(4), PROBABLE, Beside(4), PROBABLE),                              # no column yet
    (callers(50), PROBABLE, Beside(50, sound=True), CERTAIN),
    (callers(50), PROBABLE, Beside(50, field=True), CERTAIN),
    (callers(50), PROBABLE, Beside(50, plus=True), CERTAIN),
    (callers(50), PROBABLE, Beside(50), PROBABLE),                            # most digits after a 0 are valid
    (callers(50), PROBABLE, Beside(100, times=50, sound=True), CERTAIN),      # the rest are times
    (callers(50), PROBABLE, Beside(100, sound=True), POSSIBLE),
    (callers(20), PROBABLE, Beside(100), None),                               # chance
    (callers(1) * 50, PROBABLE, Beside(50), None),                            # the company's own
    (callers(1) * 50, PROBABLE, Beside(50, only=True), POSSIBLE),             # one caller's folder, or one line's
    (callers(9) * 50, PROBABLE, Beside(450), None),                           # a few lines of the company
    (callers(30) * 50, PROBABLE, Beside(1500, sound=True), CERTAIN),
    (callers(6) * 5, PROBABLE, Beside(30, sound=True), PROBABLE),             # few: people who call again, or lines
    (callers(30) * 50, PROBABLE, Beside(1500, widest=900), None),             # the callers are another column
    (callers(50), POSSIBLE, Beside(50), POSSIBLE),                            # no prefix: ids look alike
    (callers(50), POSSIBLE, Beside(50, only=True), PROBABLE),
    (callers(50), POSSIBLE, Beside(60), None),
    (callers(50), POSSIBLE, Beside(60, field=True), PROBABLE),                # a grammar has it there
    ([f"+45{20000000 + i}" for i in range(50)], POSSIBLE, Beside(50), None),  # counts upwards
])
def test_a_column_of_phones(values: list[str], certainty: Certainty, beside: Beside,
                            expected: Certainty | None) -> None:
    verdict = column("phone", values, certainty).verdict(beside)
    assert (expected is not None and ("phone", expected)) == (verdict or False)


def births(count: int, first: int = 1930, years: int = 80) -> list[str]:
    seeded = random.Random(1)
    return [f"{first + seeded.randrange(years)}0101{i:04}" for i in range(count)]


@pytest.mark.parametrize(("kind", "values", "names", "expected"), [
    ("personnummer", births(4), 4, ("personnummer", PROBABLE)),
    ("personnummer", births(8), 10, ("personnummer", CERTAIN)),
    ("personnummer", births(5), 5, ("personnummer", PROBABLE)),               # one in a hundred thousand
    ("personnummer", births(13), 100, None),                                  # chance
    ("personnummer", births(400), 400, ("personnummer", CERTAIN)),
    ("undecided", births(100, 2000, 24), 100, ("personnummer", PROBABLE)),
    ("undecided", births(100, 2017, 2), 100, None),                           # two years: times
    ("undecided", births(10), 100, None),
    ("undecided", births(3), 3, None),
    ("hetu", [f"{i:06}-{i:03}T" for i in range(20)], 20, ("hetu", CERTAIN)),
    ("ssn", [f"123-45-{i:04}" for i in range(20)], 20, ("ssn", PROBABLE)),
    ("email", ["a@example.org"] * 20, 20, ("email", PROBABLE)),
    ("name", ["testsson tolvan"] * 20, 20, None),                             # a product's
    ("name", [f"testsson {i}" for i in range(20)], 20, ("name", PROBABLE)),
])
def test_a_column_of_identities(kind: str, values: list[str], names: int,
                                expected: tuple[str, Certainty] | None) -> None:
    assert expected == column(kind, values).verdict(Beside(names))


def test_danish_numbers_are_certain_when_they_pass_the_old_check() -> None:
    weights = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
    births = [f"{1 + n % 28:02}01{30 + n % 60}{n % 4}{n * 37 % 1000:03}" for n in range(2000)]
    good = [t for t in births if sum(w * int(d) for w, d in zip(weights, t, strict=True)) % 11 == 0]
    assert column("cpr", good[:30], POSSIBLE).verdict(Beside(30)) == ("cpr", CERTAIN)
    assert column("cpr", births[:30], POSSIBLE).verdict(Beside(30)) == ("cpr", POSSIBLE)
    assert column("cpr", ["0101701234"] * 30, POSSIBLE).verdict(Beside(30)) is None      # one number, one day


def test_examples_are_masked_and_few() -> None:
    assert column("phone", ["0701740605", "0701740606", "0701740605"]).examples == ["0701•••605", "0701•••606"]
    assert len(column("phone", [f"070174{i:04}" for i in range(0, 9000, 7)]).examples) == 5


def test_a_column_shared_by_many_shapes_is_only_possible() -> None:
    made = column("phone", callers(50))
    made.shared = True
    assert made.verdict(Beside(50)) == ("phone", POSSIBLE)
