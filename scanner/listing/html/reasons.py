"""Why a page is no listing, in plain words with numbers and without names, and whether it looked like one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from scanner.listing.hrefs import Where, entities, shows
from scanner.listing.html.columns import learn
from scanner.listing.html.rows import Block, Row

WIDE = 40                                    # tags of a table row after its link
ENOUGH = 3                                   # rows that look like a listing
_WORD = 5                                    # letters
_FILE = re.compile(rb"[^/]\.[A-Za-z0-9]{1,8}$")


class Reason(NamedTuple):
    """Why not. `near`: it looked like a listing all the same."""

    why: str
    near: bool = False


NO_FRAME = Reason("no rows, and no frame of a listing")
HOLLOW = Reason("a title or heading speaks of a listing, but there are no rows", near=True)
MENU = Reason("the links could be a menu: nothing tells them from one")


def unnamed(rows: int, named: int, *, near: bool) -> Reason:
    """Titles are shown."""
    return Reason(f"{rows - named} of {rows} links to children do not show the names of what they point to", near)


def elsewhere(rows: int, others: int, *, near: bool) -> Reason:
    """A web site's page."""
    return Reason(f"{rows} links to children among {others} links that lead elsewhere", near)


def prose(rows: int, letters: int, *, near: bool) -> Reason:
    """An article, or a page of downloads."""
    return Reason(f"{rows} links to children among about {letters // _WORD} words of prose", near)


def too_little(rows: int, *, near: bool) -> Reason:
    """Nothing but links."""
    return Reason(f"{rows} links to children, with too little beside them to say that they are rows of a listing", near)


def away(block: Block, links: Sequence[Row]) -> Reason | None:
    """A table of downloads: files shown by their names, with sizes or dates, whose links lead elsewhere."""
    found = [_whole(block, row) for row in links
             if row.link.where is Where.ELSEWHERE and not row.heading and _shown(block, row)]
    if len(found) < ENOUGH:
        return None
    layout = learn(block, found, [block.cells(row) for row in found])
    if layout.date is None and layout.size is None:
        return None
    return Reason(f"{len(found)} files are shown with sizes or dates, but their links lead elsewhere", near=True)


def _whole(block: Block, row: Row) -> Row:
    """A link with all of its table row, also what stands there after other links."""
    for tag in range(row.close, min(row.close + WIDE, len(block.tags))):
        if block.tags[tag].name in (b"tr", b"/tr", b"/table"):
            return replace(row, last=max(tag, row.last), end=max(block.tags[tag].start, row.end))
    return row


def _shown(block: Block, row: Row) -> bool:
    """Whether a link shows the name of the file that it leads to."""
    href = entities(block.data[slice(*row.value)])
    name = unquote_to_bytes(re.split(rb"[?#]", href, maxsplit=1)[0].rpartition(b"/")[2])
    if not _FILE.search(name):
        return False
    stop = block.tags[row.close].start if row.close < len(block.tags) else len(block.data)
    return shows(entities(block.data[block.tags[row.anchor].end:stop][:512]), name)
