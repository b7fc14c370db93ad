"""HTTP servers that break the protocol: headers, lengths, chunks, statuses, and what is no HTTP at all."""

from __future__ import annotations

import random

from tests.hostile.behaviour import Behaviour
from tests.hostile.serving import OK, at, below, folder, hosting, ok, pours, resets, says

CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
NOISE = random.Random(7).randbytes(64 * 1024)
FOUND = frozenset({"found"})
CUT, KEPT = frozenset({"found", "cut"}), frozenset({"found", "reset"})
OTHER = frozenset({"not-this-protocol"})
PROTOCOL = frozenset({"protocol"})


def chunk() -> bytes:
    """A listing of thirty files, in one chunk."""
    page = folder(30)
    return b"%x\r\n%b\r\n" % (len(page), page)


def root(*parts: bytes | float):
    """Only the root is answered so: what else is asked for is not found."""
    return hosting(at({"/": says(*parts)}))


HEADERS = [
    Behaviour("H-06", "a million headers", frozenset({"cut"}), hosting(pours(OK, b"X-A: b\r\n" * 8000))),
    Behaviour("H-06", "one header of 100 MB", frozenset({"cut"}), hosting(pours(OK + b"X: ", b"x" * 65536))),
    Behaviour("H-06", "headers without end for one folder", CUT,
              hosting(below(pours(OK, b"X-A: b\r\n" * 8000)))),
    Behaviour("H-07", "HTTP/0.9: a page and nothing else", OTHER, hosting(says(folder(30)))),
    Behaviour("H-07", "random bytes", OTHER, hosting(pours(b"", NOISE))),
    Behaviour("H-07", "greets as SSH", frozenset({"recognised"}), hosting(says(b"SSH-2.0-OpenSSH_9.2\r\n", 1.0),
                                                                          target="{}", greets=True), ("SSH",)),
    Behaviour("H-07", "an audio stream that says ICY", frozenset({"recognised"}),
              hosting(pours(b"ICY 200 OK\r\nicy-name: x\r\ncontent-type: audio/mpeg\r\n\r\n", NOISE))),
    Behaviour("H-07", "answers as RTSP", frozenset({"recognised"}),
              hosting(says(b"RTSP/1.0 400 Bad Request\r\nCSeq: 0\r\n\r\n"))),
]
LENGTHS = [
    Behaviour("H-05", "a listing in chunks of a byte, one after the other", FOUND, root(
        CHUNKED + b"".join(b"1\r\n%c\r\n" % byte for byte in folder(40)) + b"0\r\n\r\n"), ("40 files",)),
    Behaviour("H-12", "a length beside chunks", FOUND,
              root(CHUNKED[:-2] + b"Content-Length: 9\r\n\r\n" + chunk() + b"0\r\n\r\n"), ("30 files",)),
    Behaviour("H-12", "two lengths", PROTOCOL,
              root(OK + b"Content-Length: 9\r\nContent-Length: 99\r\n\r\n" + folder(30))),
    Behaviour("H-12", "a length below zero", PROTOCOL, root(OK + b"Content-Length: -5\r\n\r\n" + folder(30))),
    Behaviour("H-12", "a length of 5,000 digits", PROTOCOL, root(OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n")),
    Behaviour("H-12", "a length beyond the body", KEPT,
              root(OK + b"Content-Length: 99999\r\n\r\n" + folder(30)), ("30 files", "cut by reset")),
    Behaviour("H-12", "a length short of the body", FOUND, root(OK + b"Content-Length: 2000\r\n\r\n" + folder(30))),
    Behaviour("H-13", "a chunk extension without end", frozenset({"found", "refused-body"}),
              hosting(below(pours(CHUNKED + b"1;", b"x" * 65536)))),
    Behaviour("H-13", "a chunk extension without end after the rows", CUT,
              hosting(at({"/": pours(CHUNKED + chunk() + b"1;", b"x" * 65536)}))),
    Behaviour("H-13", "trailers without end", CUT,
              hosting(at({"/": pours(CHUNKED + chunk() + b"0\r\n", b"X: y\r\n" * 9000)})),
              ("30 files",)),
    Behaviour("H-14", "a second answer behind the first", FOUND, root(ok(folder(30)) + ok(folder(99))), ("30 files",)),
    Behaviour("H-14", "a second answer behind a page that is not found", frozenset(),
              hosting(says(ok(b"<p>no</p>", status="404 No") + ok(folder(99))))),
]
STATUS = [
    Behaviour("H-15", "101 Switching Protocols", PROTOCOL,
              hosting(says(b"HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", NOISE))),
    *(Behaviour("H-15", f"status {status}", PROTOCOL, hosting(says(ok(folder(30), status=f"{status} X"))))
      for status in ("000", "999", "099", "20", "-1")),
    *(Behaviour("H-15", f"a status line of HTTP/{version}", PROTOCOL,
                hosting(says(ok(folder(30)).replace(b"HTTP/1.1", f"HTTP/{version}".encode()))))
      for version in ("2.0", "3", "1.9", "11.1")),
]
CUT_OFF = [
    Behaviour("H-16", "resets once it has accepted", frozenset({"reset"}), hosting(resets(), greets=True)),
    Behaviour("H-16", "resets after the headers", frozenset({"reset"}),
              hosting(at({"/": resets(OK + b"Content-Length: 999\r\n\r\n")}))),
    Behaviour("H-16", "resets in the middle of a listing", KEPT,
              hosting(at({"/": resets(ok(folder(30))[:-900])})), ("cut by reset",)),
    Behaviour("H-16", "resets for one folder of a listing", KEPT, hosting(below(resets())),
              ("3 files", "cut by reset")),
]
BEHAVIOURS = [*HEADERS, *LENGTHS, *STATUS, *CUT_OFF]
