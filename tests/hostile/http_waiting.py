"""HTTP servers that keep a client waiting: silence, and headers, interim answers or bodies that come in drops."""

from __future__ import annotations

from tests.hostile.behaviour import Behaviour, Hosting
from tests.hostile.harness import LIMITS
from tests.hostile.serving import OK, Answer, at, below, drips, folder, hosting, ok, pours, says

PAGE = folder(40)
SHOWN = 2400                             # bytes of it that come at once: some twenty rows
REST = [PAGE[i:i + 1] for i in range(SHOWN, len(PAGE))]
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
CHUNKS = [b"1\r\n" + byte + b"\r\n" for byte in REST]
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
TIMEOUT = frozenset({"timeout"})
KEPT = frozenset({"found", "timeout"})


def impatient(answer: Answer) -> Hosting:
    """A server in a scan that does not wait for long."""
    return hosting(answer, limits=LIMITS)


BEHAVIOURS = [
    Behaviour("H-01", "accepts and never answers", TIMEOUT, impatient(says(60.0))),
    Behaviour("H-01", "never answers for one folder of a listing", KEPT, impatient(below(says(60.0))),
              ("cut by timeout", "3 files")),
    Behaviour("H-02", "a header line every half second, without end", TIMEOUT,
              impatient(drips(OK, [b"X-More: yes\r\n"], 0.5))),
    Behaviour("H-02", "a header a byte at a time", TIMEOUT, impatient(drips(b"HTTP/1.1 200 OK\r\nX: ", [b"x"], 0.2))),
    Behaviour("H-03", "a listing whose body goes on a byte every half second", KEPT,
              impatient(at({"/": drips(ok(PAGE)[:-len(REST)], REST, 0.5)})), ("cut by timeout",)),
    Behaviour("H-04", "103 Early Hints without end", frozenset({"protocol"}), impatient(pours(b"", HINTS)),
              ("more than 8 interim answers",)),
    Behaviour("H-04", "100 Continue without end", frozenset({"protocol"}), impatient(pours(b"", CONTINUE)),
              ("more than 8 interim answers",)),
    Behaviour("H-04", "103 Early Hints in drops", TIMEOUT, impatient(drips(b"", [HINTS], 0.7))),
    Behaviour("H-05", "a listing in chunks of a byte, one every half second", KEPT,
              impatient(at({"/": drips(CHUNKED + b"%x\r\n" % SHOWN + PAGE[:SHOWN] + b"\r\n", CHUNKS, 0.5)})),
              ("cut by timeout",)),
]
