"""The reader of JSON listings: rows with names and type, size or time. It goes on only while rows come.

What is read is held in pieces and walked through; bytes that are no UTF-8, which nginx prints as they are, survive. An
answer that does not begin with a listing within its first KiB, or stops being one, is left there.
"""

from __future__ import annotations

from dataclasses import replace

from scanner.listing.dialect import Dialect
from scanner.listing.json import envelope
from scanner.listing.json.pieces import LONGEST, NoRowError
from scanner.listing.json.rows import Folder
from scanner.listing.json.walk import Walk
from scanner.listing.reader import Reader, Verdict, plain_facts
from scanner.model import Batch

FIRST = 1024
STEP = 1024                                  # a piece that does not go on with rows is the last


class JsonPage(Reader):
    """Reads one JSON answer."""

    def __init__(self, dialect: Dialect | None = None, host: str | None = None) -> None:
        super().__init__()
        self.dialect = dialect
        self._known = dialect.envelope if dialect is not None else None
        self._body = bytearray()             # its beginning, while there is something to learn from it
        self._held = b""
        self._look = FIRST
        self._folder = Folder()
        self._walk = Walk(self._folder, (host or "").lower())
        self._ended = False
        self._broken = ""                    # what ended the rows before their end
        self._said = "JSON, but no listing"

    def feed(self, data: bytes) -> list[Batch]:
        """Take the next bytes."""
        batches: list[Batch] = []
        if self.verdict is not Verdict.NOT:
            self._held += data
            self._body += data[:envelope.LONGEST + 1 - len(self._body)]
        while self._reads() and len(self._held) >= self._look:
            piece, self._held = self._held[:self._look], self._held[self._look:]
            batches += self._read(piece, final=False)
        if self._ended and self.verdict is Verdict.UNDECIDED and not self._waits():
            self.verdict = Verdict.NOT
        return batches

    def _waits(self) -> bool:
        """Whether this may still turn out to be the listing of an empty directory."""
        return self._known is not None and len(self._body) <= envelope.HOLLOW

    def _reads(self) -> bool:
        if self._ended:
            self._held = b""
        return not self._ended and self.verdict is not Verdict.NOT

    def close(self) -> list[Batch]:
        """The body has ended."""
        batches = [] if self._ended else self._read(self._held, final=True)
        self._held = b""
        if self.verdict is Verdict.UNDECIDED:
            hollow = self._waits() and self._known is not None and self._known.holds(bytes(self._body))
            self.verdict, self.why = (Verdict.LISTING, "") if hollow else (Verdict.NOT, self._said)
        if self.verdict is Verdict.LISTING:
            self._pass_on()
            self.near = False
            self.why = f"{self._walk.rows} rows of JSON"
            self.facts = plain_facts("json", self._walk.shape, self._walk.rows)
            self.facts |= {"listing.broken": self._broken} if self._broken else {}
        return batches

    def _pass_on(self) -> None:
        """Keep for other readers what stands around the rows."""
        if not self._walk.rows or (self._known is not None and len(self._body) > envelope.HOLLOW):
            return
        found = envelope.around(bytes(self._body)) if self._walk.nested else envelope.Envelope()
        if found is not None and found != self._known:
            self.dialect = replace(self.dialect or Dialect(), envelope=found)

    def _read(self, data: bytes, *, final: bool) -> list[Batch]:
        """Read what is whole in a piece; the rest waits for the next one."""
        text = data.decode("utf-8", "surrogateescape")
        if not final and "\udc80" <= text[-1:] <= "\udcff":
            text = text.rstrip("".join(map(chr, range(0xDC80, 0xDD00))))    # a character cut in two waits as well
        done = self._step(text)
        rest = text[done:].encode("utf-8", "surrogateescape")
        rest += data[len(text.encode("utf-8", "surrogateescape")):]
        batches = self._batches(len(data) - len(rest))
        self._settle(data, rest, final=final)
        return batches

    def _step(self, text: str) -> int:
        """Walk on; gives how far."""
        try:
            done = self._walk.walk(text)
            self._doubt(self._walk.doubt)
        except (ValueError, RecursionError) as error:
            self._ended = True
            self._doubt(str(error.args[0]) if isinstance(error, NoRowError) else "")
            if self.verdict is Verdict.UNDECIDED:
                self._folder.batches()       # what was read before is no listing either
            elif self.near or not isinstance(error, NoRowError):
                self._broken = "the JSON goes on with what cannot be read as rows"
            return len(text)
        self._ended = self._ended or self._walk.ended
        return done

    def _doubt(self, why: str) -> None:
        """Why it is no listing, if it proves to be none."""
        if why:
            self._said = f"JSON, but no listing: {why}"
            self.near = why.startswith(("objects with names", "its objects", "names that come"))

    def _settle(self, data: bytes, rest: bytes, *, final: bool) -> None:
        """Decide, and say how much more must come before it is worth looking again."""
        if self.verdict is Verdict.UNDECIDED and (self._ended or final or len(data) >= 4 * FIRST):
            self._ended, self.why = True, self._said
        if len(rest) >= LONGEST:
            self._ended = True
        if self._ended:
            self._held = b""
            return
        self._held = rest + self._held
        self._look = len(rest) + (STEP if self.verdict is Verdict.LISTING else FIRST)

    def _batches(self, used: int) -> list[Batch]:
        """What has been read as batches."""
        if not self._folder.strong:
            if self._walk.rows and self._ended:
                self.near, self._said = True, f"{self._walk.rows} JSON objects that may as well be products"
            return []
        batches = self._folder.batches()
        if batches:
            self.verdict, self.why = Verdict.LISTING, "JSON rows with names"
            self.row_bytes += used
        return batches
