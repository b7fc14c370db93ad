"""What it costs to read a listing of 2,700,000 rows, 378 MB as nginx prints it, beside a bare row regex.

Run: `python -m tests.bench.rows_parse [ROWS]`. Prints MB/s, the ratio and the peak memory; asserts counts, never times.
The page is made as it is read, from a seed; all numbers in it are fictional. `page`, `bare` and `parsed` are there for
other measurements of the same bytes.
"""

from __future__ import annotations

import re
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scanner.listing import Verdict, reader
from scanner.model import Batch

ROWS = 2_700_000
CHUNK = 256 * 1024
BARE = re.compile(rb'<a href="([^"]+)">[^<]*</a>\s+(\d\d-\w{3}-\d{4} \d\d:\d\d)\s+(\d+)')
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
HEAD = b"<html>\r\n<head><title>Index of /calls/</title></head>\r\n<body>\r\n<h1>Index of /calls/</h1><hr><pre>" \
       b'<a href="../">../</a>\r\n'
TAIL = b"</pre><hr></body>\r\n</html>\r\n"
YEAR_2013 = 15_706                           # days since 1970 of 1 January 2013


@dataclass(frozen=True, slots=True)
class Sums:
    """What a way of reading must find: the same for every way."""

    rows: int
    bytes: int
    first: int                               # seconds since 1970
    last: int


def fields(number: int) -> tuple[str, int, int]:
    """Name, seconds since 1970 and size of row `number`: spread over six years, sizes around 500 kB."""
    mixed = number * 2_654_435_761 % 2**32
    day = YEAR_2013 + number * 2_200 // ROWS % 2_200
    minute = mixed % 1440
    name = f"out-0701740{605 + mixed % 95}-{day:05d}-{minute:04d}-{number:07d}.{'mp3' if mixed & 3 else 'wav'}"
    return name, day * 86_400 + minute * 60, 20_000 + mixed % 1_000_000


def row(number: int) -> bytes:
    """One row as nginx prints it."""
    name, moment, size = fields(number)
    shown = time.gmtime(moment)
    date = f"{shown.tm_mday:02d}-{MONTHS[shown.tm_mon - 1]}-{shown.tm_year} {shown.tm_hour:02d}:{shown.tm_min:02d}"
    return f'<a href="{name}">{name}</a>{" " * (51 - len(name))}{date} {size:>19d}\r\n'.encode()


def page(rows: int = ROWS) -> Iterator[bytes]:
    """The page in chunks of 256 KiB, however large it is."""
    held = bytearray(HEAD)
    for number in range(rows):
        held += row(number)
        if len(held) >= CHUNK:
            yield bytes(held[:CHUNK])
            del held[:CHUNK]
    yield bytes(held + TAIL)


def expected(rows: int = ROWS) -> Sums:
    """What the generator put in."""
    sums = [fields(number) for number in range(rows)]
    moments = [moment for _, moment, _ in sums]
    return Sums(rows, sum(size for _, _, size in sums), min(moments), max(moments))


class Bare:
    """The yardstick: one regex over chunks cut at line ends, sizes summed."""

    def __init__(self) -> None:
        self.rows = self.bytes = 0
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Take the next chunk."""
        data = self._rest + data
        cut = data.rfind(b"\n") + 1
        self._rest = data[cut:]
        found = BARE.findall(data[:cut])
        self.rows += len(found)
        self.bytes += sum(int(size) for _, _, size in found)


class Parsed:
    """The reader, its batches added up."""

    def __init__(self, take: Callable[[Batch], None] | None = None) -> None:
        self.reader = reader("html", "/calls/")
        self.rows = self.bytes = 0
        self.first, self.last = 2**62, 0
        self._take = take

    def feed(self, data: bytes) -> None:
        """Take the next chunk."""
        for batch in self.reader.feed(data):
            self._add(batch)

    def close(self) -> Sums:
        """The page has ended."""
        for batch in self.reader.close():
            self._add(batch)
        assert self.reader.verdict is Verdict.LISTING, self.reader.why
        return Sums(self.rows, self.bytes, self.first, self.last)

    def _add(self, batch: Batch) -> None:
        if self._take is not None:
            self._take(batch)
            return
        assert batch.sizes is not None
        assert batch.times is not None
        self.rows += len(batch)
        self.bytes += sum(batch.sizes)
        self.first, self.last = min(self.first, min(batch.times)), max(self.last, max(batch.times))


def measure(ways: dict[str, Callable[[bytes], None]], rows: int = ROWS) -> tuple[dict[str, float], int]:
    """Feed the same chunks to each way in turn; gives CPU seconds of each, and the bytes of the page.

    The ways take turns chunk by chunk, so that whatever slows the machine slows all of them.
    """
    spent = dict.fromkeys(ways, 0.0)
    total = 0
    for chunk in page(rows):
        total += len(chunk)
        for name, feed in ways.items():
            begun = time.process_time()
            feed(chunk)
            spent[name] += time.process_time() - begun
    return spent, total


def peak() -> float:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(rows: int = ROWS) -> None:
    """Measure and print."""
    before = peak()
    bare, parsed = Bare(), Parsed()
    spent, total = measure({"bare row regex": bare.feed, "reader": parsed.feed}, rows)
    sums, memory = parsed.close(), peak()
    for name, seconds in spent.items():
        print(f"{name:16} {total / seconds / 1e6:7.1f} MB/s {seconds:7.2f} s")
    print(f"{'ratio':16} {spent['reader'] / spent['bare row regex']:7.2f} (at most 2.5)")
    print(f"{'peak memory':16} {memory:7.1f} MB, {before:.1f} MB before")
    assert (bare.rows, bare.bytes) == (sums.rows, sums.bytes)
    assert expected(rows) == sums
    print(f"{sums.rows:,} rows, {total:,} bytes of page: counts, sizes and dates exact")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
