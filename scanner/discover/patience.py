"""How long to wait for an answer, learnt from the answers so far. No clock: times come in as values."""

from __future__ import annotations

from collections import deque

_ENOUGH = 16                                 # answers before their times are trusted
_EVERY = 32                                  # answers between two looks at them
_MARGIN = 3.0                                # times the slow end of what was seen


class Patience:
    """Two waits, in seconds: `first` follows the answers, `last` is for the one retry and stays at the ceiling.

    The retry waits the ceiling because a far host in a scan of near ones would otherwise never be heard.
    """

    __slots__ = ("_floor", "_news", "_seen", "first", "last")

    def __init__(self, ceiling: float, floor: float = 0.25) -> None:
        self._floor = min(floor, ceiling)
        self._seen: deque[float] = deque(maxlen=512)
        self._news = 0
        self.first = ceiling
        self.last = ceiling

    def observe(self, seconds: float) -> None:
        """An answer took so long. The ninth decile counts: a few slow hosts must not slow the scan."""
        self._seen.append(seconds)
        self._news += 1
        if self._news >= (_EVERY if len(self._seen) > _ENOUGH else _ENOUGH):
            self._news = 0
            slow = sorted(self._seen)[len(self._seen) * 9 // 10]
            self.first = min(self.last, max(self._floor, _MARGIN * slow))
