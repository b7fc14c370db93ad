"""What is done inside a bottle: every address made local, names asked of the bottle, sockets opened.

Run as a program it holds a namespace and hands the sockets out; nothing of ours is imported.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

RESOLVER = "192.0.2.53"                      # where programs inside send their questions
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def program(name: str) -> str:
    """The path of a program of the system; the name where there is none."""
    return shutil.which(name, path=PATH) or name


def make_every_address_local() -> None:
    """ip-route(8), type local: what is sent to any address comes back to this machine. CalledProcessError."""
    for command in ("link set lo up", "route add local 0.0.0.0/0 dev lo", "-6 route add local ::/0 dev lo"):
        subprocess.run([program("ip"), *command.split()], check=True)


def resolve_here(folder: Path) -> None:
    """Names are asked of RESOLVER: this mount namespace sees its own three files, which are written to `folder`."""
    texts = {"resolv.conf": f"nameserver {RESOLVER}\noptions timeout:30 attempts:1\n",
             "hosts": "127.0.0.1 localhost\n::1 localhost\n", "nsswitch.conf": "hosts: files dns\n"}
    for name, text in texts.items():
        (folder / name).write_text(text)
        if Path("/etc", name).exists():
            subprocess.run([program("mount"), "--bind", str(folder / name), f"/etc/{name}"], check=True)


def tap() -> socket.socket:
    """A socket that sees each packet on loopback (packet(7))."""
    return socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0003))     # ETH_P_ALL


def resolvers() -> Iterator[socket.socket]:
    """UDP port 53 of every address; each question says where it was sent (ip(7), ipv6(7): PKTINFO)."""
    for family, level, told, free in ((socket.AF_INET, socket.IPPROTO_IP, 8, 15),
                                      (socket.AF_INET6, socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 78)):
        sock = _socket(family, socket.SOCK_DGRAM)
        sock.setsockopt(level, told, 1)
        sock.setsockopt(level, free, 1)      # FREEBIND: may answer from any address
        sock.bind(("", 53))
        yield sock


def listen(port: int) -> Iterator[socket.socket]:
    """A TCP port of every address, IPv4 and IPv6."""
    for family in (socket.AF_INET, socket.AF_INET6):
        sock = _socket(family, socket.SOCK_STREAM)
        sock.bind(("", port))
        sock.listen(4096)
        yield sock


def _socket(family: socket.AddressFamily, kind: socket.SocketKind) -> socket.socket:
    sock = socket.socket(family, kind)
    if family is socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return sock


def _hold(leash: socket.socket, folder: Path, ports: Sequence[int]) -> None:
    """Hand out tap, resolvers and listeners, and hold the namespace until the leash is let go."""
    make_every_address_local()
    resolve_here(folder)
    sockets = [tap(), *resolvers(), *(sock for port in ports for sock in listen(port))]
    socket.send_fds(leash, [b"ready"], [sock.fileno() for sock in sockets])
    leash.recv(1)


if __name__ == "__main__":
    _hold(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2]), [int(port) for port in sys.argv[3:]])
