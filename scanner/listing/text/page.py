"""The reader of listings in plain text: judged by their first KiB, all of whose lines must be rows of one style.

It goes on only while rows come. Folders that `ls -lR` and `dir /s` show below the one asked for are told apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scanner.listing.dialect import Dialect
from scanner.listing.endings import is_file
from scanner.listing.hrefs import quote
from scanner.listing.reader import Reader, Verdict, plain_facts
from scanner.listing.text.lines import FORMS, LONGEST, Line, Style
from scanner.listing.text.rows import Rows
from scanner.model import Batch

FIRST = 1024
ODD = 4                                      # lines that are no rows, beside one in twenty, until reading stops
NAMES = 3                                    # names alone that make a listing
_DEEP = 2048                                 # letters of a path below the folder asked for
_TOTAL = re.compile(rb"[^\W\d\x80-\xff_]{3,12}:? [\d.,]{1,15}[KMGT]?|[\x80-\xff]{3,24}:? [\d.,]{1,15}[KMGT]?")
_HEADER = re.compile(rb"(\.{1,2}|\.{0,2}/.{0,4000}|[^\s:/][^\s:]{0,4000}):")
_BELOW = re.compile(rb"([^\s:].{0,4000}):")
_DRIVE = re.compile(rb"\s.*?((?:[A-Za-z]:\\|\\\\).*)")
_TROUBLE = re.compile(rb"(?:/\S{1,99})?ls: .*")


@dataclass(frozen=True, slots=True)
class Looks:
    """What the beginning of a text looks like in one style."""

    style: Style
    rows: tuple[Line, ...]
    odd: int                                 # lines that are neither rows nor what stands around them

    @property
    def listing(self) -> bool:
        """Whether it is a listing: nothing but rows, as far as it goes."""
        if self.style is Style.NAMES:
            names = {row.name for row in self.rows}
            good = sum(row.folder or is_file(row.name) for row in self.rows)
            return len(names) == len(self.rows) >= NAMES and not self.odd and good * 5 >= len(self.rows) * 4
        if self.style is Style.TABS:
            full = sum(bool(row.day) and (row.folder or row.size[0] >= 0) for row in self.rows)
            good = sum(row.folder or is_file(row.name) for row in self.rows)
            return bool(self.rows) and self.odd <= (len(self.rows) > 1) and max(full, good) * 5 >= len(self.rows) * 4
        return bool(self.rows) and not self.odd

    @property
    def why(self) -> str:
        """In plain words."""
        if self.style in (Style.NAMES, Style.TABS) or not self.rows:
            return "text, but no listing"
        return f"{len(self.rows)} lines like those of {self.style.value} among {self.odd} others"


def look(lines: Sequence[bytes], style: Style) -> Looks:
    """How some lines read in one style."""
    rows, odd = [], 0
    for line in lines:
        row = FORMS[style](line)
        if row is not None:
            rows.append(row)
        else:
            odd += not _is_frame(line, style)
    return Looks(style, tuple(rows), odd)


def _is_frame(line: bytes, style: Style) -> bool:
    """Whether a line that is no row belongs to a listing all the same."""
    if not line.strip():
        return True
    if style is Style.LS:
        return any(form.fullmatch(line) for form in (_TOTAL, _HEADER, _TROUBLE))
    return style is Style.DOS and line[:1] in b" \t"


class TextPage(Reader):
    """Reads one answer in plain text."""

    def __init__(self, now: int | None = None, dialect: Dialect | None = None) -> None:
        super().__init__()
        self.dialect = dialect
        self._held = b""
        self.style = Style.LS
        self._rows = Rows(now)
        self._odd = 0
        self._root: bytes | None = None      # the folder asked for, as the text calls it
        self._empty = True                   # the line before was none
        self._outside = self._ended = False

    def feed(self, data: bytes) -> list[Batch]:
        """Take the next bytes."""
        if self.verdict is Verdict.NOT or self._ended:
            return []
        self._held += data
        if self.verdict is Verdict.UNDECIDED and len(self._held) >= FIRST:
            self._judge(self._held[:FIRST], whole=False)
        return self._read(final=False) if self.verdict is Verdict.LISTING else []

    def close(self) -> list[Batch]:
        """The body has ended."""
        if self.verdict is Verdict.UNDECIDED:
            self._judge(self._held, whole=True)
        if self.verdict is not Verdict.LISTING:
            return []
        batches = [] if self._ended else self._read(final=True)
        batches += self._rows.close()
        self.why = f"{self._rows.count} lines of text"
        self.facts = plain_facts(self.style.value, self.style.value, self._rows.count)
        return batches

    def _judge(self, data: bytes, *, whole: bool) -> None:
        lines = [line.removesuffix(b"\r") for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n")]
        lines = lines if whole else lines[:-1]
        looks = [look(lines, style) for style in Style]
        best = max(looks, key=lambda one: (one.listing, len(one.rows)))
        self.why, self.style = best.why, best.style
        self.verdict = Verdict.LISTING if best.listing else Verdict.NOT
        if not best.listing:
            self.near = len(best.rows) >= NAMES and best.style not in (Style.NAMES, Style.TABS)
            self._held = b""

    def _read(self, *, final: bool) -> list[Batch]:
        """Read the lines that are whole."""
        *lines, self._held = self._held.split(b"\n")
        if final:
            lines, self._held = [*lines, self._held], b""
        self._ended = len(self._held) > LONGEST
        batches: list[Batch] = []
        for line in lines:
            batches += self._line(line)
            if self._ended:
                self._held = b""
                break
        return batches

    def _line(self, raw: bytes) -> list[Batch]:
        line = raw.removesuffix(b"\r") if self._rows.count else raw.removesuffix(b"\r").removeprefix(b"\xef\xbb\xbf")
        row = FORMS[self.style](line) if len(line) <= LONGEST else None
        if row is None:
            return self._frame(line)
        self._empty = False
        self.row_bytes += len(raw) + 1
        if row.name and not self._outside:
            self._rows.add(row)
        return self._rows.flush() if self._rows.full else []

    def _frame(self, line: bytes) -> list[Batch]:
        """What is no row: the name of another folder, or nothing that matters, or the end of the listing."""
        empty, self._empty = self._empty, not line.strip()
        if self.style is Style.DOS and (drive := _DRIVE.fullmatch(line)) is not None:
            return self._turn(drive[1].rstrip(b"\\"), b"\\")
        form = _HEADER if self._rows.count == 0 else _BELOW
        if self.style is Style.LS and empty and (header := form.fullmatch(line)) is not None:
            return self._turn(header[1], b"/")
        if not _is_frame(line, self.style):
            self._odd += 1
            self._ended = self._odd > ODD + self._rows.count // 20
        return []

    def _turn(self, path: bytes, slash: bytes) -> list[Batch]:
        """Rows of another folder follow."""
        if self._root is None and not self._rows.count:
            self._root = path
        root = b"." if self._root is None else self._root
        below = path.removeprefix(root.rstrip(slash) + slash)
        inside = path == root or below != path or (self._root is None and not path.startswith(slash))
        under = b"" if path == root else below
        segments = under.split(slash) if under else []
        sound = all(part not in (b"", b".", b"..") and b"/" not in part for part in segments) and len(under) <= _DEEP
        self._outside = not (inside and sound)
        return self._rows.under("" if self._outside else "".join(quote(part) + "/" for part in segments))
