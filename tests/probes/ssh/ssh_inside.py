"""SSH servers of asyncssh in this process, on loopback: who is let in how, and what was asked of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncssh

from tests.ports import listen


class Asked(asyncssh.SSHServer):
    """Lets in by `none` where `open_to` holds the user; takes note of everything that is tried."""

    def __init__(self, open_to: frozenset[str], tried: list[str],
                 met: list[asyncssh.SSHServerConnection] | None = None, notice: str = "") -> None:
        self._open_to = open_to
        self.tried = tried
        self._met = [] if met is None else met
        self._notice = notice

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._conn = conn
        self._met.append(conn)

    def begin_auth(self, username: str) -> bool:
        version = self._conn.get_extra_info("client_version")
        self.tried.append(f"user {username} of {version}")
        if self._notice:
            self._conn.send_auth_banner(self._notice)
        return username not in self._open_to

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self.tried.append("password")
        return False

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: Any) -> bool:
        self.tried.append("publickey")
        return False

    def kbdint_auth_supported(self) -> bool:
        return True

    def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> bool:
        self.tried.append("keyboard-interactive")
        return False


class Recording(asyncssh.SFTPServer):
    """A tree below a folder; every file that is opened is noted."""

    root: Path
    opened: list[bytes]

    def __init__(self, chan: asyncssh.SSHServerChannel) -> None:
        super().__init__(chan, chroot=bytes(self.root))

    def open(self, path: bytes, pflags: int, attrs: Any) -> Any:
        self.opened.append(path)
        raise asyncssh.SFTPPermissionDenied("not here")


@asynccontextmanager
async def server(root: Path | None = None, *, open_to: frozenset[str] = frozenset({"anonymous"}),
                 met: list[asyncssh.SSHServerConnection] | None = None, notice: str = "",
                 **more: Any) -> AsyncIterator[tuple[int, list[str]]]:
    """A server on a port of its own, and what was tried there. `root`: with SFTP."""
    tried: list[str] = []
    factory = False if root is None else type("Tree", (Recording,), {"root": root, "opened": tried})
    sock = listen()
    acceptor = await asyncssh.listen(
        sock=sock, server_factory=lambda: Asked(open_to, tried, met, notice), sftp_factory=factory,
        server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")], **more)
    try:
        yield int(sock.getsockname()[1]), tried
    finally:
        acceptor.close()
        await asyncio.wait_for(acceptor.wait_closed(), 5)
