"""One fictional recording: how long it lasts, its format, its size and its name, all from its number alone.

Lengths and formats come from multiples of two constants modulo 2**64, which fill a range evenly: any long run of
numbers has the same mean length, without anything random.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from math import log
from typing import NamedTuple

MEAN = 1_700 * 3_600 / 27_000        # seconds a call lasts: 170,000 hours in 2,700,000 calls
LONGEST = 1_940                      # seconds
LENGTHS = 0x9E3779B97F4A7C15         # 2**64 by the golden ratio
FORMATS = 0x6A09E667F3BCC909         # the fraction of the square root of two

# telephone numbers that are set aside for fiction in Sweden, all of them
NUMBERS = tuple(
    f"{prefix}{first + i:0{width}}"
    for prefix, first, count, width in (
        ("070", 1740605, 95, 7), ("08", 46500400, 100, 8), ("031", 3900600, 100, 7),
        ("040", 6280400, 100, 7), ("0980", 319200, 100, 6),
    )
    for i in range(count)
)

_SHORTEST = 20.0                     # seconds; above it the lengths fall off exponentially
_WAV = 0.4                           # share of the calls that were never compressed
_MASK = (1 << 64) - 1
_EPOCH = date(1970, 1, 1).toordinal()
_MINUTES = tuple(f"{m // 60:02}{m % 60:02}" for m in range(1_440))
_PAIRS = tuple(chr(65 + i // 26) + chr(65 + i % 26) for i in range(676))


class Recording(NamedTuple):
    """One file: its name, its size in bytes, when it was last written (seconds since 1970)."""

    name: str
    size: int
    modified: int


def finished(number: int, day: int, j: int, end: int) -> Recording:
    """The call with this number, the `j`th of its day, which ended at `end` (seconds since 1970)."""
    seconds, kind = seconds_of(number), kind_of(number)
    return Recording(f"{stamp(end - int(seconds))}_{tracking(day, j)}.{kind}", size_of(seconds, kind), end)


def even(number: int, stride: int) -> float:
    """From 0 to 1; runs of numbers fill the range evenly."""
    return ((number * stride) & _MASK) / 2**64


def seconds_of(number: int) -> float:
    """How long a call lasts: `MEAN` on average."""
    return min(_SHORTEST - (MEAN - _SHORTEST) * log(1.0 - even(number, LENGTHS) * 0.99999), LONGEST)


def kind_of(number: int) -> str:
    """The format: `wav` or `mp3`."""
    return "wav" if even(number, FORMATS) < _WAV else "mp3"


def size_of(seconds: float, kind: str) -> int:
    """Bytes. MP3 comes in MPEG-2.5 layer III frames of 72 ms at 32 kbit/s."""
    return wav_size(seconds) if kind == "wav" else 288 * round(seconds / 0.072)


def wav_size(seconds: float) -> int:
    """Bytes of a WAV: a header, then PCM of 16 bit at 8 kHz in frames of 20 ms."""
    return 44 + 320 * round(seconds * 50)


def stamp(seconds: int) -> str:
    """`20190218_142710`, in UTC."""
    day, rest = divmod(seconds, 86_400)
    return f"{_date(day)}_{_MINUTES[rest // 60]}{rest % 60:02}"


@lru_cache(maxsize=4_096)
def _date(day: int) -> str:
    return f"{date.fromordinal(_EPOCH + day):%Y%m%d}"


def tracking(day: int, j: int) -> str:
    """A recorder's tracking id: four capital letters, different for each call of a day."""
    rest = (j * 7_919 + day * 104_729) % 26**4
    return _PAIRS[rest // 676] + _PAIRS[rest % 676]
