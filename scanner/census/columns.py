"""The columns of digits in a folder's names: read once, asked for what is final, what agrees, and what to tell.

Only shapes of five names or more have columns; a shape with a unique id has them from its first name on, as what stands
beside that proves a product.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scanner.census.belief import Place
from scanner.census.column import Belief
from scanner.census.fields import agreement, fields, spans
from scanner.census.named import Named
from scanner.census.shape import Shape
from scanner.census.told import Around, shown, told
from scanner.filenames.read import tokens
from scanner.filenames.skeleton import plan
from scanner.model import Column

ENOUGH = 5                                   # names of a shape: fewer are no column
_TOLD = 32                                   # shapes of most names that are told
_OFTEN = 0.6                                 # share of names with a date in digits from which they are dates
_NONE: frozenset[int] = frozenset()


class Columns:
    """Of one folder. `path`: decoded."""

    def __init__(self, shapes: Mapping[Place, Shape], path: str) -> None:
        self._shapes = shapes
        self._fields = {
            place: fields(place[0], shape.glimpse, path) for place, shape in shapes.items()
            if shape.glimpse is not None and (shape.files >= ENOUGH or _unique(place[0]))
        }

    def final(self, place: Place) -> frozenset[int]:
        """Where in names of a shape times stand, whatever else they look like."""
        places = self._shapes[place].places
        asked = [f for f in self._fields.get(place, ()) if f.span.start in places and places[f.span.start].columns]
        return frozenset(field.span.start for field in asked if field.final) if asked else _NONE

    def agreement(self, place: Place) -> tuple[int, int]:
        """Names of a shape whose epoch is within a day of their date, and those that have both, of some."""
        return agreement(self._fields.get(place, ()))

    def days(self) -> tuple[int | None, int | None]:
        """The earliest and the latest day that names say where they are believed to."""
        found = [named.ends for place, shape in self._shapes.items() for named in self._days(place, shape)]
        return (min((first for first, _ in found if first is not None), default=None),
                max((last for _, last in found if last is not None), default=None))

    def _days(self, place: Place, shape: Shape) -> Iterator[Named]:
        """Where most unique ids are far from the date beside them, they are something else."""
        known = {field.span.start: field for field in self._fields.get(place, ())}
        near, looked = self.agreement(place)
        for (start, kind), named in shape.named.items():
            if kind == "epoch":
                times = known[start].times if start in known else None
                believed = times is not None and times.told and times.kind == kind
            elif kind == "uniqueid":
                believed = 2 * near >= looked
            else:
                believed = kind == "timestamp" or named.files >= _OFTEN * shape.files
            if believed:
                yield named

    def told(self, beliefs: Mapping[Place, Sequence[Belief]], path: str, regions: tuple[str, ...]) -> Iterator[Column]:
        """What each column is taken for, and why. `path`: masked."""
        largest = sorted(self._fields, key=lambda place: (-self._shapes[place].files, place))[:_TOLD]
        for place in largest:
            shape, found = self._shapes[place], self._fields[place]
            if shape.files >= ENOUGH:
                around = Around(path, shown(place[0], place[2]), regions, agreement(found),
                                _ends(place, shape, regions))
                yield from told(shape, found, beliefs[place], around)


def _unique(skeleton: bytes) -> bool:
    return any(span.kind == "uniqueid" for span in spans(skeleton))


def _ends(place: Place, shape: Shape, regions: tuple[str, ...]) -> dict[int, int]:
    """Where pieces end that are written in groups, in shapes that are read name by name."""
    if plan(place[0]) is not None or shape.glimpse is None:
        return {}
    return {token.start: token.end for name in shape.glimpse.names[:3] if name.isascii()
            for token in tokens(name.decode("ascii"), regions)}
