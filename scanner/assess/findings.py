"""Findings: one for every store, with its parts, tags, evidence and what to do, worst first. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from scanner.assess.around import around
from scanner.assess.joining import canonical, joined
from scanner.assess.parts import Piece, parts, people, pieces, whole
from scanner.assess.ranking import rank, urgency
from scanner.assess.said import Said, of_store
from scanner.assess.tags import LIVE_SECONDS, evidence, live, tags
from scanner.assess.words import remedies, title
from scanner.census import Census, StoreSeen
from scanner.census.voices import told
from scanner.filenames import mask_quoted
from scanner.model import Certainty, DoorSeen, Doorway, Evidence, Factors, Finding, Store, Tally
from scanner.signature import Knowledge

LIKENESS = "why it looks like a recorder's"
_DAY = 86_400
_GREETED = frozenset({"ftp", "imap", "pop3"})
_VERSIONED = re.compile(r"[A-Za-z][\w.+-]*,?[ _/-]v?\d+(?:\.\d+)+")


def findings(stores: Sequence[StoreSeen], knowledge: Knowledge) -> tuple[Finding, ...]:
    """Every store as a finding, worst first."""
    found = [_finding(store, knowledge) for store in joined(stores)]
    return tuple(sorted(found, key=lambda finding: rank(finding, knowledge)))


def _finding(store: StoreSeen, knowledge: Knowledge) -> Finding:
    census, first = store.census, store.doors[0]
    said = of_store(store, knowledge)
    there = around(store, said, knowledge)
    found = pieces(census, there, knowledge)
    overall = whole(found, there, knowledge)
    worst = max([overall, *(piece.factors for piece in found if piece.personal)], key=lambda one: one.score)
    personal = worst.dpc > 0
    level = knowledge.score.levels.level(worst.score, personal=personal)
    held = tags(store, found, said, knowledge)
    return Finding(
        id=_id(first), title=title(census, knowledge, personal=personal), severity=level, score=worst.score,
        confidence=_confidence(found, worst), factors=worst, overall_score=overall.score, overall_factors=overall,
        parts=parts(found, knowledge), vantage=_widest(store, knowledge).setting.vantage,
        tags=tuple(tag.name for tag in held), urgency=urgency(worst.score, level, held, knowledge), status="new",
        doors=tuple(_doorway(door) for door in store.doors), store=_store(store, _listed(_words(store, said))),
        signatures=_signatures(store),
        evidence=tuple(dict.fromkeys([*_evidence(store), *evidence(store, held)])), owner=first.setting.owner,
        regions=tuple(dict.fromkeys(region for door in store.doors for region in door.setting.regions)),
        first_seen=_moment(min(door.seen_at for door in store.doors)),
        last_seen=_moment(max(door.seen_at for door in store.doors)), **remedies(store, knowledge))


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _signatures(store: StoreSeen) -> tuple[str, ...]:
    of_doors = [name for door in store.doors for name in door.signatures]
    return tuple(dict.fromkeys([*of_doors, *sorted(store.census.signatures)]))


def _confidence(found: Sequence[Piece], worst: Factors) -> Certainty:
    """How sure it is of the files that give the score. Doors and counts are certain."""
    deciding = [piece for piece in found if piece.personal and piece.factors.score >= worst.score]
    bearing = deciding or [piece for piece in found if piece.personal]
    return max((piece.key.certainty for piece in bearing), default=Certainty.CERTAIN)


def _widest(store: StoreSeen, knowledge: Knowledge) -> DoorSeen:
    """The door that most people can reach."""
    reach = knowledge.score.cb.vantage
    return max(store.doors, key=lambda door: reach[door.setting.vantage])


def _words(store: StoreSeen, said: Said) -> Mapping[str, frozenset[str]]:
    """Of doors, scope and paths."""
    listed = said.listed()
    return {group: listed.get(group, frozenset()) | store.census.words.get(group, frozenset())
            for group in {*listed, *store.census.words}}


def _store(store: StoreSeen, words: Mapping[str, tuple[str, ...]]) -> Store:
    census = store.census
    return Store(
        files=census.files, directories=census.directories, bytes=census.bytes, bytes_exact=census.bytes_exact,
        complete=not census.cut_by, cut_by=", ".join(sorted(census.cut_by)) or None,
        first=_day(census.first), last=_day(census.last), live=live(store),
        kinds={kind: Tally(files=count[0], bytes=count[1]) for kind, count in sorted(census.kinds.items())},
        hours=census.hours, people=people(census.people), entries_sample=tuple(census.sample),
        named_first=_day(census.named_first), named_last=_day(census.named_last), inflow=_inflow(census),
        empty_recordings=census.empty_recordings, columns=census.columns, words=words)


def _listed(words: Mapping[str, frozenset[str]]) -> dict[str, tuple[str, ...]]:
    """Word classes that have any word, each with its words in order."""
    return {group: tuple(sorted(seen)) for group, seen in sorted(words.items()) if seen}


def _inflow(census: Census) -> dict[str, int]:
    """Files by day, of the newest days that show any, the oldest of these first."""
    days = ((_day(day * _DAY), files) for day, files in sorted(census.days.items()))
    return {day: files for day, files in days if day is not None}


def _evidence(store: StoreSeen) -> tuple[Evidence, ...]:
    of_doors = dict.fromkeys(evidence for door in store.doors for evidence in door.evidence)
    first, why = store.doors[0], "; ".join(told(store.census.looks))
    likeness = [Evidence(url=first.endpoint.url(mask_quoted(first.root)), fact=LIKENESS, excerpt=why)] if why else []
    return (*of_doors, *likeness)


def _doorway(door: DoorSeen) -> Doorway:
    there = door.endpoint
    return Doorway(
        protocol=door.protocol, host=there.host, address=str(there.address), port=there.port, tls=bool(there.tls),
        url=there.url(mask_quoted(door.root)), access=door.access,
        product=door.facts.get("product") or door.facts.get("http.server") or _software(door),
        target=door.target, how=door.facts.get("door.how"))


def _software(door: DoorSeen) -> str | None:
    """What it calls itself, where that names a product with its version. A greeting may say anything."""
    said = door.facts.get("door.software", "")
    return said if door.protocol not in _GREETED and _VERSIONED.search(said) else None


def _id(door: DoorSeen) -> str:
    """Stable between scans: the canonical door and the masked root."""
    there = door.endpoint
    text = f"{door.protocol}|{there.host or there.address}|{there.port}|{mask_quoted(door.root)}"
    return "v1:" + hashlib.sha256(text.encode()).hexdigest()[:20]


def _day(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")


__all__ = ["LIKENESS", "LIVE_SECONDS", "canonical", "findings"]
