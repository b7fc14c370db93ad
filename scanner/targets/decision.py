"""What a scope says: of one address and port, and of one pair of them to be tried. It decides nothing itself."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.model import Address
from scanner.targets.target import Target


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something may be contacted, and why (not)."""

    allowed: bool
    reason: str
    target: Target | None = None             # the narrowest that names it


@dataclass(frozen=True, slots=True)
class Pair:
    """One port of one address to be tried."""

    address: Address
    port: int
    target: Target
