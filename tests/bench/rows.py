"""A listing of 2,700,000 rows all the way into a census, beside a bare row regex over the same bytes.

Run: `python -m tests.bench.rows [ROWS]`. Prints bare : parse : parse and census as CPU time of one run, the peak memory
of the process, and whether the counts are exact. Asserts counts, never times.
"""

from __future__ import annotations

import sys

from scanner.census.folder import Folder
from scanner.signature import load
from tests.bench.rows_parse import ROWS, Bare, Parsed, expected, measure, peak

NOW = 1_577_836_800                          # 2020-01-01: after all rows
DISTINCT = 95                                # numbers that the page's names are made of


def main(rows: int = ROWS) -> None:
    """Measure and print."""
    before = peak()
    folder = Folder(load(), regions=("SE",), key=b"\1" * 32, path="/calls/", now=NOW)
    bare, parsed, counted = Bare(), Parsed(), Parsed(folder.add)
    spent, total = measure({"bare": bare.feed, "parse": parsed.feed, "parse and census": counted.feed}, rows)
    parsed.close()
    counted.close()
    census = folder.close()
    memory = peak()                          # before the truth is made, which holds all rows
    for way, seconds in spent.items():
        print(f"{way:18} {seconds / rows * 1e6:6.2f} µs a row  {total / seconds / 1e6:7.1f} MB/s  "
              f"{seconds / spent['bare']:5.2f} × bare")
    print(f"peak {memory:.0f} MB, of them {before:.0f} before the first row")
    truth = expected(rows)
    assert (truth.rows, truth.bytes) == (bare.rows, bare.bytes)
    assert (truth.rows, truth.bytes, truth.first, truth.last) == (census.files, census.bytes, census.first, census.last)
    phones = census.people["phone"]
    assert (truth.rows, DISTINCT) == (phones.files, phones.distinct)
    print(f"exact: {census.files} files, {census.bytes} bytes, {phones.files} with one of {phones.distinct} numbers")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
