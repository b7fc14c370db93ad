"""Buckets that are likely at an object store that shows none, by names that signatures know. Pure: nothing is asked.

For self-hosted stores only: at a public cloud a guessed name belongs to somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from scanner.model import Ask, Asked

DEPTH = 2                                # as what a recognised product names
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")  # what all stores take for a bucket's name
_ACCOUNT = {"azure": re.compile(r"/[^/]+/"), "swift": re.compile(r"(?:/swift)?/v1(?:\.\d)?/[^/]+/")}


def buckets(kind: str, own: Sequence[str], paths: Iterable[str]) -> list[Ask]:
    """What to ask a store of this `kind` for, likeliest first: its accounts, then buckets in them.

    `own` are directories of products that were recognised here: they name accounts. `paths` are all that signatures
    name.
    """
    form = _ACCOUNT.get(kind)
    accounts = [path for path in own if form.fullmatch(path)] if form is not None else ["/"]
    asks = [Ask(account, Asked.SIGNATURE, DEPTH, f"{kind}:{account}") for account in accounts if account != "/"]
    for account in accounts:
        way = kind if account == "/" else f"{kind}:{account}"
        asks += [Ask(f"{account}{name}/", Asked.SIGNATURE, DEPTH, way) for name in names(paths)]
    return asks


def names(paths: Iterable[str]) -> list[str]:
    """Names of buckets, from the last segments of quoted paths."""
    found = dict.fromkeys(path.rstrip("/").rpartition("/")[2].lower().replace("_", "-") for path in paths)
    return [name for name in found if _NAME.fullmatch(name)]
