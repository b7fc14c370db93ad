"""The shape of a name: digits to 0, letters to a or A, bytes beyond ASCII to b; and how names of a shape are read.

Millions of names have few shapes. A plan says where the digits stand that may be people's, so that these columns are
read alone. A plan never changes what is found: names that do not fit it, and shapes that have none, are read whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from scanner.filenames import clock

_TABLE = bytes(
    0x30 if 0x30 <= c <= 0x39 else 0x41 if 0x41 <= c <= 0x5A else 0x61 if 0x61 <= c <= 0x7A else 0x62 if c > 0x7F else c
    for c in range(256)
)
_SEPARATOR = b"/"                            # stands in no base name
_UUID = re.compile(
    rb"(?<![0Aa])(?:[0a]{8}-[0a]{4}-[0a]{4}-[0a]{4}-[0a]{12}|[0A]{8}-[0A]{4}-[0A]{4}-[0A]{4}-[0A]{12})(?![0Aa])"
)
_HASH = re.compile(rb"(?<![0Aa])(?:[0a]{24,64}|[0A]{24,64})(?![0Aa])")
_UUID_MARK = b"u" * 8 + b"-uuuu-uuuu-uuuu-" + b"u" * 12


def skeletons(names: list[bytes]) -> list[bytes]:
    """The shape of each name: the same length, positions kept."""
    joined = _SEPARATOR.join(names)
    if joined.count(_SEPARATOR) != len(names) - 1:
        return [name.translate(_TABLE) for name in names]
    return joined.translate(_TABLE).split(_SEPARATOR)


def canonical(skeleton: bytes) -> bytes:
    """One shape for all that differ only in where a UUID or hash has its letters."""
    if skeleton.count(b"-") >= 4:
        skeleton = _UUID.sub(_UUID_MARK, skeleton)
    if len(skeleton) >= 24:
        skeleton = _HASH.sub(lambda m: b"h" * len(m.group()) if b"a" in m.group().lower() else m.group(), skeleton)
    return skeleton


def coarse(skeleton: bytes) -> bytes:
    """A shape without lengths, for folders in which no two names are alike."""
    return re.sub(rb"0+", b"0", re.sub(rb"[Aabuh]+", b"a", skeleton[:64]))


@dataclass(frozen=True, slots=True)
class Check:
    """A span that all names of the plan have: `kind` by `pattern`."""

    start: int
    end: int
    kind: str
    pattern: re.Pattern[str]                 # of one line


@dataclass(frozen=True, slots=True)
class Digits:
    """A bare run that may be anyone's."""

    start: int                               # without the plus
    end: int
    plus: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """How names of one shape are read: what must hold, then the runs."""

    checks: tuple[Check, ...]
    runs: tuple[Digits, ...]


def _lines(pattern: str) -> re.Pattern[str]:
    return re.compile(f"(?m)^(?:{pattern})$")


_STAMP = f"{clock.DATE}[T_-]{clock.CLOCK}"
_LONG_STAMP = (
    f"{clock.YEAR}-{clock.month_day('-')}[T _-](?:[01][0-9]|2[0-3])[-:._][0-5][0-9][-:._][0-5][0-9]"
)
_BARE = rb"(?!\.0)(?![+-]00:?00(?!0))"       # no fraction and no zone behind it
_MACHINE = (
    (re.compile(rb"u{8}-u{4}-u{4}-u{4}-u{12}"), "uuid", _lines(clock.UUID)),
    (re.compile(rb"h{24,64}"), "hash", _lines("[0-9a-f]{24,64}|[0-9A-F]{24,64}")),
    (re.compile(rb"(?<!0)0{9,10}\.0{1,9}(?!0)"), "uniqueid", _lines(clock.UNIQUE)),
    (re.compile(rb"(?<!0)0000-00-00[A _-]00[-:._]00[-:._]00(?![0,])" + _BARE), "timestamp", _lines(_LONG_STAMP)),
    (re.compile(rb"(?<!0)00000000[A_-]000000(?![0,])" + _BARE), "timestamp", _lines(_STAMP)),
    (re.compile(rb"(?<![0.-])(?:0000-00-00|00-00-0000|00\.00\.0000)(?![0-])(?!\.0)"), "date", _lines(clock.DASHED)),
)
_PERSONAL = re.compile(
    rb"(?<![0Aa])0{6}[-+A]000[0A](?![0Aa])"                         # Finnish
    rb"|(?<!0)(?:00)?0{6}[-+]0{4}(?!0)|(?<!0)0{6} 0{5}(?!0)"        # Swedish, Danish; Norwegian
    rb"|(?<!0)000-00-0000(?!0)|(?<!0)\(?000(?:\) ?|[-. ])000[-. ]0000(?!0)"
    rb"|(?<!0)(?<!0-)0{2,4}(?:-0{5,8}(?!-0)|[- ]0{2,3}(?: 0{2,3}){1,3})(?!0)"       # a number parted for the eye
    rb"|[Ab][ab]+(?:[ _]|, ?)[Ab][ab]+"                             # words that may be a name
    rb"|(?<!0)0{1,3}\.0{1,3}\.0{1,3}\.0{1,3}(?!0)|[.,]0{1,6}[+-]0{4}"
)
_PLUS = re.compile(rb"(?:(?<=^)|(?<=[^0Aauh]))\+0{7,15}(?!0)")
_RUN = re.compile(rb"(?<!0)0{7,}(?!0)")


@lru_cache(maxsize=4096)
def plan(skeleton: bytes) -> Plan | None:
    """The plan of a canonical shape, or None where its names must be read whole."""
    if b"@" in skeleton or b"\n" in skeleton or len(skeleton) > 255:
        return None
    checks = []
    plus = {m.start() + 1 for m in _PLUS.finditer(skeleton)}
    for shape, kind, pattern in _MACHINE:
        for match in shape.finditer(skeleton):
            checks.append(Check(match.start(), match.end(), kind, pattern))
            skeleton = skeleton[:match.start()] + b"\0" * len(match.group()) + skeleton[match.end():]
    if _PERSONAL.search(skeleton) or b"u" in skeleton or b"h" in skeleton:
        return None
    runs = tuple(Digits(m.start(), m.end(), m.start() in plus) for m in _RUN.finditer(skeleton))
    return Plan(tuple(checks), runs)


def fits(made: Plan, rows: list[str]) -> Iterator[int]:
    """Indices of `rows`, all of the plan's shape, that do *not* fit it."""
    odd: set[int] = set()
    for check in made.checks:
        column = [row[check.start:check.end] for row in rows]
        if len(check.pattern.findall("\n".join(column))) != len(rows):
            odd.update(i for i, text in enumerate(column) if check.pattern.match(text) is None)
    return iter(sorted(odd))


def tail(skeleton: bytes) -> tuple[int, int]:
    """Where the extension begins, and where a leg such as `-in` before it may; the length where there is none."""
    end = len(skeleton)
    dot = skeleton.rfind(b".")
    if dot < 0 or end - dot > 12 or dot + 1 == end or not re.fullmatch(rb"[0Aa-]+", skeleton[dot + 1:]):
        return end, end
    leg = re.search(rb"[-_][aA]{2,3}$", skeleton[:dot])
    return dot, leg.start() if leg else dot


