"""Whether an entry that was read from a server's page is the file that lies there, as far as the page can tell."""

from __future__ import annotations

import time
from datetime import datetime
from zoneinfo import ZoneInfo

from recipes import Recipe
from tree import Node

from scanner.model import Entry, Kind


def lies(recipe: Recipe, node: Node, entry: Entry) -> list[str]:
    """What `entry` says that is not so of `node`, printed by a server of this recipe. Empty: it is true.

    Directories are compared by name and kind only: what a server calls their size says nothing.
    """
    wrong = []
    if (entry.name, entry.kind) != (node.name, node.kind):
        wrong.append(f"{entry.kind} {entry.name!r}, is {node.kind} {node.name!r}")
    if node.kind is Kind.FILE:
        wrong += _size(recipe, node, entry) + _time(recipe, node, entry)
    return wrong


def _size(recipe: Recipe, node: Node, entry: Entry) -> list[str]:
    if recipe.sizes == "none":
        return [] if entry.size is None else [f"a size of {entry.size} where none is shown"]
    if entry.size is None:
        return ["no size"]
    if recipe.sizes == "exact" and entry.slack:
        return [f"an exact size read as ± {entry.slack}"]
    if abs(entry.size - node.size) > entry.slack:
        return [f"{entry.size} ± {entry.slack} bytes, is {node.size}"]
    return []


def _time(recipe: Recipe, node: Node, entry: Entry) -> list[str]:
    shown = shown_time(recipe, node.modified)
    if (entry.modified, entry.grain) == (shown, recipe.grain) or (entry.modified is None and shown is None):
        return []
    return [f"modified {entry.modified}, grain {entry.grain}; is {shown}, grain {recipe.grain}"]


def shown_time(recipe: Recipe, modified: int) -> int | None:
    """The time that the page shows, taken as UTC; None where it shows none.

    nginx's local time is UTC and today's distance from it, for every file of whatever season
    (`ngx_gmtoff` in ngx_http_autoindex_module, seen with 1.22).
    """
    if recipe.grain is None:
        return None
    offset = datetime.fromtimestamp(time.time(), ZoneInfo(recipe.zone)).utcoffset()
    local = modified + int(offset.total_seconds() if offset else 0)
    return local // recipe.grain * recipe.grain
