"""What must hold of everything that is written, whoever's words are in it: nothing unprintable, no formula."""

from __future__ import annotations

import csv
import io
import re

_FORMULA = re.compile(r"[\s'\"]*[=+\-@＝＋－＠]")


def odd(text: str, form: str) -> list[str]:
    """Characters that are not printable, but for line ends as the form has them."""
    return sorted(char for char in set(re.sub(r"[ -~]+", "", text)) - set("\r\n" if form == "csv" else "\n")
                  if not char.isprintable())


def rows(text: str) -> list[list[str]]:
    """A table read strictly."""
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def formulas(table: list[list[str]]) -> list[str]:
    """Cells that a spreadsheet would work out, however it parts the table."""
    cells = [part for row in table for cell in row for part in (cell, *cell.split(";"))]
    return [cell for cell in cells if _FORMULA.match(cell) and not cell.lstrip().startswith("'")]
