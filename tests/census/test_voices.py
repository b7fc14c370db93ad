"""Folders of sound, by their looks."""

from __future__ import annotations

import pytest

from scanner.census.voices import VOICES, Looks, score

CALLS = tuple(range(60_000, 3_000_000, 30_000))
SONGS = tuple(range(5_000_000, 9_000_000, 40_000))


@pytest.mark.parametrize(("looks", "expected"), [
    (Looks(files=98, sounds=98, sizes=CALLS, stamped=98), True),
    (Looks(files=98, sounds=98, sizes=CALLS, phones=50), True),
    (Looks(files=98, sounds=98, sizes=CALLS, telephony=98), True),
    (Looks(files=98, sounds=98, sizes=CALLS, words=frozenset({"health"})), True),
    (Looks(files=98, sounds=98, sizes=CALLS), False),
    (Looks(files=98, sounds=98, sizes=CALLS, stamped=98, words=frozenset({"harmless"})), False),
    (Looks(files=100, sounds=100, sizes=SONGS), False),
    (Looks(files=100, sounds=100, sizes=SONGS, dated=True), False),
    (Looks(files=19, sounds=19, sizes=CALLS, stamped=19, phones=19), False),     # too few to say
    (Looks(files=98, sounds=50, sizes=CALLS, stamped=98), False),                # most are no sound
    (Looks(files=0, sounds=0), False),
])
def test_a_recorders_folder_is_told_from_music(looks: Looks, expected: bool) -> None:
    assert expected == (score(looks) >= VOICES)
