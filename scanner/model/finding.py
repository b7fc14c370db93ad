"""A finding and what it is made of: what lies there, whose it is, how bad it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import floor

from scanner.model.scanning import Evidence, Owner
from scanner.model.words import Access, Certainty, Severity, Vantage


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of audio estimated from sizes."""

    low: float
    best: float
    high: float
    method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Identifiers of one kind seen in names."""

    kind: str                                # phone, personnummer, cpr, email, name …
    files: int                               # names that carry one
    distinct: int                            # estimate from a keyed sketch
    certainty: Certainty
    example: str                             # masked


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What stands at one place of the names of one shape in one folder, and why it is taken for that."""

    path: str                                # masked folder
    shape: str                               # of the names: digits as 0, letters as A or a
    place: int                               # characters before it
    kind: str                                # phone, personnummer, timestamp, counter, constant, number …
    certainty: Certainty
    names: int                               # of this shape in this folder
    files: int                               # of them, those that carry it
    distinct: int                            # estimate
    because: str                             # the numbers that decided, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """ENISA: SE = DPC × EI + CB, with the words and facts each came from."""

    dpc: float                               # data processing context, 0 to 4
    ei: float                                # ease of identification, 0 to 1
    cb: float                                # circumstances of the breach
    because: tuple[str, ...]

    @property
    def score(self) -> float:
        """The severity SE, to the nearest quarter; what lies between two counts as the higher."""
        return floor(4 * (self.dpc * self.ei + self.cb) + 0.5 + 1e-9) / 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a store that scores apart."""

    path: str                                # masked common ancestor
    score: float
    severity: Severity
    factors: Factors
    files: int
    people: tuple[People, ...] = ()
    kind: str = "other"                      # class of files
    words: tuple[str, ...] = ()              # words of its folders that its score used


@dataclass(frozen=True, slots=True, kw_only=True)
class Doorway:
    """A door of a finding, as the report shows it."""

    protocol: str
    host: str | None
    address: str
    port: int
    tls: bool
    url: str                                 # masked
    access: Access
    product: str | None = None
    target: str | None = None                # label, or what was written
    entries: tuple[str, ...] | None = None   # of its root, where names are shown and doors are several
    how: str | None = None                   # how a stranger was let in, where the protocol has more than one way


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Files and bytes of one kind."""

    files: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """What lies behind the doors of a finding, counted."""

    files: int
    directories: int
    bytes: int
    bytes_exact: bool
    complete: bool
    cut_by: str | None
    first: str | None                        # YYYY-MM-DD
    last: str | None
    live: bool
    kinds: Mapping[str, Tally]
    hours: Hours | None
    people: tuple[People, ...]
    entries_sample: tuple[str, ...]          # masked
    named_first: str | None = None           # YYYY-MM-DD: earliest and latest day that names say
    named_last: str | None = None
    inflow: Mapping[str, int] = field(default_factory=dict)  # YYYY-MM-DD -> files, the newest days that show any
    empty_recordings: int = 0                # sound files of less than a second
    columns: tuple[Column, ...] = ()         # what digits in names were taken for, those of most names first
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)   # word class -> words of paths, names, scope
    entries: tuple[str, ...] | None = None   # paths as shown, folders end in a slash: only with --show-names REASON


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The judgement. One store, all its doors."""

    id: str                                  # v1:…, stable between scans
    title: str
    severity: Severity
    score: float
    confidence: Certainty
    factors: Factors
    overall_score: float                     # of the store as a whole
    parts: tuple[Part, ...]
    vantage: Vantage
    tags: tuple[str, ...]
    urgency: str                             # stop-now, today, this-week, plan
    status: str                              # new, open
    doors: tuple[Doorway, ...]               # at least one
    store: Store
    signatures: tuple[str, ...]
    evidence: tuple[Evidence, ...]           # at least one
    owner: Owner
    remedy: tuple[str, ...]
    references: tuple[str, ...]
    overall_factors: Factors | None = None   # that `overall_score` comes from
    regions: tuple[str, ...] = ()            # ISO 3166 alpha-2, as the scope says: whose law may speak
    first_seen: str | None = None            # 2026-11-21T20:00:00Z, by this or an earlier scan that is kept
    last_seen: str | None = None             # by this scan

    def __post_init__(self) -> None:
        if not self.doors or not self.evidence:
            raise ValueError("a finding needs a door and evidence")
