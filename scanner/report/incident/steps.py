"""What to do at once, in the order in which it keeps most: first the logs, then the door, then what it opened."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.model import Doorway, Finding, Report
from scanner.report.incident import clocks, file_logs, logs, meaning
from scanner.report.incident.form import Blank, Block, Cell, Commands, Facts, Machine, Points, Section, Words, machines

DOORS = 10                                   # doors that commands are written for
_KEEP = (
    "Before changing anything, copy the logs of each server, rotated ones and those of proxies in front too, to a "
    "place where nothing overwrites them: they alone tell who was here. Note who copied them, and when."
)
_CLOSE = (
    "Close the way in at the firewall or the service, for every door listed below: the name, the bare address and "
    "every port."
)
_MOVE = (
    "Switch off the listing and move the files out of the served folder as well: a file stays reachable by its address "
    "and by every other door after the list is gone."
)
_CHANGE_KEYS = (
    "Keys, passwords or source code were listed: change every key and password that they may hold, and look for their "
    "use since the first day that logs reach back to."
)
_NOTE = (
    "behind a translated address the server has seen another one: then leave out by the User-Agent and the time. Logs "
    "in another form need other patterns; earlier scans may have had other addresses"
)
_KEPT_LITTLE = (
    "FTP and rsync servers write down what was fetched where they were told to; Samba, Windows and NFS servers keep no "
    "log of reads by default: silence there proves nothing"
)
_NOTE_FILES = (
    "behind a translated address the server has seen another one: then leave out by the time. Logs in another form "
    "need other patterns; earlier scans may have had other addresses"
)


def steps(finding: Finding) -> Section:
    """Stop-now steps, then what the report says for this server and these files."""
    own: list[Block] = [Words("For this server and these files:"), Points(finding.remedy)] if finding.remedy else []
    return Section("What to do now", (Points(tuple(_steps(finding)), numbered=True), *own))


def _steps(finding: Finding) -> Iterator[str]:
    yield _KEEP
    yield _CLOSE
    yield _MOVE
    if meaning.opens_more(finding):
        yield _CHANGE_KEYS
    if "writable-advertised" in finding.tags:
        yield "The server says that it takes writing: compare the files with a copy that is known to be good."
    if "ransom" in finding.store.kinds or "already-abused" in finding.tags:
        yield "Others have left their traces there: treat the machine as taken over, and keep it for the examiners."
    yield "Ask search engines and archives to forget what they copied, once the door is closed."
    yield "Ask processor, sub-processor and hosting who else holds a copy, and since when the folder was open."


def evidence(finding: Finding, report: Report) -> Section:
    """Where to look in logs for others, and how to leave the scan out."""
    doors = finding.doors[:DOORS]
    lines = (*logs.commands(doors, report), *file_logs.commands(doors, report))
    blocks = [Facts(tuple(_search(finding, report)))]
    return Section("Who else was here: the servers' logs", (*blocks, *([Commands(lines)] if lines else [])))


def _search(finding: Finding, report: Report) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    yield "Address prefixes", machines(tuple(dict.fromkeys(door.url for door in finding.doors[:DOORS])))
    web = any(map(_is_web, finding.doors))
    if any((logs.prefix if _is_web(door) else file_logs.folder)(door) is None for door in finding.doors[:DOORS]):
        yield "Masked", ("where a prefix holds •, take the folder's real name from the server itself",)
    if web:
        yield "Methods", ("GET and HEAD fetch files; PROPFIND, POST and OPTIONS may list or ask",)
    if not all(map(_is_web, finding.doors)):
        yield "Logs of file servers", (_KEPT_LITTLE,)
    yield "From", ("as far back as logs reach: the dates of the files do not say since when the door was open",)
    yield "Until", ("the moment in which the door was closed",)
    yield "First seen by a scan", (clocks.said(clocks.detected(finding)),)
    began, ended = (clocks.said(clocks.moment(text)) for text in (report.scan.started, report.scan.finished))
    yield "The scan, to subtract", (f"{began} to {ended}",)
    yield "Its addresses", machines(report.conduct.source_addresses) or (Blank("not recorded"),)
    if web:
        yield "Its User-Agent", (Machine(report.scan.user_agent) if report.scan.user_agent else Blank("not recorded"),)
    yield "Note", (_NOTE if web else _NOTE_FILES,)


def _is_web(door: Doorway) -> bool:
    return door.url.startswith(("http://", "https://"))
