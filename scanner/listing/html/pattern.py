"""A fast pattern for one listing's rows, made from rows that were read the careful way, and proved on them.

It is no product's: tags that are alike in all rows are matched as they are, others by their name; names, dates and
sizes by what their column holds. What it does not match, the careful way reads. All repeats are possessive or end at
a character that they cannot hold, so it runs in linear time on anything.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain

from scanner.listing import dates
from scanner.listing.hrefs import entities
from scanner.listing.html.fast import Fast
from scanner.listing.html.markup import attributes
from scanner.listing.html.rows import Block, Row
from scanner.listing.layout import Key, Layout
from scanner.listing.sizes import Sizes

_UNPADDED = re.compile(rb"(?<!0)0(?!0)|^0+/0|^A+ |[0 ]A{1,2}$")    # in a shape: other days may have other lengths
_HIGH = re.compile(rb"[\x80-\xff]")
_BARE = rb"\d{1,18}|-"
_UNITS = rb"\d[\d.,]{0,24}+(?:[ ]?(?:[KkMmGgTtPp]i?)?(?:[Bb](?:ytes?)?)?)|-|(?=[<\"])"
_LEAD = rb"(?:\s|&nbsp;|\xc2\xa0)*+"
_BLANK = rb"\s*+"
_END = rb"(?![^\s<\"&])"


Window = tuple[int, int]


def learn(block: Block, rows: Sequence[Row], layout: Layout) -> Fast | None:
    """Make a pattern that fits most of the rows; None where they have no common shape."""
    window = _window(rows, layout)
    shapes = Counter(_names(block, row, window) for row in rows)
    if not shapes:
        return None
    common, count = shapes.most_common(1)[0]
    like = [row for row in rows if _names(block, row, window) == common and row.first <= row.anchor + window[0] + 1]
    if count < 8 or len(like) < 8:
        return None
    made = _Made(block, like[-200:], layout, window)
    made.entities = _decodes(block, like)
    columns, strict = made.whole()
    if strict is None:
        return None
    loose = strict.replace(made.plain, b"([^" + made.quote + b"]+)", 1)
    return Fast(re.compile(loose), re.compile(strict), columns, made.schemes, made.escaped, block.links(like),
                made.bare, Sizes(), made.quote + like[0].link.prefix,
                made.entities)


def _decodes(block: Block, rows: Sequence[Row]) -> bool | None:
    """Whether entities in links stand for characters here: some servers escape no ampersand. None: no row tells."""
    told = set()
    for row in rows:
        written = block.data[slice(*row.value)]
        if b"&" in written and entities(written) != written:
            told.add(not written.endswith(row.link.segment))
    return told.pop() if len(told) == 1 else None


def _window(rows: Sequence[Row], layout: Layout) -> Window:
    """From which tag to which, counted from the link's own, a pattern must reach."""
    size = layout.exact or layout.size
    offsets = [0, *(key[0] for key in (layout.date, size) if key is not None)]
    close = Counter(row.close - row.anchor for row in rows).most_common(1)[0][0] if rows else 1
    return min(offsets), max(*offsets, close)


def _names(block: Block, row: Row, window: Window) -> tuple[bytes, ...] | None:
    first, last = row.anchor + window[0], row.anchor + window[1]
    if first < 0 or last >= len(block.tags) or last - first > 60:
        return None
    return tuple(block.tags[i].name for i in range(first, last + 1))


class _Made:
    """A pattern in the making."""

    def __init__(self, block: Block, rows: Sequence[Row], layout: Layout, window: Window) -> None:
        self.block, self.rows, self.layout, self.window = block, rows, layout, window
        self.columns: list[str] = []
        self.bare = False
        self.plain = b""                     # the piece for the name
        self.quote = b'"'
        outside = sum(row.first > row.anchor + window[0] for row in rows)
        self.open = outside * 2 > len(rows)  # the pattern begins with a text: no tag of the row stands before it
        self.schemes = self.escaped = False
        self.entities: bool | None = None
        self.size = layout.exact or layout.size

    def whole(self) -> tuple[tuple[str, ...], bytes | None]:
        """The columns in the order of their groups, and the pattern."""
        pieces = []
        for offset in range(self.window[0], self.window[1] + 1):
            tag = self._anchor() if offset == 0 else b"" if self._opens(offset) else self._tag(offset)
            last = offset == self.window[1]
            text = self._text(offset, last=last)
            if tag is None or text is None:
                return (), None
            pieces += [tag, text]
        return tuple(self.columns), b"".join(pieces)

    def _opens(self, offset: int) -> bool:
        return self.open and offset == self.window[0]

    def _raw(self, offset: int) -> list[bytes]:
        tags = (self.block.tags[row.anchor + offset] for row in self.rows)
        return [self.block.data[tag.start:tag.end] for tag in tags]

    def _anchor(self) -> bytes | None:
        """The link's own tag, around its name."""
        data = self.block.data
        before, after, names = set(), set(), []
        for row in self.rows:
            tag, (start, end) = self.block.tags[row.anchor], row.value
            prefix, segment = row.link.prefix, data[start:end]
            if not segment.startswith(prefix) or data[start - 1:start] not in (b'"', b"'"):
                return None
            before.add(data[tag.start:start] + prefix)
            after.add(data[end:tag.end])
            names.append(segment[len(prefix):])
        if len(before) > 1:
            return None
        self.columns.append("name")
        self.quote = data[self.rows[0].value[0] - 1:self.rows[0].value[0]]
        self.plain = self._name(names)
        rest = re.escape(after.pop()) if len(after) == 1 else self.quote + rb"[^>]*+>"
        return re.escape(before.pop()) + self.plain + rest

    def _name(self, names: Sequence[bytes]) -> bytes:
        """What a plain name may hold in this listing; a scheme is told from a name only by careful reading."""
        prefixed = bool(self.rows[0].link.prefix)
        escapes = {row.link.raw for row in self.rows}
        self.escaped = False in escapes and True not in escapes
        self.schemes = not prefixed
        colons = self.schemes and any(b":" in name for name in names)
        ahead = rb"(?![A-Za-z][A-Za-z0-9+.\-]*+:)" if colons else b""
        barred = self.quote + rb"?#/<>\n" + b":" * (self.schemes and not colons) + b"%" * (not self.escaped)
        barred += b"&" * (self.entities is None)
        return ahead + b"([^" + barred + b"]++/?+)"

    def _tag(self, offset: int) -> bytes | None:
        """Another tag: the same in all rows, or by its name, around a value that it carries."""
        raw = self._raw(offset)
        wanted = [key for key in (self.layout.date, self.size) if key is not None and key[0] == offset and key[1]]
        if not wanted:
            common = set(raw)
            return re.escape(raw[0]) if len(common) == 1 else self._named(raw[0])
        if len(wanted) > 1:
            return None
        values = []
        for row in self.rows:
            span = attributes(self.block.data, self.block.tags[row.anchor + offset]).get(wanted[0][1])
            if span is None or self.block.data[span[0] - 1:span[0]] != b'"':
                return None
            values.append(self.block.data[slice(*span)])
        slot = self._slot(wanted[0], values)
        name = re.escape(self.block.tags[self.rows[0].anchor + offset].name)
        return slot and (rb"(?i:<" + name + rb")\b[^>]*?[\s\"]" + re.escape(wanted[0][1]) + rb'="\s*+' + slot
                         + rb'\s*+"[^>]*+>')

    @staticmethod
    def _named(raw: bytes) -> bytes:
        name = re.match(rb"</?[A-Za-z0-9:-]*|<!--", raw)
        if name is None or not name[0].strip(b"</"):
            return rb"(?:<!--(?:[^-]++|-(?!->))*+-->|<[!?][^>]*+>)"
        return re.escape(name[0]) + rb"(?![\w:-])[^>]*+>"

    def _text(self, offset: int, *, last: bool) -> bytes | None:
        """The text after a tag, around what it carries."""
        wanted = [key for key in (self.layout.date, self.size) if key == (offset, b"")]
        texts = [self.block.text(row.anchor + offset) for row in self.rows]
        if not wanted:
            if last:
                return b""
            return re.escape(texts[0]) if len(set(texts)) == 1 and b"<" not in texts[0] else rb"[^<]*+"
        lead = _LEAD if any(b"&nbsp;" in text or b"\xa0" in text for text in texts) else _BLANK
        lead = rb"(?<![\w:/.-])" if self._opens(offset) else lead
        if len(wanted) == 1:
            slot = self._slot(wanted[0], texts)
            before = b"" if self._opens(offset) else self._before(wanted[0], texts)
            return slot and lead + before + slot + (_END if last else rb"[^<]*+")
        found = self._mixed(texts, b"" if self._opens(offset) else rb"[^<]*?", _END if last else rb"[^<]*+")
        return found and lead + found

    def _before(self, key: Key, texts: Sequence[bytes]) -> bytes:
        """What stands before a date in its cell: the day of the week."""
        if key != self.layout.date:
            return b""
        leads = [text[:found.start].strip() for text in texts if (found := dates.find(text))]
        return rb"(?:[A-Za-z]{2,10}[,.]?\s)?+" if any(leads) else b""

    def _mixed(self, texts: Sequence[bytes], ahead: bytes, behind: bytes) -> bytes | None:
        """Date and size in one text, what may stand before the size, and after all."""
        pairs = [(text, found) for text in texts if (found := dates.find(text))]
        after = sum(any(char.isdigit() for char in text[found.end:].decode("latin-1")) for text, found in pairs)
        if after * 2 < len(pairs):
            size = self._sized([text[:found.start].split()[-1:] for text, found in pairs])
            date = self._dated(texts)
            return date and ahead + size + rb"\s++" + date + behind
        date = self._dated(texts)
        size = self._sized([text[found.end:].split()[:1] for text, found in pairs])
        return date and date + rb"\s*+" + size + behind

    def _slot(self, key: Key, texts: Sequence[bytes]) -> bytes | None:
        if key == self.layout.date:
            return self._dated(texts)
        return self._sized([[text.replace(b"&nbsp;", b" ").strip()] for text in texts])

    def _sized(self, words: Sequence[Sequence[bytes]]) -> bytes:
        self.columns.append("size")
        flat = [word for word in chain.from_iterable(words) if word]
        self.bare = all(re.fullmatch(_BARE, word) for word in flat)
        return b"(" + (_BARE if self.bare else _UNITS) + b")"

    def _dated(self, texts: Sequence[bytes]) -> bytes | None:
        """A pattern for the dates in the texts, in two groups: day, clock."""
        pairs = [(text, date) for text in texts if (date := dates.find(text)) and date.form == self.layout.form]
        found = [date for _, date in pairs]
        if not found:
            return None
        self.columns.append("day")
        day = _alike([date.day for date in found])
        if not all(date.clock for date in found):
            return None if any(date.clock for date in found) else b"(" + day + b")"
        self.columns.append("clock")
        between = {text[found.start + len(found.day):found.end - len(found.clock)] for text, found in pairs}
        gap = re.escape(between.pop()) if len(between) == 1 else rb"[ ,T]{1,3}"
        return b"(" + day + b")" + gap + b"(" + _alike([date.clock for date in found]) + b")"


def _alike(texts: Sequence[bytes]) -> bytes:
    """A pattern that fits all the texts: digits and letters by their number where it is always the same."""
    shapes = {re.sub(rb"\d", b"0", re.sub(rb"[A-Za-z\x80-\xff]", b"A", text)) for text in texts}
    fixed = len(shapes) == 1 and not _UNPADDED.search(min(shapes))
    made = []
    for run in re.findall(rb"0+|A+|[ ]+|[^0A ]", min(shapes)):
        if run[:1] == b" " and not fixed:
            made.append(rb"[ ]{1,3}")
        elif run[:1] not in (b"0", b"A"):
            made.append(re.escape(run))
        else:
            kind = rb"\d" if run[:1] == b"0" else rb"[A-Za-z\x80-\xff]"
            kind = rb"\w" if kind != rb"\d" and not _HIGH.search(b"".join(texts)) else kind
            made.append(kind * len(run) if fixed and len(run) <= 4 else kind + rb"{1,12}")
    return b"".join(made)

