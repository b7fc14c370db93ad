"""Names, sizes and times that nobody would give a file: counted, bounded, never an error."""

from __future__ import annotations

import json
import random
import tracemalloc

import pytest
from census_fakes import FakeKnowledge
from folding import KEY, NOW, callers, fold, people
from hypothesis import given
from hypothesis import strategies as st

from scanner.census import Census
from scanner.census.folder import Folder
from scanner.model import Batch


def test_absurd_times_are_set_aside() -> None:
    times = [0, 1, 1_365_766_212, 1_550_478_612, NOW + 86_000, NOW + 90_000, 4_000_000_000, -1]
    census = fold([b"%d.wav" % i for i in range(8)], times=times)
    assert (census.first, census.last, census.odd_times) == (1_365_766_212, NOW + 86_000, 4)
    assert (fold([b"a"], times=[0]).first, fold([b"a"]).last) == (None, None)


def hostile(count: int) -> list[bytes]:
    seeded = random.Random(5)
    letters = b"aA0-_. +@\x00\n\xff\xc3\xed\xa0\x80["
    return [bytes(seeded.choices(letters, k=seeded.randrange(1, 90))) for _ in range(count)]


def test_names_that_are_all_different_in_shape_take_bounded_memory() -> None:
    folder = Folder(FakeKnowledge(), regions=("SE",), key=KEY, path="/", now=NOW)
    some = hostile(4000)
    tracemalloc.start()
    for i in range(0, 4000, 500):
        folder.add(Batch(names=some[i:i + 500], sizes=[1] * 500))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    census = folder.close()
    assert len(folder._shapes) <= 513
    assert (census.files, census.bytes) == (4000, 4000)
    assert peak < 40_000_000
    assert len(json.dumps(census.to_json())) < 100_000


def test_names_of_64_kilobytes_are_cut_and_counted() -> None:
    long = [b"x" * 65_536 + b"%d.wav" % i for i in range(50)] + [b"0701740605" * 6554 + b".wav"]
    census = fold(long, sizes=[1] * 51)
    assert census.files == 51
    assert all(len(name) <= 121 for name in census.sample)
    assert "0701740605" not in json.dumps(census.to_json())


@pytest.mark.parametrize("name", [
    b"", b".", b".wav", b"\x00", b"\n", b"a\nb.wav", b"\xff\xfe", b"\xed\xa0\x80.wav", b"a/b",
    "\u202ewav.0701740605".encode(), b"0701740605", b"..wav", b"a." + b"b" * 300,
])
def test_odd_names_are_counted_one_by_one_and_together(name: bytes) -> None:
    assert fold([name]).files == 1
    assert fold([name] * 9).files == 9
    assert fold([name, b"a.wav", name]).files == 3
    assert json.dumps(fold([name]).to_json()).encode("utf-8")


def test_a_census_stays_small_while_the_store_grows() -> None:
    census = fold([n + b".wav" for n in callers(60_000)], sizes=[960_000] * 60_000)
    assert people(census) == {"phone": (60_000, "certain")}
    assert pytest.approx(census.distinct("phone"), rel=0.06) == 60_000
    assert len(json.dumps(census.to_json())) < 20_000


@pytest.mark.parametrize("size", [2**63, 10**40, -2, -2**70])
def test_sizes_that_no_file_has_count_as_not_shown(size: int) -> None:
    census = fold([b"a.wav", b"b.wav"], sizes=[size, 2**63 - 1], slacks=[1, 0])
    assert (2, 2**63 - 1, 1) == (census.files, census.bytes, census.unsized)
    assert json.loads(json.dumps(census.to_json()))["bytes"] == 2**63 - 1


@given(st.lists(st.tuples(st.binary(max_size=40), st.integers(), st.integers(), st.integers()), max_size=40),
       st.integers(1, 40))
def test_rows_of_any_names_sizes_and_times_are_counted(rows: list[tuple[bytes, int, int, int]], piece: int) -> None:
    found, sizes, slacks, times = [[row[i] for row in rows] for i in range(4)]
    census = fold(found, sizes=sizes, slacks=slacks, times=times, piece=piece)
    assert census == fold(found, sizes=sizes, slacks=slacks, times=times)
    assert len(rows) == census.files == sum(part.files for part in census.parts.values())
    assert len(rows) == census.timed + census.odd_times + times.count(-1)
    assert census == Census.from_json(json.loads(json.dumps(census.to_json())))
