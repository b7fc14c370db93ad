"""What 500 signatures cost a name, beside a bare `re2.Set` of the same patterns over the same names.

Run: `python -m tests.bench.names [NAMES]`. The built-in signatures, filled up to 500 with grammars made for the
purpose, are asked about a million names, all different: three in five follow one of the grammars, the others none. CPU
time of one run, in turns of 50,000 names:

* bare: `Match` of one set of all patterns, its answer thrown away;
* each name asked: `Judge.verdict`, by which the census learns class and grammar. Every name is passed through the
  patterns; what is kept is one opinion for each set of patterns found, nothing by a name's shape;
* in folders: the same names as a scan reads them, one folder for each grammar and turn, all that a census counts
  included.

Then the cost of one name of 1 to 64 KB, in forms that patterns go far into; its growth over four times the length.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import re2

from scanner.census import Folder, Memory
from scanner.census.verdict import Judge, Opinions
from scanner.model import Batch
from scanner.signature import Files, Knowledge, Recording
from tests.bench.grammars import filled, followers

SIGNATURES, NAMES, TURN = 500, 1_000_000, 50_000
KILOBYTES = (1, 4, 16, 64)
BARE, ASKED, FOLDED = "bare re2.Set", "each name asked", "in folders"
WANTED = 0.5                                 # of the bare loop's rate, at least
_ROUNDS = 7                                  # of each length: the quickest counts, as others were disturbed
_STRANGE: dict[str, Callable[[int, int], str]] = {
    "digits": lambda size, n: f"{n}{'0123456789' * (size // 10)}.wav",
    "words": lambda size, n: f"{'Tolvan Testsson ' * (size // 16)}{n}.mp3",
    "stamps": lambda size, n: f"{'20190218-083012_' * (size // 16)}{n}.wav",
    "hyphens": lambda size, n: f"q-{n}{'-1550478612.1' * (size // 13)}.gsm",
    "beyond ASCII": lambda size, n: f"{n}{'åäö' * (size // 6)}.opus",
}
_PLAIN: tuple[Callable[[int], str], ...] = (
    lambda n: f"Protokoll {n} styrelsen.pdf", lambda n: f"IMG_{n}.jpg", lambda n: f"{n % 99:02} - Song {n}.mp3",
    lambda n: f"libfoo-{n % 9}.{n}.tar.gz", lambda n: f"index-{n}.html", lambda n: f"ärende {n}.docx",
)


def turns(makers: Sequence[Callable[[int], str]], count: int) -> Iterator[list[list[str]]]:
    """`count` different names in turns of at most 50,000, those of a turn by their maker."""
    size = min(TURN, count)
    share, told, plain = [0, 0], max(1, size * 3 // 5 // len(makers)), max(1, size * 2 // 5 // len(_PLAIN))
    while share[0] * len(makers) + share[1] * len(_PLAIN) < count:
        start, rest = share
        share = [start + told, rest + plain]
        yield [[make(n) for n in range(start, share[0])] for make in makers] + \
            [[make(n) for n in range(rest, share[1])] for make in _PLAIN]


def patterns(known: Knowledge) -> list[str]:
    """All that names are asked for, each once."""
    asked = [c for s in known.signatures if isinstance(s, Recording | Files) for c in (*s.all, *s.none)]
    return list(dict.fromkeys(c.regex for c in asked if c.fact == "entry.name"))


def bare(regexes: Sequence[str]) -> Any:
    """A set of them, as RE2 is used without us."""
    options = re2.Options()
    options.max_mem = 64 * 1024 * 1024
    found = re2.Set.SearchSet(options)
    for regex in regexes:
        found.Add(regex)
    found.Compile()
    return found


def ways(known: Knowledge) -> dict[str, Callable[[str], object] | Callable[[list[str]], object]]:
    """What is measured, of a name or of a folder of them."""
    memory = Memory(known)

    def folded(group: list[str]) -> object:
        folder = Folder(known, regions=("SE",), key=b"\1" * 32, path="/calls/", memory=memory)
        folder.add(Batch(names=[name.encode() for name in group], sizes=[100_000] * len(group), times=None))
        return folder.close()

    return {BARE: bare(patterns(known)).Match, ASKED: Judge(Opinions(known), "/calls/").verdict, FOLDED: folded}


def spend(way: Callable[[Any], object], things: Sequence[Any]) -> float:
    """CPU seconds."""
    start = time.process_time()
    for thing in things:
        way(thing)
    return time.process_time() - start


def rates(known: Knowledge, makers: Sequence[Callable[[int], str]], count: int) -> tuple[int, dict[str, float]]:
    """How many names there were, and names a CPU second of each way."""
    measured, names = ways(known), 0
    spent = dict.fromkeys(measured, 0.0)
    for groups in turns(makers, count):
        single = [name for group in groups for name in group]
        names += len(single)
        for way, run in measured.items():
            spent[way] += spend(run, groups if way == FOLDED else single)
    return names, {way: names / seconds for way, seconds in spent.items()}


def costs(known: Knowledge, kilobytes: Sequence[int] = KILOBYTES) -> dict[str, list[float]]:
    """Seconds that one name takes, by its form, for each length. No name is asked twice."""
    found: dict[str, list[float]] = {}
    for form, make in _STRANGE.items():
        found[form] = []
        for size in kilobytes:
            judge, each = Judge(Opinions(known), "/calls/"), []
            for n in range(_ROUNDS):
                name = make(size * 1024, n)
                start = time.process_time()
                judge.verdict(name)
                each.append(time.process_time() - start)
            found[form].append(min(each))
    return found


def main(count: int = NAMES) -> None:
    """Measure and print."""
    known, beside = filled(SIGNATURES)
    makers = list(followers(known, beside))
    names, found = rates(known, makers, count)
    forms = len(makers) + len(_PLAIN)
    print(f"{known.count} signatures, {len(patterns(known))} patterns, {names:,} names of {forms} forms")
    for way, rate in found.items():
        print(f"  {way:16} {rate:10,.0f} names/s  {rate / found[BARE]:5.2f} × bare")
    print(f"  {ASKED} / bare: {found[ASKED] / found[BARE]:.2f} (wanted: at least {WANTED})")
    print(f"one name of {', '.join(map(str, KILOBYTES))} KB, µs; growth over four times the length (wanted: at most 4)")
    for form, each in costs(known).items():
        growth = ", ".join(f"{after / before:.1f}" for before, after in pairwise(each))
        print(f"  {form:16} " + " ".join(f"{seconds * 1e6:8.0f}" for seconds in each) + f"   × {growth}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else NAMES)
