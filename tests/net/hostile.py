"""Servers that misbehave, on loopback, in threads. Each counts what it was asked and what really left it."""

from __future__ import annotations

import re
import socket
import ssl
import struct
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Self

from scanner.model import Endpoint
from scanner.net import Ledger, Limits, Net, Pace
from tests import witness
from tests.fakes import FakeScope
from tests.ports import listen

BLOCK = bytes(range(128, 256)) * 512
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d{1,6})\r\n")
_BYTES_SENT = 200                          # struct tcp_info, linux/tcp.h: tcpi_bytes_sent


def bytes_sent(sock: socket.socket) -> int:
    """What TCP has put on the wire from here, retransmissions included (Linux)."""
    info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
    return int(struct.unpack_from("Q", info, _BYTES_SENT)[0])


@cache
def certificate() -> tuple[Path, Path]:
    """A key of our own, made once a run: (certificate, key)."""
    folder = Path(mkdtemp(prefix="earshot-tls-"))
    cert, key = folder / "c.pem", folder / "k.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=files.example.org"],
                   check=True, capture_output=True)
    return cert, key


@cache
def server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate())
    return context


class Server:
    """`behave(connection, request)` runs in a thread for each connection, after the request has been read."""

    def __init__(self, behave: Callable[[socket.socket, bytes], None], *, tls: bool = False, asks: bool = True,
                 backlog: int = 128) -> None:
        self._behave = behave
        self._context = server_context() if tls else None
        self._asks = asks
        self._threads: list[threading.Thread] = []
        self._last: tuple[str, int] | None = None               # our own connection, behind all others
        self._reached = threading.Event()
        self.requests: list[bytes] = []
        self.sent: list[int] = []          # bytes on the wire, a number for each connection
        self.listener = listen(backlog=backlog)
        self.port = int(self.listener.getsockname()[1])
        self.tls = tls

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(address=ip_address("127.0.0.1"), port=self.port, tls=self.tls)

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self._threads:
            thread.join(timeout=5)
        if kind is None:
            witness.judge(map(witness.unfit_bytes, self.requests))

    def settled(self) -> None:
        """Wait until every connection so far has ended. They are accepted in order: one of our own comes last."""
        with socket.socket() as last:
            last.bind(("127.0.0.1", 0))
            self._last = last.getsockname()
            last.connect(self.listener.getsockname())
            self._reached.wait(timeout=5)
        self._reached.clear()
        for thread in self._threads:
            thread.join(timeout=5)

    def _accept(self) -> None:
        while True:
            try:
                raw, peer = self.listener.accept()
            except OSError:
                return
            if peer == self._last:
                raw.close()
                self._reached.set()
                continue
            thread = threading.Thread(target=self._serve, args=(raw,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def _serve(self, raw: socket.socket) -> None:
        raw.settimeout(5)
        spoken: socket.socket = raw
        meter = _Meter(raw.dup())
        meter.start()
        try:
            if self._context is not None:
                raw.recv(1, socket.MSG_PEEK)     # a knock is gone by now: ssl would drop its socket, and not close it
                spoken = self._context.wrap_socket(raw, server_side=True)
            request = _request(spoken) if self._asks else b""
            self.requests.append(request)
            self._behave(spoken, request)
        except (OSError, ValueError):
            pass                           # cut off, as hoped
        finally:
            self.sent.append(meter.stop())
            with suppress(OSError):
                spoken.close()


class _Meter(threading.Thread):
    """Reads TCP_INFO until the connection has gone; a socket that was reset still tells."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(daemon=True)
        self._sock = sock
        self._over = threading.Event()
        self._most = 0

    def run(self) -> None:
        while not self._over.wait(0.002):
            self._look()

    def stop(self) -> int:
        self._look()
        self._over.set()
        self.join()
        self._sock.close()
        return self._most

    def _look(self) -> None:
        with suppress(OSError):
            self._most = max(self._most, bytes_sent(self._sock))


def _request(sock: socket.socket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request:
        data = sock.recv(4096)
        if not data:
            return request
        request += data
    length = _LENGTH.search(request)
    while length and len(request.partition(b"\r\n\r\n")[2]) < int(length[1]):
        data = sock.recv(4096)
        if not data:
            break
        request += data
    return request


def say(*parts: bytes | float) -> Callable[[socket.socket, bytes], None]:
    """A behaviour: bytes are sent, numbers are seconds to wait."""
    def behave(sock: socket.socket, request: bytes) -> None:
        for part in parts:
            if isinstance(part, bytes):
                sock.sendall(part)
            else:
                _idle(sock, part)
    return behave


def _idle(sock: socket.socket, seconds: float) -> None:
    """Say nothing for a while; end early when the peer has gone."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        sock.settimeout(left)
        try:
            if not sock.recv(4096):
                raise ConnectionResetError
        except TimeoutError:
            break
    sock.settimeout(5)


def endless(head: bytes, block: bytes = BLOCK, *, together: bool = False) -> Callable[[socket.socket, bytes], None]:
    """A behaviour: a header, then the same block until nobody takes it."""
    def behave(sock: socket.socket, request: bytes) -> None:
        sock.sendall(head + block if together else head)
        while True:
            sock.sendall(block)
    return behave


def drip(head: bytes, piece: bytes, every: float) -> Callable[[socket.socket, bytes], None]:
    """A behaviour: a header, then a piece every so many seconds."""
    def behave(sock: socket.socket, request: bytes) -> None:
        sock.sendall(head)
        while True:
            sock.sendall(piece)
            _idle(sock, every)
    return behave


def net(limits: Limits | None = None, *, denied: frozenset[str] = frozenset(), open_host: int = 100) -> Net:
    """A real Net that may go anywhere on loopback."""
    return Net(FakeScope(denied), pace=Pace(1e6, 1e6, 1000, open_host), ledger=Ledger(), limits=limits or Limits(),
               identity="security@example.org")
