"""Which cells of a listing's rows hold the size and the date, learned from many rows, and how to read them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from scanner.listing import dates, sizes
from scanner.listing.dates import Shown
from scanner.listing.html.rows import Block, Row
from scanner.listing.layout import Key, Layout
from scanner.listing.sizes import Size

Cells = dict[Key, bytes]
_SIZED = re.compile(rb"size|bytes|\bsz\b|length|storlek|gr(?:\xc3\xb6\xc3\x9f|oe?ss)e|taille|tama|koko|\xe5\xa4\xa7",
                    re.IGNORECASE)
_TOKEN = re.compile(rb"\S+")
_UNIT = re.compile(rb"(?i:[kmgtp]?i?(?:b|bytes?|o))\b")
_AROUND = b" ,;|()[]"                        # what parts a size from a date
_BYTES = re.compile(rb"(?<![\w.,:/-])\d[\d.,]{0,24}\s(?:bytes?|[kmgt]i?b)\b", re.IGNORECASE)
SAMPLE = 100
_SERIAL = 2                                  # a column that counts rows begins below this; sizes may rise by one too
FEW = 3                                      # a column is shown in at least every third row
NOTHING: Size = (sizes.UNKNOWN, 0)


@dataclass(frozen=True, slots=True)
class Values:
    """What one row shows."""

    size: Size = NOTHING
    date: Shown | None = None
    blank: bool = False                      # the size column says "none"


def loose(text: bytes) -> tuple[Shown | None, list[Size]]:
    """The date in a text, and what may be sizes in it: the whole text, or the word after or before the date."""
    date = dates.find(text) if len(text) >= 6 else None
    if date is None:
        size = sizes.parse(text)
        return None, [size] if size else []
    found = [_word(text[date.end:], first=True), _word(text[:date.start], first=False)]
    return date, [size for size in found if size is not None] or _spelled(text, date)


def _spelled(text: bytes, date: Shown) -> list[Size]:
    """The size in a text of words around a date, where its unit is spelled out: `file, 281 bytes, last changed ...`."""
    found = _BYTES.search(text[:date.start]) or _BYTES.search(text[date.end:])
    size = sizes.parse(found[0]) if found is not None else None
    return [size] if size is not None else []


def _word(text: bytes, *, first: bool) -> Size | None:
    """The size that stands first or last in a text, its unit perhaps a word of its own."""
    text = text.strip(_AROUND)
    words = _TOKEN.findall(text)[:2] if first else _TOKEN.findall(text)[-2:]
    if len(words) == 2 and _UNIT.fullmatch(words[1]) and (joined := sizes.parse(b" ".join(words))):
        return joined
    return sizes.parse(words[0 if first else -1]) if words else None


def learn(block: Block, rows: Sequence[Row], cells: Sequence[Cells]) -> Layout:
    """Find the columns of rows that are known to be a listing's, from the first and the last of them."""
    if len(rows) > 2 * SAMPLE:
        rows, cells = [*rows[:SAMPLE], *rows[-SAMPLE:]], [*cells[:SAMPLE], *cells[-SAMPLE:]]
    shown = [{key: loose(text) for key, text in row.items()} for row in cells]
    files = sum(not row.link.slash for row in rows)
    date = _date_key(shown)
    grains = [pair[0].grain for row in shown if date in row and (pair := row[date])[0]] if date else []
    forms = Counter(pair[0].form for row in shown if date in row and (pair := row[date])[0]) if date else Counter()
    size = _size_key(block, rows, shown, date, files)
    filled = sum(1 for row in shown if size is not None and size in row and row[size][1])
    exact = _exact_key(cells, shown, size) if size is not None and not size[1] else None
    return Layout(date, size, exact, forms.most_common(1)[0][0] if forms else 0, max(grains, default=60), filled)


def _date_key(shown: Sequence[dict[Key, tuple[Shown | None, list[Size]]]]) -> Key | None:
    """The cell that most rows have a date in; among equals the finest, the one with a zone."""
    counts: Counter[Key] = Counter()
    merit: Counter[Key] = Counter()
    for row in shown:
        for key, (date, _) in row.items():
            if date is not None:
                counts[key] += 1
                merit[key] += (date.grain == 1) + (key[1] == b"datetime") * 2 - (date.grain == dates.DAY)
    best = max(counts, key=lambda key: (counts[key], merit[key], -abs(key[0])), default=None)
    return best if best is not None and counts[best] * FEW >= len(shown) else None


def _size_key(block: Block, rows: Sequence[Row], shown: Sequence[dict[Key, tuple[Shown | None, list[Size]]]],
              date: Key | None, files: int) -> Key | None:
    """The cell that holds sizes: by what stands in it, and by what its markup is called."""
    values: dict[Key, list[Size]] = {}
    named: Counter[Key] = Counter()
    for row, found in zip(rows, shown, strict=True):
        for key, (_, possible) in found.items():
            if possible:
                values.setdefault(key, []).append(possible[0])
                named[key] += _is_called_size(block, row, key)
    scores = {key: _merit(list_, named[key], len(rows), key, date) for key, list_ in values.items()}
    best = max(scores, key=lambda key: (scores[key], -abs(key[0])), default=None)
    return best if best is not None and scores[best] > 0 and len(values[best]) * FEW >= files else None


def _is_called_size(block: Block, row: Row, key: Key) -> bool:
    """Whether the cell's own tag, or its attribute, speaks of sizes."""
    tag = row.anchor + key[0]
    if _SIZED.search(key[1]):
        return True
    if not row.first <= tag < len(block.tags) or tag == row.anchor or block.tags[tag].name == b"/a":
        return False
    return bool(_SIZED.search(block.data, block.tags[tag].start, block.tags[tag].end))


def _merit(values: list[Size], named: int, rows: int, key: Key, date: Key | None) -> float:
    """How much a cell looks like the sizes of a listing: shown in many rows, with units, called so."""
    numbers = [size for size, _ in values]
    count = len(numbers)
    counting = count > 2 and numbers[0] < _SERIAL and key != date and all(b - a == 1 for a, b in pairwise(numbers))
    clock = count > 0 and min(numbers) > 5 * 10**8 and max(numbers) < 4.2 * 10**12 and key[1] != b"" and not named
    units = any(slack for _, slack in values)
    merit = count / max(rows, 1) + 0.5 * (named * 2 > count) + 0.5 * units + 0.3 * (key == date)
    merit += 0.2 * (len(set(numbers)) > 1 or count == 1) - 0.1 * bool(key[1])
    return merit - 2 * counting * (not named) - 2 * clock


def _exact_key(cells: Sequence[Cells], shown: Sequence[dict[Key, tuple[Shown | None, list[Size]]]],
               size: Key) -> Key | None:
    """An attribute near the size that says the same, to the byte, in every row that has both."""
    agree: Counter[Key] = Counter()
    against: set[Key] = set()
    for row, found in zip(cells, shown, strict=True):
        if not found.get(size, (None, []))[1]:
            continue
        middle, slack = found[size][1][0]
        for key, text in row.items():
            number = sizes.exact(text) if key[1] and abs(key[0] - size[0]) <= 3 else None
            if number is not None:
                close = abs(number - middle) <= max(slack, middle * 8 // 100)
                agree[key] += close
                against |= set() if close else {key}
    best = max((key for key in agree if key not in against), key=lambda key: agree[key], default=None)
    return best if best is not None and agree[best] else None


def read(layout: Layout, cells: Cells) -> Values:
    """The values of one row; where its cells stand elsewhere than in the others, by looking through all of them."""
    date = _date(layout, cells) if layout.date is not None else None
    if layout.size is None:
        return Values(NOTHING, date)
    if layout.exact is not None and (number := sizes.exact(cells.get(layout.exact, b""))) is not None:
        return Values((number, 0), date)
    text = cells.get(layout.size, b"")
    if layout.size == layout.date and date is not None:
        size = next(iter(loose(text)[1]), None)
        rest = text[:date.start] + text[date.end:]
    else:
        size, rest = sizes.parse(text), text
    if size is not None:
        return Values(size, date)
    return Values(NOTHING, date, blank=all(sizes.is_blank(word) for word in _TOKEN.findall(rest)))


def _date(layout: Layout, cells: Cells) -> Shown | None:
    """The date of one row."""
    assert layout.date is not None
    text = cells.get(layout.date)
    found = dates.find(text) if text else None
    if found is None and text is None:
        found = next((date for text in cells.values() if len(text) >= 6 and (date := dates.find(text))), None)
    return found
