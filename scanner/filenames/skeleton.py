"""The shape of a name: digits to 0, letters to a or A, bytes beyond ASCII to b; and how names of a shape are read.

Millions of names have few shapes. A plan says where the digits stand that may be people's, so that these columns are
read alone. A plan never changes what is found: names that do not fit it, and shapes that have none, are read whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from scanner.filenames import clock, context

_TABLE = bytes(
    0x30 if 0x30 <= c <= 0x39 else 0x41 if 0x41 <= c <= 0x5A else 0x61 if 0x61 <= c <= 0x7A else 0x62 if c > 0x7F else c
    for c in range(256)
)
_SEPARATOR = b"/"                            # stands in no base name
_UUID = re.compile(
    rb"(?<![0Aa])(?:[0a]{8}-[0a]{4}-[0a]{4}-[0a]{4}-[0a]{12}|[0A]{8}-[0A]{4}-[0A]{4}-[0A]{4}-[0A]{12})(?![0Aa])"
)
_HASH = re.compile(rb"(?<![0Aa])(?:[0a]{24,128}|[0A]{24,128})(?![0Aa])")
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
    text: str                                # the same, of a piece of a line


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
    words: tuple[tuple[int, int], ...] = ()  # runs of letters, which must say nothing of the digits


def _lines(pattern: str) -> re.Pattern[str]:
    return re.compile(f"(?m)^(?:{pattern})$")


_MACHINE = tuple((re.compile(known.shape), known.kind, _lines(known.pattern), known.pattern)
                 for known in clock.MACHINE if known.shape and known.kind != "ipv4")
_PERSONAL = re.compile(b"|".join((
    rb"(?<![0Aa])0{6}[-+A]000[0A](?![0Aa])",                        # Finnish
    rb"(?<!0)(?:00)?0{6}[-+]0{4}(?!0)|(?<!0)0{6}[ -]0{5}(?!0)",     # Swedish, Danish, Icelandic; Norwegian, Latvian
    rb"(?<!0)000-00-0000(?!0)|(?<!0)\(?000(?:\) ?|[-. ])000[-. ]0000(?!0)",
    rb"(?<![0Aa])(?:0{8}A|A0{7}A|A{6}00A00A000A|0{6}A0{8}|00\.00\.00-000\.00|0(?: ?0[0A]){3} ?000 ?000 ?00)(?![0Aa])",
    rb"(?<!0)(?<!0-)0{2,5}(?:-0{5,8}|[- ]0{2,4}(?: 0{2,4}){1,3}| 0{5,8}| 0{3,4}-0{3,4})(?!-?0)",    # for the eye
    rb"\(0{2,5}\) ?0{2,8}|(?<!0)00(?: 00){3}(?!0)|(?<![0Aa])0{3,5}(?: ?\(0\))? 0{1,5} 0{2,8}",
    rb"\+0{1,3}[ .(-]|\+0{1,7}[ .-]",
    rb"[Ab]['A]{0,2}[ab]+(?:[ _]a{2,3}){0,2}(?:[ _]|, ?)(?:[Ab]b?\.?[ _])?[Ab]['Ab]{0,4}[ab]",      # maybe a name
    rb"^\[[^\[\]]*[Aab]{2}[^\[\]]*\]_|[Aab]{2}.*\(\+?[0*#]{3,20}\)_0{14}(?!0)",     # 3CX, Xiaomi
    rb"^(?:A[ab]+ [ab]{8,9}|A[ab]{12,17})[ _].*[Aab]{2}.*_0{6}_0{6}(?!0)",          # Samsung
    rb"\0 .*[Aab]{2}.* Aaaa ",                                                      # Zoom
    rb"(?<!0)0{1,3}\.0{1,3}\.0{1,3}\.0{1,3}(?!0)|[.,]0{1,6}[+-]0{4}",
    rb"0{4}[-._]00[-._]00|00[-._]00[-._]0{4}|00(?:00)?[-_ ]?[Ab]aa[-_ ]?00",        # dates with more behind them
    rb"(?<!0)0{14}(?:0{3})?[+-]0{4}(?!0)|(?<!0)0{8}[A _-]0{6}",
)))
_PLUS = re.compile(rb"(?:(?<=^)|(?<=[^0Aauh]))\+0{7,15}(?!0)")
_RUN = re.compile(rb"(?<!0)0{7,}(?!0)")
_WORD = re.compile(rb"[Aab]{3,}")
_NUMBER = re.compile(rb"0{3}")
_MANY = 64                                   # rows for which a pattern of their own is worth its making


@lru_cache(maxsize=4096)
def plan(skeleton: bytes) -> Plan | None:
    """The plan of a canonical shape, or None where its names must be read whole."""
    if b"@" in skeleton or b"\n" in skeleton or len(skeleton) > 255:
        return None
    checks, words = [], _words(skeleton)
    plus = {m.start() + 1 for m in _PLUS.finditer(skeleton)}
    for shape, kind, pattern, text in _MACHINE:
        for match in shape.finditer(skeleton):
            checks.append(Check(match.start(), match.end(), kind, pattern, text))
            skeleton = skeleton[:match.start()] + b"\0" * len(match.group()) + skeleton[match.end():]
    if _PERSONAL.search(skeleton) or b"u" in skeleton or b"h" in skeleton:
        return None
    runs = tuple(Digits(m.start(), m.end(), m.start() in plus) for m in _RUN.finditer(skeleton))
    return Plan(tuple(checks), runs, words)


def _words(skeleton: bytes) -> tuple[tuple[int, int], ...]:
    """Where words stand that may say what a number is: all but the extension."""
    if _NUMBER.search(skeleton) is None:
        return ()
    return tuple(m.span() for m in _WORD.finditer(skeleton)
                 if m.end() < len(skeleton) or skeleton[m.start() - 1:m.start()] != b".")


def fits(made: Plan, rows: list[str], joined: str) -> Iterator[int]:
    """Indices of `rows`, all of the plan's shape, that do *not* fit it. `joined`: the rows, newlines between them."""
    odd: set[int] = set()
    width, lines = (len(joined) + 1) // len(rows) - 1, joined + "\n"
    for check in made.checks:
        if len(rows) >= _MANY and _all(check.start, check.text, width - check.end).fullmatch(lines):
            continue
        column = [row[check.start:check.end] for row in rows]
        if len(check.pattern.findall("\n".join(column))) != len(rows):
            odd.update(i for i, text in enumerate(column) if check.pattern.match(text) is None)
    for start, end in made.words:
        if constant(joined, start, end, len(rows)) and not context.word(_decoded(rows[0][start:end])):
            continue
        column = list(map(itemgetter(slice(start, end)), rows))
        told = set() if context.silent(column) else {text for text in set(column) if context.word(_decoded(text))}
        if told:
            odd.update(i for i, text in enumerate(column) if text in told)
    return iter(sorted(odd))


@lru_cache(maxsize=512)
def _all(before: int, pattern: str, after: int) -> re.Pattern[str]:
    """Lines that all have `pattern` between so many characters. What stands beside it there can only say no."""
    return re.compile(f"(?:.{{{before}}}(?:{pattern}).{{{after}}}\\n)*+")


def constant(joined: str, start: int, end: int, count: int) -> bool:
    """Whether a column is the same in all rows, which are of one length."""
    width = (len(joined) + 1) // count
    return all(joined[i::width].count(joined[i]) == count for i in range(start, end))


def _decoded(text: str) -> str:
    """Rows are one character a byte."""
    return text if text.isascii() else text.encode("latin-1").decode("utf-8", "surrogateescape")


def tail(skeleton: bytes) -> tuple[int, int]:
    """Where the extension begins, and where a leg such as `-in` before it may; the length where there is none."""
    end = len(skeleton)
    dot = skeleton.rfind(b".")
    if dot < 0 or end - dot > 12 or dot + 1 == end or not re.fullmatch(rb"[0Aa-]+", skeleton[dot + 1:]):
        return end, end
    leg = re.search(rb"[-_][aA]{2,3}$", skeleton[:dot])
    return dot, leg.start() if leg else dot


