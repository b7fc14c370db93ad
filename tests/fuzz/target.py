"""One target of fuzzing: some parsers of one room, what they may raise, what they may give back. Needs no atheris.

The first byte of an input chooses the form, the rest is what that form reads.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from zlib import crc32

Seeds = Callable[[], Iterable[tuple[str, bytes]]]
MOST_HELD = 1 << 16                          # bytes that a parser may make of nothing
_PIECES = 40                                 # cuts of one input
_ONE_BY_ONE = 64                             # bytes of an input that is also fed byte by byte


@dataclass(frozen=True, slots=True)
class Form:
    """One parser. `read` takes a whole input; `stream` takes pieces, and must say the same of any cut.

    Exactly one of the two. `raises` are the errors that its docstring names; `growth` is how many bytes it may give
    for one that it was given; `once` are steps that it may take once, however long the input: what it learns, what it
    tells of the first mistakes.
    """

    read: Callable[[bytes], object] | None = None
    stream: Callable[[list[bytes]], object] | None = None
    raises: tuple[type[Exception], ...] = ()
    growth: int = 16
    once: int = 500


@dataclass(frozen=True, slots=True)
class Target:
    """Parsers that are fuzzed together. `rooms` are the files below `scanner/` whose words make good input."""

    name: str
    forms: Mapping[str, Form]
    seeds: Seeds
    rooms: tuple[str, ...]

    @property
    def module(self) -> str:
        """Where it is defined."""
        return self.seeds.__module__

    @property
    def packages(self) -> list[str]:
        """The packages of the product that it is about."""
        return sorted({f"scanner.{room.partition('/')[0]}" for room in self.rooms})

    def run(self, data: bytes) -> None:
        """Give one input to its form. AssertionError, or whatever the parser should not have raised."""
        if data:
            check(list(self.forms.values())[data[0] % len(self.forms)], data[1:])

    def corpus(self) -> list[bytes]:
        """The seeds as inputs."""
        return [self.input(form, body) for form, body in self.seeds()]

    def input(self, form: str, body: bytes) -> bytes:
        """What makes `run` give `body` to `form`."""
        return bytes([list(self.forms).index(form)]) + body


def check(form: Form, body: bytes) -> None:
    """One input through one parser: what rises, how much it gives, and whether cuts change it."""
    outcome = told(form, [body])
    size = weight(outcome)
    assert size <= form.growth * len(body) + MOST_HELD, f"{size} bytes made of {len(body)}"
    if form.stream is not None:
        for pieces in cuts(body):
            cut = told(form, pieces)
            assert outcome == cut, f"cut otherwise: {outcome!r:.900} became {cut!r:.900}"


def told(form: Form, pieces: list[bytes]) -> object:
    """What a parser says of some pieces; of a documented error its kind."""
    try:
        if form.read is not None:
            return form.read(pieces[0])
        assert form.stream is not None
        return form.stream(pieces)
    except form.raises as error:
        return type(error).__name__


def cuts(body: bytes) -> Iterable[list[bytes]]:
    """Some ways to cut an input: by chance that hangs on it alone, and byte by byte where it is short."""
    chance = random.Random(crc32(body))
    for many in (1, _PIECES):
        ends = [*sorted(chance.randrange(len(body) + 1) for _ in range(min(many, len(body)))), len(body)]
        yield [body[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    if len(body) <= _ONE_BY_ONE:
        yield [body[at:at + 1] for at in range(len(body))]


def weight(value: object) -> int:
    """Bytes of a result, about: of its texts, and eight for each value in it."""
    total, waiting = 0, [value]
    while waiting:
        one = waiting.pop()
        total += 8
        if isinstance(one, bytes | bytearray | str):
            total += len(one)
        elif isinstance(one, Mapping):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list | tuple | set | frozenset):
            waiting += one
        elif is_dataclass(one) and not isinstance(one, type):
            waiting += [getattr(one, field.name) for field in fields(one)]
    return total
