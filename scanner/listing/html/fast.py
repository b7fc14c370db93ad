"""A fast pattern at work: the rows of a whole block at once, in columns. Where a row is not plain it says so, and the
careful way reads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import quote_from_bytes, unquote_to_bytes

from scanner.listing.batches import Part
from scanner.listing.hrefs import SAFE, entities, quote
from scanner.listing.sizes import UNKNOWN, Sizes

REST = 1024                                  # bytes of a row that its pattern may leave over
UPS = 3                                      # ways up that a page begins with, at most
Columns = dict[str, list[bytes]]
_BARRED = re.compile(rb"%(?:0[aA]|2[fF]|2[eE])")


@dataclass(slots=True)
class Fast:
    """A compiled pattern and the order of its columns."""

    loose: re.Pattern[bytes]                 # takes anything for a name
    strict: re.Pattern[bytes]                # takes plain names only
    names: tuple[str, ...]                   # of the columns: name, day, clock, size, in the order of the groups
    schemes: bool                            # a name with a colon may be a scheme
    escaped: bool                            # %XX stands for a byte here
    links: int                               # links in a row: two where the icon is one
    bare: bool                               # sizes are plain numbers
    sizes: Sizes
    prefix: bytes = b""                      # what stands before the names, with its quotation mark
    entities: bool | None = None             # entities in links stand for characters; None: no row has told
    swap: tuple[bytes, bytes] | None = None  # such a prefix here, and the one that the pattern knows

    def at(self, asked: str) -> Fast:
        """The pattern for the rows of another directory, where links count from the root."""
        here = self.prefix[:1] + asked.encode("ascii", "replace")
        absolute = self.prefix[1:2] == b"/" and self.prefix[2:3] != b"/" and here != self.prefix
        swap = (here, self.prefix) if absolute else None
        return self if swap == self.swap else replace(self, swap=swap)

    def _swapped(self, data: bytes) -> bytes:
        """The page with its links written as those of the directory that the pattern comes from; that one's own go."""
        assert self.swap is not None
        here, there = self.swap
        mark = here[:1]
        return data.replace(here, mark + b"\0").replace(there, mark + b"\1").replace(mark + b"\0", there)

    def length(self, piece: bytes) -> int:
        """How long a piece of a page that was split is on the page itself."""
        if self.swap is None:
            return len(piece)
        here, there = self.swap
        return len(piece.replace(there, here).replace(here[:1] + b"\1", there))

    def fills(self, count: int, rows: bytes) -> bool:
        """Whether so many rows have all the links of a piece of markup."""
        return count * self.links == rows.count(b"<a") + rows.count(b"<A")

    def split(self, data: bytes) -> tuple[Columns, list[bytes]]:
        """The columns of all rows, plain or not, and what stands before, between and after them."""
        if self.swap is None:
            return self._split(self.loose, data)
        if b"\0" in data or b"\1" in data:
            return {}, [data]                # such a page is not for haste
        return self._split(self.loose, self._swapped(data))

    def below(self, data: bytes, asked: str) -> tuple[Columns, list[bytes]]:
        """The same of a page from its beginning: ways up before the first row belong to what stands before it."""
        columns, gaps = self.split(data)
        ups, own = 0, unquote_to_bytes(asked)
        while ups < min(UPS, len(gaps) - 1) and _leads_up(columns["name"][ups], own):
            ups += 1
        if not ups or ups == len(gaps) - 1:
            return (columns, gaps) if not ups else ({}, [data])
        data = self._swapped(data) if self.swap is not None else data
        first = next(islice(self.loose.finditer(data), ups, None)).start()
        return {column: texts[ups:] for column, texts in columns.items()}, [data[:first], *gaps[ups + 1:]]

    def whole(self, data: bytes) -> tuple[Part | None, int]:
        """All rows of a block, and how many of its bytes are theirs; None where not all of its links are plain rows."""
        columns, gaps = self.split(data)
        if len(gaps) < 2:
            return (Part(), 0) if b"<a" not in data and b"<A" not in data else (None, 0)
        between = b"".join(gaps) if self.links == 1 else b""
        if b"<a" in between or b"<A" in between or (self.links > 1 and not self.fills(len(columns["name"]), data)):
            return None, 0
        return self.part(columns), _used(data, gaps)

    def some(self, data: bytes) -> tuple[Part | None, list[bytes], int]:
        """The plain rows of a block, the pieces between them that hold other links, and the bytes that are rows'."""
        if self.swap is not None:
            return None, [], 0
        columns, gaps = self._split(self.strict, data)
        return self.part(columns), [gap for gap in gaps if b"<a" in gap or b"<A" in gap], _used(data, gaps)

    def _split(self, pattern: re.Pattern[bytes], data: bytes) -> tuple[Columns, list[bytes]]:
        pieces = pattern.split(data)
        step = len(self.names) + 1
        return {name: pieces[i::step] for i, name in enumerate(self.names, start=1)}, pieces[::step]

    def part(self, columns: Columns) -> Part | None:
        """Columns of text as columns of values; None where a name is not plain."""
        names = columns["name"]
        joined = b"\n".join(names)
        if b"?" in joined or b"#" in joined or b"<" in joined or (self.schemes and b":" in joined):
            return None
        if b" " in joined and any(name.strip() != name for name in names):
            return None
        if b"/" not in joined:
            return self._files(columns, joined, Part())
        return self._folders(columns)

    def _folders(self, columns: Columns) -> Part | None:
        """The same where some names end with a slash."""
        shown = [name[:-1] for name in columns["name"] if name[-1:] == b"/"]
        files = [i for i, name in enumerate(columns["name"]) if name[-1:] != b"/"]
        names = self._decoded(shown, b"\n".join(shown))
        if names is None or any(b"/" in name for name in shown):
            return None
        part = Part(directories=names)
        for name, text in zip(names, shown, strict=True):
            if b"%" in text:
                keep_segment(part, name, text)
        rest = {column: [texts[i] for i in files] for column, texts in columns.items()}
        joined = b"\n".join(rest["name"])
        return None if b"/" in joined else self._files(rest, joined, part)

    def _files(self, columns: Columns, joined: bytes, part: Part) -> Part | None:
        names = self._decoded(columns["name"], joined)
        if names is None:
            return None
        part.names = names
        part.days = columns.get("day") or [b""] * len(names)
        part.clocks = columns.get("clock") or [b""] * len(names)
        if "size" in columns:
            self._size(columns["size"], part)
        else:
            part.sizes = [UNKNOWN] * len(names)
        return part

    def _decoded(self, names: list[bytes], joined: bytes) -> list[bytes] | None:
        """Names out of their escapes, all at once; None where an escape stands for what no plain name holds."""
        if b"&" in joined or b"%" in joined:
            if b"%" in joined and (not self.escaped or _BARRED.search(joined)):
                return None
            plain = entities(joined)
            if plain != joined and self.entities is None:
                return None
            found = unquote_to_bytes(plain if self.entities else joined).split(b"\n")
            if len(found) != len(names):
                return None
            names = found
        short = min(map(len, names), default=3) < 3
        return None if short and (b"." in names or b".." in names or b"" in names) else names

    def _size(self, texts: list[bytes], part: Part) -> None:
        if self.bare:
            try:
                part.sizes = list(map(int, texts))
            except ValueError:
                part.sizes = [int(text) if text.isdigit() else UNKNOWN for text in texts]
            return
        pairs = list(map(self.sizes.__getitem__, texts))
        if pairs:
            part.sizes, part.slacks = map(list, zip(*pairs, strict=True))


def _leads_up(name: bytes, own: bytes) -> bool:
    """Whether a link leads to the directory itself or above it."""
    return not name.strip(b"./") or (name[:1] == b"/" and own.startswith(unquote_to_bytes(name)))


def _used(data: bytes, gaps: list[bytes]) -> int:
    """How many bytes are rows: all but what is too long to be the rest of one."""
    if max(map(len, gaps)) <= REST:
        return len(data)
    return len(data) - sum(len(gap) for gap in gaps if len(gap) > REST)


def keep_segment(part: Part, name: bytes, segment: bytes) -> None:
    """Keep how a directory is asked for, where that is not just its name quoted."""
    shown = quote_from_bytes(segment, safe=SAFE + "%")
    if shown.upper() != quote(name).upper():
        part.hrefs[name] = shown
