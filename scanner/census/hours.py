"""How long recordings last, from their sizes: bytes a second by size arithmetic, by product, or as is usual.

Whole files are divided by a rate, so sizes that frames leave behind tell the codec: PCM in frames of 20 ms leaves
44 bytes over a multiple of 320, WAV49 60 over a multiple of 65. Seconds are whole numbers, so that sums never depend
on their order. Encrypted files add nothing: what is packed before it is encrypted has no rate. Knows no file and no
folder.
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
_MEETING = 14_400                            # seconds; a film of a meeting may be so long
_FILMS = frozenset({"mp4", "webm", "mov", "mkv", "m4v", "avi", "arf", "wrf"})
_SHOWN = 6                                   # methods that are told
UNSIZED = (60, 227, 600)                     # seconds of a recording without a size; 227: the mean of the 1177 case
UNSIZED_METHOD = "no sizes shown: count × 227 s, by the 1177 average, low and high at 60 and 600 s"
ENCRYPTED_METHOD = "encrypted recordings: none counted, their sizes tell no length"
_BOUNDS = "low and high are at the highest and the lowest plausible rate"


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
    arithmetic: bool = False                 # the sizes themselves tell it


@dataclass(frozen=True, slots=True)
class _Codec:
    """What the sizes of whole files in one codec have in common."""

    extensions: tuple[str, ...]
    header: int
    frame: int                               # bytes
    rate: int
    name: str
    most: int = 0                            # bytes a second, where frames of two channels have such sizes as well

    def fits(self, size: int) -> bool:
        """Whether a file of `size` holds whole frames and nothing else."""
        return size >= self.header and (size - self.header) % self.frame == 0

    @property
    def sizes(self) -> str:
        """In words."""
        return f"{self.header} over a multiple of {self.frame}" if self.header else f"multiples of {self.frame}"


# The first that holds. Frames of 20 and of 50 bytes come about by chance: the ending must say the same.
_CODECS = (
    _Codec(("wav", "wav49"), 60, 65, 1625, "WAV49"),
    _Codec(("wav",), 44, 640, 16000, "PCM of 16 bits at 8 kHz", 32000),
    _Codec(("wav",), 44, 320, 16000, "PCM of 16 bits at 8 kHz"),
    _Codec(("wav",), 58, 160, 8000, "G.711"),
    _Codec(("wav",), 44, 160, 8000, "G.711"),
    _Codec(("wav", "gsm"), 0, 33, 1650, "GSM"),
    _Codec(("g729",), 0, 20, 1000, "G.729"),
    _Codec(("ilbc",), 0, 50, 1667, "iLBC of 30 ms"),
    _Codec(("ilbc",), 0, 38, 1900, "iLBC of 20 ms"),
)
_PAIRS = 20                                  # sizes that must agree before frames of twice the length count


def arithmetic(extension: str, sizes: Sequence[int]) -> Known | None:
    """The codec that at least 90 % of five or more exact sizes agree on, or None."""
    if len(sizes) < ENOUGH:
        return None
    for codec in _CODECS:
        enough = not codec.most or len(sizes) >= _PAIRS
        if extension.lower() in codec.extensions and enough and _share(codec.fits, sizes) >= _AGREE:
            return _told(extension, codec)
    return None


def _share(fits: Callable[[int], bool], sizes: Sequence[int]) -> float:
    return sum(map(fits, sizes)) / len(sizes)


def _told(extension: str, codec: _Codec) -> Known:
    method = f"{extension.upper()}: {codec.rate:,} bytes a second ({codec.name}), as at least 90 % of the sizes in a " \
             f"folder are {codec.sizes}"
    if codec.most:
        method += f", or {codec.most:,} if both sides are kept apart"
    return Known(codec.rate, codec.rate, codec.most or codec.rate, codec.header, method, arithmetic=True)


def choose(extension: str, sizes: Sequence[int], usual: Rate | None, *, exact: bool, product: str = "") -> Known | None:
    """The rate for files of one extension in one folder; None where none is known.

    `sizes`: some of them. `exact`: none is rounded. `product`: whose rate `usual` is, empty where it is anybody's.
    """
    known = arithmetic(extension, sizes) if exact else None
    if known is not None or usual is None:
        return known
    longest = _MEETING if extension.lower() in _FILMS else _LONG
    best, sure = _plausible(usual, sizes, longest)
    method = f"{extension.upper()}: {best:,} bytes a second, "
    if best != usual.best:
        method += f"as at the usual rate half of them would be shorter than 10 s or longer than {longest // 60} minutes"
    else:
        method += f"as {product} writes it" if product else "the usual rate"
    return Known(usual.low, best, usual.high, usual.header, method if sure else f"{method} (rate uncertain)")


def _plausible(rate: Rate, sizes: Sequence[int], longest: int) -> tuple[int, bool]:
    """The best rate, or the next that gives a median of 10 s to `longest`; and whether the best one does."""
    if not sizes:
        return rate.best, True
    median = sorted(sizes)[len(sizes) // 2] - rate.header
    fits = [r for r in (rate.best, rate.high, rate.low) if _SHORT * r <= median <= longest * r]
    return (fits[0], fits[0] == rate.best) if fits else (rate.best, False)


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
        """As a report shows it: rounding errors of single sizes are independent, twice their deviation is added.

        `methods`: how durations were found -> files. Empty: the method is told elsewhere.
        """
        slack = 2 * isqrt(self.spread)
        text = "; ".join(self._words(methods, slack)) if methods else ""
        return Hours(max(0, self.low - slack) / 3600, self.best / 3600, (self.high + slack) / 3600, text)

    def _words(self, methods: Mapping[str, int], slack: int) -> list[str]:
        order = sorted(methods, key=lambda m: (-methods[m], m))
        told = [f"{m} ({methods[m]:,} file{'' if methods[m] == 1 else 's'})" for m in order[:_SHOWN]]
        if len(order) > _SHOWN:
            told.append(f"{len(order) - _SHOWN} further ways")
        if self.low < self.best or self.best < self.high:
            told.append(_BOUNDS)
        if slack and self.best:
            told.append(f"sizes are shown rounded, which adds ±{max(0.1, 100 * slack / self.best):.1f} %")
        return told


def measured(known: Known, files: int, size: int, spread: int) -> Seconds:
    """Of `files` that have `size` bytes together; `spread`: their squared rounding errors, in square bytes."""
    sound = max(0, size - files * known.header)
    return Seconds(sound // known.high, sound // known.best, sound // known.low, spread // known.best**2)


def counted(files: int) -> Seconds:
    """Of `files` whose sizes are not shown."""
    return Seconds(*(files * each for each in UNSIZED))
