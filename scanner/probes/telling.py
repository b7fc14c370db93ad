"""What an HTTP answer says of its server: facts and the observation made of them. Judges nothing but what is live."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scanner.model import Access, Endpoint, Observation, Reason
from scanner.net import Answer
from scanner.net.certificate import names
from scanner.scope import TLS_PORTS

_HEADERS = {
    "http.server": "server", "http.powered-by": "x-powered-by", "http.type": "content-type", "http.dav": "dav",
    "http.allow": "allow", "http.authenticate": "www-authenticate",
}
FACTS = frozenset({
    "http.status", "http.tls", "http.on-tls-port", "http.location", "http.refused", "http.empty", "http.headers",
    "http.cookie", "http.names", "http.text", *_HEADERS,
})
_COOKIE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,80}(?==)")
_MOST = 60                               # names of headers or cookies
_SOUND = re.compile(r"(?:audio|video)/(?!.*mpegurl)|application/ogg", re.IGNORECASE)
_STATION = re.compile(r"\b(?:icy-(?:name|br|genre|url|pub|metaint|notice1|description)|ice-audio-info)\b")
_STATIONS = re.compile(r"\b(?:icecast|shoutcast)\b", re.IGNORECASE)
_LIVE = (Reason.RECOGNISED, "a live audio stream, no stored file")


def facts_of(answer: Answer, endpoint: Endpoint) -> dict[str, str]:
    """What status and headers say. Of cookies the names only."""
    facts = {"http.status": str(answer.status), "http.tls": "yes" if endpoint.tls else "no"}
    facts.update({fact: value for fact, name in _HEADERS.items() if (value := answer.header(name))})
    if not endpoint.tls and endpoint.port in TLS_PORTS:
        facts["http.on-tls-port"] = "yes"
    if location := answer.header("location"):
        facts["http.location"] = location.split("?")[0][:500]
    if answer.refused:
        facts["http.refused"] = answer.refused
    elif answer.status == 200 and answer.kind is None and answer.complete:
        facts["http.empty"] = "yes"
    facts["http.headers"] = " ".join(sorted({name.decode("latin-1") for name, _ in answer.headers[:_MOST]}))
    if cookies := [found[0] for name, value in answer.headers[:_MOST] if name == b"set-cookie"
                   and (found := _COOKIE.match(value.decode("latin-1")))]:
        facts["http.cookie"] = " ".join(sorted(set(cookies)))
    if answer.said:
        facts["http.text"] = " ".join(answer.said.decode(errors="replace").split())
    return facts


def is_live(facts: Mapping[str, str]) -> bool:
    """Whether an answer is sound that is being sent just now: of no length, from what says that it is a station.

    A file beside the stations has a length. https://cast.readme.io/docs/icy has the headers.
    """
    headers = facts.get("http.headers", "")
    sound = facts.get("http.status") == "200" and _SOUND.match(facts.get("http.type", "")) is not None
    station = _STATION.search(headers) is not None or _STATIONS.search(facts.get("http.server", "")) is not None
    return sound and station and "content-length" not in headers.split()


def certified(answer: Answer) -> dict[str, str]:
    """The host names in the certificate behind an answer, with blanks between them."""
    shown = answer.tls.certificate() if answer.tls is not None else None
    found = names(shown) if shown else ()
    return {"http.names": " ".join(found)} if found else {}


def observation(endpoint: Endpoint, path: str, access: Access, facts: Mapping[str, str], clock: datetime | None, *,
                protocol: str = "http") -> Observation:
    """What was shown under `path`."""
    return Observation(endpoint=endpoint, protocol=protocol, path=path, access=access, facts=facts,
                       seen_at=datetime.now(UTC), server_time=clock, doubt=_LIVE if is_live(facts) else None)


def clock_of(answer: Answer) -> datetime | None:
    """The server's own time (RFC 9110 section 6.6.1), where it tells it in a form that can be read."""
    try:
        when = parsedate_to_datetime(answer.header("date") or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
