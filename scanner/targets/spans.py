"""Runs of addresses, and what lies on top of what. Pure interval arithmetic; knows no target and no rule.

IPv4 and IPv6 lie on one line of integers, so that one bisection answers for both. The gap between them is left
open on purpose: 255.255.255.255 and :: are no neighbours.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network, summarize_address_range
from itertools import groupby

from scanner.model import Address

_V6 = 1 << 33


def place(address: Address) -> int:
    """Where an address stands on the one line."""
    return int(address) if address.version == 4 else int(address) + _V6


def address_at(position: int) -> Address:
    """The address at a place of the line."""
    return IPv4Address(position) if position < _V6 else IPv6Address(position - _V6)


@dataclass(frozen=True, slots=True)
class Span:
    """A run of addresses of one version, both ends included."""

    first: Address
    last: Address

    def __post_init__(self) -> None:
        if self.first.version != self.last.version or int(self.first) > int(self.last):
            raise ValueError(f"{self.first} to {self.last} is no run of addresses")

    @classmethod
    def of(cls, what: Address | IPv4Network | IPv6Network | str) -> Span:
        """The run of an address or network. Raises ValueError where text is neither."""
        net = ip_network(what)
        return cls(net[0], net[-1])

    @property
    def size(self) -> int:
        """Number of addresses."""
        return int(self.last) - int(self.first) + 1

    def __contains__(self, address: Address) -> bool:
        return place(self.first) <= place(address) <= place(self.last)

    def within(self, other: Span) -> bool:
        """Whether no address of this run lies outside the other."""
        return self.first in other and self.last in other

    def __str__(self) -> str:
        if self.first == self.last:
            return str(self.first)
        nets = list(_networks(self))
        return str(nets[0]) if len(nets) == 1 else f"{self.first}-{self.last}"


def _networks(span: Span) -> Iterator[IPv4Network | IPv6Network]:
    if isinstance(span.first, IPv4Address) and isinstance(span.last, IPv4Address):
        return summarize_address_range(span.first, span.last)
    assert isinstance(span.first, IPv6Address)
    assert isinstance(span.last, IPv6Address)
    return summarize_address_range(span.first, span.last)


class Layers:
    """Spans that may lie on each other, cut into pieces on which the same of them lie.

    Each span carries the number of its owner. A piece names its owners from the narrowest span to the widest;
    of equally wide ones the lower number comes first.
    """

    __slots__ = ("_firsts", "_lasts", "_owners")

    def __init__(self, spans: Iterable[tuple[Span, int]]) -> None:
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        self._owners: list[tuple[int, ...]] = []
        for first, last, owners in _pieces({(place(s.first), place(s.last), owner) for s, owner in spans}):
            self._firsts.append(first)
            self._lasts.append(last)
            self._owners.append(owners)

    def at(self, address: Address) -> tuple[int, ...]:
        """The owners of an address, narrowest first; empty where nobody names it."""
        position = place(address)
        i = bisect_right(self._firsts, position) - 1
        return self._owners[i] if i >= 0 and position <= self._lasts[i] else ()

    def __contains__(self, address: Address) -> bool:
        return bool(self.at(address))

    def pieces(self) -> Iterator[tuple[int, int, tuple[int, ...]]]:
        """(first place, last place, owners), in order, not overlapping."""
        return zip(self._firsts, self._lasts, self._owners, strict=True)

    @property
    def size(self) -> int:
        """Number of different addresses."""
        return sum(last - first + 1 for first, last in zip(self._firsts, self._lasts, strict=True))

    def overlap(self, other: Layers) -> int:
        """Number of addresses in both."""
        total, i, j = 0, 0, 0
        while i < len(self._firsts) and j < len(other._firsts):
            low, high = max(self._firsts[i], other._firsts[j]), min(self._lasts[i], other._lasts[j])
            total += max(0, high - low + 1)
            if self._lasts[i] < other._lasts[j]:
                i += 1
            else:
                j += 1
        return total


def _pieces(runs: set[tuple[int, int, int]]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Sweep along the line; between two edges the same runs are open."""
    edges = sorted([(run[0], run) for run in runs] + [(run[1] + 1, run) for run in runs], key=lambda edge: edge[0])
    active: set[tuple[int, int, int]] = set()
    start = 0
    for position, group in groupby(edges, key=lambda edge: edge[0]):
        if active:
            yield start, position - 1, _narrowest_first(active)
        active ^= {run for _, run in group}
        start = position


def _narrowest_first(runs: set[tuple[int, int, int]]) -> tuple[int, ...]:
    if len(runs) == 1:
        return tuple(run[2] for run in runs)
    order = sorted(runs, key=lambda run: (run[1] - run[0], run[2]))
    return tuple(dict.fromkeys(run[2] for run in order))
