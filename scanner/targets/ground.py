"""The (address, port) pairs of a scope, numbered without being listed. Pure; knows no rule."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from scanner.model import Address
from scanner.targets.spans import Layers, Span, address_at


@dataclass(frozen=True, slots=True)
class Claim:
    """One target's wish: these addresses, these ports."""

    span: Span
    target: int                              # its number in the scope
    ports: tuple[int, ...]


class Ground:
    """Claims laid over each other, so that each pair has one number, whoever claims it and however often.

    The numbering depends on the claims alone, not on their order. Memory grows with the claims, not with addresses.
    """

    def __init__(self, claims: Sequence[Claim]) -> None:
        self._claims = claims
        self.layers = Layers((claim.span, i) for i, claim in enumerate(claims))
        self._firsts: list[int] = []
        self._ports: list[tuple[int, ...]] = []
        self._starts: list[int] = []         # the number of each piece's first pair
        self._length = 0
        joined: dict[frozenset[tuple[int, ...]], tuple[int, ...]] = {}
        for first, last, owners in self.layers.pieces():
            wanted = frozenset(claims[i].ports for i in owners)
            ports = joined.setdefault(wanted, _joined(wanted))
            self._firsts.append(first)
            self._ports.append(ports)
            self._starts.append(self._length)
            self._length += (last - first + 1) * len(ports)

    def __len__(self) -> int:
        return self._length

    def pair(self, index: int) -> tuple[Address, int]:
        """The pair of a number. Raises IndexError."""
        if not 0 <= index < self._length:
            raise IndexError(f"pair {index} of {self._length}")
        piece = bisect_right(self._starts, index) - 1
        ports = self._ports[piece]
        step, port = divmod(index - self._starts[piece], len(ports))
        return address_at(self._firsts[piece] + step), ports[port]

    def targets(self, address: Address) -> tuple[int, ...]:
        """The targets that claim an address, narrowest first."""
        return tuple(dict.fromkeys(self._claims[i].target for i in self.layers.at(address)))


def _joined(wanted: frozenset[tuple[int, ...]]) -> tuple[int, ...]:
    """All ports of several wishes, each once, in an order of their own."""
    return tuple(dict.fromkeys(port for ports in sorted(wanted) for port in ports))
