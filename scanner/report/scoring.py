"""A scan held against the truth, server by server: shown to strangers or not, and every entry. Pure; prints nothing.

A store belongs to a server where one of its doors has that address and port. Its root is the truth's path, or lies
above it: then the entries directly below the path are those compared. Doors that are several say themselves what their
roots show, so that no door is judged by another's listing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import unquote_to_bytes

from scanner.errors import UsageError
from scanner.model import Coverage, Doorway, Finding, Report
from scanner.model.octets import octets
from scanner.report import entries
from scanner.report.show import show
from scanner.report.truth import Server, authority

MASK = re.compile("•+|…$")

SHARES = frozenset({"smb", "nfs", "rsync"})      # protocols whose root holds nothing but shares, exports or modules


class Verdict(StrEnum):
    """What became of one server."""

    RIGHT = "ok"
    MISSED = "MISSED"
    ALARM = "FALSE ALARM"
    DIFFERS = "entries differ"
    SILENT = "NO ANSWER"                     # it was to be scanned, and did not answer
    NOT_SCANNED = "not scanned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One server's score. Names are as they stand in `entries`."""

    server: Server
    verdict: Verdict
    matched: int = 0                         # entries that are true
    missing: tuple[str, ...] = ()            # true, and not found
    beyond: tuple[str, ...] = ()             # found, and not true
    mistyped: tuple[str, ...] = ()           # a file found as a directory, or the other way round

    @property
    def precision(self) -> float:
        """Share of what was found that is true; 1 where nothing was found."""
        return _share(self.matched, len(self.beyond))

    @property
    def recall(self) -> float:
        """Share of what is true that was found; 1 where nothing is true."""
        return _share(self.matched, len(self.missing))


@dataclass(frozen=True, slots=True)
class Score:
    """All servers, in the order of the truth file."""

    servers: tuple[Scored, ...]

    @property
    def judged(self) -> list[Scored]:
        """All that were scanned."""
        return [one for one in self.servers if one.verdict is not Verdict.NOT_SCANNED]

    @property
    def right(self) -> int:
        """Servers of which all is true."""
        return sum(one.verdict is Verdict.RIGHT for one in self.judged)

    @property
    def precision(self) -> float:
        """Over all entries of all servers."""
        return _share(self._matched, sum(len(one.beyond) for one in self.judged))

    @property
    def recall(self) -> float:
        """Over all entries of all servers."""
        return _share(self._matched, sum(len(one.missing) for one in self.judged))

    @property
    def _matched(self) -> int:
        return sum(one.matched for one in self.judged)


def _share(right: int, wrong: int) -> float:
    return right / (right + wrong) if right + wrong else 1.0


def score(report: Report, truth: Sequence[Server], protocols: Iterable[str]) -> Score:
    """Every server of the truth, judged. `protocols`: those that were asked; servers of others are not judged.

    Raises UsageError where the truth has entries and the scan was made without showing names.
    """
    asked = frozenset(protocols)
    if report.scan.show_names_reason is None and any(one.entries and one.protocol in asked for one in truth):
        raise UsageError("the scan shows no names, so entries cannot be scored; scan again with --show-names REASON")
    doors = _doors(report.findings)
    return Score(tuple(_scored(server, doors.get(server.port, ()), report.coverage, asked) for server in truth))


@dataclass(frozen=True, slots=True)
class _Shown:
    """A store as one door shows it."""

    door: Doorway
    root: str                                # as `entries` has paths, masked
    of_root: tuple[str, ...]
    all: tuple[str, ...]


def _doors(findings: Iterable[Finding]) -> Mapping[int, list[_Shown]]:
    doors: dict[int, list[_Shown]] = {}
    for finding in findings:
        whole = finding.store.entries or ()
        for door in finding.doors:
            root = _root(door.url)
            own = whole if door.entries is None else door.entries
            doors.setdefault(door.port, []).append(_Shown(door, root, own, whole))
    return doors


def _root(url: str) -> str:
    """The path of a door as `entries` has paths."""
    scheme, _, rest = url.partition("://")
    if not (scheme and rest):
        raise UsageError(f"the door {show(url)} is no URL; scan again with -o SCAN.json")
    return entries.path(unquote_to_bytes(octets("/" + rest.partition("/")[2])))


def _scored(server: Server, doors: Iterable[_Shown], coverage: Coverage, asked: frozenset[str]) -> Scored:
    reached = server.protocol in asked and _reached(server, coverage)
    if not reached:
        return Scored(server=server, verdict=Verdict.NOT_SCANNED if reached is not None else Verdict.SILENT)
    found = _found(server, [shown for shown in doors if server.host in (shown.door.address, shown.door.host)])
    if not server.exposed:
        names = sorted(_texts(found)) if found is not None else []
        return Scored(server=server, verdict=Verdict.RIGHT if found is None else Verdict.ALARM, beyond=tuple(names))
    return _compared(server, found)


def _reached(server: Server, coverage: Coverage) -> bool | None:
    """Whether the scan went there; None: it did, and nobody answered. A target of many addresses may hold any."""
    places = [(authority(target.what), target.answered) for target in coverage.targets]
    answers = [answered for place, answered in places if place == (server.host, server.port)]
    if not answers:
        return any(place is None for place, _ in places)
    return True if any(answers) else None


def _found(server: Server, shown: Sequence[_Shown]) -> set[tuple[str, str]] | None:
    """(relative path, type) of what is shown at the server's path; None: nothing is shown there.

    Of a store that begins above the path there must be a trace of the path itself. One that begins below the path is
    not what lies at the path, but at a closed server it is too much.
    """
    found: set[tuple[str, str]] | None = None
    if server.protocol in SHARES and server.path == "/":
        wholes = [_below(one.all if server.flat else one.of_root, _share_of(server, one)) for one in shown]
        return {entry for whole in wholes for entry in whole} if shown else None
    for one in shown:
        if _same(one.root, server.path):
            found = (found or set()) | set(_below(one.all if server.flat else one.of_root, server))
        elif _begins(one.root, server.path) and any(entry.startswith(server.path) for entry in one.all):
            found = (found or set()) | set(_below(one.all, server))
        elif not server.exposed and _begins(server.path, one.root):
            found = found or {(one.root[1:-1], "directory")}
    return found


def _share_of(server: Server, shown: _Shown) -> Server:
    """The server with the share for its path, as its entries spell it: a truth names what lies in shares, not them."""
    depth = shown.root.count("/")
    first = next(iter(shown.of_root), shown.root)
    return replace(server, path="".join(f"{segment}/" for segment in first.split("/")[:depth]))


def _same(masked: str, path: str) -> bool:
    """Whether a root, of which segments may be masked, is this path."""
    pieces = [re.escape(piece) for piece in MASK.split(masked)]
    return re.fullmatch("[^/]*".join(pieces), path) is not None


def _begins(upper: str, lower: str) -> bool:
    """Whether the path `lower` lies below `upper`; either may be masked."""
    depth = upper.count("/")
    above = "".join(f"{segment}/" for segment in lower.split("/")[:depth])
    return lower.count("/") > depth and (_same(upper, above) or _same(above, upper))


def _below(paths: Iterable[str], server: Server) -> Iterator[tuple[str, str]]:
    """Entries directly below the server's path; of flat names, files at any depth."""
    for entry in paths:
        rest = entry.removeprefix(server.path)
        name, kind = rest.rstrip("/"), "directory" if rest.endswith("/") else "file"
        inside = entry.startswith(server.path) and name != ""
        if inside and (kind == "file" if server.flat else "/" not in name):
            yield name, kind


def _compared(server: Server, found: set[tuple[str, str]] | None) -> Scored:
    true = server.entries or {}
    if found is None:
        missing = tuple(sorted(map(_text, true)))
        return Scored(server=server, verdict=Verdict.MISSED, missing=missing)
    if server.entries is None:
        return Scored(server=server, verdict=Verdict.RIGHT)
    kinds: dict[bytes, list[str]] = {}
    for name, kind in sorted(found):
        kinds.setdefault(entries.read(name), []).append(kind)
    missing = tuple(sorted(_text(name) for name in true if name not in kinds))
    beyond = tuple(sorted(_text(name) for name in kinds if name not in true))
    wrong = tuple(sorted(_text(name) for name, kind in true.items() if name in kinds and not _is(kind, kinds[name])))
    verdict = Verdict.DIFFERS if missing or beyond or wrong else Verdict.RIGHT
    return Scored(server=server, verdict=verdict, matched=len(true) - len(missing), missing=missing, beyond=beyond,
                  mistyped=wrong)


def _is(kind: str, found: Sequence[str]) -> bool:
    """Whether a name was found once, and as what it is."""
    return len(found) == 1 and kind in ("", found[0])


def _text(name: bytes) -> str:
    return entries.path(name)


def _texts(found: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (name + "/" * (kind == "directory") for name, kind in found)
