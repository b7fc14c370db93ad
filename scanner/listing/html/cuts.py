"""Where a piece of a page may be cut, so that each row is whole on one side. It follows from the bytes alone."""

from __future__ import annotations

LAST = 16 * 1024                             # where a cut is looked for first
_STARTS = {b"tr": b"<tr", b"li": b"<li", b"dt": b"<dt", b"br": b"<br", b"hr": b"<hr", b"line": b"\n"}


def cut(data: bytes, kind: bytes, links: int) -> int:
    """Where the last link's row begins: all before it is whole. 0 where there is no such place.

    `kind` is what parts the rows, `links` how many links a row has.
    """
    for begin in (max(0, len(data) - LAST), 0):
        found = _edge(data, begin, kind, links)
        if found > 0:
            return found
    return 0


def _edge(data: bytes, begin: int, kind: bytes, links: int) -> int:
    """The same, looking no further back than `begin`; 0 where that is not enough."""
    last = max(data.rfind(b"<a ", begin), data.rfind(b"<A ", begin))
    before = last
    for _ in range(links):
        before = max(data.rfind(b"</a", begin, before), data.rfind(b"</A", begin, before)) if before > 0 else 0
    if before <= 0:
        return max(last, 0) if begin == 0 else 0
    mark = _STARTS.get(kind, b"")
    start = max(data.rfind(mark, before, last), data.rfind(mark.upper(), before, last)) if mark else -1
    return start + (mark == b"\n") if start > before else last
