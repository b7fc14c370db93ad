"""What a file name gives away, as tokens. Holds no rule of how they are found."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.filenames.abroad import KINDS as ABROAD
from scanner.model import Certainty

TIMES = frozenset({"timestamp", "date", "epoch"})
IDENTITIES = ABROAD | {
    "personnummer", "samordningsnummer", "reservnummer", "cpr", "fodselsnummer", "hetu", "nhs", "ssn",
}
"""Identity numbers: who has one is known to an authority."""

INDIRECT = frozenset({"reference", "imei", "imsi"})
"""Kinds that lead to a person only with someone's records: case and booking numbers, devices, subscriptions."""

PEOPLE = IDENTITIES | INDIRECT | {"phone", "email", "name"}
"""Kinds that point at a person. `undecided` joins them only where a whole column says so."""

MACHINE = TIMES | {"uuid", "hash", "uniqueid", "ipv4"}
"""Kinds that stay readable in masked text."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a name and what it is.

    Kinds: those of `PEOPLE` and `MACHINE`; `undecided`, twelve digits that are a time and pass an identity's check;
    `synthetic`, a test person's number; `organisation`, a company's; `number`, seven or more digits of which nothing
    is known.
    """

    kind: str
    start: int                               # characters of the name
    end: int
    value: str                               # normalised, so that two spellings of one number are one
    certainty: Certainty                     # of this name alone, without its neighbours
