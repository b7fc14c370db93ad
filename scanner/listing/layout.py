"""Where the columns of a listing stand, and what is known of them. It reads no row."""

from __future__ import annotations

from dataclasses import dataclass

Key = tuple[int, bytes]
"""Where a cell stands: tags after the link's own, and the attribute's name, or b"" for the text after that tag."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns stand. None: the listing shows none."""

    date: Key | None = None
    size: Key | None = None
    exact: Key | None = None                 # an attribute with the exact bytes beside a rounded size
    form: int = 0                            # of the dates: index into dates.FORMS
    grain: int = 60                          # seconds, of the coarsest date seen
    files: int = 0                           # rows with a size that it was learned from
