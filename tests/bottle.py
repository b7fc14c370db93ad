"""The Internet in a bottle: a network namespace in which every address is local. Nothing in it reaches anybody.

    with Bottle({("*", 80): b"HTTP/1.1 200 OK\\r\\n\\r\\n"}, names={"files.example.org": ["192.0.2.7"]}) as bottle:
        ended = bottle.run([sys.executable, "-m", "scanner", "scan", "192.0.2.7"])
    assert bottle.contacts == {("tcp", "192.0.2.7", 80)}

`contacts` is what left the programs inside, taken from the packets themselves: each TCP connect, each datagram and
each echo request, to whatever port, listened on or not. A small holder process owns the namespace and hands its
sockets out; they are served by a thread here, so that an answer may be any function of the test.
"""

from __future__ import annotations

import asyncio
import functools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests import bottle_inside
from tests.bottle_inside import PATH
from tests.bottle_wire import Contact, Names, Tap, answer_questions

RESOLVER = bottle_inside.RESOLVER            # where programs inside send their questions
AUTHORISED = """
[authorisation]
organisation = "Region Example"
authorised_by = "Chief information security officer"
contact = "security@example.org"
"""                                          # how a scope file inside begins
_REFUSED = ("unshare:", "not permitted", "denied", "not supported")     # how a machine says that it grants none
_PAUSE = 0.5                                 # seconds without a byte: the client waits for us


@dataclass(frozen=True)
class Asked:
    """What a client sent to a listener: up to the empty line, or until it paused."""

    request: bytes
    address: str
    port: int


Answer = bytes | Callable[[Asked], bytes]


@dataclass(frozen=True)
class Ended:
    """How a program inside ended. `status` None: it ran out of time and was killed."""

    status: int | None
    out: str
    err: str


def lacks() -> str | None:
    """What a bottle needs and this machine has not, or None."""
    if sys.platform != "linux":
        return "network namespaces are Linux's"
    for name in ("unshare", "nsenter", "ip", "mount"):
        if shutil.which(name, path=PATH) is None:
            return f"no {name} on this machine (Debian: util-linux, mount, iproute2)"
    return None


@functools.cache
def unavailable() -> str | None:
    """Why this machine grants no bottle, or None."""
    if reason := lacks():
        return reason
    try:
        with Bottle({}):
            return None
    except OSError as error:
        return f"this machine grants no network namespace: {error}"


class Bottle:
    """A context manager: the namespace lives as long as it does.

    `answers` maps (address or "*", port) to what is sent back before closing; its ports are listened on at every
    address, and an address without an answer accepts and closes. `names` is what the resolver knows: host name to
    addresses, or to a function that gives them anew for each question; a value that is a name is an alias (CNAME), and
    "*" stands for every other name. Whatever address a question is sent to, it is answered.
    """

    def __init__(self, answers: Mapping[tuple[str, int], Answer], *, names: Names | None = None) -> None:
        self._answers = dict(answers)
        self._names = {name.lower(): values for name, values in (names or {}).items()}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="bottle", daemon=True)
        self.questions: list[str] = []                           # names that the resolver was asked for

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="bottle-")
        try:
            self._holder, self._leash, sockets = _hold(self._folder.name, sorted({port for _, port in self._answers}))
        except BaseException:
            self._folder.cleanup()
            self._loop.close()
            raise
        tap, *self._resolvers = sockets[:3]
        self._tap = Tap(tap)
        self._sockets = sockets
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._serve(sockets[3:]), self._loop).result(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None,
    ) -> None:
        try:
            self._tap.drain()
        finally:
            asyncio.run_coroutine_threadsafe(self._finish(), self._loop).result(10)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)
            self._loop.close()
            for sock in (*self._sockets, self._leash):
                sock.close()
            self._holder.wait(10)
            self._folder.cleanup()

    @property
    def network(self) -> Path:
        """The network namespace, as setns(2) takes it."""
        return Path(f"/proc/{self._holder.pid}/ns/net")

    @property
    def contacts(self) -> set[Contact]:
        """Who was contacted so far; complete for programs that have ended. Questions to RESOLVER are among them."""
        self._tap.drain()
        return set(self._tap.contacts)

    def forget(self) -> None:
        """Begin a new account of contacts and questions."""
        self._tap.drain()
        self._tap.contacts.clear()
        self.questions.clear()

    def start(self, argv: Sequence[str | Path], *, cwd: Path | None = None, env: Mapping[str, str] | None = None,
              ) -> subprocess.Popen[str]:
        """Start a program inside, in a process session of its own; the caller ends it and reads its pipes."""
        enter = [bottle_inside.program("nsenter"), f"--target={self._holder.pid}", "--user", "--net", "--mount",
                 "--preserve-credentials", "--", "/bin/sh", "-c", 'cd "$0" && exec "$@"', str(cwd or Path.cwd())]
        return subprocess.Popen(
            [*enter, *map(str, argv)], env=env, text=True, errors="surrogateescape", start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )

    def run(self, argv: Sequence[str | Path], *, cwd: Path | None = None, env: Mapping[str, str] | None = None,
            timeout: float = 150) -> Ended:
        """Run a program inside to its end; after `timeout` seconds it and all it started are killed."""
        process = self.start(argv, cwd=cwd, env=env)
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            return Ended(None, out, err)
        return Ended(process.returncode, out, err)

    async def _serve(self, listeners: list[socket.socket]) -> None:
        self._servers = [await asyncio.start_server(self._answer, sock=sock) for sock in listeners]
        for sock in self._resolvers:
            self._loop.add_reader(sock, answer_questions, sock, self._names, self.questions)
        self._loop.add_reader(self._tap.sock, self._tap.drain)

    async def _finish(self) -> None:
        for server in self._servers:
            server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._loop.remove_reader(self._tap.sock)
        for sock in self._resolvers:
            self._loop.remove_reader(sock)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address, port = writer.get_extra_info("sockname")[:2]
        with suppress(OSError):
            request = await _request(reader)
            answer = self._answers.get((address, port), self._answers.get(("*", port), b""))
            writer.write(answer if isinstance(answer, bytes) else answer(Asked(request, address, port)))
            await writer.drain()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _request(reader: asyncio.StreamReader) -> bytes:
    """Bytes up to an empty line; less when the client pauses, ends, or speaks TLS (its first byte is 22)."""
    request = b""
    with suppress(TimeoutError):
        while b"\r\n\r\n" not in request and request[:1] != b"\x16":
            more = await asyncio.wait_for(reader.read(65_536), _PAUSE)
            if not more:
                break
            request += more
    return request


def _hold(folder: str, ports: Sequence[int]) -> tuple[subprocess.Popen[str], socket.socket, list[socket.socket]]:
    """Start the holder: it, its leash (closing it ends the holder), its sockets (tap, two resolvers, listeners)."""
    ours, theirs = socket.socketpair()
    with theirs:
        holder = subprocess.Popen(
            [bottle_inside.program("unshare"), "--user", "--map-root-user", "--net", "--mount", "--",
             sys.executable, "-I", bottle_inside.__file__, str(theirs.fileno()), folder, *map(str, ports)],
            pass_fds=[theirs.fileno()], start_new_session=True, text=True, env={**os.environ, "PATH": PATH},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )
    assert holder.stderr is not None
    ours.settimeout(60)
    ready, handles, _, _ = socket.recv_fds(ours, 16, 253)
    if not ready:
        ours.close()
        said = holder.stderr.read().strip()
        holder.stderr.close()
        holder.wait(10)
        if any(word in said for word in _REFUSED):
            raise OSError(said.splitlines()[-1])
        raise RuntimeError(f"the bottle broke: {said}")
    holder.stderr.close()
    return holder, ours, [socket.socket(fileno=handle) for handle in handles]
