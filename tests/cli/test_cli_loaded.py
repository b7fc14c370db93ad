"""Most command lines here are forked from the loaded program: they end as those of a program that has just started."""

from __future__ import annotations

import pytest

from tests.cli.listing import Listing
from tests.cli.program import FAST, Place


@pytest.mark.parametrize("words", [
    (), ("--version",), ("scan", "--help"), ("schema",), ("signatures", "list"),
    ("report", "--state", "none"), ("scan", "127.0.0.1:x"), ("plan", "-l", "-"), ("history", "--nonsense")])
def test_a_forked_run_ends_as_one_that_was_started(place: Place, words: tuple[str, ...]) -> None:
    assert place.start(*words, stdin=b"127.0.0.1\n") == place.run(*words, stdin=b"127.0.0.1\n")


def test_its_findings_are_the_same(place: Place, store: Listing) -> None:
    started = place.start("scan", store.door, *FAST, "-o", "a.csv", "--state", "a.sqlite")
    forked = place.run("scan", store.door, *FAST, "-o", "b.csv", "--state", "b.sqlite")
    assert (started.code, started.out) == (forked.code, forked.out.replace("b.csv", "a.csv"))


def test_its_variables_and_its_folder_are_its_own(place: Place) -> None:
    assert "EARSHOT_RATE" in place.run("scan", "127.0.0.1:1", env={"EARSHOT_RATE": "fast"}).mistake
    assert place.run("scan", "127.0.0.1:1", "-o", "here.json").code == 0
    assert place.files() == {"here.json"}
