"""HTTP servers that want a login, want time, or answer when they feel like it."""

from __future__ import annotations

import asyncio
from collections import Counter

from tests.hostile.behaviour import Behaviour, Host
from tests.hostile.serving import NOT_FOUND, Answer, Talk, below, folder, hosting, ok, says
from tests.scan.scans import Done
from tests.scan.sites import calls, listing

LOGIN, SLOW, FOUND = frozenset({"login"}), frozenset({"slow-down"}), frozenset({"found"})
CHALLENGES = {
    "Basic": ['WWW-Authenticate: Basic realm="files"'],
    "Digest": ['WWW-Authenticate: Digest realm="x", nonce="1", qop="auth"'],
    "NTLM": ["WWW-Authenticate: NTLM"],
    "NTLM, with a challenge unasked": ["WWW-Authenticate: NTLM TlRMTVNTUAACAAAAAAAAACgAAAABggAA"],
    "Negotiate": ["WWW-Authenticate: Negotiate"],
    "one of 500 schemes": [f"WWW-Authenticate: Scheme{i}" for i in range(500)],
}
WAITS = {"9999999": "in 115 days", "-1": "a second ago", "Wed, 21 Oct 2099 07:28:00 GMT": "in 2099", "soon": "soon",
         "1e999": "at 1e999", "": "without a time"}


def unknown(done: Done, host: Host) -> str | None:
    """Nobody was told who is asking."""
    sent = [header for header in (b"\r\nauthorization:", b"\r\nproxy-authorization:", b"\r\ncookie:")
            if any(header in request.lower() for request in host.seen)]
    return f"sent {sent}" if sent else None


def patient(done: Done, host: Host) -> str | None:
    """It was asked a few times, not again and again."""
    return f"{len(host.seen)} requests" if len(host.seen) > 12 else None


def denied(*headers: str, status: str = "401 Unauthorized") -> bytes:
    """An answer that asks for something else first."""
    return ok(b"<html><body>no</body></html>", *headers, status=status)


def now_and_then(answers: int, of: int, then: Answer | None = None) -> Answer:
    """Folders of which some are answered, and every other connection is cut."""
    parts = {f"part{i:02}": {} for i in range(of)}
    page = listing("/", {**parts, **calls(3, 800_000 + of)})

    async def answer(talk: Talk) -> None:
        name = talk.path.strip("/")
        if talk.path == "/":
            await talk.say(ok(page))
        elif name not in parts:
            await talk.say(NOT_FOUND)
        elif int(name[4:]) < answers:
            await talk.say(ok(listing(talk.path, calls(2, 810_000 + 100 * of + 10 * int(name[4:])))))
        else:
            talk.reset()
    return answer


def second_try() -> Answer:
    """Each path is cut off when it is asked for the first time."""
    times, good = Counter[str](), now_and_then(6, 6)

    async def answer(talk: Talk) -> None:
        times[talk.path] += 1
        if times[talk.path] == 1 and talk.path.startswith("/part"):
            talk.reset()
        else:
            await good(talk)
    return answer


def slower() -> Answer:
    """Every answer takes longer than the one before."""
    count, good = Counter[str](), now_and_then(8, 8)

    async def answer(talk: Talk) -> None:
        count["all"] += 1
        await asyncio.sleep(0.02 * count["all"])
        await good(talk)
    return answer


def at_last(*first: bytes) -> Answer:
    """Answers so, and then as it should."""
    left, page = [*first], ok(folder(12))

    async def answer(talk: Talk) -> None:
        if left and talk.path == "/":
            await talk.say(left.pop(0))
        else:
            await talk.say(page if talk.path == "/" else NOT_FOUND)
    return answer


BUSY = denied("Retry-After: 0", status="503 Busy")
BEHAVIOURS = [
    *(Behaviour("H-25", f"wants a login by {name}", LOGIN, hosting(says(denied(*headers))), (), unknown)
      for name, headers in CHALLENGES.items()),
    Behaviour("H-25", "wants a login for one folder", frozenset({"found", "login"}),
              hosting(below(denied(*CHALLENGES["NTLM"]))), ("3 files",), unknown),
    Behaviour("H-25", "wants a proxy's login", LOGIN,
              hosting(says(denied("Proxy-Authenticate: Basic", status="407 Proxy"))), (), unknown),
    *(Behaviour("H-26", f"429, to be asked again {words}", SLOW,
                hosting(says(denied(f"Retry-After: {wait}", status="429 Slow Down"))), (), patient)
      for wait, words in WAITS.items()),
    Behaviour("H-26", "503, to be asked again in 115 days", SLOW,
              hosting(says(denied("Retry-After: 9999999", status="503 Busy"))), (), patient),
    Behaviour("H-26", "503 once, then a listing", FOUND, hosting(at_last(BUSY)), ("12 files",)),
    Behaviour("H-26", "503 for one folder, for ever", frozenset({"found", "slow-down"}),
              hosting(below(denied("Retry-After: 0", status="503 Busy"))), ("3 files",)),
    Behaviour("H-28", "answers one folder of five", frozenset({"found", "reset"}), hosting(now_and_then(1, 5)),
              ("5 files",)),
    Behaviour("H-28", "answers every folder at the second try", FOUND, hosting(second_try()), ("15 files",)),
    Behaviour("H-28", "takes longer with every answer", FOUND, hosting(slower()), ("19 files",)),
]
