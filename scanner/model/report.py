"""All that leaves: findings with who allowed the scan, what it saw, what it did, and what it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scanner.model.finding import Finding
from scanner.model.scanning import Gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorisation:
    """Who allowed the scan. Printed on the report's first page."""

    organisation: str | None = None
    authorised_by: str | None = None
    reference: str | None = None
    valid_from: str | None = None            # YYYY-MM-DD
    valid_until: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetCoverage:
    """How much of one target was seen."""

    label: str | None
    what: str
    addresses: int
    answered: int
    endpoints: int
    findings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What was looked at, and what was not."""

    addresses: int
    ports_tried: int
    ports_open: int
    endpoints: int
    gaps: Mapping[str, int]                  # reason -> count
    targets: tuple[TargetCoverage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """What the tool did, from the ledger. What it never did follows from it."""

    requests: Mapping[str, int]              # verb -> count
    bytes_sent: int
    bytes_received: int
    addresses_contacted: int
    source_addresses: tuple[str, ...]
    declared_by_nmap: int
    refused_bodies: int
    largest_refused_body: int                # bytes of body read before it was refused
    file_contents_requested: int             # requests outside directories and the published list: 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A time limit that a rule may set for telling somebody of a breach. Whether it does, the controller decides."""

    id: str
    law: str                                 # and its article
    countries: tuple[str, ...]               # ISO 3166 alpha-2
    who: str                                 # has to tell
    to: str                                  # whom
    hours: int | None                        # None: the rule counts in no hours, see `limit`
    limit: str                               # as the rule says it, in our words
    counted_from: str
    when: str                                # where the rule applies at all, in our words
    source: str                              # URL
    kind: str                                # what the source is: law, authority or other
    read: str                                # which part of it was read
    as_of: str                               # YYYY-MM-DD: the day on which it was read


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """Who made the report."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """Which signatures were used."""

    sha256: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanInfo:
    """Which scan a report is of."""

    id: str
    started: str                             # 2026-11-21T20:00:00Z
    finished: str | None
    complete: bool
    profile: str
    scope_sha256: str
    authorisation: Authorisation
    show_names_reason: str | None = None
    score_table: str = ""                    # the name that the table of the score gives itself
    score_sha256: str = ""                   # of the file that holds it
    score_differs: tuple[str, ...] = ()      # its entries that are not as built in
    user_agent: str = ""                     # as it stands in the logs of the servers asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that leaves. Its JSON is the contract."""

    schema: int = 1
    tool: Tool
    signatures: Pack
    scan: ScanInfo
    coverage: Coverage
    findings: tuple[Finding, ...]            # ranked, worst first
    suppressed: tuple[Finding, ...] = ()
    gaps: tuple[Gap, ...] = ()               # grouped
    conduct: Conduct
