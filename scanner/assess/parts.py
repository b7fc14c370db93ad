"""A store in pieces: each class of files scored by itself, and the store as a whole. Pure.

A piece is what one key of the census counts: a class, what its names carry, what its folders say. The store as a whole
is each class taken together, with what holds for more than half of its files; the gravest class counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from scanner.assess.classes import VOICE, Class, grammar_of, is_recorded
from scanner.assess.said import Said, of_part
from scanner.assess.score import Around, factors
from scanner.census import Census, PartCount, PartKey, PeopleCount
from scanner.model import Certainty, Factors, Part, People
from scanner.signature import Knowledge

_FOLDED = ("~",)                             # in no census: sets apart what was left of a kind


@dataclass(frozen=True, slots=True)
class Piece:
    """Files that score alike."""

    key: PartKey
    count: PartCount
    what: Class
    factors: Factors

    @property
    def personal(self) -> bool:
        """Whether anything of people is seen."""
        return self.factors.dpc > 0


def pieces(census: Census, around: Around, knowledge: Knowledge) -> tuple[Piece, ...]:
    """Every class of a census, the worst first."""
    counted = {**census.parts, **_folded(census)}
    grammars = {key.kind: grammar_of(key.kind, census, knowledge) for key in counted}
    made = []
    for key, count in counted.items():
        grammar = grammars[key.kind]
        recorded = is_recorded(key) if key.kind in VOICE else key.kind == "video" and grammar is not None
        what = Class(kind=key.kind, identifier=key.identifier, certainty=key.certainty, files=count.files,
                     recorded=recorded, said=of_part(key, count, knowledge), grammar=grammar)
        made.append(Piece(key, count, what, factors(what, around, knowledge)))
    return tuple(sorted(made, key=_order))


def _folded(census: Census) -> dict[PartKey, PartCount]:
    """Files that a census with very many classes keeps by their kind alone: they are not lost, only less is known."""
    left = Counter({kind: files for kind, (files, _) in census.kinds.items() if kind != "other"})
    for key, count in census.parts.items():
        left[key.kind] -= count.files
    return {PartKey(kind, "", Certainty.POSSIBLE, _FOLDED): PartCount(files=files)
            for kind, files in left.items() if files > 0}


def _order(piece: Piece) -> tuple[object, ...]:
    return (-piece.factors.score, -piece.count.files, piece.count.folder, piece.key)


def whole(found: Sequence[Piece], around: Around, knowledge: Knowledge) -> Factors:
    """The store as one: the gravest of its classes, each with what most of its files have."""
    kinds: dict[str, list[Piece]] = {}
    for piece in found:
        if piece.personal or not any(one.personal for one in found):
            kinds.setdefault(piece.key.kind, []).append(piece)
    scored = [(factors(what, around, knowledge), what) for what in map(_together, kinds.values())]
    if not scored:
        return factors(Class(kind="other"), around, knowledge)
    return max(scored, key=lambda one: (one[0].score, one[0].dpc, one[1].kind in VOICE, one[1].files, one[1].kind))[0]


def _together(same: Sequence[Piece]) -> Class:
    """Files of one class: an identifier, words and recording count where more than half of the files have them."""
    files = sum(piece.count.files for piece in same)
    names, groups = Counter[str](), Counter[str]()
    recorded = 0
    for piece in same:
        names[piece.key.identifier] += piece.count.files
        recorded += piece.count.files if piece.what.recorded else 0
        groups.update(dict.fromkeys(piece.what.said.words, piece.count.files))
    identifier = next((name for name, count in sorted(names.items()) if 2 * count > files), "")
    said = sum((piece.what.said for piece in same), Said()).only(g for g, count in groups.items() if 2 * count > files)
    bearing = [piece for piece in same if piece.key.identifier == identifier]
    most = max(bearing or same, key=lambda piece: (piece.count.files, piece.key))
    return Class(kind=most.key.kind, identifier=identifier, certainty=most.key.certainty, files=files,
                 recorded=2 * recorded > files, said=said, grammar=most.what.grammar)


def parts(found: Iterable[Piece], knowledge: Knowledge) -> tuple[Part, ...]:
    """The pieces that hold anything of people, as the report shows them: those alike in class and reasons as one."""
    alike: dict[tuple[str, Factors], list[Piece]] = {}
    for piece in found:
        if piece.personal:
            alike.setdefault((piece.key.kind, piece.factors), []).append(piece)
    made = [_part(same, knowledge) for same in alike.values()]
    return tuple(sorted(made, key=lambda part: (-part.score, -part.files, part.path)))


def _part(same: Sequence[Piece], knowledge: Knowledge) -> Part:
    first = same[0]
    count = reduce(PartCount.merge, (piece.count for piece in same))
    return Part(
        path=count.folder, score=first.factors.score, severity=knowledge.score.levels.level(first.factors.score),
        factors=first.factors, files=count.files, people=people(count.people), kind=first.key.kind,
        words=_lifting(same, knowledge))


def _lifting(same: Iterable[Piece], knowledge: Knowledge) -> tuple[str, ...]:
    """Words of their folders that stand for a context."""
    raising = [name for name, words in knowledge.contexts.items() if words.dpc is not None]
    found = (words for piece in same for words in piece.what.said.only(raising).words.values())
    return tuple(sorted({word for words in found for word in words}))


def people(counts: Mapping[str, PeopleCount]) -> tuple[People, ...]:
    """Identifiers seen in names, most files first."""
    seen = [People(kind=kind, files=count.files, distinct=count.distinct, certainty=count.certainty,
                   example=next(iter(count.examples), ""))
            for kind, count in counts.items()]
    return tuple(sorted(seen, key=lambda one: (-one.files, one.kind)))
