"""What counting costs beside a bare row regex over the same listing, and whether the counts are exact.

    python tests/bench/rows_census.py [ROWS]

The names are `YYYYMMDD-HHMMSS_PHONE_AGENT.wav`, nearly all numbers different, in the rows of an nginx listing. The
bare regex does `findall` of name, date and size per chunk of 256 KiB and sums; the census is given the columns that a
parser would give it, in batches of the same rows. Ratios of one run on one core; no test asserts a time.
"""

from __future__ import annotations

import re
import resource
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scanner.census import Census
from scanner.census.folder import Folder
from scanner.census.verdict import Context
from scanner.model import Batch

ROW = re.compile(rb'<a href="([^"]+)">[^<]*</a> +(\d\d-\w{3}-\d{4} \d\d:\d\d) +(\d+)\r?\n')
GRAMMAR = re.compile(r"\d{8}-\d{6}_\d{3,15}_\w+\.wav$")
CHUNK = 256 * 1024
START = 1_365_724_800                        # 2013-04-12
NOW = 1_550_500_200                          # 2019-02-18


@dataclass(frozen=True)
class Rate:
    low: int = 8000
    best: int = 16000
    high: int = 176400
    header: int = 44


@dataclass(frozen=True)
class Audio:
    group: str = "audio"
    telephony: bool = False

    def confirmed(self, facts: Mapping[str, str]) -> bool:
        return True


@dataclass(frozen=True)
class Grammar:
    id: str = "recording/vicidial"
    needs: str | None = None
    mask: frozenset[str] = frozenset()
    speech: bool = True

    def confirmed(self, facts: Mapping[str, str]) -> bool:
        return True


@dataclass(frozen=True)
class Knowledge:
    """As much as the names of this page need: what is asked of a few names of a shape costs nothing a row."""

    grammars: Sequence[Grammar] = field(default_factory=lambda: (Grammar(),))
    contexts: Mapping[str, Context] = field(default_factory=dict)

    def recordings(self, name: str) -> Sequence[tuple[Grammar, Mapping[str, str]]]:
        return [(grammar, {}) for grammar in self.grammars] if GRAMMAR.match(name) else []

    def sort(self, name: str) -> str:
        return name

    def classes_of(self, name: str) -> Sequence[Audio]:
        return (Audio(),) if name.endswith(".wav") else ()

    def rate(self, extension: str, signature: str | None = None) -> Rate | None:
        return Rate() if extension == "wav" else None

    def words_in(self, path: str, *, company: bool = False) -> Mapping[str, frozenset[str]]:
        return {}


@dataclass
class Truth:
    """What the page holds."""

    files: int = 0
    size: int = 0
    first: int = NOW
    last: int = 0
    numbers: set[int] = field(default_factory=set)


def rows(count: int, truth: Truth) -> Iterator[tuple[bytes, int, int]]:
    """Name, size and time of each row; numbers spread over two Swedish mobile ranges that the plan calls valid."""
    for i in range(count):
        at = (START + i * (NOW - START) // count) // 60 * 60
        number = (i * 7_919_003) % 10_000_000
        size = 44 + 320 * (500 + (i * 104_729) % 20_000)
        clock = time.gmtime(at)
        name = time.strftime("%Y%m%d-%H%M%S", clock) + f"_070{number:07}_{1000 + i % 50}.wav"
        truth.files += 1
        truth.size += size
        truth.first, truth.last = min(truth.first, at), max(truth.last, at)
        truth.numbers.add(number)
        yield name.encode(), size, at


def page(count: int, truth: Truth) -> Iterator[tuple[bytes, Batch]]:
    """The listing as nginx prints it, in chunks of about 256 KiB, and the same rows in columns."""
    text, batch = [], Batch(names=[], sizes=[], times=[])
    size = 0
    for name, length, at in rows(count, truth):
        row = b'<a href="%s">%s..&gt;</a> %s %19d\r\n' % (
            name, name[:47], time.strftime("%d-%b-%Y %H:%M", time.gmtime(at)).encode(), length)
        text.append(row)
        size += len(row)
        batch.names.append(name)
        assert batch.sizes is not None
        assert batch.times is not None
        batch.sizes.append(length)
        batch.times.append(at)
        if size >= CHUNK:
            yield b"".join(text), batch
            text, batch, size = [], Batch(names=[], sizes=[], times=[]), 0
    yield b"".join(text), batch


def bare(chunk: bytes) -> tuple[int, int]:
    """The bare row regex: rows and the sum of sizes."""
    found = ROW.findall(chunk)
    return len(found), sum(int(size) for _, _, size in found)


def folder(now: int = NOW) -> Folder:
    return Folder(Knowledge(), regions=("SE",), key=b"\1" * 32, path="/RECORDINGS/", now=now)


def exact(census: Census, truth: Truth) -> dict[str, bool]:
    """Which counts are what they must be; the number of different people within 5 %."""
    distinct = census.distinct("phone")
    return {
        "files": census.files == truth.files, "bytes": census.bytes == truth.size,
        "first": census.first == truth.first, "last": census.last == truth.last,
        "phones": census.people["phone"].files == truth.files,
        "distinct": abs(distinct - len(truth.numbers)) <= 0.05 * len(truth.numbers),
    }


def peak() -> int:
    """Peak resident memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(count: int) -> None:
    truth, found, counted = Truth(), 0, 0
    spent_bare = spent_census = 0.0
    census = folder()
    for chunk, batch in page(count, truth):
        start = time.perf_counter()
        n, _ = bare(chunk)
        middle = time.perf_counter()
        census.add(batch)
        end = time.perf_counter()
        found += n
        counted += len(batch.names)
        spent_bare, spent_census = spent_bare + middle - start, spent_census + end - middle
    assert found == counted == count
    start = time.perf_counter()
    result = census.close()
    spent_census += time.perf_counter() - start
    print(f"rows {count}  bare {spent_bare / count * 1e6:.2f} µs/row  census {spent_census / count * 1e6:.2f} µs/row  "
          f"census : bare = {spent_census / spent_bare:.2f}  peak {peak()} MB")
    print("exact:", exact(result, truth), "distinct", result.distinct("phone"), "of", len(truth.numbers))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 270_000)
