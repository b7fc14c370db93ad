"""Doubts: what an answer that is no listing leaves unknown, and whether that is worth a gap. Pure.

"There is nothing here" is knowledge; so is a page, and a login. An error is neither.
"""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from scanner.model import Asked, Observation, Reason
from scanner.report.show import show
from scanner.scope import Scope

CLOSED = frozenset({Reason.LOGIN, Reason.FORBIDDEN, Reason.NOT_A_LISTING, Reason.OUT_OF_SCOPE})
"""A folder that ends so is not open: the store around it is complete without it."""

_STATUS = {401: Reason.LOGIN, 407: Reason.LOGIN, 403: Reason.FORBIDDEN, 405: Reason.FORBIDDEN, 429: Reason.SLOW_DOWN,
           503: Reason.SLOW_DOWN}
_GUESSES = frozenset({Asked.SIGNATURE, Asked.ROBOTS, Asked.LINK})

Doubt = tuple[Reason, str]


def of_answer(seen: Observation, scope: Scope) -> Doubt | None:
    """Why it is not known what lies there; None where that is known."""
    status = int(seen.facts.get("http.status", "0"))
    if status in _STATUS:
        return _STATUS[status], "wants a login" if _STATUS[status] is Reason.LOGIN else f"status {status}"
    if status >= 500:
        return Reason.SERVER_ERROR, f"status {status}"
    if 300 <= status < 400:
        return _away(seen, scope)
    if status not in (200, 207):
        return Reason.NOT_A_LISTING, f"status {status}"
    if refused := seen.facts.get("http.refused"):
        return Reason.REFUSED_BODY, refused
    return Reason.NOT_A_LISTING, seen.facts.get("listing.why", "a page, not a listing")


def _away(seen: Observation, scope: Scope) -> Doubt | None:
    """A redirect to where the scope does not reach. It is looked at, never followed."""
    here = seen.endpoint
    try:
        there = urlsplit(urljoin(here.url(seen.path), seen.facts.get("http.location", "")))
        host = there.hostname
    except ValueError:
        return None
    if not host or host == (here.host or str(here.address)) or scope.decide_host(host).allowed:
        return None
    return Reason.OUT_OF_SCOPE, f"redirects to {show(host, 100)}, which is not in the scope: not contacted"


def worth_a_gap(reason: Reason, asked: Asked, seen: Observation | None, *, listed: bool) -> bool:
    """What was `listed` is worth every gap; what was searched only where not everything is answered so."""
    if listed:
        return True
    if reason in (Reason.NOT_A_LISTING, Reason.REFUSED_BODY):
        return False                     # an ordinary page: knowledge
    facts = seen.facts if seen is not None else {}
    return asked not in _GUESSES or (
        reason is not Reason.FORBIDDEN and facts.get("http.status") != facts.get("http.control", "?"))
