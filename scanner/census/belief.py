"""A directory's columns judged together: what stands behind the same beginning of a name is one column.

A product writes one field in many shapes: extensions of three digits and of four, callers at home and abroad, some
names with a counter behind them. Each shape alone may be too rare to be a column. Keeps nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from scanner.census.column import ENOUGH, Belief, Beside, Column
from scanner.census.shape import Place as Spot
from scanner.census.shape import Shape
from scanner.census.sketch import Distinct
from scanner.census.verdict import Judge
from scanner.model import Certainty

Place = tuple[bytes, str, str]               # shape, leg, extension
Field = tuple[bytes, str]                    # what stands before it, digits of any number as one; the extension
_RUN = re.compile(rb"0+")
_WORD = re.compile(rb"[Aab]+(?:[ _,]*[Aab]+)*")
_SOUND = frozenset({"audio", "fax"})
_WORDS = frozenset({"name", "email"})
_MOST = 0.6                                  # of a field's names that make it of one kind


@dataclass(slots=True)
class _Stand:
    """One kind in one field: its columns, by shape and number."""

    names: int = 0                           # of the shapes that have it
    times: int = 0
    only: bool = False
    grammar: bool = False
    sound: bool = False
    plus: bool = True
    fields: int = 0                          # joined, that differ in the words before them
    members: list[tuple[Place, int]] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)

    def take(self, other: _Stand) -> None:
        """Take in another field."""
        self.names += other.names
        self.times += other.times
        self.only |= other.only
        self.grammar |= other.grammar
        self.sound |= other.sound
        self.plus &= other.plus
        self.fields += 1
        self.members += other.members
        self.columns += other.columns

    def column(self) -> Column:
        """All of it as one."""
        own = [column for column in self.columns if not column.shared]
        first, *rest = own or self.columns
        return first.joined(rest)


Stands = dict[tuple[Field, str], _Stand]


def believed(shapes: Mapping[Place, Shape], judge: Judge,
             final: Callable[[Place], Collection[int]]) -> dict[Place, list[Belief]]:
    """The verdict on each column of each shape, in the order of the shape's columns.

    None on those that begin where `final` says that times stand, whatever else they look like.
    """
    stands = _gathered(_stands(shapes, judge, final))
    columns = {key: stand.column() for key, stand in stands.items()}
    verdicts = {key: _capped(columns[key].verdict(_beside(key, stands, columns)), stand)
                for key, stand in stands.items()}
    own = _own(stands, columns, verdicts)
    for key, column in columns.items():
        if key[1] == "phone" and verdicts[key] is not None and _within(column.distinct, own):
            verdicts[key] = None
    beliefs: dict[Place, list[Belief]] = {place: [None] * len(shape.columns) for place, shape in shapes.items()}
    for key, stand in stands.items():
        for place, i in stand.members:
            beliefs[place][i] = verdicts[key]
    for place, shape in shapes.items():
        for spot in shape.places.values():
            _settle(shape, spot, beliefs[place])
    return beliefs


def _stands(shapes: Mapping[Place, Shape], judge: Judge, final: Callable[[Place], Collection[int]]) -> Stands:
    found: Stands = {}
    for place, shape in shapes.items():
        verdict, times = shape.agreement.first, final(place)
        for start, spot in shape.places.items():
            if start in times:
                continue
            met: set[str] = set()
            for (kind, _), i in spot.columns.items():
                stand = found.setdefault((_field(place, start), kind), _Stand())
                stand.members.append((place, i))
                stand.columns.append(shape.columns[i])
                if kind in met or shape.columns[i].shared:
                    continue
                met.add(kind)
                stand.names += shape.files
                stand.times += spot.times
                stand.only |= judge.number_alone(verdict)
                stand.grammar |= start in shape.fields
                stand.sound |= verdict.kind in _SOUND
                stand.plus &= start > 0 and place[0][start - 1:start] == b"+"
    return found


def _capped(belief: Belief, stand: _Stand) -> Belief:
    """`in` and `out` are two fields: what is joined of several is at most probable."""
    return (belief[0], min(belief[1], Certainty.PROBABLE)) if belief and stand.fields > 1 else belief


def _gathered(stands: Stands) -> Stands:
    """Fields too rare for a column, joined with those that differ only in the words before them."""
    found: Stands = {}
    for ((before, extension), kind), stand in stands.items():
        rare = stand.names < ENOUGH and not before.startswith(b"~")
        key = ((_WORD.sub(b"*", before), extension), kind) if rare else ((before, extension), kind)
        found.setdefault(key, _Stand()).take(stand)
    return found


def _field(place: Place, start: int) -> Field:
    skeleton, _, extension = place
    if start < 0:
        return skeleton, extension
    return _RUN.sub(b"0", skeleton[:start].rstrip(b"+")), extension.lower()


def _beside(key: tuple[Field, str], stands: Stands, columns: Mapping[tuple[Field, str], Column]) -> Beside:
    stand = stands[key]
    shapes = {place for place, _ in stand.members}
    widest = max((columns[other].distinct.count() for other, one in stands.items()
                  if other != key and other[1] == key[1] and columns[other].files >= _MOST * stand.names
                  and any(place in shapes for place, _ in one.members)), default=0)
    return Beside(stand.names, stand.times, stand.only, stand.grammar, widest, stand.sound, stand.plus)


def _own(stands: Stands, columns: Mapping[tuple[Field, str], Column],
         verdicts: Mapping[tuple[Field, str], Belief]) -> Distinct:
    """The company's own numbers: of fields of telephone numbers that are few."""
    own = Distinct()
    for key, stand in stands.items():
        if key[1] == "phone" and verdicts[key] is None and stand.names >= ENOUGH and columns[key].told:
            own = own.union(columns[key].distinct)
    return own


def _within(some: Distinct, all_of: Distinct) -> bool:
    return some.count() <= all_of.count() and all_of.union(some).count() == all_of.count()


def _settle(shape: Shape, spot: Spot, beliefs: list[Belief]) -> None:
    """One place is of one kind: where most of its numbers are, the others that look like another kind follow."""
    found = {i: beliefs[i] for (kind, _), i in spot.columns.items() if kind not in _WORDS}
    total = sum(shape.columns[i].files for i in found)
    for belief in set(found.values()):
        if belief and belief[1] > Certainty.POSSIBLE:
            files = sum(shape.columns[i].files for i, other in found.items() if other == belief)
            if files >= _MOST * total:
                for i in found:
                    beliefs[i] = belief
