"""What a scan works with: doors, asks, entries, and what was shown, without judgement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address

from scanner.model.words import Access, Asked, Reason, Vantage

Address = IPv4Address | IPv6Address
Doubt = tuple[Reason, str]
"""Why it is not known what lies somewhere: which kind of reason, and in plain words, without names of files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who answers for what lies at a target. Blanks are shown as blanks."""

    label: str | None = None
    controller: str | None = None
    processor: str | None = None
    sub_processor: str | None = None
    hosting: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the owner says about a target: it steers names, score and report, never permission."""

    owner: Owner = Owner()
    context: tuple[str, ...] = ()
    vantage: Vantage = Vantage.INTERNET
    regions: tuple[str, ...] = ()            # ISO 3166 alpha-2, home first


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One door, resolved once."""

    address: Address
    port: int
    host: str | None = None                  # the name it is asked by; None: by its address
    tls: bool | None = None                  # None: not known yet
    hint: str | None = None                  # protocol that is meant: a target wrote it, or somebody guessed
    scheme: str | None = None                # of its URLs, once the protocol is known; None: http or https

    @property
    def authority(self) -> str:
        """`host:port` as it stands in a URL."""
        name = self.host or (f"[{self.address}]" if self.address.version == 6 else str(self.address))
        return f"{name}:{self.port}"

    def url(self, path: str = "/") -> str:
        """The URL of an already quoted `path` at this door, port always written."""
        return f"{self.scheme or ('https' if self.tls else 'http')}://{self.authority}{path}"


class Kind(StrEnum):
    """What an entry is."""

    FILE = "file"
    DIRECTORY = "directory"


@dataclass(frozen=True, slots=True)
class Entry:
    """A *name* that was shown. There is no field for contents: the type makes the promise."""

    name: bytes                              # decoded base name, no slash; bytes, as servers know no encoding
    kind: Kind
    size: int | None = None                  # bytes, the middle of what was shown
    slack: int = 0                           # the true size lies within size ± slack
    modified: int | None = None              # seconds since 1970 of the time as shown, taken as UTC
    grain: int = 60                          # seconds: how exact `modified` is (1, 60, 86400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Entries of one listing in columns, so that millions stay cheap. All columns have one length."""

    names: list[bytes]                       # files: decoded base names
    sizes: list[int] | None = None           # bytes, -1 where not shown; None: the listing shows none
    slacks: list[int] | None = None          # ± bytes; None: all sizes are exact
    times: list[int] | None = None           # seconds since 1970, -1 where not shown; None: shows none
    grain: int = 60                          # seconds
    directories: list[bytes] = field(default_factory=list)   # decoded base names of sub-directories, no slash
    hrefs: dict[bytes, str] = field(default_factory=dict)    # directory name -> quoted segment to ask for, where shown
    under: str = ""                          # quoted path, with its slash, of a folder below the one asked for

    def __len__(self) -> int:
        return len(self.names) + len(self.directories)

    def entries(self) -> Iterator[Entry]:
        """One by one: for tests and for small things."""
        for i, name in enumerate(self.names):
            size = self.sizes[i] if self.sizes is not None and self.sizes[i] >= 0 else None
            time = self.times[i] if self.times is not None and self.times[i] >= 0 else None
            yield Entry(name, Kind.FILE, size, self.slacks[i] if self.slacks else 0, time, self.grain)
        for name in self.directories:
            yield Entry(name, Kind.DIRECTORY)


@dataclass(frozen=True, slots=True)
class Ask:
    """One directory-like thing to list: the unit of order, budget, loop detection and resumption."""

    path: str                                # quoted, begins and ends with a slash (or stands on the published list)
    reason: Asked
    depth: int = 0                           # levels below the ask that started it
    way: str = ""                            # how it is listed: "" as a page, else `name` or `name:argument` of a way


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was shown, without judgement."""

    endpoint: Endpoint
    protocol: str
    path: str
    access: Access
    facts: Mapping[str, str]                 # `protocol.field` -> text
    seen_at: datetime                        # UTC
    server_time: datetime | None = None      # the server's own clock, where it tells
    doubt: Doubt | None = None               # None: it is known what lies there, or `http.*` tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What is *not* known, and why."""

    addresses: str                           # one address, or a range as text
    ports: str
    probe: str
    reason: Reason
    detail: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The quote that convinces. Compulsory in a finding."""

    url: str
    fact: str
    excerpt: str = ""                        # masked


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorSeen:
    """One door of a store, as far as it may be kept: facts are masked."""

    endpoint: Endpoint
    protocol: str
    access: Access
    root: str                                # quoted path of the store's root at this door, masked
    facts: Mapping[str, str]
    signatures: tuple[str, ...]              # ids of listing and product signatures that matched
    evidence: tuple[Evidence, ...]
    seen_at: datetime                        # UTC
    server_time: datetime | None
    setting: Setting
    target: str                              # label, or what was written
