"""The one door to the network. What probes are given is a `Net`; nothing else in the program opens a socket."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from scanner import __version__
from scanner.model import Address, Endpoint
from scanner.model.contact import sayable
from scanner.net.answer import Answer
from scanner.net.dial import Dialler, Knocked, Permission, State
from scanner.net.http import ALPN, Accept, Browse, Request, Verb, authority
from scanner.net.ledger import Contact, Ledger, log_line
from scanner.net.limits import Limits
from scanner.net.look import Look
from scanner.net.pace import Pace
from scanner.net.published import FORMS, PUBLISHED, Form, is_published, listed
from scanner.net.stream import Stream

if TYPE_CHECKING:
    import httpx

__all__ = ["FORMS", "PUBLISHED", "Accept", "Answer", "Browse", "Contact", "Form", "Knocked", "Ledger", "Limits", "Look",
           "Net", "Pace", "Permission", "Request", "State", "Stream", "Verb", "is_published", "listed", "log_line"]


class Net:
    """Everything a probe may do to the world. `identity` is the contact that the User-Agent names.

    `ssh_user` says as whom an SSH server may be asked to let a stranger in without a password; None: not at all.
    """

    def __init__(self, scope: Permission, *, pace: Pace, ledger: Ledger, limits: Limits, identity: str | None,
                 ssh_user: Callable[[Endpoint], str | None] = lambda _: None) -> None:
        self.scope = scope
        self.pace = pace
        self.ledger = ledger
        self.limits = limits
        self.identity = identity
        self.ssh_user = ssh_user
        self.agent = agent(identity)
        self._dialler = Dialler(scope, pace, ledger, limits)

    async def connect(self, endpoint: Endpoint, *, protocol: str | None = None, places: int = 1,
                      beside: Stream | None = None) -> Stream:
        """An open connection, in TLS where `endpoint.tls`. Use it as a context manager. See `Dialler.dial`."""
        return await self._dialler.dial(endpoint, protocol=protocol, places=places, beside=beside)

    async def knock(self, address: Address, port: int, timeout: float) -> Knocked:
        """Whether a port is open; nothing is said to it. `OutOfScope`, `LocalFault`."""
        return await self._dialler.knock(address, port, timeout)

    def further(self, address: Address, port: int) -> bool:
        """See `Dialler.further`."""
        return self._dialler.further(address, port)

    def fetch(self, endpoint: Endpoint, verb: Verb, path: str, *, depth: int = 1, accept: Accept = Accept.PAGE,
              browse: Browse | None = None, hostless: bool = False) -> Look:
        """Ask for a directory: `async with net.fetch(…) as answer`. `ValueError` where the path is none."""
        request = Request(verb, path, "" if hostless else authority(endpoint), depth, accept, browse)
        return Look(lambda: self.connect(endpoint, protocol=ALPN), request, agent=self.agent, pace=self.pace)

    def prepare(self) -> None:
        """Import httpx now: it takes longer than many answers."""
        import scanner.net.transport  # noqa: F401

    def http(self, endpoint: Endpoint) -> httpx.AsyncClient:
        """An httpx client that speaks to this door only, with the same gates. See `scanner.net.transport`."""
        from scanner.net.transport import client  # here, because importing httpx costs a start-up its time

        return client(self, endpoint)


def agent(identity: str | None) -> str:
    """The User-Agent; the contact stands in its comment. `ValueError` where that is not one `sayable` line."""
    return f"earshot/{__version__} (+{_comment(sayable(identity or 'no contact given'))}; authorised listing scan)"


def _comment(text: str) -> str:
    """As it may stand within a comment, RFC 9110 §5.6.5: one parenthesis alone would end it, a pair may stay."""
    depth, text = 0, text.replace("\\", r"\\")
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            break
    return text if depth == 0 else text.replace("(", r"\(").replace(")", r"\)")
