"""Some of a shape's names with their times: the first ones, and ones spread evenly over the listing.

They live as long as their folder is being read. Which they are depends on the order of the listing and on nothing else,
least of all on the pieces that it arrived in.
"""

from __future__ import annotations

from collections.abc import Sequence

FIRST = 64                                   # that follow each other, to see whether something counts upwards
SPREAD = 512                                 # at most, over the whole listing
LONGEST = 255                                # bytes of a name; longer ones have no columns


class Glimpse:
    """What is looked at again when the folder ends."""

    __slots__ = ("_rows", "_stride", "first", "names", "times")

    def __init__(self) -> None:
        self.first: list[bytes] = []
        self.names: list[bytes] = []         # row 0, and every `_stride`th after it
        self.times: list[int] = []           # of `names`, -1 where not shown
        self._rows = 0
        self._stride = 1

    def add(self, names: Sequence[bytes], times: Sequence[int] | None) -> None:
        """Take in names of one shape, in the order of the listing."""
        if len(self.first) < FIRST:
            self.first += names[:FIRST - len(self.first)]
        begin, stride = -self._rows % self._stride, self._stride
        picked = names[begin::stride]
        self.names += picked
        self.times += times[begin::stride] if times else [-1] * len(picked)
        self._rows += len(names)
        while len(self.names) > SPREAD:
            self._stride *= 2
            self.names, self.times = self.names[::2], self.times[::2]
