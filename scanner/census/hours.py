"""How long recordings last, from their sizes: bytes a second by size arithmetic, by product, or as is usual.

Whole files are divided by a rate, so sizes that frames leave behind tell the codec: PCM in frames of 20 ms leaves
44 bytes over a multiple of 320, WAV49 60 over a multiple of 65. Seconds are whole numbers, so that sums never depend
on their order. Knows no file and no folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Protocol

from scanner.model import Hours

ENOUGH = 5                                   # exact sizes that arithmetic needs
_AGREE = 0.9
_SHORT, _LONG = 10, 1800                     # seconds: a median outside them speaks against a rate
UNSIZED = (60, 227, 600)                     # seconds of a recording without a size; 227: the mean of the 1177 case
UNSIZED_METHOD = "count × 227 s, by the 1177 average"


class Rate(Protocol):
    """Bytes a second: least, best guess, most; and the bytes that are no sound."""

    @property
    def low(self) -> int:
        """Least plausible."""

    @property
    def best(self) -> int:
        """Where nothing tells more."""

    @property
    def high(self) -> int:
        """Most plausible."""

    @property
    def header(self) -> int:
        """Bytes that are no sound."""


@dataclass(frozen=True, slots=True)
class Known:
    """A rate with the way it was found."""

    low: int
    best: int
    high: int
    header: int
    method: str


def _multiple(header: int, frame: int) -> Callable[[int], bool]:
    return lambda size: size >= header and (size - header) % frame == 0


_CODECS = (                                  # extensions, test, bytes a second, header, name: the first that holds
    (("wav",), _multiple(60, 65), 1625, 60, "WAV49"),
    (("wav",), _multiple(44, 320), 16000, 44, "PCM 16 bit 8 kHz"),
    (("wav",), _multiple(58, 160), 8000, 58, "G.711"),
    (("wav",), _multiple(44, 160), 8000, 44, "G.711"),
    (("wav", "gsm"), _multiple(0, 33), 1650, 0, "GSM"),
)


def arithmetic(extension: str, sizes: Sequence[int]) -> Known | None:
    """The codec that at least 90 % of five or more exact sizes agree on, or None."""
    if len(sizes) < ENOUGH:
        return None
    for extensions, fits, rate, header, name in _CODECS:
        if extension.lower() in extensions and sum(map(fits, sizes)) >= _AGREE * len(sizes):
            return Known(rate, rate, rate, header, f"size arithmetic: {name}")
    return None


def choose(extension: str, sizes: Sequence[int], usual: Rate | None, *, exact: bool, product: bool) -> Known | None:
    """The rate for files of one extension in one folder; None where none is known.

    `sizes`: some of them. `exact`: none is rounded. `product`: `usual` is what the recognised product writes.
    """
    known = arithmetic(extension, sizes) if exact else None
    if known is not None or usual is None:
        return known
    method = f"usual rate of {'the product' if product else extension.lower()}"
    best = _plausible(usual, sizes)
    if best != usual.best:
        method += ", uncertain"
    return Known(usual.low, best, usual.high, usual.header, method)


def _plausible(rate: Rate, sizes: Sequence[int]) -> int:
    """The best rate, or the next that gives a median of 10 s to 30 min."""
    if not sizes:
        return rate.best
    median = sorted(sizes)[len(sizes) // 2] - rate.header
    fits = [r for r in (rate.best, rate.high, rate.low) if _SHORT * r <= median <= _LONG * r]
    return fits[0] if fits else rate.best


@dataclass(frozen=True, slots=True)
class Seconds:
    """A sum of durations. `spread` is the sum of squared rounding errors, in square seconds."""

    low: int = 0
    best: int = 0
    high: int = 0
    spread: int = 0

    def __add__(self, other: Seconds) -> Seconds:
        return Seconds(self.low + other.low, self.best + other.best, self.high + other.high,
                       self.spread + other.spread)

    def __bool__(self) -> bool:
        return self.high > 0

    def hours(self, methods: Mapping[str, int]) -> Hours:
        """As a report shows it: rounding errors of single sizes are independent, twice their deviation is added."""
        slack = 2 * isqrt(self.spread)
        text = "; ".join(sorted(methods, key=lambda m: (-methods[m], m)))
        return Hours(max(0, self.low - slack) / 3600, self.best / 3600, (self.high + slack) / 3600, text)


def measured(known: Known, files: int, size: int, spread: int) -> Seconds:
    """Of `files` that have `size` bytes together; `spread`: their squared rounding errors, in square bytes."""
    sound = max(0, size - files * known.header)
    return Seconds(sound // known.high, sound // known.best, sound // known.low, spread // known.best**2)


def counted(files: int) -> Seconds:
    """Of `files` whose sizes are not shown."""
    return Seconds(*(files * each for each in UNSIZED))
