"""Censuses merge in any order to the same census, and go through JSON unchanged."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.census.census import COLUMNS, Census, foremost
from scanner.census.days import newest
from scanner.census.hours import Seconds
from scanner.census.part import PARTS, PartCount, PartKey, PeopleCount
from scanner.census.sketch import Distinct, Hashing
from scanner.model import Certainty, Column

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
days = st.dictionaries(st.integers(-9, 99_999), st.integers(1, 9), max_size=80).map(newest)
classes = st.sampled_from([(), ("health",), ("health", "hr"), ("minors",)])
keys = st.builds(PartKey, st.sampled_from(["audio", "mail", "other", "video", "key", "export", "log"]),
                 st.sampled_from(["", "phone", "name", "cpr"]), st.sampled_from(list(Certainty)), classes)
columns = st.builds(
    Column, path=st.sampled_from(["/a/", "/b/"]), shape=st.sampled_from(["0000.wav", "0000_00.wav"]),
    place=small, kind=st.sampled_from(["phone", "number", "date"]), certainty=st.sampled_from(list(Certainty)),
    names=small, files=small, distinct=small, because=st.sampled_from(["one", "other"]))
tallies = st.dictionaries(st.sampled_from("xyz"), st.integers(1, 9), max_size=3)
censuses = st.builds(
    Census, files=small, directories=small, bytes=small, spread=small, unsized=small,
    first=st.none() | small, last=st.none() | small, odd_times=small, timed=small,
    named_first=st.none() | small, named_last=st.none() | small, days=days, columns=st.lists(columns).map(foremost),
    kinds=st.dictionaries(st.sampled_from(["audio", "video"]), st.tuples(small, small).map(list), max_size=2),
    seconds=seconds, methods=tallies, empty_recordings=small, people=people,
    parts=st.dictionaries(keys, parts, max_size=PARTS), signatures=tallies, hints=tallies,
    words=st.dictionaries(st.sampled_from(["health", "hr"]), st.frozensets(st.sampled_from("uvw")), max_size=2),
    sample=texts, sketch=st.lists(small, max_size=4, unique=True).map(lambda s: tuple(sorted(s))),
    cut_by=st.frozensets(st.sampled_from(["pages", "bytes"])),
).map(lambda census: replace(census, parts={key: _worded(key, part) for key, part in census.parts.items()}))


def _worded(key: PartKey, part: PartCount) -> PartCount:
    """As a folder makes it: words are those of the classes in the key, and people those of an identifier."""
    words = {group: frozenset({group[0]}) for group in key.context}
    return replace(part, words=words, people=part.people if key.identifier else {})


def text(census: Census) -> str:
    return json.dumps(census.to_json(), sort_keys=True)


@given(censuses, censuses)
def test_merging_is_commutative(one: Census, other: Census) -> None:
    assert text(one.merge(other)) == text(other.merge(one))


@given(censuses, censuses, censuses)
def test_merging_is_associative(one: Census, two: Census, three: Census) -> None:
    assert text(one.merge(two).merge(three)) == text(one.merge(two.merge(three)))


@given(censuses)
def test_json_and_back_is_the_same_census(census: Census) -> None:
    assert census == Census.from_json(json.loads(text(census)))


@given(censuses)
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


def test_parts_of_a_context_are_kept_before_those_of_none() -> None:
    plain = {PartKey(f"kind{i:02}", "", Certainty.CERTAIN): PartCount(1) for i in range(40)}
    kept = Census(parts=plain).merge(Census(parts={PartKey("zoo", "", Certainty.CERTAIN, ("health",)): PartCount(7)}))
    assert {7} == {part.files for key, part in kept.parts.items() if key.context}
    assert sum(part.files for part in kept.parts.values()) == 47


def test_the_newest_64_days_are_kept_whatever_the_order_of_merging() -> None:
    one, other = Census(days=newest(dict.fromkeys(range(100), 1))), Census(days=newest({99: 2, 1000: 5, 3: 8}))
    assert one.merge(other).days == {**dict.fromkeys(range(37, 99), 1), 99: 3, 1000: 5}
    assert text(one.merge(other)) == text(other.merge(one))


def column(**changes: object) -> Column:
    return replace(Column(path="/", shape="0000.wav", place=0, kind="phone", certainty=Certainty.CERTAIN, names=9,
                          files=9, distinct=9, because="all"), **changes)


def test_columns_are_told_once_a_shape_from_its_largest_folder_and_people_come_first() -> None:
    told = [column(path=f"/{i:03}/", names=i) for i in range(50)]
    told += [column(kind="number", shape=f"{i:03}", names=1000 + i) for i in range(50)]
    kept = foremost(told)
    assert len(kept) == COLUMNS
    assert [("/049/", "phone"), ("/", "number")] == [(each.path, each.kind) for each in kept[:2]]
    assert [1049, 1048] == [each.names for each in kept[1:3]]
