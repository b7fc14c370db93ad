"""Doubts: what an answer that is no listing leaves unknown, and whether that is worth a gap. Pure.

"There is nothing here" is knowledge; so is a page, and a login. An error is neither.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import unquote, urljoin, urlsplit

from scanner.filenames import mask
from scanner.model import Asked, Doubt, Observation, Reason
from scanner.report.show import show
from scanner.scope import Scope

_CLOSED = frozenset({Reason.LOGIN, Reason.FORBIDDEN, Reason.NOT_A_LISTING, Reason.OUT_OF_SCOPE})
_LOST = frozenset({"404", "410"})        # of a folder that a listing names: what it holds may be open elsewhere

_STATUS = {401: Reason.LOGIN, 407: Reason.LOGIN, 403: Reason.FORBIDDEN, 405: Reason.FORBIDDEN, 501: Reason.FORBIDDEN,
           429: Reason.SLOW_DOWN, 503: Reason.SLOW_DOWN}
_GUESSES = frozenset({Asked.SIGNATURE, Asked.ROBOTS, Asked.SITEMAP, Asked.LINK})
_HOST = 100                              # characters of one
_WHY = 300                               # characters of a reader's reason
_PASSWORD = re.compile(r"""<input\b[^>]{0,500}\btype\s*=\s*["']?password\b""", re.IGNORECASE)
_SECOND = re.compile(
    r"bank ?id|mit ?id|freja|\b[th]?otp\b|2fa|mfa|second factor|two.?factor|two.?step|one.?time|webauthn|passkey|"
    r"authenticator|engångs|engangs|kertakäyttö|einmal", re.IGNORECASE)
_SLASHLESS = "redirects to the same path without a slash: that may be a file, and is not asked for"
_NOWHERE = "redirects to what is no address of a server"

_QUOTING = frozenset({Reason.RECOGNISED, Reason.NOT_THIS_PROTOCOL, Reason.PROTOCOL, Reason.INTERNAL_ERROR, Reason.RESET,
                      Reason.TIMEOUT, Reason.CUT})
_PEER = re.compile(r"(\[[0-9a-f]*:[0-9a-f:.]*\]:\d{1,5})")      # ours: it holds too many digits to stay otherwise


def masked(reason: Reason, text: str) -> Doubt:
    """As it may be told: where the words may be a stranger's own, such as a greeting, what may be people is masked."""
    if reason not in _QUOTING:
        return reason, text
    pieces = _PEER.split(text)               # what lies between peers, and peers, by turns
    return reason, "".join(piece if odd % 2 and _is_peer(piece) else mask(piece) for odd, piece in enumerate(pieces))


def _is_peer(text: str) -> bool:
    try:
        ip_address(text[1:text.index("]")])
    except ValueError:
        return False
    return True


def told_host(host: str) -> str:
    """A host that a stranger named, as it may be told: an address as it is, of a name what may be people masked."""
    try:
        return str(ip_address(host))
    except ValueError:
        return mask(show(host, _HOST))


def of_answer(seen: Observation, scope: Scope) -> Doubt | None:
    """Why it is not known what lies there; None where that is known."""
    if seen.doubt is not None or "http.status" not in seen.facts:
        return seen.doubt
    status = int(seen.facts.get("http.status", "0"))
    if seen.facts.get("store.access"):
        return _of_store(seen, status)
    if status in _STATUS:
        return _STATUS[status], "wants a login" if _STATUS[status] is Reason.LOGIN else f"status {status}"
    if status >= 500:
        return Reason.SERVER_ERROR, f"status {status}"
    if 300 <= status < 400:
        return _away(seen, scope)
    if status not in (200, 207):
        return Reason.NOT_A_LISTING, f"status {status}"
    if refused := seen.facts.get("http.refused"):
        return Reason.REFUSED_BODY, mask(show(refused, _WHY))   # labels are quoted in it
    if not looked_like(seen) and (way_in := _way_in(seen)):
        return Reason.LOGIN, way_in
    why = show(seen.facts.get("listing.why", "a page, not a listing"), _WHY)
    if root := seen.facts.get("xml.root"):
        why = why.replace(show(root), mask(show(root)))         # the one word in it that is not ours
    return Reason.NOT_A_LISTING, f"looked like a listing: {why}" if looked_like(seen) else why


def _way_in(seen: Observation) -> str:
    """What a page that asks for a password shows of how it is guarded; nothing is said of what it does not show."""
    markup = seen.facts.get("http.head", "")
    if not _PASSWORD.search(markup):
        return ""
    second = "" if _SECOND.search(markup) else "; no second factor is visible"
    clear = ", over plain HTTP" if seen.facts.get("http.tls") == "no" else ""
    return f"a page that asks for a password{clear}{second}"


def _of_store(seen: Observation, status: int) -> Doubt:
    """Why the keys of a bucket are not known. Where it says that it lies elsewhere, that is looked at, never followed.
    """
    facts = seen.facts
    code = mask(show(facts.get("store.code") or f"status {status}", 80))
    match facts["store.access"]:
        case "closed":
            return Reason.LOGIN if status == 401 else Reason.FORBIDDEN, f"a bucket closed to strangers ({code})"
        case "absent":
            return Reason.NOT_A_LISTING, f"there is no such bucket ({code})"
        case "elsewhere":
            places = [facts.get("store.endpoint"), facts.get("store.region"), facts.get("http.location")]
            there = mask(show(next((place for place in places if place), "a place that it does not name"), 100))
            return Reason.OUT_OF_SCOPE, f"a bucket that lies elsewhere, at {there}: not contacted ({code})"
        case "open":
            return Reason.NOT_A_LISTING, "a store that shows no bucket to strangers"
    slow = status in (429, 503)
    return Reason.SLOW_DOWN if slow else Reason.SERVER_ERROR, f"whether a bucket is open, it does not say ({code})"


def _away(seen: Observation, scope: Scope) -> Doubt | None:
    """A redirect to where the scope does not reach, or where nothing is asked. It is looked at, never followed."""
    here, location = seen.endpoint, seen.facts.get("http.location", "")
    try:
        there = urlsplit(urljoin(here.url(seen.path), location))
        host = there.hostname
    except ValueError:
        return Reason.PROTOCOL, _NOWHERE
    if not host:
        return (Reason.PROTOCOL, _NOWHERE) if location else None
    if host == (here.host or str(here.address)):
        slashless = seen.path != "/" and unquote(there.path) + "/" == unquote(seen.path)
        return (Reason.NOT_TRIED, _SLASHLESS) if slashless else None
    if scope.decide_host(host).allowed:
        return None
    return Reason.OUT_OF_SCOPE, f"redirects to {told_host(host)}, which is not in the scope: not contacted"


def worth_a_gap(reason: Reason, asked: Asked, seen: Observation | None, *, listed: bool) -> bool:
    """What was `listed` is worth every gap; what was searched only where not everything is answered so."""
    facts = seen.facts if seen is not None else {}
    if listed or (facts.get("store.kind") and asked is Asked.TARGET):
        return True                      # of a bucket that the owner wrote all is worth telling
    if asked is Asked.TARGET and seen is not None and seen.doubt is not None:
        return True                      # of a share or folder that the owner wrote too
    if reason in (Reason.NOT_A_LISTING, Reason.REFUSED_BODY):
        return looked_like(seen)         # else an ordinary page: knowledge
    if asked is Asked.PRODUCT and reason is Reason.FORBIDDEN and seen is not None and seen.protocol == "webdav":
        return False                     # a verb that is not spoken: the page itself was asked for before
    if facts.get("store.access") and asked in _GUESSES:
        return facts.get("http.status", "").startswith("5") and facts["http.status"] != facts.get("http.control")
    return asked not in _GUESSES or (
        reason is not Reason.FORBIDDEN and facts.get("http.status") != facts.get("http.control", "?"))


def is_closed(reason: Reason, seen: Observation | None) -> bool:
    """Whether a folder that a listing names is shut to strangers, so that the store is complete without it.

    One that its own link does not lead to, or whose page cannot be read as the listing that it looks like, is not.
    """
    lost = seen is not None and seen.facts.get("http.status") in _LOST and "store.access" not in seen.facts
    return reason in _CLOSED and not lost and not looked_like(seen)


def looked_like(seen: Observation | None) -> bool:
    """Whether it looked like a listing and was rejected: `listing.why` says the reason."""
    return seen is not None and seen.facts.get("listing.near") == "yes"
