"""Better answers: the same folder in another form that its server offers, where that tells more. Pure.

Servers that print no sizes, or rounded ones, often print them in another form of the same page: as JSON when asked for
it (Caddy and others), as a table with `?F=2` (mod_autoindex, FancyIndexing). A form is used only when it names the same
entries and says more of them. Newest first (`?C=M;O=D`) tells of a listing that was cut whether it still grows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scanner.model import Batch
from scanner.net import Accept

HELD = 2_000                             # rows of a first listing that are kept to compare
_APACHE = "?F=2"
_NEWEST = {"?C=N;O=D": "?C=M;O=D", "?C=N;O=A": "?C=M;O=D", "?C=M;O=A": "?C=M;O=D", "?C=S;O=A": "?C=M;O=D",
           "?C=N&O=D": "?C=M&O=D", "?C=N&O=A": "?C=M&O=D", "?C=M&O=A": "?C=M&O=D", "?C=S&O=A": "?C=M&O=D"}


@dataclass(frozen=True, slots=True)
class Form:
    """How a folder's page is asked for."""

    query: str = ""
    accept: Accept = Accept.PAGE


PLAIN = Form()


@dataclass(frozen=True, slots=True)
class Told:
    """What the batches of one listing tell."""

    files: frozenset[bytes]
    folders: frozenset[bytes]
    sized: int                           # files with a size
    exact: int                           # files with an exact one
    timed: int

    @classmethod
    def of(cls, batches: Sequence[Batch]) -> Told:
        """Counted over all of them."""
        sized = sum(sum(size >= 0 for size in batch.sizes) for batch in batches if batch.sizes is not None)
        loose = sum(sum(slack > 0 for slack in batch.slacks) for batch in batches if batch.slacks is not None)
        timed = sum(sum(time >= 0 for time in batch.times) for batch in batches if batch.times is not None)
        return cls(frozenset(name for batch in batches for name in batch.names),
                   frozenset(name for batch in batches for name in batch.directories), sized, sized - loose, timed)

    def more_than(self, other: Told, *, whole: bool) -> bool:
        """Whether this says more of the same entries. `whole`: both listings have been read to their end."""
        same = self.files == other.files and self.folders == other.folders
        if not same and (whole or len(self.files & other.files) * 2 < min(len(self.files), len(other.files))):
            return False
        mine, theirs = (self.exact, self.sized, self.timed), (other.exact, other.sized, other.timed)
        if not whole:                    # of different lengths: what is told of how many
            mine, theirs = _parts(mine, self), _parts(theirs, other)
        return mine > theirs and all(a >= b for a, b in zip(mine, theirs, strict=True))


def _parts(counts: tuple[int, int, int], told: Told) -> tuple[int, int, int]:
    files = max(1, len(told.files))
    exact, sized, timed = (10 * count // files for count in counts)
    return exact, sized, timed


def candidates(facts: Mapping[str, str], told: Told) -> tuple[Form, ...]:
    """The forms worth one request each, for a listing that told this much."""
    if not told.files or (told.exact == len(told.files) and told.timed):
        return ()
    if facts.get("listing.dialect") == "json":
        return ()
    plain = not told.sized and not told.timed
    server = facts.get("http.server", "Apache")
    apache = (Form(_APACHE),) if plain and server.startswith("Apache") else ()
    return (*apache, Form(accept=Accept.JSON))


def newest_first(facts: Mapping[str, str]) -> str | None:
    """The query that sorts by date, newest first, where the listing itself offers to sort so."""
    return _NEWEST.get(facts.get("listing.sort", ""))
