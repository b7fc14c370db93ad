"""Lines of `ls -l` or `dir` printed in a page without links, as small scripts do. All else on the page is a heading."""

from __future__ import annotations

from scanner.listing.hrefs import entities
from scanner.listing.html.rows import Block
from scanner.listing.html.verdict import LITTLE, prose
from scanner.listing.reader import Verdict
from scanner.listing.text.lines import Style
from scanner.listing.text.page import TextPage
from scanner.model import Batch

LEAST = 2                                    # rows
_END = b"</pre"


class PreText:
    """Reads what stands in one `<pre>` as plain text, as it comes."""

    def __init__(self, now: int | None) -> None:
        self.text = TextPage(now)
        self._held = b""
        self._ended = False

    def feed(self, data: bytes) -> list[Batch]:
        """Take the next bytes of the page."""
        if self._ended:
            return []
        self._held += data
        end = self._held.lower().find(_END)
        self._ended = end >= 0
        cut = end if self._ended else self._held.rfind(b"\n") + 1
        piece, self._held = self._held[:cut], self._held[cut:] if not self._ended else b""
        return self.text.feed(entities(piece))

    def close(self) -> list[Batch]:
        """The page has ended."""
        rest = b"" if self._ended else self._held
        return self.text.feed(entities(rest)) + self.text.close()


def is_listing(block: Block, *, whole: bool) -> int | None:
    """Where the text begins, if the page holds but one `<pre>`, without links, that reads as a listing; else None."""
    marks = [tag for tag in block.tags if tag.name == b"pre"]
    if len(marks) != 1:
        return None
    begin = marks[0].end
    inside = [tag for tag in block.tags if tag.start >= begin]
    if inside and inside[0].name != b"/pre":
        return None
    if prose(block, [(marks[0].start, inside[0].end if inside else len(block.data))]) > LITTLE:
        return None
    seen = PreText(None)
    rows = sum(map(len, seen.feed(block.data[begin:]) + (seen.close() if whole or inside else [])))
    told = seen.text.verdict is Verdict.LISTING and seen.text.style in (Style.LS, Style.DOS)
    return begin if told and (rows >= LEAST or not (whole or inside)) else None
