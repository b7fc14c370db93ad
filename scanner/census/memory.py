"""What the folders of one scan share, so that none of them starts from nothing. Bounded; holds no name of a file.

All that is remembered follows from its key alone, never from what was folded before: folders come to the same census
in any order, and each with a memory of its own.
"""

from __future__ import annotations

from functools import lru_cache

from scanner.census.verdict import Knowledge, Opinions
from scanner.filenames.masking import mask

_SEGMENTS = 4096                             # masked segments of paths
_ENDINGS = 1024


class Memory:
    """Give it to every `Folder` of a scan."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.opinions = Opinions(knowledge)
        self.siblings = any(grammar.needs == "sibling" for grammar in knowledge.grammars)
        self.parting = frozenset(
            name for name, words in knowledge.contexts.items() if words.dpc is not None or words.harmless)
        self.masked = lru_cache(maxsize=_SEGMENTS)(mask)
        self.second = lru_cache(maxsize=_ENDINGS)(self._second)

    def _second(self, extension: str) -> int:
        """Bytes below which no usual rate gives a second of sound, 0 where files of this ending are none."""
        rate = self.knowledge.rate(extension) if extension else None
        return min(rate.best, 2 * rate.low) + rate.header if rate else 0
