"""The program, loaded once and forked for each command line: what a start costs is paid once in a run of the tests.

A forked run is a process of its own with its own folder, streams and environment. What Python reads at its start
(PYTHON*, the locale) is the loaded program's, so runs that are about such things are started anew.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
READ_LATE = ("EARSHOT_", "XDG_")                 # variables that the program reads while it runs
_LIMIT = 160                                     # seconds for one run


def fits(plain: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Whether an environment differs from the plain one only in what is read while the program runs."""
    changed = {name for name, _ in plain.items() ^ wanted.items()}
    return all(name.startswith(READ_LATE) or name == "HOME" for name in changed)


class Loaded:
    """Talks to the loaded program over a socket: a length, three streams, then the command line as JSON."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())], env=self.environment, cwd=ROOT,
                pass_fds=[theirs.fileno()], start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self._channel = ours
        atexit.register(self.close)

    def close(self) -> None:
        """Let go of it: it ends by itself."""
        self._channel.close()
        self._process.wait(10)

    def run(self, words: Sequence[str], folder: Path, environment: Mapping[str, str],
            stdin: bytes) -> tuple[int, bytes, bytes]:
        """One command line to its end: exit code (negative for a signal), standard output and error."""
        with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            told.write(stdin)
            told.seek(0)
            child = self.begin(words, folder, environment, [stream.fileno() for stream in (told, out, err)])
            code = self._ended(child)
            out.seek(0)
            err.seek(0)
            return code, out.read(), err.read()

    def begin(self, words: Sequence[str], folder: Path, environment: Mapping[str, str], streams: Sequence[int]) -> int:
        """One command line on these three streams: the number of its process, nobody else's until the next begins.

        Its `end` is to be waited for before that.
        """
        asked = json.dumps([str(folder), dict(environment), list(words)]).encode()
        socket.send_fds(self._channel, [struct.pack("!I", len(asked))], streams)
        self._channel.sendall(asked)
        return self._number()

    def end(self) -> int:
        """Wait for the end of the run: its exit code, negative for a signal."""
        return self._number()

    def _number(self) -> int:
        (number,) = struct.unpack("!i", _exactly(self._channel, 4))
        return int(number)

    def _ended(self, child: int) -> int:
        self._channel.settimeout(_LIMIT)
        try:
            return self.end()
        except TimeoutError:
            os.kill(child, signal.SIGKILL)
            self._channel.settimeout(None)
            self.end()
            raise
        finally:
            self._channel.settimeout(None)


def loaded(environment: Mapping[str, str]) -> Loaded:
    """The one of this environment, in the network that this thread is in; started when it is first wanted."""
    network = Path("/proc/thread-self/ns/net")
    return _loaded(tuple(sorted(environment.items())), network.stat().st_ino if network.exists() else 0)


@functools.cache
def _loaded(environment: tuple[tuple[str, str], ...], network: int) -> Loaded:
    return Loaded(dict(environment))


def _exactly(channel: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        if not (more := channel.recv(size - len(data))):
            raise EOFError("the loaded program has ended")
        data += more
    return data


# The rest runs in the loaded program.


def _load() -> None:
    """Import every module of the program and read its signatures."""
    import importlib
    import pkgutil

    import scanner

    for module in pkgutil.walk_packages(scanner.__path__, "scanner."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    from scanner.signature import load

    known = load()
    for name, value in vars(type(known)).items():
        if isinstance(value, functools.cached_property):
            getattr(known, name)


def _serve(channel: socket.socket) -> None:
    """Answer until the tests let go. Returns in each child, dressed as a program that has just been started."""
    import gc

    child = 0
    while True:
        head, handles, _, _ = socket.recv_fds(channel, 4, 3)
        if child:                                 # left unburied, so that nobody else got its number
            os.waitpid(child, 0)
        if not head:
            os._exit(0)
        folder, environment, words = json.loads(_exactly(channel, *struct.unpack("!I", head)))
        gc.freeze()
        child = os.fork()
        if child == 0:
            channel.close()
            _dress(handles, folder, environment, words)
            return
        for handle in handles:
            os.close(handle)
        channel.sendall(struct.pack("!i", child))
        ended = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        assert ended is not None
        code = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
        channel.sendall(struct.pack("!i", code))


def _dress(handles: Sequence[int], folder: str, environment: Mapping[str, str], words: Sequence[str]) -> None:
    for number, handle in enumerate(handles):
        os.dup2(handle, number)
        os.close(handle)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [str(ROOT / "scanner" / "__main__.py"), *words]


def _end() -> None:
    """Run the program and leave, without the interpreter's own tidying, which would copy all that was loaded."""
    import gc

    from scanner.cli import main

    try:
        main()
    except SystemExit as end:
        gc.collect()                              # what was left open is told, as at the end of a program
        sys.stdout.flush()
        os._exit(end.code if isinstance(end.code, int) else 1)


if __name__ == "__main__":
    _load()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    _end()
