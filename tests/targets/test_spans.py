"""Runs of addresses and the pieces they cut the line into, against plain sets."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.targets.spans import Layers, Span, address_at, place

BASE = int(IPv4Address("192.0.2.0"))


def run(first: int, last: int) -> Span:
    return Span(IPv4Address(BASE + first), IPv4Address(BASE + last))


RUNS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda ends: run(*sorted(ends))), max_size=8)


@pytest.mark.parametrize(("span", "text"), [
    (Span.of("192.0.2.7"), "192.0.2.7"),
    (Span.of("192.0.2.0/24"), "192.0.2.0/24"),
    (run(1, 40), "192.0.2.1-192.0.2.40"),
    (Span.of("2001:db8::/120"), "2001:db8::/120"),
    (Span(ip_address("2001:db8::1"), ip_address("2001:db8::4")), "2001:db8::1-2001:db8::4"),
])
def test_a_span_is_written_as_short_as_it_can_be(span: Span, text: str) -> None:
    assert str(span) == text


@pytest.mark.parametrize(("first", "last"), [("192.0.2.2", "192.0.2.1"), ("192.0.2.1", "2001:db8::1")])
def test_a_span_that_is_no_run_cannot_be_made(first: str, last: str) -> None:
    with pytest.raises(ValueError, match="no run of addresses"):
        Span(ip_address(first), ip_address(last))


@given(st.ip_addresses())
def test_every_address_has_its_own_place(address: IPv4Address) -> None:
    assert address_at(place(address)) == address


def test_the_last_ipv4_and_the_first_ipv6_address_are_no_neighbours() -> None:
    layers = Layers([(Span.of("255.255.255.255"), 0), (Span.of("::"), 1)])
    assert [str(address_at(first)) for first, _, _ in layers.pieces()] == ["255.255.255.255", "::"]


@given(RUNS)
def test_the_owners_of_an_address_are_the_spans_that_hold_it_narrowest_first(runs: list[Span]) -> None:
    layers = Layers((span, i) for i, span in enumerate(runs))
    for n in range(42):
        address = IPv4Address(BASE + n)
        holders = sorted((span.size, i) for i, span in enumerate(runs) if address in span)
        assert layers.at(address) == tuple(i for _, i in holders)
        assert (address in layers) is bool(holders)


@given(RUNS, RUNS)
def test_sizes_and_overlaps_are_those_of_sets(left: list[Span], right: list[Span]) -> None:
    sets = [{n for span in runs for n in range(place(span.first), place(span.last) + 1)} for runs in (left, right)]
    first, second = (Layers((span, 0) for span in runs) for runs in (left, right))
    assert (first.size, second.size) == (len(sets[0]), len(sets[1]))
    assert first.overlap(second) == len(sets[0] & sets[1])


def test_the_whole_of_ipv4_is_one_piece() -> None:
    assert list(Layers([(Span.of("0.0.0.0/0"), 3)]).pieces()) == [(0, 2**32 - 1, (3,))]
