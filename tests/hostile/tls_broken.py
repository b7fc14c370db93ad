"""TLS that breaks off or floods: handshakes and sessions gone wrong."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from tests.hostile.behaviour import Behaviour
from tests.hostile.tls_courses import after, raw
from tests.hostile.tls_door import PAGE, SEEN, brief, page
from tests.hostile.tls_null import ALERT, HANDSHAKE, HELLO_REQUEST, USER_CANCELLED, WARNING, null, record
from tests.hostile.tls_openssl import s_server

TLS = frozenset({"tls"})

ENDED = [
    Behaviour("T-09", "a page without length, and no close_notify at its end", SEEN,
              partial(null, after(then=PAGE.replace(b"Content-Length", b"X-Length")))),
    Behaviour("T-09", "hangs up in the middle of the page, without close_notify", SEEN | {"reset"},
              partial(null, after(then=PAGE[:1500])), ("cut by reset",)),
]
FLOODS = [
    Behaviour("T-10", "wants to negotiate anew, then goes on", SEEN, partial(null, after(HANDSHAKE, HELLO_REQUEST))),
    Behaviour("T-10", "OpenSSL negotiates anew with a client that refuses, and ends", TLS,
              partial(s_server, "-tls1_2", quiet=False, says=lambda path: b"r\n" + page(path)),
              ("handshake failure",)),
    Behaviour("T-10", "wants to negotiate anew, without end", TLS,
              partial(null, after(HANDSHAKE, HELLO_REQUEST * 99, endless=True)), ("hold next to nothing",)),
    Behaviour("T-10", "warning alerts without end, in the session", TLS,
              partial(null, after(ALERT, WARNING + USER_CANCELLED, endless=True)), ("too many warn alerts",)),
    Behaviour("T-10", "warning alerts without end, before it", TLS,
              raw(again=record(ALERT, WARNING + USER_CANCELLED) * 99), ("too many warn alerts",)),
    Behaviour("T-10", "wants to negotiate anew, without end, before it has negotiated", TLS,
              raw(again=record(HANDSHAKE, HELLO_REQUEST * 99)), ("a handshake of more than",)),
    Behaviour("T-10", "records without data, without end", TLS, partial(null, after(endless=True)),
              ("record too small",)),
    Behaviour("T-10", "a million tickets", TLS, partial(s_server, "-tls1_3", "-num_tickets", "1000000"),
              ("hold next to nothing",)),
]
BEHAVIOURS = [replace(one, host=brief(one.host)) for one in (*ENDED, *FLOODS) if one.host is not None]
