"""The nouns, frozen. No behaviour beyond what a value can say of itself; imports nothing of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from ipaddress import IPv4Address, IPv6Address

Address = IPv4Address | IPv6Address


class Access(StrEnum):
    """How a door let a stranger in."""

    ANONYMOUS = "anonymous"
    GUEST = "guest"
    LOGIN = "login"
    NONE = "none"


class Severity(IntEnum):
    """Levels of the ENISA method; `INFO` where nothing personal is seen."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    VERY_HIGH = 4

    @property
    def label(self) -> str:
        """The word used in reports and on the command line, such as `very-high`."""
        return self.name.lower().replace("_", "-")


class Certainty(IntEnum):
    """How sure a judgement is."""

    POSSIBLE = 0
    PROBABLE = 1
    CERTAIN = 2

    @property
    def label(self) -> str:
        """The word used in reports, such as `certain`."""
        return self.name.lower()


class Vantage(StrEnum):
    """What a target is, seen from where the scan runs."""

    INTERNET = "internet"
    PARTNER = "partner"
    INTERNAL = "internal"


class Reason(StrEnum):
    """Why something is not known. Every endpoint and ask ends as seen or as a gap with one of these."""

    TIMEOUT = "timeout"                      # no answer in time
    REFUSED = "refused"                      # the port is closed: an answer, counted as coverage
    UNREACHABLE = "unreachable"              # the network said that there is no way
    RESET = "reset"                          # cut off by the other side
    TLS = "tls"                              # no TLS handshake, and nothing in clear
    CLIENT_CERTIFICATE = "client-certificate"
    PROTOCOL = "protocol"                    # what came is not the protocol asked for
    OUT_OF_SCOPE = "out-of-scope"            # met on the way; not contacted
    NAME = "name"                            # a name that does not resolve
    LOGIN = "login"                          # wants a login
    FORBIDDEN = "forbidden"                  # says no
    SERVER_ERROR = "server-error"            # 5xx: the folder is unknown, not closed
    SLOW_DOWN = "slow-down"                  # 429 or 503 until patience ended
    NOT_A_LISTING = "not-a-listing"
    REFUSED_BODY = "refused-body"            # the answer was not a listing's: at most 1 KiB of it was read
    CUT = "cut"                              # a budget ended it: counts are "at least"
    LOOP = "loop"                            # the same content again, below itself
    NOT_TRIED = "not-tried"                  # known, but left out by a budget
    EXCLUDED = "excluded"
    INTERRUPTED = "interrupted"              # left over: the scan ended first
    LOCAL_FAULT = "local-fault"              # this machine's fault, never the target's
    INTERNAL_ERROR = "internal-error"        # a probe broke inside


class Asked(StrEnum):
    """Why a path is asked for. Shown by `plan` and in the evidence."""

    CONTROL = "control"
    ROOT = "root"
    TARGET = "target"                        # the path that the owner wrote
    LINK = "link"
    ROBOTS = "robots"
    SITEMAP = "sitemap"
    SIGNATURE = "signature"
    PRODUCT = "product"                      # another way to list, which an answer suggested


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
    hint: str | None = None                  # protocol that somebody guessed, such as nmap

    @property
    def authority(self) -> str:
        """`host:port` as it stands in a URL."""
        name = self.host or (f"[{self.address}]" if self.address.version == 6 else str(self.address))
        return f"{name}:{self.port}"

    def url(self, path: str = "/") -> str:
        """The URL of an already quoted `path` at this door, port always written."""
        return f"{'https' if self.tls else 'http'}://{self.authority}{path}"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What is *not* known, and why."""

    addresses: str                           # one address, or a range as text
    ports: str
    probe: str
    reason: Reason
    detail: str = ""
    count: int = 1


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """ENISA: SE = DPC × EI + CB, with the words and facts each came from."""

    dpc: float                               # data processing context, 0 to 4
    ei: float                                # ease of identification, 0 to 1
    cb: float                                # circumstances of the breach
    because: tuple[str, ...]

    @property
    def score(self) -> float:
        """The severity SE."""
        return round(self.dpc * self.ei + self.cb, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a store that scores apart."""

    path: str                                # masked common ancestor
    score: float
    severity: Severity
    factors: Factors
    files: int
    people: tuple[People, ...] = ()


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
    overall_score: float
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

    def __post_init__(self) -> None:
        if not self.doors or not self.evidence:
            raise ValueError("a finding needs a door and evidence")


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
