"""The order of visits: a seeded pseudo-random permutation that keeps nothing in memory. No cipher: it spreads load.

A Feistel network over two digits of mixed radix (Black and Rogaway, "Ciphers with Arbitrary Finite Domains",
CT-RSA 2002): each round adds a mix of one digit to the other, modulo that digit's radix, so that every round can
be taken back and the whole is a permutation of `low * high` numbers. Numbers beyond `count` are walked on from.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from math import isqrt

_ROUNDS = 3                                  # pairs of rounds: neighbours end up apart, and at(i) stays cheap
_WORD = (1 << 64) - 1
_FACTOR = 0x9E3779B97F4A7C15                 # 2^64 / golden ratio: an odd multiplier that stirs the upper bits


class Order:
    """The numbers 0 … `count` - 1, each once, in an order that `seed` fixes on every machine and for every release.

    State files hold positions in this order: changing it makes old scans resume at the wrong place.
    """

    __slots__ = ("_high", "_keys", "_low", "count", "seed")

    def __init__(self, count: int, seed: int) -> None:
        if count < 0:
            raise ValueError(f"a count cannot be negative: {count}")
        self.count = count
        self.seed = seed
        self._low = max(1, isqrt(count))
        self._high = max(1, -(-count // self._low))
        self._keys = _keys(seed)

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[int]:
        return self.since(0)

    def since(self, position: int) -> Iterator[int]:
        """The rest of the order from `position` on: where a scan that was stopped goes on."""
        for i in range(position, self.count):
            yield self.at(i)

    def at(self, i: int) -> int:
        """The number at position `i`. IndexError outside 0 … `count` - 1."""
        if not 0 <= i < self.count:
            raise IndexError(f"position {i} is not within 0 … {self.count - 1}")
        low, high, count = self._low, self._high, self.count
        while True:
            right, left = divmod(i, low)
            for first, second in self._keys:
                mixed = (right ^ first) * _FACTOR & _WORD
                left = (left + (mixed ^ mixed >> 29)) % low
                mixed = (left ^ second) * _FACTOR & _WORD
                right = (right + (mixed ^ mixed >> 29)) % high
            i = right * low + left
            if i < count:
                return i


def _keys(seed: int) -> tuple[tuple[int, int], ...]:
    digest = blake2b(str(seed).encode(), digest_size=16 * _ROUNDS).digest()
    words = [int.from_bytes(digest[at:at + 8], "big") for at in range(0, len(digest), 8)]
    return tuple(zip(words[::2], words[1::2], strict=True))
