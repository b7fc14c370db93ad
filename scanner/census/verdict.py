"""What knowledge says of a name: its class and whose grammar wrote it. Asked of a few names of each shape.

The first eight names of a shape are asked; where they agree, all others of the shape follow them, else each is asked.
The order of the listing decides, not the pieces it arrived in.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Protocol

from scanner.census.hours import Rate
from scanner.model import Certainty

ASKED = 8
_SORTS = 4096                                # sorts of names whose opinion is kept


class Grammar(Protocol):
    """Name grammar of one recorder."""

    @property
    def id(self) -> str:
        """Of its signature."""

    @property
    def needs(self) -> str | None:
        """`path`, `sibling` or `number`: what else must be seen before a name counts."""

    @property
    def certainty(self) -> Certainty:
        """How sure it is that what follows it is a recording."""

    @property
    def mask(self) -> Set[str]:
        """Named groups that are people."""

    @property
    def speech(self) -> bool:
        """Whether people are heard in such files, pictures or not; in a camera's they are not."""

    def confirmed(self, facts: Mapping[str, str]) -> bool:
        """Whether what it needs is seen: `entry.path`, `entry.siblings`, `entry.people`."""


class Class(Protocol):
    """Class of files."""

    @property
    def group(self) -> str:
        """Such as `audio`."""

    @property
    def telephony(self) -> bool:
        """Hardly anything but telephony writes such files."""

    def confirmed(self, facts: Mapping[str, str]) -> bool:
        """Whether the folder, `entry.path`, is one for such files."""


class Context(Protocol):
    """Class of words."""

    @property
    def dpc(self) -> float | None:
        """The context that its words lift personal data to, where they do."""

    @property
    def harmless(self) -> bool:
        """Its words say that files are meant for everybody."""


class Knowledge(Protocol):
    """As much of the knowledge as counting needs."""

    @property
    def grammars(self) -> Sequence[Grammar]:
        """In the order in which they are tried."""

    @property
    def contexts(self) -> Mapping[str, Context]:
        """Word classes by name."""

    def recordings(self, name: str) -> Sequence[tuple[Grammar, Mapping[str, str]]]:
        """Grammars that a decoded base name follows, in their order, with their named groups."""

    def classes_of(self, name: str) -> Sequence[Class]:
        """Classes of a decoded base name: the first that its folder confirms has it."""

    def sort(self, name: str) -> Hashable | None:
        """Names of one sort have the same classes and follow the same grammars; None where that cannot be told."""

    def rate(self, extension: str, signature: str | None = None) -> Rate | None:
        """Bytes a second of an extension, as a product writes it or in general."""

    def words_in(self, path: str, *, company: bool = False) -> Mapping[str, frozenset[str]]:
        """Word class -> listed words in a decoded path."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one name. Grammars stand by their ids."""

    kind: str = "other"
    telephony: bool = False                  # hardly anything but telephony writes such files
    waiting: tuple[str, ...] = ()            # grammars that fit if what they need turns up, in order
    grammar: str | None = None               # the first that fits as it is


@dataclass(frozen=True, slots=True, eq=False)
class Opinion:
    """What knowledge says of all names of one sort, wherever they lie."""

    classes: tuple[Class, ...]               # of the first that their folder confirms they are
    grammars: tuple[Grammar, ...]            # that they follow, in their order


class Opinions:
    """Asks knowledge about names, once for each sort of them. For as many folders as share its knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._sorts: dict[Hashable, Opinion] = {}
        self.grammars: Mapping[str, Grammar] = {grammar.id: grammar for grammar in knowledge.grammars}

    def of(self, name: str) -> Opinion:
        """Of a decoded base name."""
        sort = self._knowledge.sort(name)
        known = self._sorts.get(sort) if sort is not None else None
        if known is None:
            following = tuple(grammar for grammar, _ in self._knowledge.recordings(name))
            known = Opinion(tuple(self._knowledge.classes_of(name)), following)
            if sort is not None and len(self._sorts) < _SORTS:
                self._sorts[sort] = known
        return known

    def fields(self, name: str, opinion: Opinion) -> frozenset[int]:
        """Where in a name, of which this is the opinion, its grammars say that people stand."""
        if not any(grammar.mask for grammar in opinion.grammars):
            return frozenset()
        return frozenset(
            name.find(text) + text.startswith("+")
            for grammar, groups in self._knowledge.recordings(name)
            for group, text in groups.items() if group in grammar.mask
        )


class Judge:
    """Judges the names of one folder."""

    def __init__(self, opinions: Opinions, path: str) -> None:
        self._opinions = opinions
        self._facts = {"entry.path": path}
        self._known: dict[Opinion, Verdict] = {}
        self._last: tuple[str, Opinion] | None = None    # the first name of a shape is asked about twice

    def fields(self, name: str) -> frozenset[int]:
        """Where in a decoded base name its grammars say that people stand."""
        return self._opinions.fields(name, self._opinion(name))

    def _opinion(self, name: str) -> Opinion:
        if self._last is None or self._last[0] != name:
            self._last = (name, self._opinions.of(name))
        return self._last[1]

    def verdict(self, name: str) -> Verdict:
        """Class and grammars of a decoded base name."""
        opinion = self._opinion(name)
        known = self._known.get(opinion)
        if known is None:
            known = Verdict(*self._class(opinion.classes), *self._fitting(opinion.grammars))
            if len(self._known) < _SORTS:
                self._known[opinion] = known
        return known

    def _class(self, classes: Sequence[Class]) -> tuple[str, bool]:
        found = next((each for each in classes if each.confirmed(self._facts)), None)
        return (found.group, found.telephony) if found else ("other", False)

    def _fitting(self, following: Sequence[Grammar]) -> tuple[tuple[str, ...], str | None]:
        waiting = []
        for grammar in following:
            if grammar.needs in ("sibling", "number"):
                waiting.append(grammar.id)
            elif grammar.needs is None or grammar.confirmed(self._facts):
                return tuple(waiting), grammar.id
        return tuple(waiting), None

    def settle(self, verdict: Verdict, people: frozenset[str], siblings: str = "") -> str | None:
        """The id of the grammar that has the names, now that people and siblings are known; None: no grammar."""
        facts = {**self._facts, "entry.people": " ".join(sorted(people)), "entry.siblings": siblings}
        for waiting in verdict.waiting:
            if self._opinions.grammars[waiting].confirmed(facts):
                return waiting
        return verdict.grammar

    def speaks(self, grammar: str | None) -> bool:
        """Whether people are heard in files that follow the grammar of this id."""
        return grammar is not None and self._opinions.grammars[grammar].speech

    def certainty(self, grammar: str) -> Certainty:
        """How sure it is that files which follow the grammar of this id are recordings."""
        return self._opinions.grammars[grammar].certainty

    def number_alone(self, verdict: Verdict) -> bool:
        """Whether a grammar waits for nothing but the number: it is all that names the file."""
        return any(self._opinions.grammars[waiting].needs == "number" for waiting in verdict.waiting)


class Agreement:
    """The verdicts of one shape's names, in the order of the listing."""

    __slots__ = ("_agreed", "_asked", "_judge")

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._asked: list[Verdict] = []
        self._agreed: Verdict | None = None

    @property
    def first(self) -> Verdict:
        """Of the shape's first name."""
        return self._asked[0] if self._asked else Verdict()

    def of(self, names: Sequence[bytes]) -> list[Verdict]:
        """One for each of `names`, or one for all."""
        if self._agreed is not None:
            return [self._agreed]
        wanted = ASKED - len(self._asked)
        found = [self._judge.verdict(decoded(name)) for name in names[:max(0, wanted)]]
        self._asked += found
        rest = names[len(found):]
        agreed = self._asked.count(self._asked[0]) == len(self._asked)
        if not rest:
            return found
        if agreed:
            self._agreed = self._asked[0]
            return found + [self._asked[0]] * len(rest) if found else [self._asked[0]]
        return found + [self._judge.verdict(decoded(name)) for name in rest]


def decoded(name: bytes) -> str:
    """A name as text; bytes that are no UTF-8 are kept as lone surrogates."""
    return name.decode("utf-8", "surrogateescape")
