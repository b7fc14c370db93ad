"""Words of a meaning, found in paths in whatever spelling a server's owner had at hand. Pure; knows no files.

A word ends where letters end. Case is ignored, `CallRecordings` is two words, and a word with letters beyond ASCII is
found in its plain spellings as well: `vård`, `vard` and `vaard`. In the north and in German words grow together:
those listed as stems or heads are found at the beginning or the end of a longer one, `patient` in `patientregister`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

_TOKEN = re.compile(r"[^\W\d_]+|\d+")                    # one class after the other, nothing nested: linear
_CAMEL = re.compile(r"([^\W\d_A-Z])([A-Z])")
_PLAIN = str.maketrans({"å": "a", "ä": "a", "æ": "ae", "ö": "o", "ø": "o", "ü": "u", "ß": "ss"})
_SPELT = str.maketrans({"å": "aa", "ä": "ae", "æ": "ae", "ö": "oe", "ø": "oe", "ü": "ue", "ß": "ss"})
_LONGEST = 3                                             # tokens of the longest listed word
_SHORT = 3                                               # letters; a plain spelling so short counts only in company
_REST = 3                                                # letters that a longer word must have beside its stem
_ENDINGS = frozenset({"", *"aeinrsty", "an", "ar", "en", "er", "et", "es", "ie", "na", "or", "ta", "te", "to"})
_LONG = 6                                                # letters of a stem that such an ending bends
_PATH_LIMIT = 4096                                       # characters looked at
_KEPT, _SEGMENT = 8192, 255                              # segments whose words are kept, and their characters


def spellings(word: str) -> frozenset[str]:
    """`word` and its plain copies, tokens joined by a hyphen: the keys it is found by."""
    text = unicodedata.normalize("NFC", word).lower()
    copies = {text, text.translate(_PLAIN), text.translate(_SPELT)}
    copies |= {_bare(copy) for copy in copies}
    return frozenset("-".join(_TOKEN.findall(copy)) for copy in copies)


def _bare(text: str) -> str:
    """Without the accents that are left, as in `café`."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def keys(segment: str) -> Iterator[str]:
    """All that might be a word in a path's `segment`: runs of one to three tokens, lower case."""
    if not segment.isascii():
        segment = unicodedata.normalize("NFC", segment)
    yield from _runs(_TOKEN.findall(segment.lower()))
    parted = _CAMEL.sub(r"\1-\2", segment)
    if parted != segment:
        yield from _runs(_TOKEN.findall(parted.lower()))


def _runs(tokens: list[str]) -> Iterator[str]:
    for start in range(len(tokens)):
        for length in range(1, _LONGEST + 1):
            if start + length <= len(tokens):
                yield "-".join(tokens[start:start + length])


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one listed word says."""

    group: str                               # word class, such as `health`
    word: str                                # as listed
    doubtful: bool = False                   # counts only in company
    company: bool = True                     # may keep doubtful words company
    place: Literal["whole", "start", "end"] = "whole"    # of a longer word


class Parts:
    """Beginnings, or ends, of longer words."""

    def __init__(self, *, end: bool) -> None:
        self._end = end
        self._by_key: dict[str, list[Meaning]] = {}
        self._lengths: list[int] = []

    def add(self, key: str, meaning: Meaning) -> None:
        """A spelling that a longer word may begin or end with."""
        self._by_key.setdefault(key, []).append(meaning)
        self._lengths = sorted({*self._lengths, len(key)})

    def of(self, token: str) -> Iterator[Meaning]:
        """What `token` says by its beginning or end, where three letters or more are left.

        A long one may also stand alone, and a beginning be bent: `sjukhus`, `elevhälsa`, `psychotherapy`.
        """
        for length in self._lengths:
            if length > len(token):
                return
            if length + _REST <= len(token) or (length >= _LONG and self._bent(token[length:])):
                yield from self._by_key.get(token[-length:] if self._end else token[:length], ())

    def _bent(self, rest: str) -> bool:
        return rest in _ENDINGS and not (self._end and rest)


class Lexicon:
    """Listed words by their spellings."""

    def __init__(self, meanings: Iterable[Meaning]) -> None:
        self._by_key: dict[str, list[Meaning]] = {}
        self._starts, self._ends = Parts(end=False), Parts(end=True)
        for meaning in meanings:
            self._add(meaning)
        self._kept = lru_cache(maxsize=_KEPT)(self._meant)

    def _add(self, meaning: Meaning) -> None:
        written = "-".join(_TOKEN.findall(unicodedata.normalize("NFC", meaning.word).lower()))
        for key in spellings(meaning.word):
            if meaning.place == "start":
                self._starts.add(key, meaning)
            elif meaning.place == "end":
                self._ends.add(key, meaning)
            else:
                short = key != written and len(key) <= _SHORT
                self._by_key.setdefault(key, []).append(replace(meaning, doubtful=True) if short else meaning)

    def _meant(self, segment: str) -> frozenset[Meaning]:
        found: set[Meaning] = set()
        for key in keys(segment):
            known = self._by_key.get(key, ())
            found.update(known)
            if key.isalpha():                            # one token
                listed = {meaning.group for meaning in known}
                found.update(m for part in (self._starts, self._ends) for m in part.of(key) if m.group not in listed)
        return frozenset(found)

    def find(self, path: str, *, company: bool = False) -> dict[str, frozenset[str]]:
        """Word class -> the listed words found in `path`.

        A doubtful word (`journal`, `pass`) counts beside a certain one, or where the caller has other company for it,
        such as telephony files.
        """
        segments = path[:_PATH_LIMIT].split("/")
        found = frozenset[Meaning]().union(*[(self._kept if len(s) <= _SEGMENT else self._meant)(s) for s in segments])
        if not found:
            return {}
        company = company or any(m.company and not m.doubtful for m in found)
        groups: dict[str, set[str]] = {}
        for meaning in found:
            if company or not meaning.doubtful:
                groups.setdefault(meaning.group, set()).add(meaning.word)
        return {group: frozenset(words) for group, words in sorted(groups.items())}
