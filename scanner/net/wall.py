"""The outer wall: an audit hook (PEP 578) before every socket, file and program of this process, for as long as a scan.

It is the last thing asked, and by the interpreter itself: a fault in all that stands before it still contacts nobody
and writes nowhere else. It decides nothing of its own: the scope is asked once more, by address and port. A port that
a protocol's second connection has of its own is known while that connection is made, and only then. The wall does not
see what C code does by itself: the system's resolver, SQLite's own files (the state's path is judged when it is
opened), uvloop's child, and nmap.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from scanner.model import Address
from scanner.net.dial import Permission

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_NAMELESS = getattr(os, "O_TMPFILE", -1)                         # a file without a name, in the folder that is given


class WallError(PermissionError):
    """Something was tried that a scan never does. An OSError, so that every library takes it for a refusal."""

    def __init__(self, what: str) -> None:
        super().__init__(errno.EPERM, f"not a thing that a scan does: {what}")
        self.what = what


@dataclass(slots=True)
class Wall:
    """What a scan may do. Paths are real paths; a folder in `folders` is meant with all below it.

    `scope` gives the scope as far as it is known: None until names are resolved, and nobody is dialled before that.
    """

    scope: Callable[[], Permission | None]
    further: Callable[[Address, int], bool] = lambda _address, _port: False     # a second connection, see `Dialler`
    names: frozenset[str] = frozenset()                         # that the resolver may be asked for
    databases: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()                         # written, or replaced by one of the same name
    folders: tuple[str, ...] = ()
    programs: frozenset[tuple[str, ...]] = frozenset()          # how what may be started begins: program, arguments
    held: list[str] = field(default_factory=list)               # what was refused

    def refuse(self, what: str) -> None:
        """Say no. Raises WallError."""
        self.held.append(what)
        raise WallError(what)

    def dial(self, _sock: socket.socket, address: Any) -> None:
        """A connection, or a datagram; without an address it goes where the socket was connected to."""
        if address is not None and not self._permits(address):
            self.refuse(f"contact {str(address)[:80]}")

    def _permits(self, address: Any) -> bool:
        if not isinstance(address, tuple) or any(address[3:]):  # a path, or a zone of IPv6
            return False
        try:
            there, scope = ip_address(str(address[0])), self.scope()
        except ValueError:                                      # a name
            return False
        if sys.platform == "win32" and there.is_loopback:       # its pairs of sockets are connections
            return True
        port = address[1] if len(address) > 1 else None
        if scope is None or not isinstance(port, int):
            return False
        return scope.decide(there, port).allowed or (scope.decide(there).allowed and self.further(there, port))

    def bind(self, _sock: socket.socket, address: Any) -> None:
        """Nobody is listened to."""
        if sys.platform != "win32":
            self.refuse(f"listen at {str(address)[:80]}")

    def look_up(self, host: Any, *_: Any) -> None:
        """A question to the system's resolver."""
        text = host.decode("latin-1") if isinstance(host, bytes) else str(host or "")
        if text.rstrip(".").lower() in self.names:
            return
        try:
            ip_address(text)
        except ValueError:
            self.refuse(f"look up {text[:80]!r}")

    def no(self, *asked: Any) -> None:
        """Whatever it is."""
        self.refuse(f"start or load {str(asked[:1])[:80]}")

    def open(self, path: Any, _mode: Any, flags: Any) -> None:
        """A file: reading is free. A folder cannot be written; the standard library names one for its temporary file,
        whose own name is asked for next.
        """
        if not isinstance(flags, int) or not flags & _WRITES or isinstance(path, int):
            return
        if not os.path.isdir(path) or flags & _NAMELESS == _NAMELESS:  # noqa: PTH112  may be bytes
            self.write(path)

    def write(self, path: Any, *_: Any) -> None:
        """A file that is made, changed or removed."""
        if isinstance(path, int):
            return
        there = os.path.realpath(os.fsdecode(path))
        if not (there in self.files or there == os.devnull or self._beside(there) or _compiled(there)):
            self.refuse(f"write {there}")

    def move(self, source: Any, target: Any, *_: Any) -> None:
        """Both of its names."""
        self.write(source)
        self.write(target)

    def make(self, folder: Any, *_: Any) -> None:
        """A folder above something that may be written, or below."""
        there = os.path.realpath(os.fsdecode(folder))
        below = there + os.sep
        if not (any(place.startswith(below) for place in (*self.files, *self.folders))
                or self._beside(there) or _compiled(below)):
            self.refuse(f"make {there}")

    def keep(self, database: Any) -> None:
        """A database: one of ours, or one in memory."""
        text = os.fsdecode(database)
        path = unquote(text.removeprefix("file://").partition("?")[0]) if text.startswith("file:") else text
        if path != ":memory:" and os.path.realpath(path) not in self.databases:
            self.refuse(f"open the database {path}")

    def start(self, executable: Any, arguments: Any, *_: Any) -> None:
        """A program, told by how its command begins."""
        words = [os.fsdecode(word) for word in ([arguments] if isinstance(arguments, str | bytes) else arguments)]
        whole = (os.path.realpath(os.fsdecode(executable)), *words[1:])
        if not any(whole[:len(known)] == known for known in self.programs):
            self.refuse(f"start {' '.join(whole)[:80]}")

    def _beside(self, there: str) -> bool:
        if any(there.startswith(folder + os.sep) or there == folder for folder in self.folders):
            return True
        folder, name = os.path.split(there)                     # a report is written beside the old one
        return name.startswith(".") and any(
            os.path.dirname(known) == folder and name.startswith(f".{os.path.basename(known)[:100]}.")  # noqa: PTH119, PTH120  strings
            for known in self.files)


def _compiled(there: str) -> bool:
    """Python's own cache of a module that is imported while a scan runs (PEP 3147)."""
    return f"{os.sep}__pycache__{os.sep}" in there and (there.endswith(os.sep) or ".pyc" in there)


_WATCHED: dict[str, Callable[..., None]] = {
    "socket.connect": Wall.dial, "socket.sendto": Wall.dial, "socket.sendmsg": Wall.dial, "socket.bind": Wall.bind,
    "socket.getaddrinfo": Wall.look_up, "socket.gethostbyname": Wall.look_up, "socket.gethostbyaddr": Wall.no,
    "open": Wall.open, "os.rename": Wall.move, "os.link": Wall.move, "os.symlink": Wall.move, "os.remove": Wall.write,
    "os.rmdir": Wall.make, "os.mkdir": Wall.make, "os.truncate": Wall.write, "sqlite3.connect": Wall.keep,
    "sqlite3.enable_load_extension": Wall.no, "sqlite3.load_extension": Wall.no,
    "subprocess.Popen": Wall.start, "os.exec": Wall.start, "os.posix_spawn": Wall.start, "os.spawn": Wall.no,
    "os.system": Wall.no, "os.fork": Wall.no, "os.forkpty": Wall.no, "os.startfile": Wall.no, "pty.spawn": Wall.no,
}


class _Hook:
    """What the interpreter calls. It cannot be taken out again; without a wall it lets everything through."""

    def __init__(self) -> None:
        self.wall: Wall | None = None
        self.set = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        judge = _WATCHED.get(event)
        if judge is not None and self.wall is not None:
            judge(self.wall, *arguments)


_hook = _Hook()


@contextmanager
def standing(wall: Wall) -> Iterator[Wall]:
    """The wall stands while this is open, for all threads of the process."""
    if not _hook.set:
        sys.addaudithook(_hook)
        _hook.set = True
    before, _hook.wall = _hook.wall, wall
    try:
        yield wall
    finally:
        _hook.wall = before


def real(path: Path | str) -> str:
    """A path as the wall knows it."""
    return os.path.realpath(path)
