"""Hops: redirects from one folder of a store to the next, as the trail of an ask remembers them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_MOST = 4                                # redirects one after the other
_HOP = ">"                               # begins what stands for one in a trail; in earlier states that is empty


def hop(digest: bytes) -> str:
    """What stands in a trail for a redirect; `digest`: of the ask that was redirected."""
    return f"{_HOP}{digest.hex()}"


def goes_round(trail: Sequence[str], there: Iterable[bytes]) -> bool:
    """Whether a redirect leads `there` for nothing: to one before it in the trail, or after too many."""
    last = trail[-_MOST:]
    hops = {hop(digest) for digest in there}
    long = len(last) == _MOST and all(mark[:1] in ("", _HOP) for mark in last)
    return bool(hops) and (long or not hops.isdisjoint(trail))
