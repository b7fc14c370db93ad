"""Grammars made for a measure: as many signatures as are wanted, and names that follow them. Always the same."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scanner.signature import Knowledge, Recording, load
from scanner.signature.file import parse
from scanner.signature.pattern import compile_pattern

_WORDS = ("acme", "nordic", "voice", "trunk", "queue", "agent", "line", "desk", "call", "rec", "log", "store")
_ENDINGS = ("wav", "mp3", "gsm")
_FIELDS: tuple[tuple[str, Callable[[int], str]], ...] = (    # pattern, and what a name's number makes of it
    (r"(?:19|20)\d{6}", lambda n: f"2019{n % 12 + 1:02}{n % 28 + 1:02}"),
    (r"[0-2]\d[0-5]\d[0-5]\d", lambda n: f"{n % 24:02}{n % 60:02}{n // 7 % 60:02}"),
    (r"\+?\d{6,15}", lambda n: f"07017{n % 100_000:05}"),
    (r"[0-9a-f]{8}", lambda n: f"{n * 2_654_435_761 % 2**32:08x}"),
    (r"\d{9,10}\.\d{1,9}", lambda n: f"{1_550_000_000 + n}.{n % 97}"),
    (r"[\w.+-]{1,40}", lambda n: f"kund-{n}"),
)
_FORM = """\
id = "recording/made-{i}"
kind = "recording"
title = "Recording of a made product"
product = "Made {i}"
what = "call"
rank = {rank}
remedy = "Nothing to do."
[[all]]
fact = "entry.name"
regex = '{regex}'
[[example]]
why = "follows it"
facts = {{"entry.name" = '{name}'}}
[[example]]
why = "does not"
matches = false
facts = {{"entry.name" = 'x'}}
"""


@dataclass(frozen=True, slots=True)
class Made:
    """A grammar with a beginning of its own."""

    number: int
    lead: str
    fields: tuple[int, ...]                  # indices
    ending: str

    @property
    def regex(self) -> str:
        """Its pattern, with a named group for each field."""
        fields = "_".join(f"(?P<f{at}>{_FIELDS[each][0]})" for at, each in enumerate(self.fields))
        return rf"^{re.escape(self.lead)}{fields}-(?P<n>\d+)\.(?P<ext>(?i:wav|mp3|gsm))$"

    def name(self, n: int) -> str:
        """The `n`th name that follows it; all are different."""
        return f"{self.lead}{'_'.join(_FIELDS[each][1](n) for each in self.fields)}-{n}.{self.ending}"

    def signature(self) -> Recording:
        """As a file would give it."""
        text = _FORM.format(i=self.number, rank=300 + self.number % 300, regex=self.regex, name=self.name(self.number))
        found = parse(text, Path(f"recording/made-{self.number}.toml"))
        assert isinstance(found, Recording)
        return found


def made(count: int) -> list[Made]:
    """So many grammars."""
    some = random.Random(4)
    return [Made(i, f"{some.choice(_WORDS)}{i}{some.choice('-_.')}",
                 tuple(some.sample(range(len(_FIELDS)), some.randint(2, 4))), some.choice(_ENDINGS))
            for i in range(count)]


def filled(count: int) -> tuple[Knowledge, list[Made]]:
    """The built-in signatures with as many made ones beside them as make `count`."""
    known = load()
    beside = made(max(0, count - known.count))
    signatures = (*known.signatures, *(each.signature() for each in beside))
    return Knowledge(tuple(sorted(signatures, key=lambda s: s.id)), known.sha256, known.score), beside


def follower(grammar: Recording) -> Callable[[int], str] | None:
    """What makes names that follow a built-in grammar: its first example with other digits where any digit will do."""
    name = next(e.facts["entry.name"] for e in grammar.example if e.matches)
    pattern = compile_pattern(grammar.all[0].regex)
    free = [i for i, c in enumerate(name) if c.isascii() and c.isdigit()
            and all(pattern.search(f"{name[:i]}{d}{name[i + 1:]}") for d in "0123456789")][-7:]
    if len(free) < 5:
        return None

    def numbered(n: int) -> str:
        letters = list(name)
        for i in reversed(free):
            n, digit = divmod(n, 10)
            letters[i] = str(digit)
        return "".join(letters)

    return numbered if all(pattern.search(numbered(n)) for n in range(0, 10_000, 997)) else None


def followers(known: Knowledge, beside: list[Made]) -> Iterator[Callable[[int], str]]:
    """Makers of names, one for each grammar that allows it."""
    for grammar in known.grammars:
        if not grammar.id.startswith("recording/made-") and (maker := follower(grammar.signature)):
            yield maker
    yield from (each.name for each in beside)
