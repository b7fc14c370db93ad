"""What an open folder's server offers beside reading: one OPTIONS a door (RFC 9110 section 9.3.7). Nothing is tried.

Allow and DAV are advertisements: a server may refuse what it names, and take what it does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Protocol

from scanner.errors import LocalFault, NetError
from scanner.model import Access, Observation
from scanner.net import Answer, Verb

_SPOKEN = frozenset({"http", "webdav"})   # protocols that OPTIONS can tell more of
_ADVERTISED = {"http.allow": b"allow", "http.dav": b"dav"}


class Asking(Protocol):
    """Whoever puts a request."""

    def ask(self, path: str, verb: Verb) -> AbstractAsyncContextManager[Answer]:
        """One request."""


class Offers:
    """Asks once, after the first listing of a door."""

    def __init__(self, door: Asking) -> None:
        self.webdav = False              # its listings can be had by PROPFIND as well
        self._door = door
        self.asked = False

    async def added(self, seen: Observation, rows: int) -> Observation:
        """The observation with what the server advertises there. Trouble with the question takes nothing from it.

        `rows` were listed; of an empty folder nothing more is asked. Raises LocalFault; then it is asked again.
        """
        if self.asked or not rows or seen.access is not Access.ANONYMOUS or seen.protocol not in _SPOKEN:
            return seen
        self.asked = True
        try:
            async with self._door.ask(seen.path, Verb.OPTIONS) as answer:
                said = _advertised(answer)
            self.webdav = "PROPFIND" in said.get("http.allow", "").upper()
            return replace(seen, facts={**seen.facts, **said})
        except LocalFault:
            self.asked = False
            raise
        except NetError:
            return seen


def _advertised(answer: Answer) -> Mapping[str, str]:
    """The values of the headers, all lines of each; of an answer that does not go well nothing is believed."""
    if not 200 <= answer.status < 300:
        return {}
    lines = {fact: [value.decode("latin-1").strip() for header, value in answer.headers if header == name]
             for fact, name in _ADVERTISED.items()}
    return {fact: ", ".join(values) for fact, values in lines.items() if values}
