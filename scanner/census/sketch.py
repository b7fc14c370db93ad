"""Two small sketches of large sets: how many differ (HyperLogLog), and which they are (bottom-k). Values never stay.

Both keep only keyed BLAKE2b hashes; once the key is gone nothing can be tried against them. Sources: Flajolet et al.,
HyperLogLog (2007); Heule et al., HyperLogLog in Practice (2013) for the sparse form; Cohen and Kaplan, bottom-k (2007).
Merging is a union: commutative, associative, idempotent.
"""

from __future__ import annotations

import hashlib
import math
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from typing import Any, Self
from zlib import compress, crc32, decompressobj
from zlib import error as zlib_error

SPARSE = 1000                                # values counted exactly
REGISTERS = 4096                             # standard error 1.04 / sqrt(4096) = 1.6 %
_BYTES = 6                                   # 42 bits of keyed hash, the first 12 the register; 6 of rank
_ALPHA = 0.7213 / (1 + 1.079 / REGISTERS)
_OFTEN = 4096                                # values after which the least register is looked up again
_LARGEST = max(REGISTERS, SPARSE * _BYTES)   # bytes of a sketch


class Hashing:
    """Keyed hashes of values: BLAKE2b says which value it is, a CRC with a secret start how rare it is.

    The rank alone decides whether a full register can still change, so most values of a large set are never hashed
    with BLAKE2b, which would cost more than all the rest of counting.
    """

    def __init__(self, key: bytes) -> None:
        self._start = hashlib.blake2b(key=key[:64], digest_size=_BYTES)
        secret = hashlib.blake2b(b"rank", key=key[:64], digest_size=4)
        self._seed = int.from_bytes(secret.digest(), "big")

    def entries(self, values: Iterable[bytes], above: int = 0) -> list[int]:
        """Entries for those `values` whose rank is greater than `above`."""
        seed, start, crc, number = self._seed, self._start, crc32, int.from_bytes
        found = []
        bound = 1 << (32 - above)
        for value in [v for v in values if crc(v, seed) < bound] if above else values:
            state = start.copy()
            state.update(value)
            rank = 33 - crc(value, seed).bit_length()
            found.append((number(state.digest(), "big") & ~63) + rank)
        return found


class Distinct:
    """How many different values were seen: exact up to 1,000, then within some percent, in 4 KiB."""

    __slots__ = ("_few", "_least", "_registers", "_since", "_text")

    def __init__(self) -> None:
        self._few: set[int] = set()
        self._registers: bytearray | None = None
        self._least = 0                      # no register is lower
        self._since = 0                      # values taken in since that was looked up
        self._text: str | None = None        # as it was last written: a store's is written for each of its folders

    def add(self, values: Sequence[bytes], hashing: Hashing) -> None:
        """Take in values; all of a sketch, and all it is merged with, must be hashed with one key."""
        self._take(hashing.entries(values, self._least))
        self._since += len(values)
        if self._registers is not None and self._since >= _OFTEN:
            self._least, self._since = min(self._registers), 0

    def _take(self, entries: Iterable[int]) -> None:
        self._text = None
        if self._registers is None:
            self._few.update(entries)
            if len(self._few) <= SPARSE:
                return
            entries, self._registers = self._few, bytearray(REGISTERS)
            self._few = set()
        registers = self._registers
        for entry in entries:
            place, rank = entry >> 36, entry & 63
            if rank > registers[place]:
                registers[place] = rank

    def count(self) -> int:
        """How many different values, as far as is known."""
        if self._registers is None:
            return len(self._few)
        empty = self._registers.count(0)
        raw = _ALPHA * REGISTERS * REGISTERS / sum(2.0 ** -rank for rank in self._registers)
        if raw <= 2.5 * REGISTERS and empty:
            return round(REGISTERS * math.log(REGISTERS / empty))
        return round(raw)

    def union(self, other: Distinct) -> Distinct:
        """Both together; neither is changed."""
        both = Distinct()
        both._few, both._registers = set(self._few), self._registers and bytearray(self._registers)
        if other._registers is None:
            both._take(other._few)
        elif both._registers is None:
            both._registers, few, both._few = bytearray(other._registers), both._few, set()
            both._take(few)
        else:
            both._registers = bytearray(map(max, both._registers, other._registers))
        return both

    def to_json(self) -> str:
        """Text of at most some kilobytes."""
        if self._text is None:
            if self._registers is None:      # hashes, which no compression makes smaller
                self._text = "s" + _packed(b"".join(v.to_bytes(_BYTES, "big") for v in sorted(self._few)), 0)
            else:
                self._text = "d" + _packed(bytes(self._registers), 1)
        return self._text

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The other way. Raises `ValueError` where it is no sketch."""
        made, data = cls(), _unpacked(text[1:])
        if text[:1] == "d" and len(data) == REGISTERS:
            made._registers = bytearray(data)
        elif text[:1] == "s" and len(data) % _BYTES == 0:
            made._few = {int.from_bytes(data[i:i + _BYTES], "big") for i in range(0, len(data), _BYTES)}
        else:
            raise ValueError("not a sketch")
        return made

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, Distinct) and (self._few, self._registers) == (other._few, other._registers)

    def __hash__(self) -> int:
        return hash((frozenset(self._few), bytes(self._registers or b"")))

    def __repr__(self) -> str:
        return f"Distinct({self.count()})"


def _unpacked(text: str) -> bytes:
    packed = decompressobj()
    try:
        data = packed.decompress(b64decode(text), _LARGEST + 1)
    except zlib_error as failed:
        raise ValueError("not a sketch") from failed
    if not packed.eof or len(data) > _LARGEST:
        raise ValueError("not a sketch")
    return data


def _packed(data: bytes, level: int) -> str:
    return b64encode(compress(data, level)).decode()


SAMPLE = 256
TELLING = 14                                 # bytes from which on a name says enough without its folder
_LEVELS = 20
_WIDTH = 56                                  # bits of a keyed hash; five more above them hold the level
_ORDER = 1 << _WIDTH


class Bottom:
    """The 256 smallest hashes of a stream of (parent, base name): the same for the same names in any order.

    Of a name that tells enough by itself the parent is left out: the same files lie in `/`, in a share that is called
    otherwise, or deep in another tree, by whatever protocol they are shown.
    Keyed hashes of millions of names would cost more than all else. A name's level is the number of leading zeros of
    its CRC with a secret start; higher levels sort first, and a name too low to get in any more is never hashed.
    """

    def __init__(self, key: bytes, parent: bytes, beside: tuple[int, ...] = ()) -> None:
        """`beside`: values that these are merged with later; what cannot get in beside them is not hashed."""
        self._of_parent = _started(parent + b"/", key)
        self._of_itself = _started(b"//", key)
        self._bound = 1 << 32                # names whose CRC is not below it cannot get in
        if len(beside) >= SAMPLE:
            self._bound = _below(beside[SAMPLE - 1])
        self._found: set[int] = set()

    def add(self, names: Sequence[bytes]) -> None:
        """Take in base names."""
        telling = [name for name in names if len(name) >= TELLING]
        self._take(telling, self._of_itself)
        if len(telling) < len(names):
            self._take([name for name in names if len(name) < TELLING], self._of_parent)

    def _take(self, names: list[bytes], started: _Started) -> None:
        (start, seed), bound, crc = started, self._bound, crc32
        near = [n for n in names if crc(n, seed) < bound]
        for name in near if len(near) <= 2 * SAMPLE else self._nearest(near, seed):
            state = start.copy()
            state.update(name)
            level = min(_LEVELS, 32 - crc(name, seed).bit_length())
            self._found.add((_LEVELS - level) * _ORDER + int.from_bytes(state.digest(), "big"))
        if len(self._found) > 2 * SAMPLE:
            self._cut()

    def _nearest(self, names: list[bytes], seed: int) -> list[bytes]:
        """Those of many that can still get in: where 256 are above a level, no other below it can."""
        crc = crc32
        for halved in range((len(names) // SAMPLE).bit_length() - 1, 0, -1):
            bound = max(self._bound >> halved, 1 << (32 - _LEVELS))
            near = [n for n in names if crc(n, seed) < bound]
            if len(set(near)) >= SAMPLE:
                self._bound = bound
                return near
        return names

    def _cut(self) -> None:
        self._found = set(sorted(self._found)[:SAMPLE])
        self._bound = _below(max(self._found))

    def values(self) -> tuple[int, ...]:
        """At most 256 hashes, smallest first."""
        return tuple(sorted(self._found)[:SAMPLE])


_Started = tuple[Any, int]                   # a keyed hash with its beginning, and a CRC's secret start


def _started(beginning: bytes, key: bytes) -> _Started:
    start = hashlib.blake2b(beginning, key=key[:64], digest_size=_WIDTH // 8)
    return start, int.from_bytes(start.digest()[:4], "big")


def _below(value: int) -> int:
    """What the CRC of a name must be below for its hash to be at most `value`."""
    return 1 << (32 - (_LEVELS - value // _ORDER))


def merged(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    """The sketch of both streams together."""
    return tuple(sorted({*one, *other})[:SAMPLE])


def similarity(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Share of names that both have among all that either has (Jaccard), estimated; 0 where one is empty."""
    both = merged(one, other)
    if not one or not other:
        return 0.0
    shared = {*one} & {*other}
    return sum(value in shared for value in both) / len(both)


def contained(small: tuple[int, ...], large: tuple[int, ...]) -> tuple[int, float]:
    """How many names of `small` can be looked for in `large`, and which share of these is there.

    A full sketch shows all names up to its greatest hash and none beyond.
    """
    end = large[-1] if len(large) >= SAMPLE else math.inf
    sought = [value for value in small if value <= end]
    found = {*large}
    return len(sought), sum(value in found for value in sought) / len(sought) if sought else 0.0
