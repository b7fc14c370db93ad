"""Free TCP ports on loopback that no outgoing connection can take: below the ephemeral range."""

from __future__ import annotations

import random
import socket
from pathlib import Path

_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
FIRST, LAST = 20000, 31999


def _last() -> int:
    try:
        return min(LAST, int(_RANGE.read_text(encoding="ascii").split()[0]) - 1)
    except (OSError, ValueError):
        return LAST


def listen(host: str = "127.0.0.1", *, backlog: int = 128) -> socket.socket:
    """A listening socket on a free port; the port is taken, not guessed."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for _ in range(200):
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, random.randint(FIRST, _last())))
            sock.listen(backlog)
        except OSError:
            sock.close()
        else:
            return sock
    raise RuntimeError("no free port between 20000 and 31999")


def free(host: str = "127.0.0.1") -> int:
    """A port on which nothing listens now."""
    with listen(host) as sock:
        return int(sock.getsockname()[1])
