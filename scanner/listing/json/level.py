"""One array or object of a JSON answer that is open: where it stands, and what of it has come. It reads no text."""

from __future__ import annotations

from dataclasses import dataclass, field

from scanner.listing.json.pieces import NoRowError
from scanner.listing.json.rows import Item


@dataclass(slots=True)
class Level:
    """One array or object that is open."""

    kind: str                                # [ or {
    key: str = ""                            # that it stands behind
    row: bool = False                        # an object that is an element of an array of rows
    skip: bool = False                       # nothing in it is a row
    under: str = ""                          # see Batch
    item: Item = field(default_factory=dict)  # values of an object so far, folded
    names: list[str] = field(default_factory=list)
    header: list[str] = field(default_factory=list)    # of an array of arrays
    told: bool = False                       # the object was added
    count: int = 0                           # elements of an array so far
    foreign: bool = False                    # an object that tells of something else: of a package, of settings

    def zipped(self, values: list[object]) -> dict[str, object] | None:
        """A row of an array of arrays, whose first one names the columns."""
        if not self.header:
            if not values or len(values) > 24 or not all(isinstance(one, str) for one in values):
                raise NoRowError("an array that is no row")
            self.header = [str(one) for one in values]
            return None
        if len(values) != len(self.header):
            raise NoRowError("an array that is no row")
        return dict(zip(self.header, values, strict=True))
