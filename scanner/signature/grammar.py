"""The name grammar of a recording, as single names are held against it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.signature.kinds import Recording
from scanner.signature.pattern import compile_pattern, search


class Grammar:
    """The name grammar of one recording signature, ready to run on single names."""

    __slots__ = ("_pattern", "_plain", "_rest", "_unless", "_unlike", "certainty", "id", "mask", "needs", "signature",
                 "speech")

    def __init__(self, signature: Recording) -> None:
        self.signature = signature
        self.id = signature.id
        self.needs = signature.needs
        self.certainty = signature.confidence
        self.mask = frozenset(signature.mask)
        self.speech = signature.what not in ("camera", "transcript")
        self._pattern = compile_pattern(signature.all[0].regex)
        self._plain = not self._pattern.groupindex
        self._rest = signature.all[1:]
        self._unlike = tuple(c for c in signature.none if c.fact == "entry.name")
        self._unless = tuple(c for c in signature.none if c.fact != "entry.name")

    def match(self, name: str, *, found: bool = False) -> dict[str, str] | None:
        """Named groups of a decoded base name, or None. Says nothing yet of what the grammar needs beside it.

        `found`: the pattern is known to be in the name, which saves looking where it has no groups.
        """
        groups = {} if found and self._plain else search(self._pattern, name)
        if groups is None or not self._unlike:
            return groups
        return None if any(c.search({"entry.name": name}) is not None for c in self._unlike) else groups

    def confirmed(self, facts: Mapping[str, str]) -> bool:
        """Whether the other conditions hold: `entry.path`, `entry.siblings`, `entry.people`, as `needs` says."""
        return (all(c.search(facts) is not None for c in self._rest)
                and all(c.search(facts) is None for c in self._unless))
