"""What a mail server's offers mean to a stranger: how a password would travel, and what is said of that. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from scanner.model import Doubt, Reason

CLEAR_MECHANISMS = frozenset({"PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"})
"""SASL mechanisms that hand over the secret itself (RFC 4616, RFC 7628); LOGIN and XOAUTH2 have no RFC."""
ANONYMOUS = "ANONYMOUS"                   # SASL, RFC 4505


class Tls(Enum):
    """Where TLS stands; the value is the fact."""

    IMPLICIT = "implicit"                 # RFC 8314 §3
    OFFERED = "offered"                   # STARTTLS, STLS (RFC 2595)
    NONE = "none"
    UNKNOWN = "unknown"                   # it does not say what it offers


class Login(Enum):
    """How a password may be handed over; the value is the fact."""

    CLEAR = "in clear"
    AFTER_TLS = "only after TLS"
    CHALLENGE = "by challenge only"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a server offers before anybody has logged in and before any TLS that it only offers."""

    tls: Tls
    password: bool                        # a command of its own for name and password works as it stands
    mechanisms: frozenset[str]            # SASL, upper case
    misplaced: bool = False               # in clear at a port that is for TLS

    @property
    def login(self) -> Login:
        """How a password may be handed over."""
        if self.tls is Tls.IMPLICIT:
            return Login.AFTER_TLS if self.password or self.mechanisms - {ANONYMOUS} else Login.NONE
        if self.password or self.mechanisms & CLEAR_MECHANISMS:
            return Login.CLEAR
        if self.tls is Tls.OFFERED:
            return Login.AFTER_TLS
        return Login.CHALLENGE if self.mechanisms - {ANONYMOUS} else Login.NONE

    @property
    def hides(self) -> bool:
        """Whether what may be done is only seen after TLS: the one case in which it is worth a handshake."""
        return self.tls is Tls.OFFERED and self.login is Login.AFTER_TLS and ANONYMOUS not in self.mechanisms

    def doubt(self, *, refused: bool = False, broken: bool = False) -> Doubt:
        """Why it is not known what lies there.

        `refused`: anonymous access was offered, tried, and refused; `broken`: the TLS that is offered fails.
        """
        text = _CLEAR[self.tls] if self.login is Login.CLEAR else _OTHER[self.login]
        if self.misplaced:
            text += "; no TLS is spoken at this port, which is for it"
        if broken:
            text += "; the TLS that it offers fails"
        return Reason.LOGIN, f"{text}; anonymous access is offered and refused" if refused else text

    def how(self, let_in: str, *, tls: bool) -> str:
        """`let_in`, and whether that was in clear: the fact `door.how`."""
        if tls:
            return f"{let_in}, in TLS"
        return f"{let_in}, in clear; TLS is offered" if self.tls is Tls.OFFERED else f"{let_in}, in clear"


_CLEAR = {
    Tls.NONE: "asks for a password, which travels in clear: no TLS is offered",
    Tls.OFFERED: "asks for a password; it may be sent in clear although TLS is offered",
    Tls.UNKNOWN: "asks for a password, and does not say whether TLS is offered",
}
_OTHER = {
    Login.AFTER_TLS: "asks for a password, after TLS only",
    Login.CHALLENGE: "asks for a login, which is not sent in clear; no TLS is offered",
    Login.NONE: "offers no way to log in",
}
