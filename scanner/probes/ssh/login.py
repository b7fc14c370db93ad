"""One attempt to be let in by SSH without a password: the `none` method (RFC 4252 section 5.2), and no other.

The only importer of asyncssh, which is an extra. It is given a local socket, and told of no file, no agent, no key,
no password and nothing of the environment; every question that it is asked on the way is answered with nothing.
"""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import asyncssh

from scanner import __version__
from scanner.errors import NetError, ProtocolError, Reset
from scanner.net.ledger import COMMAND
from scanner.net.relay import Relay

warnings.filterwarnings("ignore", module=r"asyncssh\.")      # on old algorithms: the server's choice, not our user's

NONE = "SSH none"                         # in the account
SUBSYSTEM = "SSH sftp"
_NOWHERE = "the other end"                # asyncssh wants a host to name in errors; the socket is given
_WINDOW = 64 * 1024                       # bytes that the server may send before we have taken them
_PARTING = 1.0                            # seconds to say goodbye
_OLD_KEX = "+diffie-hellman-group-exchange-sha1,diffie-hellman-group1-sha1"    # boxes of ten years ago know no other;
_OLD_CIPHERS = "+*-cbc"                   # nothing secret is said to them, and the best that both know is taken
_OLD_MACS = "+hmac-md5"
_METHODS = ("publickey", "keyboard-interactive", "password")
_NOTICE = 300                             # characters of what a server says before a login


@dataclass(slots=True)
class Heard:
    """What the server told while it decided."""

    methods: list[str] = field(default_factory=list)     # that it would take instead
    notice: str = ""


class Refused(Exception):  # noqa: N818  no error: an answer
    """Not let in."""


class _Stranger(asyncssh.SSHClient):
    """Has no key, no password and no answer; notes what it is asked for."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard

    def auth_banner_received(self, msg: str, lang: str) -> None:  # noqa: ARG002
        self._heard.notice = self._heard.notice or msg[:_NOTICE]

    def public_key_auth_requested(self) -> None:
        self._heard.methods.append("publickey")

    def kbdint_auth_requested(self) -> None:
        self._heard.methods.append("keyboard-interactive")

    def password_auth_requested(self) -> None:
        self._heard.methods.append("password")


class Login:
    """A relay that somebody was let in through. Leaving it says goodbye."""

    def __init__(self, relay: Relay, heard: Heard) -> None:
        self.relay = relay
        self.heard = heard
        self._held = AsyncExitStack()
        self._connection: asyncssh.SSHClientConnection
        self._to: asyncssh.SSHWriter[bytes]
        self._from: asyncssh.SSHReader[bytes]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        await self.leave()

    async def enter(self, user: str, contact: str | None) -> None:
        """Ask to be let in as `user`. `Refused`, and every NetError."""
        self.relay.stream.note(NONE, COMMAND)
        options = _options(user, contact, self.heard)
        self._connection = await self._known(asyncssh.connect(_NOWHERE, sock=self.relay.theirs, **options))

    async def files(self) -> bool:
        """Start the SFTP subsystem; False where there is none."""
        self.relay.stream.note(SUBSYSTEM, COMMAND)
        try:
            opened = self._connection.open_session(subsystem="sftp", encoding=None, window=_WINDOW,
                                                   request_pty=False, env=(), send_env=())
            self._to, self._from, _ = await self._known(opened)
        except asyncssh.ChannelOpenError:
            return False
        return True

    async def say(self, packet: bytes) -> None:
        """All of `packet`, on its way."""
        try:
            self._to.write(packet)
        except (OSError, asyncssh.Error) as error:
            raise self._told(error) from error

    async def hear(self, size: int) -> bytes:
        """So many bytes. `Reset` where the server ends before."""
        data: bytes = await self._known(self._from.readexactly(size))
        return data

    async def leave(self) -> None:
        """Close the connection, nicely where that takes no time."""
        connection = getattr(self, "_connection", None)
        if connection is not None:
            connection.close()
            try:
                await asyncio.wait_for(connection.wait_closed(), _PARTING)
            except (TimeoutError, OSError, asyncssh.Error):
                connection.abort()

    async def _known(self, work: Awaitable[Any]) -> Any:
        """What comes of it; foreign errors become ours."""
        try:
            return await work
        except asyncssh.ChannelOpenError as error:
            if self.relay.ended:
                raise self._told(error) from error
            raise
        except asyncssh.PermissionDenied as error:
            raise Refused from error
        except (asyncssh.Error, OSError, EOFError, ValueError) as error:
            raise self._told(error) from error

    def _told(self, error: BaseException) -> NetError:
        if self.relay.fault is not None:
            return self.relay.fault
        if isinstance(error, asyncssh.ConnectionLost | OSError | EOFError):
            return Reset("SSH: closed by the server")            # what it says of that are its own words
        return ProtocolError(f"SSH: {getattr(error, 'reason', '') or str(error) or 'closed by the server'}")


def _options(user: str, contact: str | None, heard: Heard) -> dict[str, Any]:
    """Everything said, so that nothing is looked up: neither files, nor environment, nor names of this machine.

    An empty tuple means to asyncssh that it may look for itself.
    """
    return {
        "username": user, "password": None, "preferred_auth": _METHODS, "client_factory": lambda: _Stranger(heard),
        "client_version": version(contact), "known_hosts": None, "config": None, "client_keys": None,
        "client_certs": (),
        "agent_path": None, "agent_identities": None, "agent_forwarding": False, "pkcs11_provider": None,
        "client_host_keys": None, "client_host_keysign": False, "client_host": "", "client_username": "",
        "host_based_auth": False, "gss_host": None, "gss_kex": False, "gss_auth": False, "gss_delegate_creds": False,
        "x509_trusted_certs": None, "x509_trusted_cert_paths": [], "x11_forwarding": False,
        "kex_algs": _OLD_KEX, "encryption_algs": _OLD_CIPHERS, "mac_algs": _OLD_MACS,
        "compression_algs": ["none"], "env": (), "send_env": (), "command": None, "proxy_command": None, "tunnel": None,
        "canonicalize_hostname": False, "tcp_keepalive": False, "keepalive_interval": 0, "login_timeout": 0,
        "connect_timeout": None, "utf8_decode_errors": "replace", "window": _WINDOW,
    }


def version(contact: str | None) -> str:
    """What we call ourselves: software version, a space, comments (RFC 4253 section 4.2)."""
    return f"earshot_{__version__.replace('-', '_')} {contact or 'no contact given'}"[:200]
