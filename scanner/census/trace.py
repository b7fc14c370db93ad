"""What speaks for a column of digits being no people: times in some form, check digits of things, counting.

A form or a check counts only where nearly all of a column follow it, and chance would not let so many. Sources: GS1
General Specifications (barcodes), ISO 2108 (ISBN of ten digits).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

BARE = ("45", "47", "1")                     # country codes of those who write numbers without a prefix
KNOWN = 512                                  # values whose form is looked at
_NEARLY, _COUNTED = 0.9, 0.6
_DATED = 0.15                                # share of identity numbers, which begin with a day, that end like a time
_SURE = 1e-6
_DENSE = 10                                  # numbers apart, on the average, of those that are counted out
_YEARS = 3
_LEAST = 5
_D, _M, _Y = "(?:0[1-9]|[12][0-9]|3[01])", "(?:0[1-9]|1[0-2])", "(?:199[0-9]|20[0-3][0-9])"
_S, _CLOCK = "(?:9[0-9]|[0-3][0-9])", "(?:[01][0-9]|2[0-3])[0-5][0-9]"
_HMS = _CLOCK + "[0-5][0-9]"
_PHONES = 0.05                               # share, about, of numbers beginning 070 that follow a form without a year
_YEARLY = 4                                  # forms of ten digits that have a year before the time of day
_FORMS = {                                   # of so many digits: pattern, share of random digits that follow it
    8: ((_D + _M + _Y, 2e-4), (_M + _D + _Y, 2e-4), (_Y + _M + _D, 2e-4)),
    10: ((_D + _M + _S + _CLOCK, 3e-3), (_M + _D + _S + _CLOCK, 3e-3), (_S + _M + _D + _CLOCK, 3e-3),
         (_Y + _M + _D + "(?:[01][0-9]|2[0-3])", 5e-5),
         *((form, _PHONES) for form in (_M + _D + _HMS, _D + _M + _HMS, _HMS + _M + _D, _HMS + _D + _M,
                                        _CLOCK + _D + _M + _S, _CLOCK + _S + _M + _D))),
    12: ((_D + _M + _Y + _CLOCK, 3e-5), (_S + _M + _D + _CLOCK + "[0-5][0-9]", 2e-3),
         (_D + _M + _S + _CLOCK + "[0-5][0-9]", 2e-3)),
}
_BIRTHS = frozenset({"personnummer", "samordningsnummer", "undecided", "cpr"})


class Trace:
    """Of one column, or of several together."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._seen = 0                       # values whose form was looked at
        self._followed: Counter[str] = Counter()       # forms of times, "book", "goods"
        self._years: Counter[int] = Counter()
        self._days: Counter[bytes] = Counter()
        self._low = self._high = 0
        self._steps = 0                      # values that are one more or less than the value before
        self._last: int | None = None

    def add(self, values: Sequence[bytes], texts: Sequence[str]) -> None:
        """Take in normalised values and what was written, in the order of the listing."""
        if self._kind in _BIRTHS and self._seen < KNOWN:
            self._births(values[:KNOWN])
        if self._seen < KNOWN:
            if self._kind == "phone":
                for code in BARE:
                    self._followed[code] += sum(value.startswith(b"+" + code.encode()) for value in values[:KNOWN])
            self._look(texts[:KNOWN])
        if self._kind in ("phone", "ssn"):
            self._count(values)

    def _births(self, values: Sequence[bytes]) -> None:
        for value in values:
            two = value[4:6] if self._kind == "cpr" else value[:2]
            self._years[int(value[:4]) if len(value) == 12 else 1900 + int(two) + 100 * (two < b"30")] += 1
            self._days[value[-10:-4]] += 1

    def _look(self, texts: Sequence[str]) -> None:
        plain = [row for row in (text.translate(_PARTED) for text in texts) if row.isdecimal()]
        self._seen += len(texts)
        by_length: dict[int, list[str]] = {}
        for text in plain:
            by_length.setdefault(len(text), []).append(text)
        for length, rows in by_length.items():
            for pattern, _ in _FORMS.get(length, ()):
                self._followed[pattern] += len(_lines(pattern).findall("\n".join(rows)))
            rows = [row for row in rows if row.isdecimal()]      # some are written with brackets or dots
            if self._kind == "phone":
                self._followed["goods"] += sum(map(_goods, rows)) if length in (8, 12, 13, 14) else 0
                self._followed["book"] += sum(map(_book, rows)) if length == 10 else 0

    def _count(self, values: Sequence[bytes]) -> None:
        numbers = [int(value.replace(b"-", b"").lstrip(b"+")) for value in values]
        before = numbers[:1] if self._last is None else [self._last]
        self._span(min(numbers), max(numbers))
        self._steps += sum(abs(b - a) == 1 for a, b in zip([*before, *numbers], numbers, strict=False))
        self._last = numbers[-1]

    def _span(self, low: int, high: int) -> None:
        self._low, self._high = (low, high) if self._last is None else (min(low, self._low), max(high, self._high))

    def joined(self, other: Trace) -> Trace:
        """Both together; neither is changed."""
        both = Trace(self._kind)
        both._seen = self._seen + other._seen
        both._followed = self._followed + other._followed
        both._years, both._days = self._years + other._years, self._days + other._days
        both._steps = self._steps + other._steps
        both._low, both._high, both._last = self._low, self._high, self._last
        if other._last is not None:
            both._span(other._low, other._high)
            both._last = other._last
        return both

    def is_time(self) -> bool:
        """Nearly all are a time in one form, and digits of people would not be."""
        dated = 0.0 if self._kind == "phone" else _DATED
        return any(self._follows(form, max(chance, dated)) for forms in _FORMS.values() for form, chance in forms)

    def may_be_time(self) -> bool:
        """All are a telephone number and a time in one form: too few to tell which."""
        forms = (form for form, _ in _FORMS[10][:_YEARLY])
        return self._kind == "phone" and self._seen > 0 and any(self._followed[form] == self._seen for form in forms)

    def is_thing(self) -> bool:
        """Nearly all pass the check of barcodes, or of books."""
        return self._follows("goods", 0.1) or self._follows("book", 1 / 11)

    def _follows(self, form: str, chance: float) -> bool:
        followed = self._followed[form]
        return followed >= max(1, _NEARLY * self._seen) and chance ** followed * 2 ** self._seen < _SURE

    def is_recent(self) -> bool:
        """Nine of ten births lie within three years after 2000, or all within few days: a time, or a running number."""
        years, total = self._years, sum(self._years.values())
        late = [sum(years[y + i] for i in range(_YEARS)) for y in years if y > 2000]
        alike = total >= _LEAST and max(self._days.values(), default=0) > _NEARLY * total
        return total > 0 and (max(late, default=0) > _NEARLY * total or alike)

    def runs(self, distinct: int, files: int) -> bool:
        """Nearly each comes once, and they lie so close together that they are counted out, not drawn."""
        return distinct >= max(_LEAST, _NEARLY * files) and self._high - self._low < _DENSE * distinct

    def counts(self, files: int) -> bool:
        """Most are one more than the one before: no draw of people does that, whatever stands among them."""
        return files >= _LEAST and self._steps >= _COUNTED * (files - 1)

    def country(self) -> str:
        """The country code of most numbers, of those whose numbers are written without a prefix; else nothing."""
        code = max(BARE, key=lambda each: self._followed[each])
        return code if 2 * self._followed[code] > self._seen else ""


_PARTED = str.maketrans("", "", "-+(). ")
_compiled: dict[str, re.Pattern[str]] = {}


def _lines(pattern: str) -> re.Pattern[str]:
    return _compiled.setdefault(pattern, re.compile(f"(?m)^(?:{pattern})$"))


def _goods(digits: str) -> bool:
    return (sum(map(int, digits[::-2])) + 3 * sum(map(int, digits[-2::-2]))) % 10 == 0


def _book(digits: str) -> bool:
    return sum(weight * int(digit) for weight, digit in zip(range(10, 0, -1), digits, strict=True)) % 11 == 0
