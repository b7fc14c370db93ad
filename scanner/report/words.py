"""The plain words of a report: levels, reasons, numbers. No sentence about a single finding stands here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scanner.model import Doorway, Gap, Reason, Severity, Store, Vantage

VANTAGES = {                                 # where the scan stood -> whom a store lies open to
    Vantage.INTERNET: "anyone on the internet",
    Vantage.PARTNER: "anyone on the partner network",
    Vantage.INTERNAL: "anyone on the internal network",
}

URGENCY = {"stop-now": "Stop now", "today": "Today", "this-week": "This week", "plan": "Plan"}

IDENTIFIERS = {                              # kind of identifier -> the word for one
    "phone": "telephone number",
    "email": "mail address",
    "cpr": "CPR number",
    "ssn": "social security number",
}

TAGS = {                                     # tag -> what it means to a reader
    "live": "still growing",
    "rolling-window": "only the last days are shown, and it may have been open for longer than is visible",
    "http-on-tls-port": "plain HTTP on a port meant for TLS",
    "plain-http": "plain HTTP: whoever is on the way can read along",
    "writable-advertised": "the server says that it takes writing",
    "catch-all": "the server answers every path alike",
    "at-least": "counts are at least",
    "several-doors": "open behind several doors",
    "many-people": "likely more people than the method calls many",
    "prod-data-in-test": "data of people in a place for tests or copies",
    "already-abused": "signs of ransom: treat the machine as broken into",
    "unintelligible": "most of it is encrypted, and no key was seen beside it",
    "shared-hosting": "shared hosting: the owner of the name may not speak for the address",
}

REASONS: dict[str, tuple[str, str]] = {       # reason -> (short, what it means for the reader)
    Reason.TIMEOUT: ("No answer in time", "Nobody answered. There may be nothing, or something slow or filtered."),
    Reason.REFUSED: ("Port closed", "The machine answered that nothing listens there."),
    Reason.UNREACHABLE: ("No way there", "The network said that the address cannot be reached from here."),
    Reason.RESET: ("Cut off", "The other side broke the connection. What lies there is unknown."),
    Reason.TLS: ("No TLS", "Neither a TLS handshake nor plain text led anywhere."),
    Reason.CLIENT_CERTIFICATE: ("Wants a client certificate", "Closed to strangers, as far as could be seen."),
    Reason.PROTOCOL: ("Not understood", "What came back is not the protocol that was asked for."),
    Reason.NOT_THIS_PROTOCOL: ("Another protocol", "What answers is neither what the port is for nor known here."),
    Reason.RECOGNISED: ("Recognised", "A service that lists no files. It was named by what it says and left alone."),
    Reason.OUT_OF_SCOPE: ("Out of scope", "Met on the way, not permitted, not contacted."),
    Reason.NAME: ("Name without address", "The name did not resolve."),
    Reason.LOGIN: ("Wants a login", "Asks for a password. No password was tried."),
    Reason.FORBIDDEN: ("Says no", "The server refuses to show this folder to a stranger."),
    Reason.SERVER_ERROR: ("Server error", "The server failed to answer. The folder is unknown, not closed."),
    Reason.SLOW_DOWN: ("Asked to slow down", "The server wanted fewer requests until patience ended."),
    Reason.NOT_A_LISTING: ("Not a listing", "Something answers here that is no list of files."),
    Reason.REFUSED_BODY: ("Answer refused", "The answer was not a listing and was broken off, at most 1 KiB read."),
    Reason.CUT: ("Stopped at a limit", "A limit ended the count: the figures are lower bounds."),
    Reason.LOOP: ("Goes in circles", "The same content again below itself."),
    Reason.NOT_TRIED: ("Not tried", "Ports, or places where something might lie: left out by a limit on requests."),
    Reason.EXCLUDED: ("Excluded", "Left out because the scope says so."),
    Reason.INTERRUPTED: ("Left over", "The scan ended first. Run the same command again to go on."),
    Reason.LOCAL_FAULT: ("Fault on our side", "The scanning machine ran out of something; it is not the target's."),
    Reason.INTERNAL_ERROR: ("Fault in the tool", "A probe broke. What lies there is unknown."),
}  # fmt: skip

ANSWERS: frozenset[str] = frozenset(
    {
        Reason.REFUSED, Reason.NOT_A_LISTING, Reason.REFUSED_BODY, Reason.FORBIDDEN, Reason.LOGIN,
        Reason.CLIENT_CERTIFICATE, Reason.LOOP, Reason.RECOGNISED,
    }
)  # fmt: skip
"""Reasons that answer the question: no list of files for a stranger, or none that is new. All others leave it open."""


def more(doors: Sequence[Doorway]) -> str:
    """`and 4 more doors: ftp, smb`; of one protocol without its name; empty where there is one door."""
    further = len(doors) - 1
    if further < 1:
        return ""
    protocols = dict.fromkeys(door.protocol for door in doors)
    named = f": {', '.join(dict.fromkeys(door.protocol for door in doors[1:]))}" if len(protocols) > 1 else ""
    return f"and {count(further, 'more door')}{named}"


def severity(level: Severity) -> str:
    """`very high`: the word for a reader."""
    return level.label.replace("-", " ")


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 file`, `2,700,000 files`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def hours(number: float) -> str:
    """`170,000 hours`, `40 minutes`: as exact as an estimate deserves, two digits of an hour at most."""
    if number < 1:
        return count(max(1, round(number * 60)) if number else 0, "minute")
    return f"{number:,.1f} hours" if number < 10 and number % 1 else count(round(number), "hour")


def size(number: int) -> str:
    """`1.2 TB`: decimal units, as disks are sold."""
    value = float(number)
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if value < 999.5 or unit == "TB":
            break
        value /= 1000
    if unit == "bytes":
        return count(number, "byte")
    return f"{value:,.1f} {unit}" if value < 99.95 else f"{value:,.0f} {unit}"


def identifier(kind: str) -> str:
    """`telephone number`; a kind without a word of its own stands as it is."""
    return IDENTIFIERS.get(kind, kind)


def people(kind: str, number: int) -> str:
    """`41,000 telephone numbers`."""
    one = identifier(kind)
    return count(number, one, f"{one}es" if one.endswith("s") else f"{one}s")


def span(store: Store) -> str:
    """`2013-04-12 to 2019-02-18`; one day stands alone; empty where no date was shown."""
    return between(store.first, store.last)


def between(first: str | None, last: str | None) -> str:
    """`2013-04-12 to 2019-02-18`; one day stands alone; empty where there is none."""
    return " to ".join(sorted({day for day in (first, last) if day}))


def in_clear(gap: Gap) -> bool:
    """Whether it is a login that takes its password in clear."""
    return gap.reason is Reason.LOGIN and any(said in gap.detail for said in ("in clear", "over plain HTTP")) and \
        "not sent in clear" not in gap.detail


def open_questions(gaps: Mapping[str, int]) -> int:
    """How many questions are left open: gaps whose reason is no answer."""
    return sum(number for reason, number in gaps.items() if reason not in ANSWERS)


def moment(text: str | None) -> str:
    """`2026-11-21 20:00 UTC`; what is not written that way stands as it is; empty where there is none."""
    if text is None:
        return ""
    return f"{text[:10]} {text[11:16]} UTC" if len(text) == len("2026-11-21T20:00:00Z") and text[-1] == "Z" else text
