"""What an FTP server says of itself, how a session with it is protected, and why it ends one. Asks for nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from scanner.errors import Reset
from scanner.probes.ftp.replies import Let


class Mode(Enum):
    """How a session is protected."""

    CLEAR = "clear"
    EXPLICIT = "explicit"                    # AUTH TLS (RFC 4217)
    IMPLICIT = "implicit"                    # TLS from the first byte on


@dataclass(slots=True)
class Told:
    """What a server says of itself. Texts are as they came."""

    banner: str = ""
    software: str = ""                       # the first line of the banner
    welcome: str = ""
    system: str = ""
    refusal: str = ""                        # what it said last, where it let nobody in
    features: dict[str, str] = field(default_factory=dict)
    asked: bool = False                      # FEAT has an answer
    home: bytes | None = None                # the folder that a login leads to

    @property
    def offers_tls(self) -> bool:
        """Whether AUTH TLS is among its features (RFC 4217 §6)."""
        return any(kind in self.features.get("AUTH", "").upper() for kind in ("TLS", "SSL"))


class Leaving(Reset):
    """The server ends the session, and says why: `let` is BUSY or SHUT."""

    def __init__(self, message: str, let: Let, told: Told) -> None:
        super().__init__(message)
        self.let = let
        self.told = told
