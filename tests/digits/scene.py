"""One site in one stretch of time: its extensions, its own numbers, its calls. Products write names from it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from tests.digits.callers import forms, national, written
from tests.digits.truth import Said

DAY = 86_400
FIRST = int(datetime(2013, 1, 1, tzinfo=UTC).timestamp())
LAST = int(datetime(2027, 12, 1, tzinfo=UTC).timestamp())
SPANS = (1, 7, 30, 180, 730)                 # days between the first file and the last
WITHHELD = ("unknown", "anonymous", "Anonymous", "restricted")
NAMES = ("Tolvan Testsson", "Testa Provsson", "Test Testesen", "Prove Testsen", "Testi Esimerkki", "Alex Example",
         "Erika Mustermann", "Max Mustermann", "Jane Sample", "John Sample")


def stamp(moment: int, form: str) -> str:
    """A moment as `strftime` writes it, in UTC."""
    return datetime.fromtimestamp(moment, UTC).strftime(form)


@dataclass(frozen=True, slots=True)
class Call:
    """One call as a telephone exchange knows it."""

    moment: int
    number: str                              # the other side as shown: a number, an extension, a word
    said: tuple[Said, ...]                   # empty where the other side is nobody that can be told
    incoming: bool
    extension: str
    did: str                                 # the company's own number that was called, or shown
    queue: str
    serial: int
    uuid: str
    contact: str

    def at(self, form: str) -> str:
        """When it began."""
        return stamp(self.moment, form)

    @property
    def unique(self) -> str:
        """Asterisk's name of the channel: the second and a running number."""
        return f"{self.moment}.{self.serial}"


@dataclass(slots=True)
class Scene:
    """A site: a region, a seeded chance, and when things happened there, ascending."""

    rng: Random
    region: str
    moments: list[int]

    def uuid(self) -> str:
        """A random one, of version 4."""
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    def hexa(self, digits: int) -> str:
        """Lower case."""
        return f"{self.rng.getrandbits(4 * digits):0{digits}x}"

    def digits(self, count: int) -> str:
        """Any, noughts in front as well."""
        return "".join(self.rng.choices("0123456789", k=count))

    def calls(self, *, one_way: bool | None = None) -> Iterator[Call]:
        """One call a moment: people call again, some hide, some calls stay in the house."""
        rng, n = self.rng, len(self.moments)
        length = rng.choice((3, 3, 4))
        extensions = [f"{rng.randint(1, 8)}{rng.randrange(10 ** (length - 1)):0{length - 1}d}" for _ in range(12)]
        dids = [self._own() for _ in range(1 if n < 20 else 1 + (n >= 100) * rng.randrange(5))]
        callers = [national(self.region, rng) for _ in range(max(1, round(n * rng.uniform(0.8, 1.6))))]
        shapes, hidden = forms(rng), rng.choice((0.0, 0.0, 0.1, 0.25, 0.4)) if n >= 8 else 0.0
        serial = rng.randrange(1, 5_000)
        for moment in self.moments:
            number, said = rng.choice(callers), ()
            shown = written(number, self.region, rng.choice(shapes))
            if rng.random() < hidden:
                shown = rng.choice(WITHHELD) if rng.random() < 0.5 else rng.choice(extensions)
            else:
                said = (Said("caller", "phone", f"{self.region}{number}"),)
            serial += rng.randrange(1, 9)
            yield Call(moment=moment, number=shown, said=said, extension=rng.choice(extensions), did=rng.choice(dids),
                       incoming=rng.random() < 0.7 if one_way is None else one_way, queue=rng.choice(("200", "600")),
                       serial=serial, uuid=self.uuid(), contact=rng.choice(NAMES))

    def _own(self) -> str:
        return written(national(self.region, self.rng), self.region, self.rng.choice(("national", "bare", "plus")))


def moments(rng: Random, count: int) -> list[int]:
    """Ascending moments within one stretch of 2013 to 2027, by day more than by night."""
    span = rng.choice(SPANS)
    start = rng.randrange(FIRST, LAST - span * DAY) // DAY * DAY
    hours = [*range(24), *range(7, 19), *range(8, 17)]
    return sorted({start + rng.randrange(span) * DAY + rng.choice(hours) * 3600 + rng.randrange(3600)
                   for _ in range(count)})
