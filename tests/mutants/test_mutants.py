"""No guard is decoration: each of the eight is taken away from a copy of the scanner, and a test notices."""

from __future__ import annotations

import sys

import pytest

from tests.mutants.copies import ROOT, MovedError, noticed, sound, without
from tests.mutants.guards import EIGHT, MORE, Mutant

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what TCP has sent (TCP_INFO)")


def test_with_all_guards_in_place_the_tests_pass() -> None:
    assert () == sound(EIGHT)


@pytest.mark.parametrize("mutant", EIGHT, ids=lambda mutant: mutant.guard)
def test_a_guard_that_is_taken_away_is_missed(mutant: Mutant) -> None:
    assert noticed(mutant).failed


@pytest.mark.parametrize("mutant", [*EIGHT, *MORE], ids=lambda mutant: f"{mutant.guard}, {mutant.taken}")
def test_each_guard_stands_where_the_table_says(mutant: Mutant) -> None:
    text = (ROOT / "scanner" / mutant.file).read_text(encoding="utf-8")
    assert text != without(mutant, text)


def test_a_guard_that_has_moved_is_said() -> None:
    with pytest.raises(MovedError, match="the guard moved: verb enum"):
        without(EIGHT[0], "")
