"""Names that may be folders: held back where a server marks none, let go where it does."""

from __future__ import annotations

from scanner.model import Batch
from scanner.probes.unmarked import SMALL, Unmarked

PLAIN = Batch(names=[b"calls", b"0701740605.wav", b"README"], sizes=[4096, 480_044, 20], times=[1, 2, 3])


def test_nothing_goes_on_while_nothing_is_marked() -> None:
    held = Unmarked(marks=False)
    assert held.take(PLAIN) == []
    assert held.doubtful() == [b"calls", b"README"]


def test_versions_and_dates_may_be_folders_after_all_without_an_extension() -> None:
    held = Unmarked(marks=False)
    held.take(Batch(names=[b"v1.2", b"2019.02.18", b"a.mp3", b"calls", b"end."]))
    assert held.doubtful() == [b"calls", b"v1.2", b"2019.02.18"]


def test_what_answered_as_a_folder_becomes_one_and_the_columns_stay_in_step() -> None:
    held = Unmarked(marks=False)
    held.take(PLAIN)
    (batch,) = held.rest({b"calls"})
    assert (batch.names, batch.sizes, batch.times) == ([b"0701740605.wav", b"README"], [480_044, 20], [2, 3])
    assert batch.directories == [b"calls"]


def test_a_server_that_marks_its_folders_is_believed() -> None:
    held = Unmarked(marks=True)
    assert held.take(PLAIN) == [PLAIN]
    assert held.doubtful() == []


def test_the_first_marked_folder_lets_everything_go() -> None:
    held = Unmarked(marks=False)
    marked = Batch(names=[], directories=[b"old"])
    assert held.take(PLAIN) == []
    assert held.take(marked) == [PLAIN, marked]
    assert held.marks


def test_a_large_listing_is_not_held_back() -> None:
    held, large = Unmarked(marks=False), Batch(names=[b"x"] * (SMALL + 1))
    assert held.take(large) == [large]
