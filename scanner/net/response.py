"""The bytes of an HTTP/1.1 response, taken apart by llhttp. Pure: fed with bytes, asked for what they held.

One connection carries one answer, so nothing can be smuggled past us: line ends and odd header bytes are read
leniently, and chunks are believed before a length that stands beside them (RFC 9112 section 6.3), because old servers
are what we look for. Otherwise lengths are not.
"""

from __future__ import annotations

import httptools

from scanner.errors import NotThisProtocol, ProtocolError, Reset
from scanner.net.gates import printable

_NO_BODY = frozenset({204, 304})          # RFC 9110 §6.4.1
_FIRST = 512                              # bytes that are kept to tell what else it is
_GREETING = 80                            # bytes of a line that are quoted
_HTTP = b"HTTP/"


class Response:
    """Feed it until `headed`, then until `complete`; `take()` gives the body so far."""

    __slots__ = ("_bodiless", "_first", "_interim", "_most_interim", "_parser", "_pieces", "_reason", "broken",
                 "complete", "framed", "headed", "headers", "status")

    def __init__(self, *, bodiless: bool = False, interim: int = 8) -> None:
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []            # names in lower case, in order
        self.headed = False
        self.complete = False
        self.broken: ProtocolError | None = None                # the body's framing is beyond use
        self.framed = False                                     # the body's end is told: length or chunks
        self._bodiless = bodiless                               # an answer to HEAD
        self._interim = 0
        self._most_interim = interim
        self._reason = b""
        self._pieces: list[bytes] = []
        self._first = b""
        self._parser: httptools.HttpResponseParser | None = httptools.HttpResponseParser(self)
        self._parser.set_dangerous_leniencies(
            lenient_headers=True, lenient_optional_lf_after_cr=True, lenient_optional_cr_before_lf=True,
            lenient_optional_crlf_after_chunk=True, lenient_spaces_after_chunk_size=True, lenient_chunked_length=True)

    @property
    def reason(self) -> str:
        """The reason phrase, printable; often empty."""
        return printable(self._reason)

    def feed(self, data: bytes) -> None:
        """More bytes. `ProtocolError` where they are no HTTP/1, `NotThisProtocol` where they never were; past the
        headers it is kept in `broken`, because what came before may be rows. What follows the answer is ignored.
        """
        if self._parser is None:
            return
        if len(self._first) < _FIRST:
            self._first += data[:_FIRST - len(self._first)]
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._fail(error)
        if self.complete:
            self.let_go()

    def ended(self) -> bool:
        """The peer has closed: whether that is a proper end of this answer."""
        proper = self.complete or (self.headed and not self.framed)
        self.let_go()
        self.complete = self.complete or proper
        return proper

    def take(self) -> bytes:
        """The body bytes that have come since the last time."""
        if not self._pieces:
            return b""
        body = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces = []
        return body

    @property
    def first(self) -> str:
        """The first line in printable bytes: what it was, where it was no HTTP. A line beyond greetings is a file's."""
        line = self._first.partition(b"\n")[0]
        return printable(line.rstrip(b"\r")) if len(line) <= _GREETING else "no line of a greeting"

    @property
    def _foreign(self) -> bool:
        """Whether something came, and it begins as no HTTP does."""
        begun = self._first.lstrip(b"\r\n")[:len(_HTTP)]
        return begun != _HTTP[:len(begun)]

    def unheard(self) -> Reset | NotThisProtocol:
        """What to say where the peer closed before an answer."""
        told = f"closed before an answer{': ' + self.first if self.first else ''}"
        return NotThisProtocol(told, self._first) if self._foreign else Reset(told)

    def _fail(self, error: Exception) -> None:
        self.let_go()
        if self.complete:
            return                                              # of what nobody asked for
        if isinstance(error, httptools.HttpParserUpgrade):
            told = f"switches to another protocol: {self.first}"
        elif isinstance(error, httptools.HttpParserCallbackError):
            told = str(error.__context__)                       # our own, from on_headers_complete
        else:
            told = f"not HTTP/1.1 ({error}): {self.first}"
        broken = NotThisProtocol(told, self._first) if self._foreign else ProtocolError(told)
        broken.__cause__ = error
        if not self.headed:
            raise broken
        self.broken = broken

    def let_go(self) -> None:
        """Nothing more will come: the parser and this hold each other."""
        self._parser = None

    def on_status(self, reason: bytes) -> None:
        """Called by the parser, possibly in pieces."""
        if not self.headed:
            self._reason += reason

    def on_header(self, name: bytes, found: bytes) -> None:
        """Called by the parser; trailers come after the body and are dropped."""
        if not self.headed:
            self.headers.append((name.lower(), found))

    def on_headers_complete(self) -> None:
        """Called by the parser after each header block, interim answers included."""
        if self.headed or self._parser is None:
            return
        if not self._first.lstrip(b"\r\n").startswith(b"HTTP/1."):
            raise ProtocolError(self.first)                     # llhttp knows RTSP, ICE and HTTP/2 as well
        self.status = self._parser.get_status_code()
        if 100 <= self.status < 200:
            self._again()
            return
        if self.status < 200 or self.status > 599:
            raise ProtocolError(f"status {self.status:03}")
        self.headed = True
        self.framed = any(name == b"content-length" or (name == b"transfer-encoding" and b"chunked" in found.lower())
                          for name, found in self.headers)
        self.complete = self._bodiless or self.status in _NO_BODY

    def on_body(self, data: bytes) -> None:
        """Called by the parser."""
        if not self.complete:
            self._pieces.append(data)

    def on_message_complete(self) -> None:
        """Called by the parser; also after an interim answer."""
        if self.headed:
            self.complete = True

    def _again(self) -> None:
        self._interim += 1
        if self._interim > self._most_interim:
            raise ProtocolError(f"more than {self._most_interim} interim answers")
        self.headers = []
        self._reason = b""
