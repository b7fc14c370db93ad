"""Patterns for text from strangers: RE2's, which take linear time whatever the text. Compiled once, when needed."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import re2

T = TypeVar("T")

_SET_LIMIT = 128 * 1024                      # characters; longer than any name
_SET_MEMORY = 64 * 1024 * 1024               # bytes a set may grow to; what does not fit is forgotten and made again


@functools.cache
def compile_pattern(regex: str) -> Any:
    """`regex` as RE2 takes it. Raises `ValueError` saying why it cannot."""
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(regex, options=options)
    except re2.error as error:
        why = error.args[0].decode("utf-8", "replace") if error.args else "unknown"
        raise ValueError(f"RE2 cannot take this pattern: {why}; it has no look-around and no back-references") from None


def search(pattern: Any, text: str) -> dict[str, str] | None:
    """Named groups of the first match that took part, or None. Lone surrogates count as `?`."""
    try:
        found = pattern.search(text)
    except UnicodeEncodeError:
        found = pattern.search(_whole(text))
    if found is None:
        return None
    return {name: value for name, value in found.groupdict().items() if value is not None}


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


class Sieve(Generic[T]):
    """Things with a pattern each; one pass over a text finds whose patterns it has."""

    def __init__(self, things: Sequence[T], regexes: Sequence[str]) -> None:
        options = re2.Options()
        options.log_errors = False
        options.max_mem = _SET_MEMORY
        self._things = tuple(things)
        self._set = re2.Set.SearchSet(options)
        for regex in regexes:
            self._set.Add(regex)
        self._set.Compile()

    def hits(self, text: str) -> tuple[int, ...] | None:
        """Indices of those whose pattern is found in `text`, sorted; None where it is too long to tell."""
        if len(text) > _SET_LIMIT:
            return None
        if not self._things:
            return ()
        try:
            found = self._set.Match(text)
        except UnicodeEncodeError:
            found = self._set.Match(_whole(text))
        return tuple(sorted(found)) if found else ()

    def of(self, text: str) -> Sequence[T]:
        """Those whose pattern may be found in `text`, in their order: all of them where it is too long."""
        found = self.hits(text)
        return self._things if found is None else [self._things[i] for i in found]
