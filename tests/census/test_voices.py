"""Folders of sound, by their looks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scanner.census.voices import VOICES, Looks, by_ending, points, reasons, score, told

CALLS = tuple(range(60_000, 3_000_000, 30_000))
SONGS = tuple(range(5_000_000, 9_000_000, 40_000))
ALIKE = tuple(range(400_000, 500_000, 1_000))
HARMLESS = frozenset({"harmless"})
RECORDING = frozenset({"recording"})
HUNDRED = Looks(files=100, sounds=100)


@pytest.mark.parametrize(("looks", "expected"), [
    (Looks(files=98, sounds=98, sizes=CALLS, stamped=98), True),
    (Looks(files=98, sounds=98, sizes=CALLS, phones=50), True),
    (Looks(files=98, sounds=98, sizes=CALLS, telephony=98), True),
    (Looks(files=98, sounds=98, sizes=CALLS, words=frozenset({"health"})), True),
    (Looks(files=98, sounds=98, sizes=CALLS), False),
    (Looks(files=98, sounds=98, sizes=CALLS, stamped=98, words=HARMLESS), False),
    (Looks(files=98, sounds=98, sizes=CALLS, stamped=98, tracks=49), False),
    (Looks(files=99, sounds=98, sizes=CALLS, stamped=98, covers=True), False),
    (Looks(files=99, sounds=98, sizes=CALLS, stamped=98, phones=98, epochs=98, covers=True), True),
    (Looks(files=100, sounds=100, sizes=SONGS), False),
    (Looks(files=100, sounds=100, sizes=SONGS, dated=True), False),              # a radio station's archive
    (Looks(files=100, sounds=100, sizes=ALIKE, dated=True), True),               # a voice logger's tree
    (Looks(files=100, sounds=79, sizes=ALIKE, dated=True), False),
    (Looks(files=19, sounds=19, sizes=CALLS, stamped=19), False),                # too few for their number to count
    (Looks(files=19, sounds=19, sizes=CALLS, stamped=19, phones=19), True),
    (Looks(files=2, sounds=2, sizes=CALLS[:2], stamped=2, phones=2, epochs=2), False),       # too few to say anything
    (Looks(files=98, sounds=50, sizes=CALLS, stamped=98), False),                # most are no sound
    (Looks(files=98, sounds=49, sizes=CALLS, stamped=98, phones=98), True),      # a description beside each
    (Looks(files=98, sounds=20, sizes=CALLS, stamped=98, phones=98), False),
    (Looks(files=0, sounds=0), False),
])
def test_a_recorders_folder_is_told_from_music(looks: Looks, expected: bool) -> None:
    assert expected == (score(looks) >= VOICES)


@pytest.mark.parametrize(("looks", "expected"), [
    ({}, {"sounds": 2}),
    ({"sounds": 2000, "files": 2000}, {"sounds": 2, "many": 1}),
    ({"sizes": CALLS}, {"sounds": 2, "uneven": 1}),
    ({"sizes": SONGS}, {"sounds": 2, "songs": -2}),
    ({"sizes": ALIKE}, {"sounds": 2}),
    ({"stamped": 50}, {"sounds": 2, "stamped": 2}),
    ({"stamped": 49}, {"sounds": 2}),
    ({"epochs": 50}, {"sounds": 2, "epochs": 2}),
    ({"phones": 20}, {"sounds": 2, "phones": 3}),
    ({"phones": 19}, {"sounds": 2}),
    ({"telephony": 50}, {"sounds": 2, "telephony": 2}),
    ({"codec": True}, {"sounds": 2, "codec": 2}),
    ({"legs": True}, {"sounds": 2, "legs": 2}),
    ({"words": RECORDING}, {"sounds": 2, "words": 2}),
    ({"words": HARMLESS}, {"sounds": 2, "harmless": -4}),
    ({"dated": True}, {"sounds": 2, "dated": 1}),
    ({"dated": True, "sizes": ALIKE}, {"sounds": 2, "dated": 1, "tree": 2}),
    ({"covers": True}, {"sounds": 2, "album": -3}),
    ({"tracks": 50}, {"sounds": 2, "album": -3}),
    ({"tracks": 49}, {"sounds": 2}),
])
def test_each_sign_has_its_points(looks: dict[str, Any], expected: dict[str, int]) -> None:
    assert expected == points(replace(HUNDRED, **looks))


@pytest.mark.parametrize(("extension", "logged", "expected"), [
    ("gsm", False, True), ("WAV", False, True), ("wav", False, False), ("wav49", False, True), ("DSS", False, True),
    ("mp3", True, False), ("wma", False, False), ("wma", True, True), ("WMA", True, True), ("", True, False),
])
def test_an_ending_is_telephonys(extension: str, logged: bool, expected: bool) -> None:
    assert expected == by_ending(extension, logged=logged)


def test_what_spoke_for_it_is_said_with_its_numbers() -> None:
    one = reasons(Looks(files=1210, sounds=1204, sizes=CALLS, stamped=1190, codec=True))
    assert {"files": 1210, "sounds": 1204, "many": 1204, "uneven": 1204, "stamped": 1190, "codec": 1204} == one
    assert (
        "1,204 of 1,210 files are sound",
        "a time of day stands in the names of 1,190 (98 %)",
        "the sizes of 1,204 are those of a telephone's codec",
        "lengths are as uneven as those of talk",
    ) == told(one)


def test_where_it_is_no_recorders_nothing_is_said() -> None:
    assert {} == reasons(Looks(files=100, sounds=100, sizes=SONGS, stamped=100))
    assert () == told({})
