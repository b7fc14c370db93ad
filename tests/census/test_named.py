"""The days that names say."""

from __future__ import annotations

import pytest

from scanner.census.forms import DAY
from scanner.census.named import Named

TOMORROW = 17_946 * DAY                      # 2019-02-19


def days(*calls: tuple[str, list[str]]) -> tuple[int, int | None, int | None]:
    named = Named(TOMORROW)
    for kind, texts in calls:
        named.add(kind, texts)
    first, last = named.ends
    return named.files, first and first // DAY, last and last // DAY


@pytest.mark.parametrize(("kind", "texts", "expected"), [
    ("timestamp", ["20190218_083012", "20130412-083012"], (15_807, 17_945)),
    ("timestamp", ["2019-02-18 08:30:12", "2013-04-12 08:30:12"], (15_807, 17_945)),
    ("date", ["18.02.2019", "31.01.2013"], (15_736, 17_945)),                # as text, January sorts last
    ("date", ["2019Feb18", "2019Apr12", "2018Jan01"], (17_532, 17_945)),     # April has not been
    ("date", ["2019-Feb-18", "18-Jan-2018"], (17_549, 17_945)),
    ("date", ["12-04-2013", "18-02-2019"], (15_807, 17_945)),
    ("date", ["04-12-2013", "02-18-2019"], (15_807, 17_945)),                # as Americans write it
    ("date", ["18-02-2019", "02-18-2018", "03-04-2012"], (None, None)),      # as both do
    ("date", ["18022019", "31012013"], (15_736, 17_945)),
    ("date", ["20390101", "20190218"], (17_945, 17_945)),
    ("date", ["20390101"], (None, None)),
    ("epoch", ["1550478612", "1365748212"], (15_807, 17_945)),
    ("epoch", ["1550478612", "1999999999"], (17_945, 17_945)),
    ("epoch", ["1550478612123"], (17_945, 17_945)),
    ("uniqueid", ["1550478612.1", "952500000.77"], (11_024, 17_945)),        # nine digits end in September 2001
])
def test_the_earliest_and_the_latest_day_that_have_been(kind: str, texts: list[str],
                                                        expected: tuple[int | None, int | None]) -> None:
    assert (len(texts), *expected) == days((kind, texts))
    assert (len(texts), *expected) == days(*((kind, [text]) for text in texts))
    assert (len(texts), *expected) == days(*((kind, [text]) for text in reversed(texts)))
