"""What the shapes of a folder's names show of its likeness to a recorder's: from rows and shapes to `Looks`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Protocol

from scanner.census.hours import Known
from scanner.census.shape import Shape, Tally
from scanner.census.verdict import Verdict
from scanner.census.voices import Looks, by_ending

_SOUND, _PROMPT, _ALBUM = "audio", "prompt", "album"
_DATED = re.compile(r"(?:/|_)(?:19|20)\d\d[/-]?(?:0[1-9]|1[0-2])(?:[/-]?(?:[0-2]\d|3[01]))?/")
_TRACK = (b"00 - ", b"~0 - ")                # of a shape, and of one that shapes were folded into
_TRACKS = frozenset({"mp3", "flac"})

Place = tuple[bytes, str, str]               # shape, leg, extension


class Row(Protocol):
    """Names of one shape that share verdict and people."""

    @property
    def place(self) -> Place:
        """Where they are counted."""

    @property
    def verdict(self) -> Verdict:
        """Their class."""

    @property
    def tally(self) -> Tally:
        """How many they are."""

    @property
    def people(self) -> Mapping[str, object]:
        """Kinds of people that they carry."""


def looks(shapes: Mapping[Place, Shape], rows: Iterable[Row], rates: Mapping[str, Known | None], *, legs: bool,
          words: frozenset[str], path: str) -> Looks:
    """Of a folder at `path`, with the word classes in it. `legs`: both sides of calls lie there in files of their own.

    Announcements that products ship with are passed over.
    """
    rows = [row for row in rows if row.verdict.kind != _PROMPT]
    sounds = [row for row in rows if row.verdict.kind == _SOUND]
    dated = _DATED.search(path) is not None
    logged = dated or "recording" in words
    return Looks(
        files=sum(row.tally.files for row in rows), sounds=sum(row.tally.files for row in sounds),
        sizes=sorted(chain.from_iterable(
            shape.sizes for shape in shapes.values() if shape.agreement.first.kind == _SOUND)),
        stamped=sum(shape.stamped for shape in shapes.values()), epochs=sum(shape.epochs for shape in shapes.values()),
        phones=sum(row.tally.files for row in sounds if "phone" in row.people),
        telephony=sum(row.tally.files for row in sounds if by_ending(row.place[2], logged=logged)),
        codec=any(known and known.arithmetic for known in rates.values()),
        legs=legs, words=words, dated=dated, covers=any(row.verdict.kind == _ALBUM for row in rows),
        tracks=sum(row.tally.files for row in sounds if _is_track(row.place)),
    )


def _is_track(place: Place) -> bool:
    return place[0].startswith(_TRACK) and place[2].lower() in _TRACKS
