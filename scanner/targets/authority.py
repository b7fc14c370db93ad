"""Who must have said yes to what: loopback nobody, private ranges somebody, public addresses a scope file. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from scanner.errors import ScopeError
from scanner.model import Address
from scanner.targets.paste import scope_file
from scanner.targets.pinning import Pin
from scanner.targets.spans import Span
from scanner.targets.special import Need, forms, need
from scanner.targets.target import Exclusion, Target

PUBLIC = "is public"
PRIVATE = "is private"


def lacks(
    targets: Sequence[Target], pins: Iterable[Pin], owners: Callable[[Address], Sequence[int]], *, stated: bool
) -> tuple[str, ...]:
    """What permission targets lack, each thing once, names at their pinned addresses; `owners` are those of an address.
    """
    literal = ((i, span) for i, target in enumerate(targets) for span in target.networks)
    pinned = ((pin.target, Span(pin.address, pin.address)) for pin in pins)
    found = []
    for number, span in (*literal, *pinned):
        sharing = owners(span.first) if targets[number].host else (number,)
        granted = any(targets[i].granted for i in sharing)
        found.append(lacking(targets[number], span, granted=granted, stated=stated))
    return tuple(dict.fromkeys(text for text in found if text))


def lacking(target: Target, span: Span, *, granted: bool, stated: bool) -> str | None:
    """What permission a target's addresses lack, in words; None where they lack none."""
    needed = need(span)
    if span.size == 1:
        needed = max(need(Span(form, form)) for form in forms(span.first))
    given = Need.TABLE if granted else Need.WORD if stated else Need.NOTHING
    if given >= needed:
        return None
    place = target.what if target.host is None else f"{target.what} ({span})"
    return f"{place} {PUBLIC if needed is Need.TABLE else PRIVATE}"


def refusal(
    lacks: Sequence[str], targets: Iterable[Target], exclusions: Iterable[Exclusion], today: date
) -> ScopeError:
    """The error for targets without permission: the first of them, the remedy, and a scope file to paste."""
    more = f" and {len(lacks) - 1} more" if len(lacks) > 1 else ""
    remedy = 'private addresses need --authorised-by "WHO", or a scope file with an [authorisation] table'
    if any(text.endswith(PUBLIC) for text in lacks):
        remedy = "public addresses need a scope file with an [authorisation] table"
    paste = scope_file((t.what for t in targets), (e.what for e in exclusions), today=today)
    return ScopeError(f"{lacks[0]}{more}: {remedy}; fill in this one:\n\n{paste}")
