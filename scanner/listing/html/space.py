"""The space between two links of a page: where the row before ends and the next begins, and what tells so. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.listing.html.markup import VOID, Tag

FLOW = frozenset({b"br", b"hr", b"p", b"/p"})


@dataclass(frozen=True, slots=True)
class Space:
    """What lies between two links: where the row before ends, where the next one begins."""

    end: int
    start: int
    kind: bytes
    depth: int = 0                           # levels that the nesting falls, below 0


def parted(marks: list[Tag]) -> Space:
    """The rows part at these tags: the row before ends with the first, the next begins with the last."""
    first, last = marks[0], marks[-1]
    closing = first.name.startswith(b"/")
    opening = not last.name.startswith(b"/") and last.name not in (b"br", b"hr")
    return Space(first.end if closing else first.start, last.start if opening else last.end, first.name.lstrip(b"/"))


def level(between: list[Tag]) -> list[Tag]:
    """The line breaks among tags that stand where the nesting is lowest: not those inside a row."""
    depth = lowest = 0
    found: list[tuple[int, Tag]] = []
    for tag in between:
        closing = tag.name.startswith(b"/")
        if not tag.name or tag.name == b"/a":
            continue
        depth -= closing
        lowest = min(lowest, depth)
        if tag.name in FLOW:
            found.append((depth, tag))
        depth += not closing and tag.name not in VOID
    return [tag for at, tag in found if at == lowest]


def nest(between: list[Tag]) -> Space | None:
    """The rows part where the nesting is lowest; None where it never falls."""
    depth = lowest = 0
    end = start = -1
    for tag in between:
        if not tag.name or tag.name in VOID or tag.name == b"/a":
            continue
        if tag.name.startswith(b"/"):
            depth -= 1
            if depth < lowest:
                lowest, end = depth, tag.end
            if depth == lowest:
                start = tag.end
        else:
            depth += 1
    return None if end < 0 else Space(end, start, b"nest", lowest)


def fall(after: list[Tag], depth: int) -> Space | None:
    """Where the last row ends: as deep as those before it; None where the nesting does not fall so far."""
    at = 0
    for tag in after:
        if tag.name and tag.name not in VOID and tag.name != b"/a":
            at += -1 if tag.name.startswith(b"/") else 1
            if at == depth:
                return Space(tag.end, tag.end, b"nest", depth)
    return None
