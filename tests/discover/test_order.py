"""The order of visits is a permutation, is the same everywhere, and hammers no subnet."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.discover.order import Order


@given(count=st.integers(0, 3000), seed=st.integers())
def test_every_number_is_visited_once(count: int, seed: int) -> None:
    assert list(range(count)) == sorted(Order(count, seed))


@given(count=st.integers(1, 2**40), seed=st.integers(0, 2**64), data=st.data())
def test_a_huge_order_stays_within_its_count_and_never_meets_itself(count: int, seed: int, data: st.DataObject) -> None:
    order = Order(count, seed)
    positions = data.draw(st.lists(st.integers(0, count - 1), unique=True, max_size=40))
    numbers = [order.at(position) for position in positions]
    assert len(set(numbers)) == len(positions)
    assert all(0 <= number < count for number in numbers)


def test_the_same_seed_gives_the_same_order_for_ever() -> None:
    assert [Order(1_000_000, 7).at(i) for i in range(6)] == PINNED


def test_another_seed_gives_another_order() -> None:
    assert list(Order(1000, 1)) != list(Order(1000, 2))


def test_a_stopped_scan_goes_on_where_it_was() -> None:
    order = Order(500, 3)
    assert list(order) == [order.at(i) for i in range(200)] + list(order.since(200))


@pytest.mark.parametrize("seed", range(8))
def test_no_subnet_gets_more_than_its_share_of_any_stretch(seed: int) -> None:
    order = Order(2**24, seed)                                  # a /8: 65,536 subnets of 256
    stretch = Counter(order.at(i) >> 8 for i in range(70_000, 74_096))
    assert max(stretch.values()) <= 4                           # an even throw of 4,096 into 65,536
    blocks = Counter(order.at(i) >> 20 for i in range(4096))    # 16 blocks of 256 each
    assert min(blocks.values()) >= 180
    assert max(blocks.values()) <= 340


@pytest.mark.parametrize("seed", range(4))
def test_neighbours_in_the_order_are_no_neighbours_in_the_network(seed: int) -> None:
    order = Order(65_536, seed)
    steps = [abs(b - a) for a, b in pairwise(order.at(i) for i in range(5000))]
    assert sum(steps) / len(steps) == pytest.approx(65_536 / 3, rel=0.05)
    assert sum(step < 256 for step in steps) <= 70              # 39 expected
    assert Counter(steps).most_common(1)[0][1] <= 8             # no stride


@pytest.mark.parametrize("position", [-1, 10, 11])
def test_a_position_outside_is_an_error(position: int) -> None:
    with pytest.raises(IndexError, match="not within 0 … 9"):
        Order(10, 1).at(position)


def test_a_negative_count_is_an_error() -> None:
    with pytest.raises(ValueError, match="negative"):
        Order(-1, 1)


PINNED = [333316, 529540, 374374, 323802, 855816, 873974]
