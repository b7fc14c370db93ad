"""What may be kept of an observation: signature ids and masked facts. The evidence is `evidence`'s."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.census import Census
from scanner.filenames import mask, mask_quoted, mask_target
from scanner.model import Ask, DoorSeen, Observation
from scanner.scan.evidence import of_listing
from scanner.scan.site import Site

_KEPT = (
    "http.status", "http.server", "http.powered-by", "http.title", "http.tls", "http.on-tls-port", "http.catch-all",
    "http.control", "http.dav", "http.allow", "listing.dialect", "listing.rows", "door.how", "door.software",
)
_FACT_LIMIT = 200
_GREETED = frozenset({"ftp", "imap", "pop3", "ssh"})      # what they call themselves is what somebody wrote there


def door_seen(site: Site, seen: Observation, ask: Ask, census: Census, quoted: Sequence[str]) -> DoorSeen:
    """The door of a store, from the answer to its root. `quoted`: names for the evidence, masked."""
    target, setting = site.scope.setting_at(seen.endpoint.address, seen.endpoint.host, seen.endpoint.port)
    matched = site.knowledge.listing(seen.facts)
    own = () if seen.protocol == "http" else tuple(fact for fact in seen.facts if fact.startswith(f"{seen.protocol}."))
    free = {*own, "door.software"} if seen.protocol in _GREETED else {*own}      # may say anything
    facts = {fact: mask(seen.facts[fact], prose=fact not in free)[:_FACT_LIMIT]
             for fact in (*_KEPT, *own) if seen.facts.get(fact)}
    also = site.knowledge.products(seen.facts)     # what stands behind it, and what it offers
    if matched:
        facts["product"] = matched[0].named(seen.facts)
    elif own and (products := [one for one in also if one.kind == "product"]):
        facts["product"] = max(products, key=lambda one: one.release(seen.facts) is not None).named(seen.facts)
    if ask.way:
        facts["way"] = ask.way
    return DoorSeen(
        endpoint=seen.endpoint, protocol=seen.protocol, access=seen.access, root=mask_quoted(ask.path), facts=facts,
        signatures=tuple(one.id for one in (*matched, *also)), evidence=of_listing(seen, ask, census, quoted),
        seen_at=seen.seen_at, server_time=seen.server_time, setting=setting,
        target=setting.owner.label or mask_target(target.what))
