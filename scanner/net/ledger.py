"""The account of what was sent and read: every contact passes here. It only counts and remembers; it decides nothing.

What a report says of the conduct of a scan is derived from this, and so is the contact log.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scanner.model import Address, Conduct

CONNECT = "connect"                       # path class of a connection on which nothing was asked
DIRECTORY = "directory"
PUBLISHED = "published"                   # a path on the published list
COMMAND = "command"                       # a protocol's command that names no file
HARMLESS = frozenset({CONNECT, DIRECTORY, PUBLISHED, COMMAND})


@dataclass(frozen=True, slots=True)
class Contact:
    """One connection, as it ended."""

    at: datetime                          # UTC, when it was dialled
    source: str                           # our address; "" when there was none yet
    address: Address
    port: int
    host: str | None
    verb: str                             # what was asked, in order: GET, or USER+PASS+LIST; connect
    path_class: str
    sent: int                             # bytes on the connection, TLS included
    received: int
    outcome: str                          # open, 200, timeout, refused-body …


def log_line(contact: Contact) -> str:
    """One JSON object, ASCII, no line end inside: nothing that a server or a file said can forge a line."""
    return json.dumps({
        "time": contact.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "source": contact.source, "address": str(contact.address),
        "port": contact.port, "host": contact.host, "verb": contact.verb, "path_class": contact.path_class,
        "sent": contact.sent, "received": contact.received, "outcome": contact.outcome,
    })


class Ledger:
    """Totals of one scan, kept in bounded memory: addresses are a bit each, 256 to an entry."""

    def __init__(self) -> None:
        self.sinks: list[Callable[[Contact], None]] = []        # the contact log, if one is wanted
        self.contacts = 0
        self.bytes_sent = 0
        self.bytes_received = 0
        self.refused_bodies = 0
        self.largest_refused_body = 0                           # bytes of body read before it was refused
        self.declared_by_nmap = 0
        self.contents_requested = 0
        self._requests: Counter[str] = Counter()
        self._sources: set[str] = set()
        self._seen: dict[int, int] = {}                         # address // 256 (IPv6 marked) -> bits

    def request(self, verb: str, path_class: str) -> None:
        """Something was asked."""
        self._requests[verb] += 1
        if path_class not in HARMLESS:
            self.contents_requested += 1

    def record(self, contact: Contact) -> None:
        """A connection has ended."""
        self.contacts += 1
        self.bytes_sent += contact.sent
        self.bytes_received += contact.received
        if contact.source:
            self._sources.add(contact.source)
        self._met(contact.address)
        for sink in self.sinks:
            sink(contact)

    def refused(self, body_bytes: int) -> None:
        """A gate closed after so many bytes of body had been read."""
        self.refused_bodies += 1
        self.largest_refused_body = max(self.largest_refused_body, body_bytes)

    def declare(self, contacts: int) -> None:
        """Contacts that nmap made for us: declared, not measured."""
        self.declared_by_nmap += contacts

    @property
    def addresses(self) -> int:
        """Distinct addresses contacted."""
        return sum(bits.bit_count() for bits in self._seen.values())

    def conduct(self) -> Conduct:
        """The account as the report shows it."""
        return Conduct(
            requests=dict(sorted(self._requests.items())), bytes_sent=self.bytes_sent,
            bytes_received=self.bytes_received, addresses_contacted=self.addresses,
            source_addresses=tuple(sorted(self._sources)), declared_by_nmap=self.declared_by_nmap,
            refused_bodies=self.refused_bodies, largest_refused_body=self.largest_refused_body,
            file_contents_requested=self.contents_requested)

    def totals(self) -> dict[str, Any]:
        """All of it as JSON types, for the state file."""
        return {
            "contacts": self.contacts, "bytes_sent": self.bytes_sent, "bytes_received": self.bytes_received,
            "refused_bodies": self.refused_bodies, "largest_refused_body": self.largest_refused_body,
            "declared_by_nmap": self.declared_by_nmap, "contents_requested": self.contents_requested,
            "requests": dict(self._requests), "sources": sorted(self._sources),
            "addresses": {f"{block:x}": f"{bits:x}" for block, bits in self._seen.items()},
        }

    def restore(self, totals: Mapping[str, Any]) -> None:
        """Add the totals of an earlier run of the same scan to these."""
        for name in ("contacts", "bytes_sent", "bytes_received", "refused_bodies", "declared_by_nmap",
                     "contents_requested"):
            setattr(self, name, getattr(self, name) + int(totals.get(name, 0)))
        self.largest_refused_body = max(self.largest_refused_body, int(totals.get("largest_refused_body", 0)))
        self._requests.update(totals.get("requests", {}))
        self._sources.update(totals.get("sources", ()))
        for block, bits in totals.get("addresses", {}).items():
            key = int(block, 16)
            self._seen[key] = self._seen.get(key, 0) | int(bits, 16)

    def _met(self, address: Address) -> None:
        value = int(address)
        block = (value >> 8) | (1 << 120 if address.version == 6 else 0)
        self._seen[block] = self._seen.get(block, 0) | (1 << (value & 255))
