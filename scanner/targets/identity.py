"""What makes two scopes the same: hashes that do not see order, labels, settings or comments. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence

from scanner.targets.ground import Claim
from scanner.targets.target import Exclusion, Target


def of_targets(targets: Iterable[Target], ports: Sequence[int], exclusions: Iterable[Exclusion] = ()) -> str:
    """SHA-256 of targets, ports tried, and exclusions."""
    return _hash(
        sorted({json.dumps(target.asks) for target in targets}),
        sorted(ports),
        sorted({json.dumps([e.host, *map(str, e.networks)]) for e in exclusions}),
    )


def of_claims(claims: Iterable[Claim]) -> str:
    """SHA-256 of what the numbers of a ground's pairs mean."""
    return _hash(sorted((str(claim.span), claim.ports) for claim in claims))


def _hash(*values: object) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()
