"""Findings: one for every store, with its parts, tags, evidence and what to do, worst first. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import log10

from scanner.assess.joining import canonical, joined
from scanner.assess.score import VOICE, Circumstances, Class, factors, is_recorded
from scanner.assess.words import at_store, remedies, title
from scanner.census import Census, PeopleCount, StoreSeen
from scanner.filenames import mask_quoted
from scanner.model import (
    Certainty,
    DoorSeen,
    Doorway,
    Evidence,
    Factors,
    Finding,
    Part,
    People,
    Severity,
    Store,
    Tally,
)
from scanner.signature import Knowledge

CONTENT_NETWORK = "access/content-network"
OFFERS_WRITING = frozenset({"access/http-write", "access/upload-form"})
LIVE_SECONDS = 48 * 3600
"""A store whose newest file is younger than this, by the server's own clock, is live."""


def findings(stores: Sequence[StoreSeen], knowledge: Knowledge) -> tuple[Finding, ...]:
    """Every store as a finding, worst first."""
    return tuple(sorted((_finding(store, knowledge) for store in joined(stores)), key=_rank))


def _rank(finding: Finding) -> tuple[object, ...]:
    """Level, certainty, number of people-bearing files, live, span, ease of reach; then the id, to settle it."""
    bearing = sum(people.files for people in finding.store.people)
    span = (finding.store.first or "9", finding.store.last or "")
    return (-finding.score, -finding.confidence, -round(log10(bearing + 1), 3), not finding.store.live,
            -_days(finding.store.first, finding.store.last), min(door.port for door in finding.doors), span, finding.id)


def _finding(store: StoreSeen, knowledge: Knowledge) -> Finding:
    census, first = store.census, store.doors[0]
    around = _circumstances(store, knowledge)
    parts = _parts(census, around, knowledge)
    overall = factors(_overall(census), around, knowledge)
    worst = max([overall, *(part.factors for part in parts)], key=lambda one: one.score)
    personal = worst.dpc > 0
    level = knowledge.score.levels.level(worst.score, personal=personal)
    return Finding(
        id=_id(first), title=title(census, personal=personal), severity=level,
        score=worst.score if personal else overall.score, confidence=_confidence(census), factors=worst,
        overall_score=overall.score, parts=parts, vantage=first.setting.vantage,
        tags=_tags(store, knowledge), urgency=_urgency(worst.score, level, knowledge), status="new",
        doors=tuple(_doorway(door) for door in store.doors), store=_store(store),
        signatures=_signatures(store), evidence=_evidence(store), owner=first.setting.owner,
        **remedies(store, knowledge))


def _signatures(store: StoreSeen) -> tuple[str, ...]:
    of_doors = [name for door in store.doors for name in door.signatures]
    return tuple(dict.fromkeys([*of_doors, *sorted(store.census.signatures)]))


def _circumstances(store: StoreSeen, knowledge: Knowledge) -> Circumstances:
    census = store.census
    return Circumstances(
        setting=store.doors[0].setting, words=at_store(store, knowledge), files=census.files, days=_span(census),
        write=any(_offers_writing(door) for door in store.doors))


def _overall(census: Census) -> Class:
    """The class that most of the files belong to which may be personal at all."""
    kinds: dict[str, int] = {}
    for key, part in census.parts.items():
        kinds[key.kind] = kinds.get(key.kind, 0) + part.files
    kind = max(kinds, key=lambda name: (name in VOICE, kinds[name], name), default="other")
    of_kind = {key: part.files for key, part in census.parts.items() if key.kind == kind}
    most = max(of_kind, key=lambda key: (of_kind[key], key.identifier or ""), default=None)
    carried = most.identifier if most and of_kind[most] * 2 > sum(of_kind.values()) else None
    recorded = kind in VOICE and any(is_recorded(key) for key in of_kind)
    return Class(kind=kind, identifier=carried or None, files=kinds.get(kind, 0), recordings=recorded)


def _parts(census: Census, around: Circumstances, knowledge: Knowledge) -> tuple[Part, ...]:
    parts = []
    for key, part in census.parts.items():
        what = Class(kind=key.kind, identifier=key.identifier or None, files=part.files,
                     recordings=key.kind in VOICE and is_recorded(key))
        score = factors(what, around, knowledge)
        if score.dpc > 0:
            level = knowledge.score.levels.level(score.score)
            parts.append(Part(path=part.folder, score=score.score, severity=level, factors=score, files=part.files,
                              people=people(part.people)))
    return tuple(sorted(parts, key=lambda part: (-part.score, -part.files, part.path)))


def _confidence(census: Census) -> Certainty:
    """Doors and counts are certain; what the names mean is as sure as the best of its signs."""
    doubtful = [key.certainty for key in census.parts if key.identifier or key.kind in VOICE]
    return max(doubtful, default=Certainty.CERTAIN)


def _tags(store: StoreSeen, knowledge: Knowledge) -> tuple[str, ...]:
    many = knowledge.score.many_people
    tags = [
        ("live", _live(store)),
        ("http-on-tls-port", any(door.facts.get("http.on-tls-port") for door in store.doors)),
        ("plain-http", any(door.protocol == "http" and not door.endpoint.tls for door in store.doors)),
        ("writable-advertised", any(_offers_writing(door) for door in store.doors)),
        ("shared-hosting", any(CONTENT_NETWORK in door.signatures for door in store.doors)),
        ("catch-all", any(door.facts.get("http.catch-all") for door in store.doors)),
        ("at-least", bool(store.census.cut_by)),
        ("several-doors", len(store.doors) > 1),
        ("many-people", any(people.distinct > many for people in store.census.people.values())),
    ]
    return tuple(tag for tag, holds in tags if holds)


def _live(store: StoreSeen) -> bool:
    """By the server's own clock where it tells it, else by ours at that moment."""
    if store.census.last is None:
        return False
    clocks = [(door.server_time or door.seen_at).timestamp() for door in store.doors]
    return any(-LIVE_SECONDS <= clock - store.census.last <= LIVE_SECONDS for clock in clocks)


def _offers_writing(door: DoorSeen) -> bool:
    """Advertised only: nothing was tried."""
    return not OFFERS_WRITING.isdisjoint(door.signatures)


def _urgency(score: float, level: Severity, knowledge: Knowledge) -> str:
    table = knowledge.score.urgency
    if level is Severity.INFO:
        return "plan"
    steps = ((table.stop_now, "stop-now"), (table.today, "today"), (table.this_week, "this-week"))
    return next((word for least, word in steps if score >= least), "plan")


def _store(store: StoreSeen) -> Store:
    census = store.census
    return Store(
        files=census.files, directories=census.directories, bytes=census.bytes, bytes_exact=census.bytes_exact,
        complete=not census.cut_by, cut_by=", ".join(sorted(census.cut_by)) or None,
        first=_day(census.first), last=_day(census.last), live=_live(store),
        kinds={kind: Tally(files=count[0], bytes=count[1]) for kind, count in sorted(census.kinds.items())},
        hours=census.hours, people=people(census.people), entries_sample=tuple(census.sample))


def people(counts: Mapping[str, PeopleCount]) -> tuple[People, ...]:
    """Identifiers seen in names, most files first."""
    seen = [People(kind=kind, files=count.files, distinct=count.distinct, certainty=count.certainty,
                   example=next(iter(count.examples), ""))
            for kind, count in counts.items()]
    return tuple(sorted(seen, key=lambda one: (-one.files, one.kind)))


def _evidence(store: StoreSeen) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(evidence for door in store.doors for evidence in door.evidence))


def _doorway(door: DoorSeen) -> Doorway:
    there = door.endpoint
    return Doorway(
        protocol=door.protocol, host=there.host, address=str(there.address), port=there.port, tls=bool(there.tls),
        url=there.url(mask_quoted(door.root)), access=door.access,
        product=door.facts.get("product") or door.facts.get("http.server"),
        target=door.target)


def _id(door: DoorSeen) -> str:
    """Stable between scans: the canonical door and the masked root."""
    there = door.endpoint
    text = f"{door.protocol}|{there.host or there.address}|{there.port}|{mask_quoted(door.root)}"
    return "v1:" + hashlib.sha256(text.encode()).hexdigest()[:20]


def _day(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")


def _span(census: Census) -> int:
    return 0 if census.first is None or census.last is None else (census.last - census.first) // 86400


def _days(first: str | None, last: str | None) -> int:
    return 0 if not first or not last else (datetime.fromisoformat(last) - datetime.fromisoformat(first)).days


__all__ = ["LIVE_SECONDS", "Factors", "canonical", "findings"]
