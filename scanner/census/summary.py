"""The end of a directory: believes columns, settles grammars, estimates hours, and makes the census. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scanner.census.census import EXAMPLES, Census, PartCount, PartKey, PeopleCount, folded
from scanner.census.column import ENOUGH, Beside
from scanner.census.hours import UNSIZED_METHOD, Known, Seconds, choose, counted, measured
from scanner.census.memory import Memory
from scanner.census.shape import Shape, Tally
from scanner.census.siblings import Siblings
from scanner.census.verdict import Judge, Verdict
from scanner.census.voices import VOICES, Looks, score
from scanner.model import Certainty

SOUND = "audio"
_MEDIA = frozenset({SOUND, "video", "surveillance", "transcript"})
_HIT, _SHARE = 3, 0.3                        # names of one grammar that make a directory its product's
_RANK = ("name", "email", "phone", "ssn", "nhs", "hetu", "fodselsnummer", "cpr", "samordningsnummer", "personnummer")
_DEPTH = 32                                  # segments of a part's path
_NAMELESS = frozenset({"archive", "documentation", "machine-backup", "package", "prompt", "release", "source", "web"})

Place = tuple[bytes, str, str]               # shape, leg, extension
Belief = tuple[str, Certainty] | None


@dataclass(slots=True)
class Listed:
    """What was counted of the directory itself, as it was read."""

    directories: int = 0
    first: int | None = None
    last: int | None = None
    odd_times: int = 0
    exact: bool = True                       # no size is rounded
    sample: set[str] = field(default_factory=set)
    siblings: Siblings = field(default_factory=Siblings)


@dataclass(frozen=True, slots=True)
class _Row:
    """One tally with what is now known of it."""

    place: Place
    verdict: Verdict
    tally: Tally
    columns: tuple[int, ...]                 # of the shape, believed
    people: Mapping[str, Certainty]
    grammar: str | None


class Summary:
    """The directory's shapes, judged together."""

    def __init__(self, shapes: Mapping[Place, Shape], judge: Judge, memory: Memory, listed: Listed,
                 regions: tuple[str, ...], path: str) -> None:
        self._shapes = shapes
        self._judge = judge
        self._knowledge = memory.knowledge
        self._listed = listed
        self._path = path
        self._segments = tuple(memory.masked(segment, regions) for segment in path.split("/") if segment)[:_DEPTH]
        waiting = any(verdict.waiting for shape in shapes.values() for verdict, _ in shape.tallies)
        self._siblings = listed.siblings.of() if waiting else {}
        self._beliefs = {place: _believed(shape, judge) for place, shape in shapes.items()}
        _support(shapes, self._beliefs)
        self._rows = list(self._judged())
        self._hits, self._hints = self._grammars()
        self._rates = {extension: self._rate(extension) for extension in {row.place[2] for row in self._rows}}
        self._twice = _legs_twice(shapes)

    def _judged(self) -> Iterator[_Row]:
        for place, shape in self._shapes.items():
            beliefs = self._beliefs[place]
            siblings = self._siblings.get(place[2].lower(), "")
            for (verdict, bits), tally in shape.tallies.items():
                columns = tuple(i for i, belief in enumerate(beliefs) if belief and bits >> i & 1)
                people: dict[str, Certainty] = {}
                for kind, sure in filter(None, (beliefs[i] for i in columns)):
                    people[kind] = max(sure, people.get(kind, sure))
                if verdict.kind in _NAMELESS:        # two words and a date there are a product
                    people.pop("name", None)
                grammar = self._judge.settle(verdict, frozenset(people), siblings)
                yield _Row(place, verdict, tally, columns, people, grammar)

    def _grammars(self) -> tuple[dict[str, int], dict[str, int]]:
        """Names by grammar: of grammars that are seen often enough, and of the others."""
        found: Counter[str] = Counter()
        media = 0
        for row in self._rows:
            media += row.tally.files if row.verdict.kind in _MEDIA else 0
            if row.grammar:
                found[row.grammar] += row.tally.files
        sure = {g: n for g, n in found.items() if n >= _HIT or n >= _SHARE * media}
        return sure, {g: n for g, n in found.items() if g not in sure}

    def _rate(self, extension: str) -> Known | None:
        sizes = [size for place, shape in self._shapes.items() if place[2] == extension for size in shape.sizes]
        grammars = Counter[str]()
        for row in self._rows:
            if row.place[2] == extension and row.grammar in self._hits:
                grammars[row.grammar or ""] += row.tally.files
        product = min(grammars, key=lambda g: (-grammars[g], g), default=None)
        general, own = self._knowledge.rate(extension), self._knowledge.rate(extension, product)
        return choose(extension, sizes, own, exact=self._listed.exact, product=own != general)

    def census(self, sketch: tuple[int, ...], cut_by: str | None) -> Census:
        """All of it. Each row is counted once, in its part and in the whole."""
        total = _Total()
        looks = self._looks()
        voices = score(looks) >= VOICES
        for row in self._rows:
            total.add(row, self._seconds(row), self._key(row, voices=voices), self._people(row), self._segments)
        company = bool(self._hits) or voices
        listed = self._listed
        return Census(
            files=sum(row.tally.files for row in self._rows), directories=listed.directories,
            bytes=sum(row.tally.size for row in self._rows), spread=sum(row.tally.spread for row in self._rows),
            unsized=sum(row.tally.files - row.tally.sized for row in self._rows),
            first=listed.first, last=listed.last, odd_times=listed.odd_times,
            kinds=total.kinds, seconds=total.seconds, methods=dict(self._methods()),
            empty_recordings=sum(row.tally.empty for row in self._rows if row.verdict.kind == SOUND),
            voices=looks.sounds if voices and not self._hits else 0,
            people=total.people, parts=folded(total.parts), signatures=self._hits, hints=self._hints,
            words={group: frozenset(words) for group, words in
                   self._knowledge.words_in(self._path, company=company).items()} if self._rows else {},
            sample=tuple(sorted(listed.sample)[:EXAMPLES]), sketch=sketch,
            cut_by=frozenset({cut_by} if cut_by else ()),
        )

    def _key(self, row: _Row, *, voices: bool) -> PartKey:
        if row.people:
            kind = max(row.people, key=lambda k: (row.people[k], _RANK.index(k) if k in _RANK else 0))
            return PartKey(row.verdict.kind, kind, row.people[kind])
        if row.verdict.kind != SOUND or row.grammar in self._hits:
            return PartKey(row.verdict.kind, "", Certainty.CERTAIN)
        return PartKey(SOUND, "", Certainty.PROBABLE if voices else Certainty.POSSIBLE)

    def _people(self, row: _Row) -> dict[str, PeopleCount]:
        shape, found = self._shapes[row.place], dict[str, PeopleCount]()
        for i in row.columns:
            belief = self._beliefs[row.place][i]
            if belief is None:
                continue
            kind = belief[0]
            if kind not in row.people:
                continue
            seen = found.get(kind)
            column = shape.columns[i]
            sketch = seen.sketch.union(column.distinct) if seen else column.distinct
            examples = tuple(sorted({*(seen.examples if seen else ()), *column.examples})[:EXAMPLES])
            found[kind] = PeopleCount(row.tally.files, sketch, row.people[kind], examples)
        return found

    def _seconds(self, row: _Row) -> Seconds:
        if row.verdict.kind != SOUND or row.place in self._twice:
            return Seconds()
        tally, known = row.tally, self._rates[row.place[2]]
        sized = measured(known, tally.sized, tally.size, tally.spread) if known and tally.sized else Seconds()
        return sized + counted(tally.files - tally.sized)

    def _methods(self) -> Counter[str]:
        methods = Counter[str]()
        for row in self._rows:
            if row.verdict.kind == SOUND and row.place not in self._twice:
                known = self._rates[row.place[2]]
                methods[known.method if known else "no rate known"] += row.tally.sized
                methods[UNSIZED_METHOD] += row.tally.files - row.tally.sized
        return +methods

    def _looks(self) -> Looks:
        sounds = [row for row in self._rows if row.verdict.kind == SOUND]
        sizes = [s for place, shape in self._shapes.items() if shape.agreement.first.kind == SOUND for s in shape.sizes]
        names = sum(shape.files for shape in self._shapes.values())
        return Looks(
            files=names, sounds=sum(row.tally.files for row in sounds), sizes=sorted(sizes),
            stamped=sum(shape.stamped for shape in self._shapes.values()),
            phones=sum(row.tally.files for row in sounds if "phone" in row.people),
            telephony=sum(row.tally.files for row in sounds if row.verdict.telephony),
            codec=any(known and known.method.startswith("size arithmetic") for known in self._rates.values()),
            legs=bool(self._twice), words=frozenset(self._knowledge.words_in(self._path)),
            dated=re.search(r"(?:/|_)(?:19|20)\d\d[/-]?(?:0[1-9]|1[0-2])(?:[/-]?\d\d)?/", self._path) is not None,
        )


class _Total:
    """Sums over the rows of a directory."""

    def __init__(self) -> None:
        self.kinds: dict[str, list[int]] = {}
        self.seconds = Seconds()
        self.people: dict[str, PeopleCount] = {}
        self.parts: dict[PartKey, PartCount] = {}

    def add(self, row: _Row, seconds: Seconds, key: PartKey, people: dict[str, PeopleCount],
            segments: tuple[str, ...]) -> None:
        files, size = self.kinds.get(row.verdict.kind, (0, 0))
        self.kinds[row.verdict.kind] = [files + row.tally.files, size + row.tally.size]
        self.seconds = self.seconds + seconds
        for kind, count in people.items():
            self.people[kind] = self.people[kind].merge(count) if kind in self.people else count
        part = PartCount(row.tally.files, row.tally.size, segments, people, seconds)
        self.parts[key] = self.parts[key].merge(part) if key in self.parts else part


def _believed(shape: Shape, judge: Judge) -> list[Belief]:
    """The verdict on each column of a shape."""
    beliefs: list[Belief] = [None] * len(shape.columns)
    alone = judge.number_alone(shape.agreement.first)
    for start, place in shape.places.items():
        for (kind, _), i in place.columns.items():
            others = [c.distinct.count() for j, c in enumerate(shape.columns)
                      if j != i and c.kind == kind and c.files >= 0.6 * shape.files]
            beside = Beside(shape.files, place.times, alone, start in shape.fields, max(others, default=0))
            beliefs[i] = shape.columns[i].verdict(beside)
    return beliefs


def _support(shapes: Mapping[Place, Shape], beliefs: dict[Place, list[Belief]]) -> None:
    """Shapes too rare for a column lean on the others of their directory: some numbers end in `_2`."""
    strong = any(belief == ("phone", Certainty.CERTAIN) for found in beliefs.values() for belief in found)
    rare = {place for place, shape in shapes.items() if shape.files < ENOUGH}
    likely: Belief = ("phone", Certainty.PROBABLE)
    files = sum(shapes[p].columns[i].files for p in rare for i, b in enumerate(beliefs[p]) if b == likely)
    if strong or files >= ENOUGH:
        for place in rare:
            beliefs[place] = [("phone", Certainty.CERTAIN) if b == likely else b for b in beliefs[place]]


def _legs_twice(shapes: Mapping[Place, Shape]) -> set[Place]:
    """Shapes whose calls last as long in another file: `-in` beside `-all`, and the fewer of `-in` and `-out`."""
    families: dict[tuple[bytes, str], dict[str, Place]] = {}
    for place in shapes:
        shape, leg, extension = place
        if leg:
            stem = len(shape) - len(extension) - 1 - len(leg)
            families.setdefault((shape[:stem], extension), {})[leg] = place
    twice: set[Place] = set()
    for legs in families.values():
        whole = next((legs[leg] for leg in ("all", "mix") if leg in legs), None)
        kept = whole or max(legs.values(), key=lambda place: (shapes[place].files, place))
        twice |= {place for place in legs.values() if place != kept and _same_calls(shapes[place], shapes[kept])}
    return twice


def _same_calls(leg: Shape, other: Shape) -> bool:
    """Whether they are legs of the same calls; else `in` and `out` say who called."""
    return 2 * len(leg.stems & other.stems) >= min(len(leg.stems), len(other.stems))
