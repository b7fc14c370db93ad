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

if __name__ != "__main__":
    from tests.bottle_wire import Contact, Names, Tap, reply

RESOLVER = "192.0.2.53"                      # where programs inside send their questions: the bottle answers
AUTHORISED = """
[authorisation]
organisation = "Region Example"
authorised_by = "Chief information security officer"
contact = "security@example.org"
"""                                          # how a scope file inside begins
_PAUSE = 0.5                                 # seconds without a byte: the client waits for us
_PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


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


@functools.cache
def unavailable() -> str | None:
    """Why this machine grants no bottle, or None."""
    if sys.platform != "linux":
        return "network namespaces are Linux's"
    for program in ("unshare", "nsenter", "ip", "mount"):
        if shutil.which(program, path=_PATH) is None:
            return f"no {program} on this machine (Debian: util-linux, mount, iproute2)"
    try:
        with Bottle({}):
            return None
    except OSError as error:
        return f"this machine grants no network namespace: {error}"


class Bottle:
    """A context manager: the namespace lives as long as it does.

    `answers` maps (address or "*", port) to what is sent back before closing; its ports are listened on at every
    address, and an address without an answer accepts and closes. `names` is what the resolver knows: host name to
    addresses, or to a function that gives them anew for each question; a value that is a name is an alias (CNAME).
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
        tap, resolver, *listeners = sockets
        self._tap = Tap(tap)
        self._sockets = sockets
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._serve(resolver, listeners), self._loop).result(10)
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
    def contacts(self) -> set[Contact]:
        """Who was contacted so far; complete for programs that have ended. Questions to RESOLVER are among them."""
        self._tap.drain()
        return set(self._tap.contacts)

    def start(self, argv: Sequence[str | Path], *, cwd: Path | None = None, env: Mapping[str, str] | None = None,
              ) -> subprocess.Popen[str]:
        """Start a program inside, in a process session of its own; the caller ends it and reads its pipes."""
        enter = [_program("nsenter"), f"--target={self._holder.pid}", "--user", "--net", "--mount",
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

    async def _serve(self, resolver: socket.socket, listeners: list[socket.socket]) -> None:
        self._servers = [await asyncio.start_server(self._answer, sock=sock) for sock in listeners]
        resolver.setblocking(False)
        self._loop.add_reader(resolver, self._resolve, resolver)
        self._loop.add_reader(self._tap.sock, self._tap.drain)

    async def _finish(self) -> None:
        for server in self._servers:
            server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._loop.remove_reader(self._tap.sock)
        self._loop.remove_reader(self._sockets[1])

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

    def _resolve(self, sock: socket.socket) -> None:
        with suppress(BlockingIOError):
            while True:
                question, client = sock.recvfrom(2048)
                name, answer = reply(question, self._names)
                self.questions.append(name)
                sock.sendto(answer, client)


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


def _program(name: str) -> str:
    return shutil.which(name, path=_PATH) or name


def _hold(folder: str, ports: Sequence[int]) -> tuple[subprocess.Popen[str], socket.socket, list[socket.socket]]:
    """Start the holder; gives it, its leash (closing it ends the holder) and its sockets: tap, resolver, listeners."""
    ours, theirs = socket.socketpair()
    with theirs:
        holder = subprocess.Popen(
            [_program("unshare"), "--user", "--map-root-user", "--net", "--mount", "--",
             sys.executable, "-I", __file__, str(theirs.fileno()), folder, *map(str, ports)],
            pass_fds=[theirs.fileno()], start_new_session=True, text=True, env={**os.environ, "PATH": _PATH},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )
    assert holder.stderr is not None
    ours.settimeout(60)
    ready, handles, _, _ = socket.recv_fds(ours, 16, 253)
    if not ready:
        ours.close()
        said = holder.stderr.read().strip().splitlines()
        holder.stderr.close()
        holder.wait(10)
        raise OSError(said[-1] if said else "the holder ended")
    holder.stderr.close()
    return holder, ours, [socket.socket(fileno=handle) for handle in handles]


# The rest runs inside the namespace, in the holder.


def _inside(leash: socket.socket, folder: Path, ports: Sequence[int]) -> None:
    """Make every address local, open the sockets, hand them out, and hold the namespace until the leash is let go."""
    for command in ("link set lo up", "route add local 0.0.0.0/0 dev lo", "-6 route add local ::/0 dev lo"):
        subprocess.run(["ip", *command.split()], check=True)
    _resolve_here(folder)
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0003))     # ETH_P_ALL
    resolver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    resolver.bind((RESOLVER, 53))
    listeners = [_listen(family, port) for port in ports for family in (socket.AF_INET, socket.AF_INET6)]
    socket.send_fds(leash, [b"ready"], [sock.fileno() for sock in (tap, resolver, *listeners)])
    leash.recv(1)


def _resolve_here(folder: Path) -> None:
    """Names are asked of the bottle: this mount namespace sees its own three files."""
    texts = {"resolv.conf": f"nameserver {RESOLVER}\noptions timeout:1 attempts:1\n",
             "hosts": "127.0.0.1 localhost\n::1 localhost\n", "nsswitch.conf": "hosts: files dns\n"}
    for name, text in texts.items():
        (folder / name).write_text(text)
        if Path("/etc", name).exists():
            subprocess.run(["mount", "--bind", str(folder / name), f"/etc/{name}"], check=True)


def _listen(family: socket.AddressFamily, port: int) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    if family is socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("", port))
    sock.listen(4096)
    return sock


if __name__ == "__main__":
    _inside(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2]), [int(port) for port in sys.argv[3:]])
