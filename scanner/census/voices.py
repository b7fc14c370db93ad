"""Whether a folder of sound looks like a recorder's although no product is recognised. Points, as people would judge.

Speech on the telephone is small, uneven in length, and stamped with a time or a number; music is even and has covers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

VOICES = 5                                   # points from which a folder is a probable voice store
_SMALL, _LARGE = 50_000, 20_000_000          # bytes
_SONG, _SONGS = 3_000_000, 12_000_000
_WORDS = frozenset({"recording", "health", "social-legal"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What is seen of a folder's sound files."""

    files: int
    sounds: int
    sizes: Sequence[int] = ()                # of some, sorted
    stamped: int = 0                         # names with a time of day, an epoch or a unique id
    phones: int = 0
    telephony: int = 0                       # by their extension
    codec: bool = False                      # size arithmetic found a telephony codec
    legs: bool = False
    words: frozenset[str] = frozenset()      # word classes in the path
    dated: bool = False                      # the path is a date


def score(looks: Looks) -> int:
    """Points; `VOICES` or more make it probable."""
    if looks.sounds < 20 or looks.sounds < 0.7 * looks.files:
        return 0
    points = 2 + (looks.sounds >= 1000) + _spread(looks.sizes)
    points += 2 * (looks.stamped >= 0.5 * looks.files) + 3 * (looks.phones >= 0.2 * looks.files)
    points += 2 * (looks.telephony >= 0.5 * looks.sounds) + 2 * looks.codec + 2 * looks.legs
    points += 2 * bool(looks.words & _WORDS) + looks.dated - 4 * ("harmless" in looks.words)
    return points


def _spread(sizes: Sequence[int]) -> int:
    if not sizes:
        return 0
    low, median, high = (sizes[len(sizes) * share // 10] for share in (1, 5, 9))
    if high > 3 * low:
        return int(_SMALL <= median <= _LARGE)
    return -2 if _SONG <= median <= _SONGS else 0
