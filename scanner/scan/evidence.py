"""Evidence: what convinces a reader that a page is a list of files for strangers. Words of facts; names are masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import unquote

from scanner.census import Census
from scanner.census.verdict import decoded
from scanner.filenames import mask, mask_file
from scanner.model import Ask, Asked, Endpoint, Evidence, Observation
from scanner.scan.answer import Answer
from scanner.scan.taking import QUOTED

_DEEPER = "listed in a folder of it"
_ROW = 300                               # characters of a row that are quoted
_DIALECTS = {
    "pre": "preformatted text", "table": "a table", "list": "a list", "links": "links", "json": "JSON", "xml": "XML",
    "text": "plain text", "multistatus": "WebDAV responses", "didl": "media objects",
}
_BESIDE = {
    "listing.strays": "{} more names lead elsewhere: not followed",
    "dlna.views": "{} more folders show the same items in another order: not walked",
}
_WRITING = ("PUT", "PATCH", "DELETE", "MKCOL", "MOVE", "PROPPATCH", "LOCK")
_WAYS = {
    "hostless": "without a host name", "dav": "by PROPFIND (WebDAV)", "s3": "as a bucket (S3)",
    "s3-host": "as the bucket that the host is (S3)", "gcs": "as a bucket (Google Cloud Storage)",
    "azure": "as a container (Azure Blob Storage)", "swift": "as a container (OpenStack Swift)",
    "dlna": "by Browse (UPnP)",
}
_WHY = {
    Asked.ROOT: "the root", Asked.TARGET: "a path that the scope wrote", Asked.LINK: "linked",
    Asked.ROBOTS: "named in robots.txt", Asked.SITEMAP: "named in sitemap.xml",
    Asked.SHARE: "named by the server itself",
    Asked.SIGNATURE: "a directory that signatures name", Asked.PRODUCT: "suggested by an answer",
}


def of_listing(seen: Observation, ask: Ask, census: Census, names: Sequence[str]) -> tuple[Evidence, ...]:
    """The page with its count and the `names` (masked), the shape of its rows, and the control's answer."""
    url, facts = masked_url(seen.endpoint, ask.path), seen.facts
    how = facts.get("door.how") or f"status {facts.get('http.status', '?')}"
    asked = f"{how}, {_WHY.get(ask.reason, ask.reason.value)}"
    page = f"{counted(census)} listed without a key ({asked}{way(ask.way)})"
    shown = [Evidence(url=url, fact=page, excerpt="; ".join(names))]
    if shape := rows(facts):
        shown.append(Evidence(url=url, fact=shape, excerpt=mask(facts.get("listing.row", ""))[:_ROW]))
    if control := facts.get("http.control"):
        url_of_root = seen.endpoint.url("/")
        shown.append(Evidence(url=url_of_root, fact=f"a random directory was answered with status {control}"))
    shown += [Evidence(url=url, fact=text) for text in beside(facts)]
    if facts.get("http.on-tls-port"):
        text = f"port {seen.endpoint.port} is meant for TLS; it speaks plain HTTP"
        shown.append(Evidence(url=url, fact=text))
    return tuple(shown)


def deeper(known: Sequence[Evidence], got: Answer, regions: tuple[str, ...]) -> tuple[Evidence, ...] | None:
    """With the first names of a folder, where nothing that is known quotes any; None where that is not so."""
    if known[0].excerpt or known[-1].fact.endswith(_DEEPER) or got.seen is None or got.census is None:
        return None
    names = quoted(got, regions)
    url = masked_url(got.seen.endpoint, got.ask.path)
    return (*known, Evidence(url=url, fact=f"{counted(got.census)} {_DEEPER}", excerpt="; ".join(names))
            ) if names else None


def rows(facts: Mapping[str, str]) -> str:
    """The shape that decided: `each row of a table holds name, date and size`."""
    if not (facts.get("listing.dialect") or facts.get("listing.columns") or facts.get("listing.row")):
        return ""
    dialect = facts.get("listing.dialect", "")
    made_of = _DIALECTS.get(dialect, mask(dialect)[:40] or "the answer")
    columns = [column for column in facts.get("listing.columns", "name").split(",") if column] or ["name"]
    held = columns[0] if len(columns) == 1 else f"{', '.join(columns[:-1])} and {columns[-1]}"
    many = facts.get("listing.rows", "")
    count = f", {int(many):,} rows" if many.isdecimal() and len(many) < 12 else ""
    return f"rows of one shape: {made_of} with {mask(held)[:80]} in each{count}"


def beside(facts: Mapping[str, str]) -> list[str]:
    """What is said beside the rows: what leads elsewhere, and which writing is advertised."""
    said = [text.format(count) for fact, text in _BESIDE.items() if (count := facts.get(fact, "")).isdecimal()]
    advertised = set(facts.get("http.allow", "").replace(",", " ").upper().split())
    writing = ", ".join(verb for verb in _WRITING if verb in advertised)
    return [*said, f"writing is advertised ({writing}); it was not tried"] if writing else said


def way(name: str) -> str:
    """How it was asked, for a sentence; empty for a page."""
    if not name:
        return ""
    kind = name.partition(":")[0]
    return f", asked {_WAYS.get(kind, f'by the list endpoint of {kind}')}"


def quoted(got: Answer, regions: tuple[str, ...] = ()) -> list[str]:
    """Three names of a listing, masked; of different shapes, where it has them."""
    sample = got.census.sample if got.census is not None else ()
    return list(dict.fromkeys([*sample, *(mask_file(decoded(name), regions) for name in got.first)]))[:QUOTED]


def outcome(got: Answer) -> str:
    """What came of an ask, for whoever wants to know all."""
    if got.census is not None:
        cut = f", cut: {got.gap[1]}" if got.gap is not None else ""
        return f"a listing, {counted(got.census)}{cut}"
    if got.gap is not None:
        return f"{got.gap[0].value}: {got.gap[1]}"
    if got.seen is None:
        return "nothing"
    status = got.seen.facts.get("http.status")
    return f"status {status}" if status else f"no listing; {_number(len(got.asks), 'share')} named"


def counted(census: Census) -> str:
    """`3 files and 1 folder`."""
    return f"{_number(census.files, 'file')} and {_number(census.directories, 'folder')}"


def masked_url(there: Endpoint, path: str) -> str:
    """The URL of a directory, with the segments that identify people masked."""
    return there.url(mask(unquote(path, errors="replace")))


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
