"""A server that marks no folder: what is one is found by asking with the slash, and no file is asked for."""

from __future__ import annotations

import asyncio
import http.server
import threading
from collections.abc import Iterator
from ipaddress import ip_address
from typing import ClassVar

import pytest

from scanner.errors import NetError
from scanner.model import Ask, Asked, Batch, Endpoint
from scanner.net import Ledger, Limits, Net, Pace
from scanner.probes import Http
from scanner.probes.unmarked import MOST
from tests.fakes import FakeScope
from tests.ports import free

TREE = {
    "/": ["calls", "README", "0701740605.wav", "0701740606.wav"],
    "/calls/": ["20190218_083012_ABCD.wav", "20190218_084012_ABCE.wav", "20190218_085012_ABCF.wav"],
}


class Handler(http.server.BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/drop/":
            self.close_connection = True
            return
        rows = TREE.get(self.path)
        page = "" if rows is None else "".join(f'<LI><A HREF="{row}">{row}</A>' for row in rows)
        body = f"<TITLE>Index of {self.path}</TITLE><H2>Index of {self.path}</H2><UL>{page}</UL>".encode()
        self.send_response(404 if rows is None else 200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    Handler.asked = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", free()), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def listed(port: int) -> tuple[list[bytes], list[bytes], str]:
    """Names, folders and the error that ended it."""

    async def go() -> tuple[list[bytes], list[bytes], str]:
        net = Net(FakeScope(), pace=Pace(1e6, 1e6, 10, 10), ledger=Ledger(), limits=Limits(), identity="a@example.org")
        found: list[Batch] = []
        said = ""
        async with Http().open(Endpoint(address=ip_address("127.0.0.1"), port=port), net) as door:
            try:
                async for thing in door.list(Ask("/", Asked.ROOT)):
                    if isinstance(thing, Batch):
                        found.append(thing)  # noqa: PERF401  what came before an error counts
            except NetError as error:
                said = type(error).__name__
        names = [name for batch in found for name in batch.names]
        return names, [name for batch in found for name in batch.directories], said

    return asyncio.run(go())


def test_a_server_that_fails_such_a_question_loses_nothing_that_it_listed(port: int, monkeypatch) -> None:
    monkeypatch.setitem(TREE, "/", ["calls", "drop", "0701740605.wav", "0701740606.wav"])
    names, folders, said = listed(port)
    assert (sorted(names), folders, said) == ([b"0701740605.wav", b"0701740606.wav", b"drop"], [b"calls"], "Reset")


def test_a_server_without_folders_is_asked_few_questions(port: int, monkeypatch) -> None:
    monkeypatch.setitem(TREE, "/", [f"file{i}" for i in range(100)])
    names, folders, said = listed(port)
    assert (len(names), folders, said) == (100, [], "")
    assert len(Handler.asked) <= MOST + 3


def test_a_folder_without_a_mark_is_told_from_a_file(port: int) -> None:
    async def entries() -> tuple[list[bytes], list[bytes]]:
        pace, limits = Pace(1e6, 1e6, 10, 10), Limits()
        net = Net(FakeScope(), pace=pace, ledger=Ledger(), limits=limits, identity="security@example.org")
        async with Http().open(Endpoint(address=ip_address("127.0.0.1"), port=port), net) as door:
            found = [thing async for thing in door.list(Ask("/", Asked.ROOT)) if isinstance(thing, Batch)]
        return [name for batch in found for name in batch.names], [name for one in found for name in one.directories]

    names, folders = asyncio.run(entries())
    assert (sorted(names), folders) == ([b"0701740605.wav", b"0701740606.wav", b"README"], [b"calls"])
    assert all(path.endswith("/") for path in Handler.asked)


class Careless(Handler):
    """Passes over a slash after a file's name: it is sent. HEAD is spoken."""

    verbs: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.verbs.append(f"GET {self.path}")
        if self.path != "/README/":
            super().do_GET()
            return
        self._say("text/plain")
        self.wfile.write(b"what lies in it")

    def do_HEAD(self) -> None:
        self.verbs.append(f"HEAD {self.path}")
        self._say("text/html" if self.path in TREE else "text/plain")

    def _say(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", "15")
        self.end_headers()


class Deaf(Handler):
    """Closes the connection where HEAD is asked."""

    verbs: ClassVar[list[str]] = []

    def do_HEAD(self) -> None:
        self.verbs.append(f"HEAD {self.path}")
        self.close_connection = True


def served(handler: type[Handler]) -> tuple[list[bytes], list[bytes], str]:
    """What is listed of such a server."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", free()), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        return listed(server.server_port)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_where_head_breaks_the_connection_folders_are_found_without_it() -> None:
    Deaf.verbs, Deaf.asked = [], []
    names, folders, said = served(Deaf)
    assert (sorted(names), folders, said) == ([b"0701740605.wav", b"0701740606.wav", b"README"], [b"calls"], "")
    assert {"HEAD /calls/"} == set(Deaf.verbs)


def test_a_server_that_passes_over_the_slash_is_asked_for_no_file() -> None:
    Careless.verbs = []
    names, folders, said = served(Careless)
    assert (sorted(names), folders, said) == ([b"0701740605.wav", b"0701740606.wav", b"README"], [b"calls"], "")
    asked = [said for said in Careless.verbs if said.endswith(("/calls/", "/README/"))]
    assert ["HEAD /calls/", "GET /calls/", "HEAD /README/"] == asked
