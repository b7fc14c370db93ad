"""The reader of JSON whose form a product documents: told where its rows stand and what a row says. It guesses nothing.

The answer is walked as it comes, an element at a time; what is not on the way to the rows is passed over. An empty
folder is a listing here, for the form of the answer is known; what answers in another form is none.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scanner.listing.json.pieces import goes_on
from scanner.listing.reader import Reader, Verdict, plain_facts
from scanner.model import Batch

UNKNOWN = -1
LONGEST = 256 * 1024                         # characters of one row, or of one value beside the rows
_DECODER = json.JSONDecoder(strict=False)
_GAP = re.compile(r"[\s,]*")
_COLON = re.compile(r"\s*:\s*")
_PRINTED = 24                                # keys of a row that are told

Row = Mapping[str, object]
Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What one row says: sizes in bytes, times in seconds since 1970, UNKNOWN where not told. No slash in the name."""

    name: bytes
    directory: bool
    size: int = UNKNOWN
    slack: int = 0
    time: int = UNKNOWN


@dataclass(frozen=True, slots=True)
class Form:
    """Where the rows stand, and what they say."""

    rows: tuple[Keys, ...]                   # keys that lead to an array of rows, from the outermost
    read: Callable[[Row, Keys], Shown | None]            # a row and the keys of its array; None: it is no entry
    grain: int = 1                           # seconds
    told: Callable[[str, object], bool] | None = None    # a key beside the rows, its value: False: this is not shown


class Documented(Reader):
    """Reads one answer of a documented list endpoint."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self._form = form
        self._text = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._held = ""
        self._path: list[str] | None = None  # the objects we are within; None: before the first
        self._array = False                  # within the rows
        self._met: set[Keys] = set()         # the arrays of rows that were met
        self._done = self._withheld = False
        self._rows = 0
        self._keys = ""
        self._batch = _empty(form.grain)

    def feed(self, data: bytes) -> list[Batch]:
        """Take the next bytes."""
        self._held += self._text.decode(data)
        return self._walk(len(data), final=False)

    def close(self) -> list[Batch]:
        """The body has ended."""
        self._held += self._text.decode(b"", True)
        batches = self._walk(0, final=True)
        if self.verdict is Verdict.UNDECIDED:
            hollow = self._done and not self._withheld and bool(self._met)
            self.verdict = Verdict.LISTING if hollow else Verdict.NOT
            self.why = "no entries, in the documented form" if hollow else self._why()
        if self.verdict is Verdict.LISTING:
            self.facts = plain_facts("json", self._keys, self._rows)
        return batches

    def _why(self) -> str:
        return "the answer says that nothing may be listed" if self._withheld else "not the documented form"

    def _walk(self, size: int, *, final: bool) -> list[Batch]:
        if self.verdict is Verdict.NOT or self._done:
            self._held = ""
            return []
        at = 0
        try:
            while (after := self._step(self._held, at, final=final)) >= 0:
                at = after
        except (ValueError, RecursionError):
            self._broken()
        self._held = self._held[at:]
        if len(self._held) > LONGEST:
            self._broken()
        return self._taken(size)

    def _broken(self) -> None:
        """Not what was documented: what came before stands, nothing more is read."""
        self._done, self._held = True, ""
        if self.verdict is Verdict.UNDECIDED:
            self.verdict, self.why = Verdict.NOT, "not the documented form"

    def _taken(self, size: int) -> list[Batch]:
        batch, self._batch = self._batch, _empty(self._form.grain)
        if not len(batch):
            return []
        self.verdict, self.why = Verdict.LISTING, f"{self._rows} rows in the documented form"
        self.row_bytes += size
        return [batch]

    def _step(self, text: str, at: int, *, final: bool) -> int:
        """One element further; -1 where it is not whole yet. ValueError: it is not as documented."""
        gap = _GAP.match(text, at)
        at = gap.end() if gap is not None else at
        if at >= len(text) or self._done:
            return -1
        if self._path is None:
            if text[at] not in "\ufeff{":
                raise ValueError("no object")
            self._path = [] if text[at] == "{" else None
            return at + 1
        if self._array:
            return self._element(text, at, final=final)
        if text[at] == "}":
            self._done = not self._path
            self._path = self._path[:-1]
            return at + 1
        return self._member(text, at, self._path, final=final)

    def _element(self, text: str, at: int, *, final: bool) -> int:
        assert self._path is not None
        if text[at] == "]":
            self._array, self._path = False, self._path[:-1]
            return at + 1
        value, end = _value(text, at, final=final)
        if end >= 0:
            if not isinstance(value, dict):
                raise ValueError("a row that is no object")
            self._add(value, tuple(self._path))
        return end

    def _member(self, text: str, at: int, path: list[str], *, final: bool) -> int:
        key, end = _value(text, at, final=final)
        colon = _COLON.match(text, end) if end >= 0 else None
        if end < 0 or (colon is None and len(text) - end < LONGEST and not final):
            return -1
        if not isinstance(key, str) or colon is None:
            raise ValueError("no key")
        if colon.end() >= len(text):
            return -1
        keys, first = (*path, key), text[colon.end()]
        if keys in self._form.rows and first == "[":
            self._array, self._path = True, [*keys]
            self._met.add(keys)
            return colon.end() + 1
        if first == "{" and any(rows[:len(keys)] == keys for rows in self._form.rows):
            self._path = [*keys]
            return colon.end() + 1
        value, end = _value(text, colon.end(), final=final)
        if end >= 0 and self._form.told is not None and not self._form.told(key, value):
            self._withheld = True
        return end

    def _add(self, value: Row, keys: Keys) -> None:
        shown = self._form.read(value, keys)
        if not self._keys:
            self._keys = "{" + ",".join(f'"{key}"' for key in list(value)[:_PRINTED] if len(key) < 40) + "}"
        if shown is None or shown.name in (b"", b".", b".."):
            return
        self._rows += 1
        if shown.directory:
            self._batch.directories.append(shown.name)
            return
        sizes, slacks, times = self._batch.sizes, self._batch.slacks, self._batch.times
        self._batch.names.append(shown.name)
        if sizes is not None and slacks is not None and times is not None:
            sizes.append(shown.size)
            slacks.append(shown.slack)
            times.append(shown.time)


def _empty(grain: int) -> Batch:
    return Batch(names=[], sizes=[], slacks=[], times=[], grain=grain)


def _value(text: str, at: int, *, final: bool) -> tuple[object, int]:
    """The value that begins at `at` and where it ends; -1 where it may not be whole yet."""
    try:
        value, end = _DECODER.raw_decode(text, at)
    except json.JSONDecodeError:
        if final or len(text) - at > LONGEST:
            raise
        return None, -1
    return (None, -1) if not final and goes_on(text, at, end) else (value, end)
