"""What the reader under test makes of the corpus, against its truth: by product and region."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from scanner.census import Census, Folder
from scanner.census.memory import Memory
from scanner.census.verdict import Knowledge
from scanner.filenames.token import IDENTITIES
from scanner.model import Batch
from tests.digits.truth import Directory

ENOUGH = 5                                   # files that make a column
PART = 0.9                                   # of a column's files that must be found
WRONG = 0.1                                  # of a column's files of another kind make it wrong
NOW = 1_830_297_600                          # 2028-01-01: after all that the corpus has
NUMBERS = IDENTITIES | {"phone"}
Case = tuple[str, str]                       # product, region


@dataclass(slots=True)
class Figures:
    """Counts over directories; each list of cases says where to look."""

    directories: int = 0
    names: int = 0
    columns: int = 0                         # real ones, of at least five files
    found: int = 0                           # of them, of the right kind, at least probable
    claimed: Counter[Case] = field(default_factory=Counter)      # directories with people certain where there are none
    likely: Counter[Case] = field(default_factory=Counter)       # directories with people probable where there are none
    missed: Counter[Case] = field(default_factory=Counter)
    wrong: Counter[Case] = field(default_factory=Counter)        # real columns of another kind

    def table(self) -> str:
        """Lines for people."""
        lines = [f"directories {self.directories}, names {self.names}",
                 f"people certain where there are none: {self.claimed.total()} directories",
                 f"people probable where there are none: {self.likely.total()} directories",
                 f"number columns found: {self.found} of {self.columns} = {self.found / max(1, self.columns):.2%}",
                 f"wrong kind: {self.wrong.total()} = {self.wrong.total() / max(1, self.columns):.2%}"]
        for title in ("claimed", "likely", "missed", "wrong"):
            lines += [f"  {title} {count} {product} {region}" for (product, region), count in
                      sorted((+getattr(self, title)).items(), key=lambda item: (-item[1], item[0]))]
        return "\n".join(lines)


def census(directory: Directory, knowledge: Knowledge, regions: tuple[str, ...], memory: Memory) -> Census:
    """The directory as a listing of it is counted."""
    folder = Folder(knowledge, regions=regions, key=b"k" * 32, path=directory.path, now=NOW, memory=memory)
    times = directory.times and [*directory.times]
    folder.add(Batch(names=directory.names(), times=times or None))
    return folder.close()


def measured(directories: Iterable[Directory], knowledge: Knowledge, *, regional: bool) -> Figures:
    """The corpus against its truth; `regional`: with the region set, else with none."""
    figures, memory = Figures(), Memory(knowledge)
    for directory in directories:
        seen = census(directory, knowledge, (directory.region,) if regional else (), memory)
        _compare(directory, seen, figures)
    return figures


def _compare(directory: Directory, seen: Census, figures: Figures) -> None:
    case, people = (directory.product, directory.region), directory.people()
    figures.directories += 1
    figures.names += len(directory.rows)
    figures.claimed[case] += any(_beyond(directory, seen, 2))
    figures.likely[case] += any(_beyond(directory, seen, 1))
    real = [column for column in people if column.files >= ENOUGH]
    for column in real:
        wanted = PART * sum(other.files for other in real if other.kind == column.kind)
        right = sum(seen.people[column.kind].levels[1:]) if column.kind in seen.people else 0
        figures.columns += 1
        figures.found += right >= wanted
        figures.missed[case] += right < wanted
        figures.wrong[case] += any(sum(seen.people[kind].levels[1:]) >= WRONG * column.files for kind in
                           seen.people.keys() & NUMBERS - {one.kind for one in people})


def _beyond(directory: Directory, seen: Census, level: int) -> Iterator[bool]:
    """By kind of number: whether more files are claimed at this level or above than name somebody."""
    true = Counter[str]()
    for row in directory.rows:
        true.update({said.kind for said in row.people})
    for kind, count in seen.people.items():
        if kind in NUMBERS:
            yield sum(count.levels[level:]) > true[kind]
