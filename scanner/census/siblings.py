"""Which endings stand beside each other in one directory: `x.wav` beside `x.xml`. Only the first some thousand names.

Few folders have a grammar that asks. So the names are kept as they came and told apart when it does, or when they
have become many; they live as long as their folder is being read.
"""

from __future__ import annotations

from collections import Counter

STEMS = 4096                                 # stems whose endings are known
_WAITING = 4096                              # names kept as they came
_BESIDE = 8                                  # endings of a stem
_LONG = 12                                   # bytes; what is longer is no ending
_NONE: frozenset[bytes] = frozenset()


class Siblings:
    """The endings of a directory's stems."""

    __slots__ = ("_kept", "_stems", "_waiting")

    def __init__(self) -> None:
        self._stems: dict[bytes, frozenset[bytes]] = {}
        self._waiting: list[list[bytes]] = []
        self._kept = 0                       # names waiting

    def add(self, names: list[bytes]) -> None:
        """Take in base names, in the order of the listing."""
        if len(self._stems) >= STEMS:
            return
        self._waiting.append(names)
        self._kept += len(names)
        if self._kept > _WAITING:
            self._meet()

    def _meet(self) -> None:
        alone: dict[bytes, frozenset[bytes]] = {}
        for names in self._waiting:
            if len(self._stems) < STEMS:
                self._tell(names, alone)
        self._waiting, self._kept = [], 0

    def _tell(self, names: list[bytes], alone: dict[bytes, frozenset[bytes]]) -> None:
        """Put the endings of `names` to their stems. `alone`: sets of one ending, so that most stems share theirs."""
        stems = self._stems
        for name in names:
            stem, _, ending = name.rpartition(b".")
            if stem not in stems and len(stems) >= STEMS:
                continue
            one = alone.get(ending)
            if one is None:
                one = alone[ending] = frozenset([ending.lower()]) if len(ending) < _LONG else _NONE
            seen = stems.setdefault(stem, one)
            if seen is not one and len(seen) < _BESIDE:
                stems[stem] = seen | one

    def of(self) -> dict[str, str]:
        """Extension, lower case -> those that stand beside at least half of its files, one space between."""
        self._meet()
        files, beside = Counter[bytes](), Counter[tuple[bytes, bytes]]()
        for endings, count in Counter(self._stems.values()).items():
            for a in endings:
                files[a] += count
                for b in endings - {a}:
                    beside[a, b] += count
        return {
            a.decode("latin-1"): " ".join(sorted(b.decode("latin-1") for (x, b), n in beside.items()
                                                 if x == a and 2 * n >= files[a]))
            for a in files
        }
