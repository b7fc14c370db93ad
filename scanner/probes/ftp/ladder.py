"""The ladder of access to an FTP server: anonymous in clear, anonymous over TLS where it wants that, or not at all.

It tries no other name and no other password.
"""

from __future__ import annotations

from dataclasses import dataclass

from scanner.errors import DeadlineError, NetError, NotThisProtocol, ProtocolError, Reset, TlsError
from scanner.model import Endpoint
from scanner.net import Net
from scanner.probes.ftp.replies import Let
from scanner.probes.ftp.session import Session
from scanner.probes.ftp.told import Leaving, Mode, Told

IMPLICIT_PORT = 990                          # ftps (IANA)


@dataclass(slots=True)
class Rung:
    """How far one got: `session` is logged in, or None."""

    mode: Mode
    let: Let
    told: Told
    session: Session | None = None
    dials: int = 1


async def climb(endpoint: Endpoint, net: Net) -> Rung:
    """Find out how a stranger gets in. `NotThisProtocol` where no FTP is spoken; `NetError`."""
    first = Mode.IMPLICIT if endpoint.tls or (endpoint.tls is None and endpoint.port == IMPLICIT_PORT) else Mode.CLEAR
    try:
        rung = await step(endpoint, net, first)
    except (TlsError, ProtocolError, Reset, DeadlineError) as error:
        if first is Mode.CLEAR:
            raise
        try:
            rung = await step(endpoint, net, Mode.CLEAR)
        except NetError as other:
            raise (other if isinstance(other, NotThisProtocol) else error) from other
        rung.dials += 1
    if rung.let is not Let.TLS:
        return rung
    higher = await step(endpoint, net, Mode.EXPLICIT)
    higher.dials += rung.dials
    return higher


async def step(endpoint: Endpoint, net: Net, mode: Mode) -> Rung:
    """Greet and log in one way."""
    try:
        session = await Session.greeted(endpoint, net, mode)
    except Leaving as left:
        return Rung(mode, left.let, left.told)
    try:
        let = await session.login(net.identity)
    except Leaving as left:
        session.abort()
        return Rung(mode, left.let, session.told)
    except BaseException:
        session.abort()
        raise
    if let is Let.IN:
        return Rung(mode, let, session.told, session)
    await session.close()
    if let is Let.DEAF:
        raise NotThisProtocol(f"{endpoint.authority}: greets as FTP does, and knows no USER", session.heard)
    return Rung(mode, let, session.told)
