"""A generated world: what a scope file names and excludes, what names answer, and where servers try to lead.

Values only. Nothing of the program is imported here: the oracle judges by these words alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

Address = IPv4Address | IPv6Address
Answers = tuple[str, ...]                    # of one question: addresses, or a name (CNAME)


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote, as text and as what it means: a run of addresses, or a name; a port where one is written."""

    text: str
    run: tuple[Address, Address] | None = None
    host: str | None = None
    port: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One `[[target]]`."""

    what: tuple[Words, ...]
    exclude: tuple[Words, ...] = ()
    ports: tuple[int, ...] | None = None
    listed: bool = False                     # resolve = "listed"


@dataclass(frozen=True, slots=True)
class Lure:
    """One attempt to lead a client away: by which carrier, in which form, the text, and where it leads."""

    carrier: str
    form: str
    text: str
    place: str                               # an address as packets have it, or ""
    status: int = 302


@dataclass(frozen=True, slots=True)
class World:
    """Everything that a case consists of."""

    tables: tuple[Table, ...]
    ports: tuple[int, ...] = (80, 8080)      # [scan] ports
    names: Mapping[str, tuple[Answers, ...]] = field(default_factory=dict)     # what is answered, turn by turn
    lures: tuple[Lure, ...] = ()

    @property
    def wanted(self) -> list[tuple[Words, Table]]:
        """Each thing that is named, with its table."""
        return [(words, table) for table in self.tables for words in table.what]

    @property
    def shut(self) -> list[Words]:
        """Everything that is excluded: exclusions hold for the whole file."""
        return [words for table in self.tables for words in table.exclude]

    def scope_file(self) -> str:
        """As its owner would write it."""
        lines = ["[authorisation]", 'organisation = "Region Example"', 'authorised_by = "The owner"',
                 "[scan]", f"ports = {list(self.ports)}"]
        for table in self.tables:
            lines += ["[[target]]", f"what = {json.dumps([words.text for words in table.what])}"]
            lines += [f"exclude = {json.dumps([words.text for words in table.exclude])}"] if table.exclude else []
            lines += [f"ports = {list(table.ports)}"] if table.ports else []
            lines += ['resolve = "listed"'] if table.listed else []
        return "\n".join(lines) + "\n"
