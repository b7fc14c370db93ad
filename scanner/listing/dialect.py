"""What a reader has learned of one server's listings, for the readers of its next pages. It remembers forms, no names.

A page with a remembered outline is a listing, even with one row or none, and needs no judging; its rows are read with
what was learned. Whatever does not fit is for the reader to judge as a stranger's page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from scanner.listing.dates import Clocks
from scanner.listing.layout import Layout

if TYPE_CHECKING:
    # it carries from page to page what the rooms know, and needs none of them for that
    from scanner.listing.html.fast import Fast
    from scanner.listing.html.outline import Outline, Tokens
    from scanner.listing.html.verdict import Shape
    from scanner.listing.json.envelope import Envelope

OUTLINES = 8                                 # that are remembered, the newest ones
LACKING = 2                                  # tags around rows that go with the rows
SOLID = 8                                    # rows with sizes from which columns are known well enough


def _lacks(known: Tokens, seen: Tokens) -> bool:
    """Whether `seen` is all that was known but for a tag or two, and says nothing more. A page that was cut is not,
    nor one without words.
    """
    if known == seen:
        return True
    missing = [token for token in known if token not in seen]
    opened = {token[1:].split(b" ", 1)[0] for token in missing if token.startswith(b"<") and token[1:2] != b"/"}
    tags = all(token[:1] == b"<" and token[1:].lstrip(b"/").split(b" ", 1)[0] in opened - {b"a"} for token in missing)
    words = any(not token.startswith(b"<") for token in seen)
    return tags and words and len(missing) <= LACKING and len(seen) + len(missing) == len(known)


@dataclass(frozen=True, slots=True)
class Dialect:
    """One server's way of printing listings."""

    outlines: tuple[Outline, ...] = ()
    shapes: frozenset[Shape] = frozenset()
    kind: bytes = b""                        # what parts the rows
    slashed: bool = False                    # directories are shown with a slash
    links: int = 1                           # links in a row
    layout: Layout = Layout()  # noqa: RUF009  it is frozen
    fast: Fast | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    lessons: int = 0                         # times that a pattern may still be learned anew
    clocks: Clocks = field(default_factory=Clocks)    # times of day that were read
    pieces: dict[bytes, Tokens | None] = field(default_factory=dict)    # that stand around rows
    envelope: Envelope | None = None         # of JSON
    rooted: str = ""                         # root element of XML listings

    @property
    def solid(self) -> bool:
        """Whether the columns need no learning."""
        return self.fast is not None or self.layout.files >= SOLID

    def knows(self, seen: Outline) -> bool:
        """Whether a page with rows has an outline that was seen."""
        return seen in self.outlines

    def begins(self, head: Tokens) -> bool:
        """Whether a page that has not ended begins as one that was seen."""
        return any(head == known.head for known in self.outlines)

    def hollow(self, tokens: Tokens) -> bool:
        """Whether a page without rows is one that was seen, its rows left out, perhaps with what they stand in."""
        return any(known.holds and _lacks(known.empty, tokens) for known in self.outlines)

    def after(self, old: Dialect | None) -> Dialect:
        """This, newly learned, with what still holds of what was known before."""
        if old is None:
            return self
        if not (self.shapes <= old.shapes or self.shapes >= old.shapes):
            return replace(self, envelope=old.envelope)
        kept = tuple(one for one in old.outlines if one not in self.outlines)
        best = self if self.fast or (not old.fast and self.layout.files >= old.layout.files) else old
        return replace(
            best, outlines=(self.outlines + kept)[:OUTLINES], shapes=self.shapes | old.shapes,
            slashed=self.slashed or old.slashed, envelope=old.envelope, facts=self.facts, lessons=self.lessons,
            clocks=self.clocks, pieces=old.pieces)
