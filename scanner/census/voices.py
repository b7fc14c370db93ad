"""Whether a folder of sound looks like a recorder's although no product is recognised. Points, as people would judge.

Speech on the telephone is small, uneven in length, and stamped with a time or a number; music is even and has covers.
What spoke for it is counted, so that a report can say why. Knows no name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

VOICES = 5                                   # points from which a folder is a probable voice store
TELEPHONY = frozenset({                      # endings that hardly anything but telephony and dictation writes
    "gsm", "gsw", "ulaw", "ul", "alaw", "al", "sln", "sln16", "slin", "g722", "g723", "g729", "ilbc", "siren7",
    "siren14", "wav49", "vox", "amr", "awb", "3ga", "dss", "ds2", "dvf", "msv", "nmf", "mcf",
})
_LEAST, _MANY, _THOUSAND = 3, 20, 1000       # sound files
_SMALL, _LARGE = 50_000, 20_000_000          # bytes
_SONG, _SONGS = 3_000_000, 12_000_000
_WORDS = frozenset({"recording", "health", "social-legal"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What is seen of a folder's sound files. Names are of all its files but announcements that products ship with."""

    files: int
    sounds: int
    sizes: Sequence[int] = ()                # of some, sorted
    stamped: int = 0                         # names with a time of day, an epoch or a unique id
    epochs: int = 0                          # of these, those with an epoch or a unique id
    phones: int = 0
    telephony: int = 0                       # by their ending: `by_ending`
    codec: bool = False                      # size arithmetic found a telephony codec
    legs: bool = False
    words: frozenset[str] = frozenset()      # word classes in the path
    dated: bool = False                      # the path is a date
    tracks: int = 0                          # named as albums are: `01 - Title.mp3`
    covers: bool = False                     # a picture of a cover, a cue sheet or a playlist lies beside


def by_ending(extension: str, *, logged: bool) -> bool:
    """Whether an extension as shown is telephony's: Asterisk writes WAV49 with capitals, loggers write WMA.

    `logged`: the path speaks of recordings.
    """
    return extension == "WAV" or extension.lower() in TELEPHONY or (logged and extension.lower() == "wma")


def points(looks: Looks) -> dict[str, int]:
    """What speaks for a recorder, and against it, in points. Empty where there is too little sound to say."""
    sounds, files = looks.sounds, looks.files
    if sounds < _LEAST or sounds < 0.3 * files:
        return {}
    median = _share(looks.sizes, 5)
    spoken = _SMALL <= median <= _LARGE
    found = {
        "sounds": 2 * (sounds >= _MANY and sounds >= 0.7 * files),
        "many": 1 * (sounds >= _THOUSAND),
        "uneven": 1 * (spoken and _share(looks.sizes, 9) > 3 * _share(looks.sizes, 1)),
        "stamped": 2 * (looks.stamped >= 0.5 * files),
        "epochs": 2 * (looks.epochs >= 0.5 * files),
        "phones": 3 * (looks.phones >= 0.2 * files),
        "telephony": 2 * (looks.telephony >= 0.5 * sounds),
        "codec": 2 * looks.codec,
        "words": 2 * bool(looks.words & _WORDS),
        "dated": 1 * looks.dated,
        "tree": 2 * (looks.dated and spoken and sounds >= _MANY and sounds >= 0.8 * files),
        "legs": 2 * looks.legs,
        "songs": -2 * (_SONG <= median <= _SONGS and _share(looks.sizes, 9) < 3 * _share(looks.sizes, 1)),
        "harmless": -4 * ("harmless" in looks.words),
        "album": -3 * (looks.covers or 2 * looks.tracks >= sounds),
    }
    return {sign: worth for sign, worth in found.items() if worth}


def _share(sizes: Sequence[int], tenths: int) -> int:
    return sizes[len(sizes) * tenths // 10] if sizes else 0


def score(looks: Looks) -> int:
    """Points; `VOICES` or more make it probable."""
    return sum(points(looks).values())


def reasons(looks: Looks) -> dict[str, int]:
    """What spoke for a recorder -> files of which it is true; counts of folders add up. Empty where it is none."""
    found = points(looks)
    if sum(found.values()) < VOICES:
        return {}
    counted = {"stamped": looks.stamped, "epochs": looks.epochs, "phones": looks.phones, "telephony": looks.telephony}
    return {"files": looks.files, "sounds": looks.sounds} | {
        sign: counted.get(sign, looks.sounds) for sign, worth in found.items() if worth > 0
    }


_SAID = {
    "stamped": "a time of day stands in the names of {n} ({share} %)",
    "epochs": "a Unix time or a call's unique id stands in the names of {n} ({share} %)",
    "phones": "a telephone number stands in the names of {n} ({share} %)",
    "telephony": "{n} are in formats that telephony and dictation write",
    "codec": "the sizes of {n} are those of a telephone's codec",
    "uneven": "lengths are as uneven as those of talk",
    "words": "the folders of {n} are named for calls, health or social matters",
    "dated": "the folders of {n} are dates",
    "legs": "the sides of calls lie in files of their own",
}


def told(counts: Mapping[str, int]) -> tuple[str, ...]:
    """The `reasons` of all folders together, in words. Shares are of all their files, rounded down."""
    files = counts.get("files", 0)
    if not files:
        return ()
    said = [text.format(n=f"{counts[sign]:,}", share=100 * counts[sign] // files)
            for sign, text in _SAID.items() if counts.get(sign)]
    return (f"{counts.get('sounds', 0):,} of {files:,} files are sound", *said)
