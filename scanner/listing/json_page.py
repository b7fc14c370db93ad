"""The reader of JSON listings: arrays of objects with names and type, size or time. It goes on only while rows come.

What is read is held in pieces and decoded an object at a time by the standard decoder; bytes that are no UTF-8, which
nginx prints as they are, survive. An answer that does not begin with a listing within its first KiB, or stops being
one, is left there.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace

from scanner.listing import envelope
from scanner.listing.dialect import Dialect
from scanner.listing.json_rows import Folder, folded
from scanner.listing.reader import Reader, Verdict
from scanner.model import Batch

FIRST = 1024
STEP = 1024                                  # a piece that does not go on with rows is the last
LONGEST = 16 * 1024                          # of one object
_DECODER = json.JSONDecoder(strict=False)
_SPACE = re.compile(r"[\s,]*")
_KEY = re.compile(r'"([^"\\]{1,40})"\s*:\s*\[\s*(?=[{"\]])')
_FOLDERS = re.compile(r"dir|folder", re.IGNORECASE)
_LEAST = 3                                   # bare names that make a listing


class JsonPage(Reader):
    """Reads one JSON answer."""

    def __init__(self, dialect: Dialect | None = None) -> None:
        super().__init__()
        self.dialect = dialect
        self._known = dialect.envelope if dialect is not None else None
        self._body = bytearray()             # its beginning, while there is something to learn from it
        self._held = b""
        self._look = FIRST
        self._array = ""                     # "[" within the array of rows, "{" between arrays of an object
        self._nested = False                 # the array of rows is the value of a key
        self._folders = False                # and the key speaks of directories
        self._folder = Folder()
        self._ended = False
        self._rows = 0
        self._first = ""

    def feed(self, data: bytes) -> list[Batch]:
        """Take the next bytes."""
        batches: list[Batch] = []
        if self.verdict is not Verdict.NOT:
            self._held += data
            self._body += data[:envelope.LONGEST + 1 - len(self._body)]
        while self._reads() and len(self._held) >= self._look:
            piece, self._held = self._held[:self._look], self._held[self._look:]
            batches += self._read(piece, final=False)
        if self._ended and self.verdict is Verdict.UNDECIDED and not self._waits():
            self.verdict = Verdict.NOT
        return batches

    def _waits(self) -> bool:
        """Whether this may still turn out to be the listing of an empty directory."""
        return self._known is not None and len(self._body) <= envelope.HOLLOW

    def _reads(self) -> bool:
        if self._ended:
            self._held = b""
        return not self._ended and self.verdict is not Verdict.NOT

    def close(self) -> list[Batch]:
        """The body has ended."""
        batches = [] if self._ended else self._read(self._held, final=True)
        self._held = b""
        if self.verdict is Verdict.UNDECIDED:
            hollow = self._waits() and self._known is not None and self._known.holds(bytes(self._body))
            self.verdict, self.why = (Verdict.LISTING, "") if hollow else (Verdict.NOT, "JSON, but no listing")
        if self.verdict is Verdict.LISTING:
            self._pass_on()
            self.why = f"{self._rows} rows of JSON"
            self.facts = {"listing.title": "", "listing.dialect": "json", "listing.head": "", "listing.tail": "",
                          "listing.row": self._first, "listing.rows": str(self._rows)}
        return batches

    def _pass_on(self) -> None:
        """Keep for other readers what stands around the rows."""
        if not self._rows or (self._known is not None and len(self._body) > envelope.HOLLOW):
            return
        found = envelope.around(bytes(self._body)) if self._nested else envelope.Envelope()
        if found is not None and found != self._known:
            self.dialect = replace(self.dialect or Dialect(), envelope=found)

    def _read(self, data: bytes, *, final: bool) -> list[Batch]:
        """Read what is whole in a piece; the rest waits for the next one."""
        text = data.decode("utf-8", "surrogateescape")
        if not final and "\udc80" <= text[-1:] <= "\udcff":
            text = text.rstrip("".join(map(chr, range(0xDC80, 0xDD00))))    # a character cut in two waits as well
        try:
            done = self._walk(text)
        except (ValueError, RecursionError):
            done, self._ended = len(text), True
        rest = text[done:].encode("utf-8", "surrogateescape")
        rest += data[len(text.encode("utf-8", "surrogateescape")):]
        batches = self._batches(len(data) - len(rest))
        self._settle(data, rest, final=final)
        return batches

    def _settle(self, data: bytes, rest: bytes, *, final: bool) -> None:
        """Decide, and say how much more must come before it is worth looking again."""
        if self.verdict is Verdict.UNDECIDED and (self._ended or final or len(data) >= 4 * FIRST or not self._array):
            self._ended, self.why = True, "JSON, but no listing"
        if len(rest) >= LONGEST:
            self._ended = True
        if self._ended:
            self._held = b""
            return
        self._held = rest + self._held
        self._look = len(rest) + (STEP if self.verdict is Verdict.LISTING else FIRST)

    def _batches(self, used: int) -> list[Batch]:
        """What has been read as a batch."""
        part, times = self._folder.take()
        if not part:
            return []
        self.verdict, self.why = Verdict.LISTING, "JSON rows with names"
        self._rows += len(part)
        self.row_bytes += used
        exact = not any(part.slacks)
        return [Batch(names=part.names, sizes=part.sizes if self._folder.sized else None,
                      slacks=None if exact else part.slacks, times=times if self._folder.timed else None, grain=1,
                      directories=part.directories)]

    def _walk(self, text: str) -> int:
        """Read rows from `text`; gives how far. ValueError: it is broken, or does not go on as a listing."""
        at = 0
        if not self._array:
            at = len(text) - len(text.lstrip("\ufeff \t\r\n"))
            if text[at:at + 1] not in ("[", "{"):
                raise ValueError("neither array nor object")
            self._array, at = text[at], at + 1
        while not self._ended:
            before = at
            at = self._objects(text, at) if self._array == "[" else self._key(text, at)
            if at == before:
                break
        return at

    def _key(self, text: str, at: int) -> int:
        """Find the next array within an object; what lies before it is passed over, at most a KiB of it."""
        found = _KEY.search(text, at, at + FIRST + 64)
        if found is None:
            if len(text) - at > FIRST:
                raise ValueError("no array of rows")
            return at
        self._array, self._folders = "[", bool(_FOLDERS.search(found[1]))
        self._nested = True
        return found.end()

    def _objects(self, text: str, at: int) -> int:
        """Read whole objects of an array, or bare names."""
        names: list[str] = []
        while True:
            begin = _SPACE.match(text, at)
            at = begin.end() if begin is not None else at
            if text[at:at + 1] == "]":
                self._bare(names)
                self._array, self._ended = "{", not self._nested
                return at + 1
            value, end = self._value(text, at)
            if end < 0:
                self._bare(names)
                return at
            if isinstance(value, str):
                names.append(value)
            elif not isinstance(value, dict) or not self._row(value):
                raise ValueError("an element that is no row")
            at = end

    @staticmethod
    def _value(text: str, at: int) -> tuple[object, int]:
        """The next object or string and where it ends; -1 where it is not whole yet."""
        if text[at:at + 1] not in ("{", '"', ""):
            raise ValueError("an element that is neither object nor name")
        try:
            return _DECODER.raw_decode(text, at) if at < len(text) else (None, -1)
        except json.JSONDecodeError:
            if len(text) - at > LONGEST:
                raise
            return None, -1

    def _row(self, value: dict[str, object]) -> bool:
        item = folded(value)
        if not self._folder.add(item, folders=self._folders and self._nested):
            return False
        if not self._first:
            self._first = "{" + ",".join(f'"{key}"' for key in list(value)[:24] if len(key) < 40) + "}"
        return True

    def _bare(self, names: list[str]) -> None:
        """Bare names make a listing only where there are some, and most of them are file names."""
        if names and (len(names) + self._rows < _LEAST or not self._folder.names(names)):
            raise ValueError("strings that are no names of files")
