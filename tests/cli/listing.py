"""A listing server of a few lines, written for these tests: a tree of names, every connection counted."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from types import TracebackType

from tests import witness
from tests.ports import listen

Tree = Mapping[str, Sequence[str]]       # directory -> names in it; folders end in a slash

CALLS = [f"07017406{n:02}.wav" for n in range(5, 30)]      # fictional numbers
STORE: Tree = {"/": ["calls/", "readme.txt"], "/calls/": CALLS}
MIRROR: Tree = {"/": [f"package-{n}.tar.gz" for n in range(12)]}
WEBSITE: Tree = {}
_ROW = '<a href="{0}">{0}</a>                18-Feb-2019 10:00            {1}'


def page(path: str, names: Sequence[str]) -> bytes:
    """One folder, as a web server of the plain sort prints it."""
    rows = "\n".join(_ROW.format(name, "-" if name.endswith("/") else 480_044) for name in names)
    return (f"<html><head><title>Index of {path}</title></head><body><h1>Index of {path}</h1><hr><pre>"
            f'<a href="../">../</a>\n{rows}\n</pre><hr></body></html>').encode()


@dataclass
class Listing:
    """The server; use as a context manager. `connections` and `paths` are what it saw."""

    tree: Tree
    delay: float = 0.0                   # seconds before each answer
    status: int = 404                    # of everything that is not in the tree
    host: str = "127.0.0.1"
    front: bytes | None = None           # a page for `/` that is no listing
    connections: int = 0
    paths: list[str] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)      # verb, path; those that get no answer too

    def __enter__(self) -> Listing:
        seen = self
        sock = listen(self.host)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def parse_request(self) -> bool:
                whole = super().parse_request()
                if whole:
                    seen.requests.append((self.command, self.path))
                return whole

            def do_GET(self) -> None:
                seen.paths.append(self.path)
                time.sleep(seen.delay)
                names = seen.tree.get(self.path)
                front = seen.front if self.path == "/" else None
                body = front or (b"<h1>no</h1>" if names is None else page(self.path, names))
                self.send_response(200 if front or names is not None else seen.status)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def verify_request(self, request: object, client_address: object) -> bool:
                seen.connections += 1
                return True

            def handle_error(self, request: object, client_address: object) -> None:
                """The scanner may hang up at any moment."""

        self._server = Server(sock.getsockname(), Handler, bind_and_activate=False)
        self._server.socket.close()
        self._server.socket = sock
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        self._sock: socket = sock
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        if kind is None:
            witness.judge(witness.unfit(verb, path) for verb, path in self.requests)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._sock.getsockname()[1])

    @property
    def door(self) -> str:
        """`host:port`, a target."""
        return f"{self.host}:{self.port}"
