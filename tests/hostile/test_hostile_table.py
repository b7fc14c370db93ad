"""The table of hostile behaviours: complete, and the one that CONTRIBUTING shows."""

from __future__ import annotations

import pytest

from tests.hostile import table
from tests.hostile.corpus import ALL

IDS = {"H": 30, "T": 13, "D": 10, "X": 12}


def test_contributing_has_the_table_of_today() -> None:
    text = table.CONTRIBUTING.read_text(encoding="utf-8")
    assert table.placed(text, table.expected(ALL)) == text, "python -m tests.hostile --write"


@pytest.mark.parametrize(("room", "count"), IDS.items())
def test_every_behaviour_that_is_known_is_in_the_corpus(room: str, count: int) -> None:
    known = {one.id for one in ALL}
    assert [] == [name for name in (f"{room}-{number:02}" for number in range(1, count + 1)) if name not in known]


def test_each_behaviour_says_what_is_expected_of_it_and_has_a_name_of_its_own() -> None:
    names = [(one.id, one.title) for one in ALL]
    assert [] == sorted({name for name in names if names.count(name) > 1})
    assert [] == [one.title for one in ALL if (one.host is None) == (one.play is None)]
