"""The corpus is what it says: large, of every product and region, of one seed, and its sums are the issuers'."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from tests.digits import persons
from tests.digits.callers import FICTION, REGIONS, national, written
from tests.digits.corpus import directories
from tests.digits.ordinary import ORDINARY
from tests.digits.papers import PAPERS
from tests.digits.recorders import RECORDERS
from tests.digits.silent import SILENT, TIMES
from tests.digits.truth import Directory


@pytest.fixture(scope="module")
def corpus() -> list[Directory]:
    return [*directories(1)]


def test_the_corpus_is_large_and_has_every_product_in_every_region(corpus: list[Directory]) -> None:
    assert len(corpus) >= 600
    assert sum(len(directory.rows) for directory in corpus) >= 20_000
    seen = {(directory.product, directory.region) for directory in corpus}
    products = {*RECORDERS, *SILENT, *ORDINARY, *(f"time-{form}" for form in TIMES)}
    assert {(product, region) for product in products for region in REGIONS} <= seen
    assert {(paper.product, paper.region) for paper in PAPERS} <= seen


def test_one_seed_makes_one_corpus(corpus: list[Directory]) -> None:
    assert corpus == [*directories(1)]
    assert corpus[0] != next(directories(2))


def test_dates_run_from_2013_to_2027_and_names_of_a_directory_differ(corpus: list[Directory]) -> None:
    years = Counter[int]()
    for directory in corpus:
        names = directory.names()
        assert len({*names}) == len(names)
        assert directory.times is None or len(directory.times) == len(names)
        years.update(1970 + row.moment // 31_556_952 for row in directory.rows)
    assert {*range(2013, 2028)} <= {*years}


@pytest.mark.parametrize(("drawn", "passes"), [
    ("19900101980", "2"), ("19121212121", "2"),
])
def test_luhn_is_that_of_published_swedish_numbers(drawn: str, passes: str) -> None:
    assert passes == persons.luhn(drawn[2:])


def test_sums_are_those_of_published_specimens() -> None:
    assert persons.mod11("999000001") == 8                        # the health service's test number 999 000 0018
    assert persons.HETU[131052308 % 31] == "T"                     # the registry's specimen


def test_numbers_of_people_are_of_the_ranges_kept_for_fiction() -> None:
    rng = Random(1)
    for region, ranges in FICTION.items():
        for number in (national(region, rng) for _ in range(200)):
            assert any(number.startswith(head) for head, *_ in ranges)
    assert {(written("701740605", "SE", form)) for form in ("national", "plus", "zeros", "bare")} == {
        "0701740605", "+46701740605", "0046701740605", "46701740605"}
