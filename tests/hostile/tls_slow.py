"""TLS that keeps a client waiting: handshakes that stall or come in drops."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

from tests.hostile.behaviour import Behaviour
from tests.hostile.serving import hosting
from tests.hostile.tls_courses import HELLO, raw
from tests.hostile.tls_door import brief
from tests.hostile.tls_null import null

TIMEOUT = frozenset({"timeout"})

STALLED = [
    Behaviour("T-03", "no answer to a handshake, and none in clear", TIMEOUT, hosting(
        lambda talk: talk.idle(60), greets=True, target="https://{}/")),
    Behaviour("T-03", "half an answer to a handshake", TIMEOUT, raw(HELLO[:40], 60.0)),
    Behaviour("T-03", "a handshake of a byte every 50 ms", TIMEOUT, raw(HELLO[:9], again=b"\0", every=0.05)),
    Behaviour("T-03", "a whole handshake, then silence", TIMEOUT, partial(null, lambda there: asyncio.sleep(60))),
]
BEHAVIOURS = [replace(one, host=brief(one.host, patient=False)) for one in STALLED if one.host is not None]
