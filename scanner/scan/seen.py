"""What may be kept of an observation: signature ids, masked facts and the evidence that convinces."""

from __future__ import annotations

from urllib.parse import unquote

from scanner.census import Census
from scanner.filenames import mask, mask_quoted
from scanner.model import Asked, DoorSeen, Evidence, Observation
from scanner.scan.site import Site

_KEPT = (
    "http.status", "http.server", "http.powered-by", "http.title", "http.tls", "http.on-tls-port", "http.catch-all",
    "http.control", "http.dav", "http.allow", "listing.dialect", "listing.rows",
)
_FACT_LIMIT = 200


def masked_url(observation: Observation, path: str) -> str:
    """The URL of a directory, with the segments that identify people masked."""
    return observation.endpoint.url(mask(unquote(path, errors="replace")))


def door_seen(site: Site, seen: Observation, root: str, census: Census, reason: Asked) -> DoorSeen:
    """The door of a store, from the answer to its root."""
    target, setting = site.scope.setting_at(seen.endpoint.address, seen.endpoint.host)
    matched = site.knowledge.listing(seen.facts)
    facts = {fact: mask(seen.facts[fact])[:_FACT_LIMIT] for fact in _KEPT if seen.facts.get(fact)}
    also = site.knowledge.products(seen.facts)     # what stands behind it, and what it offers
    if matched:
        facts["product"] = matched[0].named(seen.facts)
    return DoorSeen(
        endpoint=seen.endpoint, protocol=seen.protocol, access=seen.access, root=mask_quoted(root), facts=facts,
        signatures=tuple(one.id for one in (*matched, *also)), evidence=_evidence(seen, root, census, reason),
        seen_at=seen.seen_at, server_time=seen.server_time, setting=setting, target=setting.owner.label or target.what)


def _evidence(seen: Observation, root: str, census: Census, reason: Asked) -> tuple[Evidence, ...]:
    url = masked_url(seen, root)
    count = f"{_number(census.files, 'file')} and {_number(census.directories, 'folder')} listed without a key"
    status, dialect = seen.facts.get("http.status", "?"), seen.facts.get("listing.dialect", "listing")
    page = f"status {status}, {dialect}, asked for as {reason.value}"
    shown = [Evidence(url=url, fact=f"{count} ({page})", excerpt="; ".join(census.sample[:3]))]
    if control := seen.facts.get("http.control"):
        fact = f"a random directory was answered with status {control}"
        shown.append(Evidence(url=seen.endpoint.url("/"), fact=fact))
    if seen.facts.get("http.on-tls-port"):
        shown.append(Evidence(url=url, fact=f"port {seen.endpoint.port} is meant for TLS; it speaks plain HTTP"))
    return tuple(shown)


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
