"""HTTP servers whose folders have no end, or whose every path answers: what comes again is counted once."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from tests.hostile.behaviour import Behaviour, Check, Host, Hosting
from tests.hostile.serving import NOT_FOUND, Answer, Talk, folder, hosting, listener, ok
from tests.scan.scans import Done
from tests.scan.sites import Growing, Loop, Site, Status, calls, listing

LOST = frozenset({"found", "not-a-listing"})
FOUND, LOOP, CUT = frozenset({"found"}), frozenset({"found", "loop"}), frozenset({"found", "cut"})
_first = itertools.count(300_000, 500)


def tree(make: Callable[[int], Any], *, name: str | None = None, **how: Any) -> Hosting:
    """A site that serves a tree; `make` gets the number of its first call, which is nobody else's.

    `name`: what the owner calls it.
    """
    @asynccontextmanager
    async def started() -> AsyncIterator[Host]:
        with listener() as sock:
            address, port = sock.getsockname()
        site = await Site(make(next(_first)), **how).start(address, port)
        host = Host(targets=(f"http://{name or address}:{port}/", f"http://{address}:{port}/"),
                    doors=frozenset({(address, port)}), session={"names": {name: address}} if name else {})
        try:
            yield host
        finally:
            await site.stop()
            host.seen += [f"{one.verb} {one.path} HTTP/1.1\r\nHost: {one.host}\r\n\r\n".encode() + one.body
                          for one in site.asked]
    return started


def within(requests: int) -> Check:
    """No explosion: so many requests and no more."""
    def check(done: Done, host: Host) -> str | None:
        return f"{len(host.seen)} requests" if len(host.seen) > requests else None
    return check


def once(done: Done, host: Host) -> str | None:
    """One finding, whatever its paths."""
    ports = {port for _, port in host.doors}
    count = sum(bool(ports & {door.port for door in finding.doors}) for finding in done.findings)
    return f"{count} findings" if count != 1 else within(60)(done, host)


def anew() -> Answer:
    """Every path is a listing of other files and other folders."""
    async def answer(talk: Talk) -> None:
        rows = {**{secrets.token_hex(4): {} for _ in range(3)}, f"{secrets.token_hex(8)}.wav": 8044, "a.wav": 7}
        await talk.say(ok(listing(talk.path, rows)))
    return answer


def pages(*links: str) -> Answer:
    """A listing whose folders are written so, for each path below the root."""
    rows = "".join(f'<a href="{link}">{link}</a>       01-Feb-2019 10:00     -\r\n' for link in links)
    page = ok(folder(3).replace(b"</pre>", rows.encode() + b"</pre>"))

    async def answer(talk: Talk) -> None:
        known = set(talk.path.split("/")) <= {"", ".", "..", "a", "x", "%2e", "%2e%2e"}
        await talk.say(page if known else NOT_FOUND)
    return answer


def session() -> Answer:
    """Links carry an id that is new in every answer."""
    rows = calls(3, first=next(_first))

    async def answer(talk: Talk) -> None:
        depth = talk.path.count("/")
        below = {f"s-{secrets.token_hex(8)}": {}} if depth < 40 else {}
        await talk.say(ok(listing(talk.path, {**rows, **below})))
    return answer


CATCH_ALL = [
    Behaviour("H-18", "one page for every path", frozenset(), hosting(
        lambda talk: talk.say(ok(b"<html><body><h1>Not found</h1><p>Sorry.</p></body></html>"))), (), within(12)),
    Behaviour("H-18", "one listing for every path", FOUND,
              tree(lambda first: {}, everything={"a": {}, **calls(9, 900_000)}),
              ("9 files",), once),
    Behaviour("H-18", "another listing for every path", CUT, hosting(anew()), (), within(150)),
]
CIRCLES = [
    Behaviour("H-19", "a folder that leads to the root", LOOP, tree(
        lambda n: {"d": {"up": Loop(1), **calls(2, n + 9)}, **calls(4, n)}), ("6 files",), within(60)),
    Behaviour("H-19", "folders that lead to each other", LOOP, tree(
        lambda n: {"c": {"a": {"b": Loop(1), **calls(2, n)}, **calls(3, n + 10)}}), ("5 files",), within(60)),
    Behaviour("H-19", "ever another folder", CUT, tree(lambda n: {"grow": Growing(), **calls(3, n)}), (), within(60)),
    Behaviour("H-19", "names in any letter case are one", FOUND, tree(
        lambda n: {"Calls": {**calls(4, n)}, **calls(2, n + 50)}, fold=True), ("6 files",), within(60)),
    Behaviour("H-19", "a session's id in every link", CUT, hosting(session()), (), within(120)),
    *(Behaviour("H-19", f"a listing that links to itself as {link}", ends, hosting(pages(link)), ("3 files",),
                within(60))
      for link, ends in [("./", FOUND), ("././", FOUND), ("%2e/", LOST), ("%2e%2e/", LOST), ("../", FOUND),
                         ("//", FOUND), ("?", LOST), ("x/../", FOUND), ("a/", LOOP)]),
]
OTHERS = [
    Behaviour("H-27", "shows its files to who names no host", FOUND,
              tree(lambda n: Status(404), hosts={"": {"calls": calls(5, 820_000)}}), ("5 files",)),
    Behaviour("H-27", "shows one thing to its name, another to its address", FOUND, tree(
        lambda n: {"a": calls(4, n)}, name="files.example.org", hosts={"files.example.org": {"b": calls(7, 830_000)}}),
        ("4 files", "7 files")),
    Behaviour("H-27", "refuses HEAD and shows a listing", FOUND, hosting(
        lambda talk: talk.say(ok(folder(6) if talk.path == "/" and talk.verb == "GET" else b"no",
                                 status="200 OK" if talk.path == "/" and talk.verb == "GET" else "404 No"))),
        ("6 files",)),
]
BEHAVIOURS = [*CATCH_ALL, *CIRCLES, *OTHERS]
