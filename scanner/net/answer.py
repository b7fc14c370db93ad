"""An HTTP answer behind its gates: headers at once, body only as far as it is a listing's. Knows no socket.

The reader of the body says which bytes were rows (`grant`), and only that lets more be read: a page has a small
budget, a listing a large one.
"""

from __future__ import annotations

from typing import Protocol

from scanner.errors import BudgetError, NetError, ProtocolError, Reset
from scanner.net.decode import Decoder
from scanner.net.gates import Body, Gate, head_gate, sniff, value
from scanner.net.limits import Limits
from scanner.net.response import Response
from scanner.net.tls import Tls

_ENOUGH = 512                             # bytes of body that are enough to know it
_FRAMED = 768                             # bytes read for that behind the headers, framing included
_SENTENCE = 200                           # bytes of one that a server may say in plain text
_WIDE = 65536
_CALLED: dict[Body | None, str] = {"xml": "XML", "json": "JSON"}


class Conversation(Protocol):
    """What an answer needs of its connection. `scanner.net.stream.Stream` is one, and so is its fake."""

    limits: Limits
    left: int
    outcome: str

    @property
    def tls(self) -> Tls | None:
        """The TLS session."""

    async def read(self, limit: int = 1024) -> bytes:
        """At most `limit` bytes, `b""` at the end."""

    def approve(self) -> None:
        """Larger portions from here on."""

    def grant(self, rows: int) -> None:
        """More may be read, and time for it."""

    def refused(self, body_bytes: int) -> None:
        """A gate closed."""

    def close(self) -> None:
        """In good order."""

    def abort(self) -> None:
        """By reset."""


class Chunks:
    """An iteration over an answer's body. No generator, because each of those costs its event loop a register."""

    __slots__ = ("_answer",)

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __aiter__(self) -> Chunks:
        return self

    async def __anext__(self) -> bytes:
        chunk = await self._answer.read()
        if not chunk:
            raise StopAsyncIteration
        return chunk


class Answer:
    """Status, headers, and whether the body may be read. Made by `Net.fetch`, valid inside its `async with`."""

    __slots__ = ("_budget", "_decoder", "_error", "_given", "_granted", "_head", "_leash", "_loose", "_on_leash",
                 "_published", "_response", "_rope", "_stream", "body_read", "kind", "refused", "said")

    def __init__(self, stream: Conversation, response: Response, *, loose: bool, published: bool = False) -> None:
        self._stream = stream
        self._response = response
        self._loose = loose                                     # published: any text will do
        self._published = published                             # XML that is read for what it says, without rows
        self._budget = stream.limits.page_bytes                 # decoded bytes that may still be handed out
        self._rope = stream.limits.text_bytes                   # the whole leash
        self._leash = self._rope                                # what is left of it
        self._given = 0                                         # decoded bytes handed out
        self._granted = False
        self._on_leash = False                                  # all but HTML ends where it brings no row
        self._decoder: Decoder | None = None
        self._head = b""                                        # decoded, not handed out yet
        self._error: NetError | None = None                     # what ended the first KiB too early
        self.body_read = 0                                      # bytes of body read, as they came
        self.kind: Body | None = None                           # what it is; None: nothing to read
        self.refused: str | None = None                         # why the gates are closed
        self.said = b""                                         # the whole body, where it is a sentence in plain text

    @property
    def status(self) -> int:
        """200 to 599."""
        return self._response.status

    @property
    def reason(self) -> str:
        """The reason phrase, often empty."""
        return self._response.reason

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """In order, names in lower case."""
        return self._response.headers

    @property
    def tls(self) -> Tls | None:
        """The TLS session it came through, for its certificate and version; None in clear."""
        return self._stream.tls

    @property
    def complete(self) -> bool:
        """The answer has come to its proper end."""
        return self._response.complete

    def header(self, name: str) -> str | None:
        """The first value of a header, bytes beyond ASCII as Latin-1 (RFC 9110 §5.5)."""
        found = value(self._response.headers, name.lower().encode("ascii"))
        return None if found is None else found.decode("latin-1").strip()

    async def open(self) -> None:
        """Read the headers and, where they allow it, the first KiB. Errors of the header block rise."""
        stream, response, limits = self._stream, self._response, self._stream.limits
        stream.left = limits.header_bytes
        while not response.headed:
            data = await stream.read()
            if not data:
                raise response.unheard()
            response.feed(data)
        stream.outcome = str(response.status)
        gate = head_gate(response.status, response.headers, most=limits.listing_bytes)
        self.refused = gate.refused
        if gate.refused is None or gate.facts_only:
            await self._look(gate)
        else:
            self.body_read += len(response.take())
            if not (300 <= response.status < 400 or (response.complete and not self.body_read)):
                stream.refused(self.body_read)

    def chunks(self) -> Chunks:
        """The body, decoded, in pieces: all of it for a listing, its first KiB for an error page in text.

        `BudgetError`, `DeadlineError`, `Reset`, `ProtocolError`: what came before them was handed out.
        """
        return Chunks(self)

    async def read(self) -> bytes:
        """The next of `chunks`; `b""` at the end."""
        try:
            return await self._next()
        except NetError as error:
            self._stream.outcome = error.reason.value
            raise

    async def _next(self) -> bytes:
        if self._head:
            head, self._head = self._head, b""
            return self._spend(head)
        if self._error is not None:
            raise self._error
        if self.refused is not None or self.kind is None:
            return b""
        while True:
            piece = self._piece(self._portion())
            if piece:
                return self._spend(piece)
            if self._over():
                return b""
            if not self._on_leash:
                self._stream.approve()
            await self._more(self._portion())

    def _over(self) -> bool:
        """Whether the body has come to its end; raises where that end is not a proper one."""
        response, decoder = self._response, self._decoder
        if decoder is not None and decoder.ended:
            return True
        if response.broken is not None:
            raise response.broken
        if self._budget <= 0 and (decoder is not None or not response.complete):
            raise BudgetError(f"more than a page may have, {self.body_read} bytes read")
        if response.complete and decoder is not None:
            raise Reset("ended in the middle of its encoding")
        return response.complete

    def grant(self, rows: int) -> None:
        """So many bytes of what was handed out were rows of a listing."""
        if rows <= 0:
            return
        if not self._granted:
            self._granted = True
            self._stream.approve()
        self._budget = min(self._budget + rows, self._stream.limits.listing_bytes - self._given)
        self._leash = self._rope
        self._stream.grant(rows)

    def finish(self) -> None:
        """Close: in good order where all was read, by reset where something may still come."""
        if self._on_leash and not self._granted and self.refused is None and not self.complete:
            self._stream.refused(self.body_read)                # its reader found no listing in it
        if self._response.complete:
            self._stream.close()
        else:
            self._stream.abort()
        self._response.let_go()

    @property
    def _going(self) -> bool:
        return not self._response.complete and self._response.broken is None

    async def _look(self, gate: Gate) -> None:
        """The first KiB, and what it looks like."""
        limits = self._stream.limits
        if gate.coding:
            self._decoder = Decoder(gate.coding, limits.ratio)
        self._stream.left = _FRAMED
        try:
            self._head = self._piece(limits.sniff_bytes)
            while self._wanting(limits.sniff_bytes):
                await self._more(limits.sniff_bytes - self.body_read)
                self._head += self._piece(limits.sniff_bytes - len(self._head))
        except NetError as error:
            self._error = error                                 # what came before it may still be rows
        self._error = self._error or self._response.broken
        if isinstance(self._error, ProtocolError | BudgetError) and not self._head:
            self._refuse(gate.refused or str(self._error))
        elif self._head:
            self._judge(gate)
        elif self._error is None and not self._response.complete:
            self._refuse(gate.refused or "no body in all that came of it")

    def _wanting(self, most: int) -> bool:
        """Whether there is too little to know it by, and more may come."""
        return len(self._head) < _ENOUGH and self.body_read < most and self._stream.left > 0 and self._going

    def _refuse(self, why: str) -> None:
        self.refused = why
        self._head, self._error = b"", None
        self._stream.refused(self.body_read)

    def _judge(self, gate: Gate) -> None:
        sniffed = sniff(self._head, loose=self._loose or gate.facts_only)
        self.kind = sniffed.kind
        self._put_on_leash(sniffed.kind)
        if sniffed.kind is None and sniffed.plain and self.complete and len(self._head) <= _SENTENCE:
            self.said = self._head
        if sniffed.kind is None:
            self._refuse(gate.refused or sniffed.why)
        elif gate.facts_only:
            self._error = None
        else:
            limits = self._stream.limits
            self._stream.left = limits.page_bytes + limits.header_bytes

    def _put_on_leash(self, kind: Body | None) -> None:
        """What a machine wrote brings its rows at once, or is a file: it is not read as far as a page is."""
        self._on_leash = (kind in ("json", "text") and not self._loose) or (kind == "xml" and not self._published)
        if kind == "xml":
            self._rope = self._leash = self._stream.limits.element_bytes

    async def _more(self, limit: int) -> None:
        """One read, put into the parser."""
        data = await self._stream.read(limit)
        if data:
            self._response.feed(data)
        elif not self._response.ended():
            raise Reset(f"closed in the middle, {self.body_read} bytes of body read")

    def _piece(self, limit: int) -> bytes:
        """What has come of the body and may be handed out, decoded."""
        body = self._response.take()
        self.body_read += len(body)
        if self._decoder is None:
            return body
        self._decoder.feed(body)
        return self._decoder.take(limit)

    def _portion(self) -> int:
        """Bytes to read or decode next: never more than the budget, so that nothing is read and then dropped."""
        return min(1024 if self._on_leash else _WIDE, self._budget)

    def _spend(self, piece: bytes) -> bytes:
        """Charge the budgets."""
        self._budget -= len(piece)
        self._given += len(piece)
        if self._on_leash:
            self._leash -= len(piece)
            if self._leash < 0:
                raise BudgetError(f"{_CALLED.get(self.kind, 'text')} that is no listing, {self.body_read} bytes read")
        return piece
