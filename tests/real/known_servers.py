"""Servers that list no files, on loopback: started for a test, and ended with it by their pid."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from installed import required

from tests.ports import free

_UP = 60.0                                # seconds
_ICECAST = """<icecast><limits><sources>2</sources></limits><hostname>localhost</hostname>
<authentication><source-password>{word}</source-password><admin-user>admin</admin-user>
<admin-password>{word}</admin-password></authentication>
<listen-socket><port>{port}</port><bind-address>127.0.0.1</bind-address></listen-socket><fileserve>1</fileserve>
<paths><logdir>{home}</logdir><webroot>{home}</webroot><adminroot>{home}</adminroot></paths>
<logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog></logging>{owner}</icecast>"""
_OWNER = "<security><changeowner><user>nobody</user><group>nogroup</group></changeowner></security>"
_WORD = "of-this-test"


@contextlib.contextmanager
def running(argv: Sequence[str], port: int) -> Iterator[int]:
    """The program, once it listens."""
    process = subprocess.Popen([required(argv[0]), *argv[1:]], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + _UP
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.02)
    pytest.fail(f"{process.args!r} does not listen")


def memcached() -> contextlib.AbstractContextManager[int]:
    """A cache without a login."""
    port = free()
    owner = ["-u", "nobody"] if os.geteuid() == 0 else []
    return running(["memcached", "-l", "127.0.0.1", "-p", str(port), "-U", "0", *owner], port)


def svnserve(folder: Path) -> contextlib.AbstractContextManager[int]:
    """Program text, by Subversion."""
    port = free()
    return running(["svnserve", "-d", "--foreground", "--listen-host", "127.0.0.1", "--listen-port", str(port),
                    "-r", str(folder)], port)


def icecast(folder: Path) -> contextlib.AbstractContextManager[int]:
    """A station that also serves what is stored in `folder`."""
    port, told = free(), folder / "icecast.xml"
    folder.chmod(0o777)
    owner = _OWNER if os.geteuid() == 0 else ""
    told.write_text(_ICECAST.format(word=_WORD, port=port, home=folder, owner=owner))
    return running(["icecast2", "-c", str(told)], port)


@contextlib.contextmanager
def live(port: int, mount: str) -> Iterator[None]:
    """Sound that is sent to a station while the test lasts, 40 KB a second."""
    login = b64encode(f"source:{_WORD}".encode()).decode()
    with socket.create_connection(("127.0.0.1", port), 5) as sock:
        sock.sendall(f"PUT {mount} HTTP/1.0\r\nAuthorization: Basic {login}\r\nContent-Type: audio/mpeg\r\n"
                     "Ice-Name: Helpline\r\nIce-Bitrate: 64\r\n\r\n".encode())
        assert b" 200 " in sock.recv(1024)
        over = threading.Event()
        sender = threading.Thread(target=_send, args=(sock, over))
        sender.start()
        try:
            yield
        finally:
            over.set()
            sender.join(5)


def _send(sock: socket.socket, over: threading.Event) -> None:
    with contextlib.suppress(OSError):
        while not over.wait(0.05):
            sock.sendall((b"\xff\xfb\x50\xc4" + bytes(204)) * 10)
