"""What a daemon says that it could not read, and what that means for the folder asked for. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from scanner.model import Doubt, Reason

_MOST = 1_000_000                        # messages that are counted
_NUMBER = re.compile(rb" \((\d{1,3})\)\s*$")
_CLOSED = frozenset({1, 13})             # EPERM, EACCES of Linux and BSD
_ABSENT = frozenset({2, 20})             # ENOENT, ENOTDIR
NOT_READ = "the server could not read all folders"


@dataclass(slots=True)
class Troubles:
    """Messages of errors: how many, and the numbers of errno(3) that they end with; 0 for those without."""

    count: int = 0
    numbers: set[int] = field(default_factory=set)
    refused: bool = False                # an option is not allowed here

    def take(self, message: bytes) -> None:
        """One more message."""
        self.count = min(self.count + 1, _MOST)
        self.refused |= b"refuse" in message
        found = _NUMBER.search(message)
        self.numbers.add(int(found[1]) if found else 0)

    def partly(self) -> Doubt | None:
        """Why what was shown may not be all. None: what is missing is shut to strangers."""
        return None if self.numbers and self.numbers <= _CLOSED else (Reason.CUT, NOT_READ)

    def wholly(self, *, named: bool) -> Doubt:
        """Why nothing was shown. `named`: the server itself named the folder."""
        if self.refused:
            return Reason.FORBIDDEN, "allows no listing of the module"
        if self.numbers & _CLOSED:
            return Reason.FORBIDDEN, "may not read the folder"
        if self.numbers & _ABSENT and not named:
            return Reason.NOT_A_LISTING, "there is no such folder"
        return Reason.SERVER_ERROR, "could not read the folder"
