"""Words of a meaning, found in paths in whatever spelling a server's owner had at hand. Pure; knows no files.

A word ends where letters end. Case is ignored, `CallRecordings` is two words, and a word with letters beyond ASCII is
found in its plain spellings as well: `vård`, `vard` and `vaard`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r"[^\W\d_]+|\d+")                    # one class after the other, nothing nested: linear
_CAMEL = re.compile(r"([^\W\d_A-Z])([A-Z])")
_PLAIN = str.maketrans({"å": "a", "ä": "a", "æ": "ae", "ö": "o", "ø": "o", "ü": "u", "ß": "ss"})
_SPELT = str.maketrans({"å": "aa", "ä": "ae", "æ": "ae", "ö": "oe", "ø": "oe", "ü": "ue", "ß": "ss"})
_LONGEST = 3                                             # tokens of the longest listed word
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


class Lexicon:
    """Listed words by their spellings."""

    def __init__(self, meanings: Iterable[Meaning]) -> None:
        self._by_key: dict[str, list[Meaning]] = {}
        for meaning in meanings:
            for key in spellings(meaning.word):
                self._by_key.setdefault(key, []).append(meaning)
        self._kept = lru_cache(maxsize=_KEPT)(self._meant)

    def _meant(self, segment: str) -> frozenset[Meaning]:
        return frozenset(m for key in keys(segment) for m in self._by_key.get(key, ()))

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
