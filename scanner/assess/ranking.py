"""Which finding comes first, and how soon somebody should act. Pure.

By level and score, then by what makes one finding worse than another of the same score, in a fixed order.
"""

from __future__ import annotations

import re
from datetime import date
from math import log10
from urllib.parse import urlsplit

from scanner.assess.classes import OPENERS
from scanner.assess.tags import Tag
from scanner.model import Access, Doorway, Finding, Severity
from scanner.signature import Knowledge, Score

USUAL_PORTS = frozenset({80, 443, 21, 990, 139, 445, 2049, 873, 22, 110, 143, 993, 995})
_NEAR = 1                                    # folders below the root that anybody would guess
_STOP = frozenset({"writable-advertised", "already-abused"})
_VERSION = re.compile(r"^(?P<product>.*?)[ /](?P<version>\d+(?:\.\d+)*)")


def rank(finding: Finding, knowledge: Knowledge) -> tuple[object, ...]:
    """What findings are sorted by, the gravest first; the id settles what is left.

    Level, score, certainty, magnitude of the files of people, growing, time span, ease of reach, writing, keys and
    backups beside it, server software that nobody mends, an owner who is not known.
    """
    return (
        -finding.severity, -finding.score, -finding.confidence, -_magnitude(finding), not finding.store.live,
        -_days(finding), ease(finding, knowledge), "writable-advertised" not in finding.tags, -_openers(finding),
        not _unmended(finding, knowledge.score), finding.owner.controller is not None, finding.id)


def urgency(score: float, level: Severity, held: tuple[Tag, ...], knowledge: Knowledge) -> str:
    """Apart from severity: writing and signs of abuse cannot wait, whatever lies there."""
    if any(tag.name in _STOP for tag in held):
        return "stop-now"
    if level is Severity.INFO:
        return "plan"
    table = knowledge.score.urgency
    steps = ((table.stop_now, "stop-now"), (table.today, "today"), (table.this_week, "this-week"))
    return next((word for least, word in steps if score >= least), "plan")


def _magnitude(finding: Finding) -> float:
    """Tens of files that bear on people, to a tenth: a few more or less decide nothing."""
    return round(log10(1 + sum(part.files for part in finding.parts)), 1)


def _days(finding: Finding) -> int:
    """Days from the first to the last file."""
    first, last = finding.store.first, finding.store.last
    return (date.fromisoformat(last) - date.fromisoformat(first)).days if first and last else 0


def ease(finding: Finding, knowledge: Knowledge) -> tuple[int, bool]:
    """How easily a stranger gets there by the easiest door: 0 without a login on a usual port at a path that anybody
    guesses, 1 on an odd port, 2 at a deep path, 3 behind a login; then plain HTTP before TLS."""
    return min((_reach(door, knowledge), door.tls) for door in finding.doors)


def _reach(door: Doorway, knowledge: Knowledge) -> int:
    if door.access in (Access.LOGIN, Access.NONE):
        return 3
    path = urlsplit(door.url).path or "/"
    if path.strip("/").count("/") >= _NEAR and path not in knowledge.asks():
        return 2
    return 0 if door.port in USUAL_PORTS else 1


def _openers(finding: Finding) -> int:
    """Kinds of files beside it from which one step leads to more."""
    return len(OPENERS & finding.store.kinds.keys())


def _unmended(finding: Finding, score: Score) -> bool:
    """Whether a door says that it runs a series that its makers mend no more. Silence says nothing."""
    return any(_is_old(door.product or "", score) for door in finding.doors)


def _is_old(product: str, score: Score) -> bool:
    said = _VERSION.match(product.replace("-", " "))
    oldest = score.unsupported.get(said["product"]) if said else None
    if said is None or oldest is None:
        return False
    runs, mended = said["version"].split("."), oldest.split(".")
    told = min(len(runs), len(mended))       # a server that only says "Apache/2" may be any of that series
    return [int(part) for part in runs[:told]] < [int(part) for part in mended[:told]]
