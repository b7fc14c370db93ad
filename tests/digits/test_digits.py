"""Names with truth, read: nobody is certain where nobody is, people's numbers are found, and as what they are.

`python -m tests.digits SEED …` prints the same figures for other seeds, by product and region.
"""

from __future__ import annotations

import pytest

from scanner.signature import load
from tests.digits.corpus import directories
from tests.digits.figures import measured
from tests.digits.truth import Directory

SEED = 1


@pytest.fixture(scope="module")
def corpus() -> list[Directory]:
    return [*directories(SEED)]


def test_people_are_found_and_nobody_is_certain_where_nobody_is(corpus: list[Directory]) -> None:
    figures = measured(corpus, load(), regional=True)
    assert figures.claimed.total() == 0, figures.table()
    assert figures.found >= 0.99 * figures.columns, figures.table()
    assert figures.wrong.total() <= 0.005 * figures.columns, figures.table()


def test_without_a_region_nobody_is_certain_either(corpus: list[Directory]) -> None:
    figures = measured(corpus[::3], load(), regional=False)
    assert figures.claimed.total() == 0, figures.table()
    assert figures.wrong.total() <= 0.005 * figures.columns, figures.table()
