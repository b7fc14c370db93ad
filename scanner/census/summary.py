"""The end of a directory: believes columns, settles grammars, estimates hours, and makes the census. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from scanner.census.belief import Place, believed
from scanner.census.census import Census, foremost
from scanner.census.columns import Columns
from scanner.census.days import Days
from scanner.census.hours import ENCRYPTED_METHOD, UNSIZED_METHOD, Known, Seconds, choose, counted, measured
from scanner.census.legs import legs_twice
from scanner.census.likeness import looks
from scanner.census.memory import Memory
from scanner.census.part import EXAMPLES, PartCount, PartKey, PeopleCount, folded
from scanner.census.shape import Shape, Tally
from scanner.census.siblings import Siblings
from scanner.census.verdict import Judge, Verdict
from scanner.census.voices import Looks, reasons
from scanner.model import Certainty

SOUND = "audio"
_FILMED = frozenset({"video", "capture"})
_MEDIA = frozenset({SOUND, "video", "surveillance", "transcript"})
_HIT, _SHARE = 3, 0.3                        # names of one grammar that make a directory its product's
_RANK = (
    "imei", "imsi", "reference", "name", "email", "phone", "dni", "bsn", "pesel", "isikukood", "asmens-kodas",
    "personas-kods", "kennitala", "kvnr", "nir", "rijksregisternummer", "codice-fiscale", "steuer-id", "ssn", "nhs",
    "reservnummer", "hetu", "fodselsnummer", "cpr", "samordningsnummer", "personnummer",
)
_DEPTH = 32                                  # segments of a part's path
_NAMELESS = frozenset({"archive", "documentation", "machine-backup", "package", "prompt", "release", "source", "web"})


@dataclass(slots=True)
class Listed:
    """What was counted of the directory itself, as it was read."""

    directories: int = 0
    days: Days = field(default_factory=Days)
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
        self._parting = memory.parting
        self._listed = listed
        self._path = path
        self._regions = regions
        self._segments = tuple(memory.masked(segment, regions) for segment in path.split("/") if segment)[:_DEPTH]
        waiting = any(verdict.waiting for shape in shapes.values() for verdict, _ in shape.tallies)
        self._siblings = listed.siblings.of() if waiting else {}
        self._columns = Columns(shapes, path)
        self._beliefs = believed(shapes, judge, self._columns.final)
        self._rows = list(self._judged())
        self._hits, self._hints = self._grammars()
        self._rates = {extension: self._rate(extension) for extension in {row.place[2] for row in self._rows}}
        self._twice = legs_twice(shapes)

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
                    people.pop("reference", None)
                grammar = self._judge.settle(verdict, frozenset(people), siblings)
                yield _Row(place, verdict, tally, columns, people, grammar)

    def _grammars(self) -> tuple[dict[str, int], dict[str, int]]:
        """Names by grammar: of grammars that are seen often enough, and of the others.

        Where a name has an epoch and a date, a product wrote both at once: if they agree one name is enough, if most
        do not the grammar is only a likeness.
        """
        found, agreeing, looked = Counter[str](), Counter[str](), Counter[str]()
        media = 0
        for row in self._rows:
            media += row.tally.files if row.verdict.kind in _MEDIA else 0
            if row.grammar:
                found[row.grammar] += row.tally.files
                near, both = self._columns.agreement(row.place)
                agreeing[row.grammar] += near * row.tally.files
                looked[row.grammar] += both * row.tally.files
        sure = {g: n for g, n in found.items()
                if 2 * agreeing[g] >= looked[g] and (n >= _HIT or n >= _SHARE * media or agreeing[g])}
        return sure, {g: n for g, n in found.items() if g not in sure}

    def _rate(self, extension: str) -> Known | None:
        sizes = [size for place, shape in self._shapes.items() if place[2] == extension for size in shape.sizes]
        grammars = Counter[str]()
        for row in self._rows:
            if row.place[2] == extension and row.grammar in self._hits:
                grammars[row.grammar or ""] += row.tally.files
        product = min(grammars, key=lambda g: (-grammars[g], g), default=None)
        general, own = self._knowledge.rate(extension), self._knowledge.rate(extension, product)
        return choose(extension, sizes, own, exact=self._listed.exact, product=_name(product) if own != general else "")

    def census(self, sketch: tuple[int, ...], cut_by: str | None) -> Census:
        """All of it. Each row is counted once, in its part and in the whole."""
        why = reasons(self._looks())
        words = self._knowledge.words_in(self._path, company=bool(self._hits or why)) if self._rows else {}
        total = _Total(self._segments, words, tuple(sorted(self._parting & words.keys())))
        for row in self._rows:
            total.add(row, self._seconds(row), self._key(row, voices=bool(why)), self._people(row))
        listed = self._listed
        named_first, named_last = self._columns.days()
        return Census(
            files=sum(row.tally.files for row in self._rows), directories=listed.directories,
            bytes=sum(row.tally.size for row in self._rows), spread=sum(row.tally.spread for row in self._rows),
            unsized=sum(row.tally.files - row.tally.sized for row in self._rows),
            first=listed.days.first, last=listed.days.last, odd_times=listed.days.odd,
            timed=listed.days.timed, days=listed.days.newest(),
            named_first=named_first, named_last=named_last,
            columns=foremost(self._columns.told(self._beliefs, PartCount(path=self._segments).folder, self._regions)),
            kinds=total.kinds, seconds=total.seconds, methods=dict(self._methods()),
            empty_recordings=sum(row.tally.empty for row in self._rows if row.verdict.kind == SOUND),
            looks={} if self._hits else why,
            people=total.people, parts=folded(total.parts), signatures=self._hits, hints=self._hints,
            words=dict(words),
            sample=tuple(sorted(listed.sample)[:EXAMPLES]), sketch=sketch,
            cut_by=frozenset({cut_by} if cut_by else ()),
        )

    def _key(self, row: _Row, *, voices: bool) -> PartKey:
        if row.people:
            kind = max(row.people, key=lambda k: (row.people[k], _RANK.index(k) if k in _RANK else 0))
            return PartKey(row.verdict.kind, kind, row.people[kind])
        if row.verdict.kind != SOUND:
            return PartKey(row.verdict.kind, "", Certainty.CERTAIN)
        looks = Certainty.PROBABLE if voices else Certainty.POSSIBLE
        if row.grammar is None or row.grammar not in self._hits:
            return PartKey(SOUND, "", looks)
        return PartKey(SOUND, "", max(looks, self._judge.certainty(row.grammar)))

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

    def _heard(self, row: _Row) -> bool:
        """Whether a row adds hours: sound, and films or packets of a meeting or a call that a product is known by."""
        kind = row.verdict.kind
        spoken = kind in _FILMED and row.grammar in self._hits and self._judge.speaks(row.grammar)
        return (kind == SOUND or spoken) and row.place not in self._twice

    def _seconds(self, row: _Row) -> Seconds:
        if not self._heard(row):
            return Seconds()
        tally, known = row.tally, self._rates[row.place[2]]
        sized = measured(known, tally.sized, tally.size, tally.spread) if known and tally.sized else Seconds()
        return sized + counted(tally.files - tally.sized)

    def _methods(self) -> Counter[str]:
        methods = Counter[str]()
        for row in self._rows:
            if self._heard(row):
                known = self._rates[row.place[2]]
                methods[known.method if known else "no rate known"] += row.tally.sized
                methods[UNSIZED_METHOD] += row.tally.files - row.tally.sized
            elif row.verdict.kind == "encrypted" and row.grammar in self._hits:
                methods[ENCRYPTED_METHOD] += row.tally.files
        return +methods

    def _looks(self) -> Looks:
        return looks(self._shapes, self._rows, self._rates, legs=bool(self._twice),
                     words=frozenset(self._knowledge.words_in(self._path)), path=self._path)


class _Total:
    """Sums over the rows of a directory with these `words` in its path; those of `context` part it from others."""

    def __init__(
        self, segments: tuple[str, ...], words: Mapping[str, frozenset[str]], context: tuple[str, ...],
    ) -> None:
        self._segments = segments
        self._words = words
        self._context = context
        self.kinds: dict[str, list[int]] = {}
        self.seconds = Seconds()
        self.people: dict[str, PeopleCount] = {}
        self.parts: dict[PartKey, PartCount] = {}

    def add(self, row: _Row, seconds: Seconds, key: PartKey, people: dict[str, PeopleCount]) -> None:
        files, size = self.kinds.get(row.verdict.kind, (0, 0))
        self.kinds[row.verdict.kind] = [files + row.tally.files, size + row.tally.size]
        self.seconds = self.seconds + seconds
        for kind, count in people.items():
            self.people[kind] = self.people[kind].merge(count) if kind in self.people else count
        key = replace(key, context=self._context)
        part = PartCount(row.tally.files, row.tally.size, self._segments, people, seconds, self._words)
        self.parts[key] = self.parts[key].merge(part) if key in self.parts else part


def _name(signature: str | None) -> str:
    """The product, by the id of its grammar."""
    return (signature or "").rpartition("/")[2]
