"""The order of searching: what is likeliest to lead to a store comes first. Pure. A turn is a number, low ones first.

Each source of paths gets a few turns before any gets many, so that a long list of one cannot use up the budget of all.
What lies in a store that was found is looked into after all searching: that is cheap and says where all the stores are.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from scanner.model import Ask, Asked
from scanner.probes.door import HOSTLESS

BELOW_SHARES = 3                         # what was written of a file server: its shares go first, and may show it
LED = 1                                  # where the answer itself led
KNOWN = 2                                # directories of products that were recognised
ROBOTS = 3
STORES = 32                              # from here on: what lies in stores, shallow folders first
MIRRORED = 1 << 16                       # more: what lies in a folder that mirrors another
_LAST = STORES - 1
_FIRST: Mapping[Asked, tuple[tuple[int, int], ...]] = {
    # reason: (how many, turn), in order; the next ones come after them
    Asked.LINK: ((2, 3), (4, 5)),
    Asked.ROBOTS: ((4, 4), (4, 6)),
    Asked.SIGNATURE: ((8, 6),),
    Asked.SITEMAP: ((3, 8),),
}
_REST = {Asked.SHARE: 2, Asked.ROBOTS: 10, Asked.LINK: 11, Asked.SIGNATURE: 12, Asked.SITEMAP: 13}
_UNNAMED, _SITEMAP_NAMED, _SITEMAP = 5, 5, 7
_BY_NAME = frozenset({"400", "404", "410", "421"})     # besides redirects: the answer may hang on the name


def in_turn(asks: Sequence[Ask], *, after: int = 0, moved: bool = False) -> list[Ask]:
    """The asks that one answer led to, each with its turn as `depth`. `after`: the turn of what led to them.

    `moved`: the answer was a redirect.
    """
    counts: dict[Asked, int] = {}
    found = []
    for ask in asks:
        number = counts[ask.reason] = counts.get(ask.reason, -1) + 1
        turn = LED if moved else _turn(ask, number)
        turn = after if ask.reason is Asked.PRODUCT else max(turn, after + 1)    # the same folder in another way
        found.append(replace(ask, depth=min(_LAST, turn)))
    return found


def _turn(ask: Ask, number: int) -> int:
    if ask.reason is Asked.SITEMAP and not ask.path.endswith("/"):
        return _SITEMAP_NAMED if ask.depth <= ROBOTS else _SITEMAP
    for many, turn in _FIRST.get(ask.reason, ()):
        if number < many:
            return turn
        number -= many
    return _REST.get(ask.reason, _LAST)


def named_by_signatures(paths: Sequence[str], known: Container[str]) -> list[Ask]:
    """Directories that signatures name; those in `known`, of products that were recognised, first."""
    own = [Ask(path, Asked.SIGNATURE, KNOWN) for path in paths if path in known]
    return [*own, *in_turn([Ask(path, Asked.SIGNATURE) for path in paths if path not in known])]


def unnamed(status: str, *, alike: bool) -> Ask | None:
    """The root without a Host header: early where the answer to the bare address may hang on the name.

    Where everything is answered `alike`, only there.
    """
    hangs = status.startswith("3") or status in _BY_NAME
    return Ask("/", Asked.ROOT, LED if hangs else _UNNAMED, HOSTLESS) if hangs or not alike else None


def below(ask: Ask, root: str, *, searched: bool) -> int:
    """The depth of the folders in a listing of the store at `root`: shallow ones of all stores first."""
    return STORES + 1 + ask.path[len(root):].count("/") if searched else ask.depth + 1
