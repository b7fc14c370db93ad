"""One rule of a world: so many files, their folders and names by template, sizes and times by number. Nothing random.

A template is written as for `str.format`; its fields are those of `FIELDS`, `list_NAME` (every word of a list of the
world, with every word of the other lists) and `pick_NAME` (any word of it).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from string import Formatter

from scanner.demo.recording import LENGTHS, NUMBERS, Recording, even, kind_of, seconds_of, size_of, tracking

FIRST = ("Ettan", "Tvaan", "Trean", "Fyran", "Femman", "Sexan", "Sjuan", "Attan", "Nian", "Tian", "Elvan", "Tolvan",
         "Tretton", "Fjorton", "Femton", "Sexton", "Sjutton", "Arton", "Nitton", "Tjugo")
LAST = ("Testsson", "Exempelsson", "Provsson", "Testberg", "Exempelberg", "Provberg", "Testlund", "Exempellund",
        "Provlund", "Testgren", "Exempelgren")

Maker = Callable[["Drawn"], str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is settled of one file before it has a name."""

    rule: Rule
    i: int                                   # from 0, in the order of time
    number: int                              # from 0, over all rules of the world
    size: int                                # bytes
    start: int                               # seconds since 1970
    end: int

    @property
    def running(self) -> int:
        """What is left of `i` once templates and lists have had their turn."""
        return self.i // self.rule.turns


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`count` files; those of `size` `call` last as long as calls do."""

    paths: Sequence[str]
    names: Sequence[str]
    count: int
    first: int                               # seconds since 1970 of the first and the last
    last: int
    size: str | tuple[int, int]              # `call`, or the least and the most bytes
    before: int = 0                          # files of the rules before this one
    people: int = 1
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def folder(self, i: int) -> str:
        """Where file `i` lies, slash at both ends."""
        return self._named(self._paths, self._drawn(i))

    def file(self, i: int) -> Recording:
        """File `i`, in the order of time."""
        drawn = self._drawn(i)
        return Recording(self._named(self._names, drawn), drawn.size, drawn.end)

    def _drawn(self, i: int) -> Drawn:
        number = self.before + i
        end = self.first + (self.last - self.first) * i // max(self.count - 1, 1)
        if self.size == "call":
            seconds = seconds_of(number)
            return Drawn(self, i, number, size_of(seconds, kind_of(number)), end - int(seconds), end)
        least, most = self.size
        return Drawn(self, i, number, least + int(even(number, LENGTHS) * (most - least)), end, end)

    def _named(self, templates: Sequence[Sequence[Maker]], drawn: Drawn) -> str:
        return "".join([make(drawn) for make in templates[drawn.i % len(templates)]])

    @cached_property
    def turns(self) -> int:
        """After how many files all templates and all words of all lists have met."""
        turns = len(self.names)
        for name in self.listed:
            turns *= len(self.lists[name])
        return turns

    @cached_property
    def listed(self) -> tuple[str, ...]:
        """The lists whose words take turns, in the order in which they are first named."""
        fields = [name for text in (*self.paths, *self.names) for _, name, _, _ in Formatter().parse(text) if name]
        return tuple(dict.fromkeys(name.removeprefix("list_") for name in fields if name.startswith("list_")))

    @cached_property
    def _paths(self) -> list[list[Maker]]:
        return [self._compiled(text) for text in self.paths]

    @cached_property
    def _names(self) -> list[list[Maker]]:
        return [self._compiled(text) for text in self.names]

    def _compiled(self, text: str) -> list[Maker]:
        makers: list[Maker] = []
        for literal, name, form, _ in Formatter().parse(text):
            makers += [_constant(literal)] if literal else []
            makers += [self._maker(name, form or "")] if name else []
        return makers

    def _maker(self, name: str, form: str) -> Maker:
        if name.startswith("list_"):
            return self._turn(name.removeprefix("list_"))
        if name.startswith("pick_"):
            words = self.lists[name.removeprefix("pick_")]
            return lambda drawn: words[int(even(drawn.number, LENGTHS) * len(words))]
        return FIELDS[name](form)

    def _turn(self, name: str) -> Maker:
        words, stride = self.lists[name], len(self.names)
        for other in self.listed[:self.listed.index(name)]:
            stride *= len(self.lists[other])
        return lambda drawn: words[drawn.i // stride % len(words)]


def _constant(text: str) -> Maker:
    return lambda drawn: text


def _start(form: str) -> Maker:
    return lambda drawn: datetime.fromtimestamp(drawn.start, UTC).strftime(form)


def _again(form: str) -> Maker:
    """Nothing for the first file of a number or a person, then `_2` and so on."""
    def made(drawn: Drawn) -> str:
        again = drawn.i // (drawn.rule.people if drawn.rule.people > 1 else len(NUMBERS))
        return f"_{again + 1}" if again else ""
    return made


def _first(form: str) -> Maker:
    return lambda drawn: FIRST[drawn.i % drawn.rule.people % len(FIRST)]


def _last(form: str) -> Maker:
    return lambda drawn: LAST[drawn.i % drawn.rule.people // len(FIRST)]


FIELDS: Mapping[str, Callable[[str], Maker]] = {
    "start": _start,                         # when it began, by a form of strftime, in UTC
    "epoch": lambda form: lambda drawn: str(drawn.end),
    "n": lambda form: lambda drawn: format(drawn.running + 1, form),
    "n0": lambda form: lambda drawn: format(drawn.running, form),
    "size": lambda form: lambda drawn: str(drawn.size),
    "letters": lambda form: lambda drawn: tracking(0, drawn.number),
    "kind": lambda form: lambda drawn: kind_of(drawn.number),
    "phone": lambda form: lambda drawn: NUMBERS[drawn.i % len(NUMBERS)],
    "again": _again,
    "first": _first,                         # one of the world's `people`, the same with the same `last`
    "last": _last,
}
