"""Censuses merge in any order to the same census, and go through JSON unchanged."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.census.census import PARTS, Census, PartCount, PartKey, PeopleCount
from scanner.census.hours import Seconds
from scanner.census.sketch import Distinct, Hashing
from scanner.model import Certainty

_KEY = Hashing(b"k" * 32)


def distinct(values: set[int]) -> Distinct:
    made = Distinct()
    made.add([b"%d" % v for v in values], _KEY)
    return made


small = st.integers(0, 9)
sketches = st.sets(small, max_size=3).map(distinct)
texts = st.lists(st.sampled_from("abcdefgh"), max_size=5, unique=True).map(lambda t: tuple(sorted(t)))
counts = st.builds(PeopleCount, st.integers(1, 9), sketches, st.sampled_from(list(Certainty)), texts)
people = st.dictionaries(st.sampled_from(["phone", "name", "cpr"]), counts, max_size=2)
seconds = st.builds(Seconds, small, small, small, small)
parts = st.builds(PartCount, st.integers(1, 9), small, texts, people, seconds)
keys = st.builds(PartKey, st.sampled_from(["audio", "mail", "other", "video", "key", "export", "log"]),
                 st.sampled_from(["", "phone", "name", "cpr"]), st.sampled_from(list(Certainty)))
tallies = st.dictionaries(st.sampled_from("xyz"), st.integers(1, 9), max_size=3)
censuses = st.builds(
    Census, files=small, directories=small, bytes=small, spread=small, unsized=small,
    first=st.none() | small, last=st.none() | small, odd_times=small,
    kinds=st.dictionaries(st.sampled_from(["audio", "video"]), st.tuples(small, small).map(list), max_size=2),
    seconds=seconds, methods=tallies, empty_recordings=small, voices=small, people=people,
    parts=st.dictionaries(keys, parts, max_size=PARTS), signatures=tallies, hints=tallies,
    words=st.dictionaries(st.sampled_from(["health", "hr"]), st.frozensets(st.sampled_from("uvw")), max_size=2),
    sample=texts, sketch=st.lists(small, max_size=4, unique=True).map(lambda s: tuple(sorted(s))),
    cut_by=st.frozensets(st.sampled_from(["pages", "bytes"])),
)


def text(census: Census) -> str:
    return json.dumps(census.to_json(), sort_keys=True)


@given(censuses, censuses)
@settings(deadline=None)
def test_merging_is_commutative(one: Census, other: Census) -> None:
    assert text(one.merge(other)) == text(other.merge(one))


@given(censuses, censuses, censuses)
@settings(deadline=None)
def test_merging_is_associative(one: Census, two: Census, three: Census) -> None:
    assert text(one.merge(two).merge(three)) == text(one.merge(two.merge(three)))


@given(censuses)
@settings(deadline=None)
def test_json_and_back_is_the_same_census(census: Census) -> None:
    assert census == Census.from_json(json.loads(text(census)))


@given(censuses)
@settings(deadline=None)
def test_merging_with_nothing_changes_nothing(census: Census) -> None:
    assert text(census) == text(census.merge(Census()))


def test_parts_are_at_most_32_and_none_is_lost() -> None:
    census = Census()
    for i in range(100):
        key = PartKey(f"kind{i:03}", "phone" if i % 9 == 0 else "", Certainty(i % 3))
        census = census.merge(Census(parts={key: PartCount(1, 10, ("a", str(i)))}))
    assert len(census.parts) == PARTS
    assert sum(part.files for part in census.parts.values()) == 100
    assert sum(key.identifier == "phone" for key in census.parts) == 12


@pytest.mark.parametrize(("levels", "expected"), [
    ((0, 0, 570), Certainty.CERTAIN), ((0, 3, 570), Certainty.CERTAIN), ((0, 570, 3), Certainty.PROBABLE),
    ((570, 0, 3), Certainty.POSSIBLE),
])
def test_people_are_as_certain_as_half_of_them(levels: tuple[int, int, int], expected: Certainty) -> None:
    total = PeopleCount()
    for certainty, files in zip(Certainty, levels, strict=True):
        total = total.merge(PeopleCount(files, Distinct(), certainty))
    assert (sum(levels), expected) == (total.files, total.certainty)


def test_a_part_lies_in_the_folder_above_all_of_it() -> None:
    one, other = PartCount(1, 1, ("calls", "2013", "04")), PartCount(1, 1, ("calls", "2014"))
    assert one.merge(other).folder == "/calls/"
    assert PartCount(1, 1).folder == "/"


def test_sizes_are_exact_only_when_all_are_shown_and_none_is_rounded() -> None:
    assert Census(files=1, bytes=5).bytes_exact
    assert not Census(files=1, bytes=5, spread=1).bytes_exact
    assert not Census(files=1, unsized=1).bytes_exact


def test_a_census_that_was_cut_anywhere_is_not_complete() -> None:
    assert Census().complete
    assert not Census().merge(Census(cut_by=frozenset({"bytes"}))).complete
