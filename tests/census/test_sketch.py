"""How many differ, and which they are: accuracy, merging, and what the sketches keep."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.census.sketch import SAMPLE, Bottom, Distinct, Hashing, merged, similarity

KEY = Hashing(b"k" * 32)


def sketched(values: list[bytes], hashing: Hashing = KEY) -> Distinct:
    made = Distinct()
    made.add(values, hashing)
    return made


def numbers(start: int, count: int, step: int = 1) -> list[bytes]:
    return [b"+4670%07d" % (start + i * step) for i in range(count)]


@pytest.mark.parametrize("count", [0, 1, 999, 1000])
def test_up_to_a_thousand_are_counted_exactly(count: int) -> None:
    assert count == sketched(numbers(0, count) * 3).count()


@pytest.mark.parametrize("step", [1, 7, 4096, 10_007])
@pytest.mark.parametrize("count", [1001, 5000, 20_000, 150_000])
def test_more_are_counted_within_some_percent(count: int, step: int) -> None:
    made = Distinct()
    values = numbers(1_000_000, count, step)
    for i in range(0, count, 1800):
        made.add(values[i:i + 1800], KEY)
    assert count == pytest.approx(made.count(), rel=0.06)


def test_another_key_gives_another_sketch_of_the_same_values() -> None:
    assert sketched(numbers(0, 50)) != sketched(numbers(0, 50), Hashing(b"j" * 32))


def test_the_order_of_values_does_not_matter() -> None:
    values = numbers(0, 60_000)
    shuffled = random.Random(1).sample(values, len(values))
    one, other = Distinct(), Distinct()
    for i in range(0, len(values), 5000):
        one.add(values[i:i + 5000], KEY)
        other.add(shuffled[i:i + 5000], KEY)
    assert one == other


sets = st.sets(st.integers(0, 3000), max_size=40).map(lambda s: [v for n in s for v in numbers(n * 50, 50)])


@given(sets, sets, sets)
def test_unions_obey_the_laws(a: list[bytes], b: list[bytes], c: list[bytes]) -> None:
    one, two, three = sketched(a), sketched(b), sketched(c)
    assert one.union(two) == two.union(one)
    assert one.union(two).union(three) == one.union(two.union(three))
    assert one.union(one) == one
    assert one.union(two) == sketched(a + b)


@pytest.mark.parametrize("count", [0, 3, 1000, 1001, 40_000])
def test_text_and_back_is_the_same_sketch(count: int) -> None:
    made = sketched(numbers(0, count))
    text = json.dumps(made.to_json())
    assert made == Distinct.from_json(json.loads(text))
    assert len(text) < 9_000


def test_a_sketch_that_has_grown_is_written_anew() -> None:
    for count in (10, 2000):
        made = sketched(numbers(0, count))
        before = made.to_json()
        made.add(numbers(count, 1000), KEY)
        assert made.to_json() == sketched(numbers(0, count + 1000)).to_json() != before


def test_what_is_no_sketch_is_refused() -> None:
    with pytest.raises(ValueError, match="not a sketch"):
        Distinct.from_json("x" + sketched([]).to_json()[1:])


def bottom(names: list[bytes], parent: bytes = b"18", key: bytes = b"k" * 32) -> tuple[int, ...]:
    made = Bottom(key, parent)
    for i in range(0, len(names), 100):
        made.add(names[i:i + 100])
    return made.values()


def test_the_sample_is_the_same_in_any_order_and_grouping() -> None:
    names = [b"%d.wav" % i for i in range(20_000)]
    assert bottom(names) == bottom(names[::-1])
    assert bottom(names) == merged(bottom(names[:7000]), bottom(names[7000:]))
    assert len(bottom(names)) == SAMPLE


@pytest.mark.parametrize("count", [10, 255, 256, 3_000])
def test_the_sample_beside_another_is_the_same_once_they_are_merged(count: int) -> None:
    known = bottom([b"%d.mp3" % i for i in range(count)])
    names = [b"%d.wav" % i for i in range(5_000)]
    made = Bottom(b"k" * 32, b"18", known)
    for i in range(0, len(names), 700):
        made.add(names[i:i + 700])
    assert merged(known, bottom(names)) == merged(known, made.values())


@pytest.mark.parametrize("count", [200, 513, 1024, 1200, 20_000])
def test_the_sample_is_the_same_from_one_long_piece(count: int) -> None:
    names = [b"%d.wav" % i for i in range(count)] * 2
    made = Bottom(b"k" * 32, b"18")
    made.add(names)
    made.add(names[:700])
    assert bottom(names) == made.values()


def test_the_sample_depends_on_key_and_parent() -> None:
    names = [b"%d.wav" % i for i in range(50)]
    assert not set(bottom(names)) & set(bottom(names, parent=b"19"))
    assert not set(bottom(names)) & set(bottom(names, key=b"j" * 32))


@pytest.mark.parametrize(("shared", "expected"), [(0, 0.0), (5000, 1 / 3), (10_000, 1.0)])
def test_similarity_is_the_share_of_common_names(shared: int, expected: float) -> None:
    one = bottom([b"%d.wav" % i for i in range(10_000)])
    other = bottom([b"%d.wav" % (i + 10_000 - shared) for i in range(10_000)])
    assert expected == pytest.approx(similarity(one, other), abs=0.12)


def test_nothing_is_similar_to_nothing() -> None:
    assert similarity((), ()) == 0.0
    assert similarity((1,), ()) == 0.0
