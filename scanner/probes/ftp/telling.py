"""What is told of an FTP server: its facts, and why it is not known what lies there. Decides from values only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scanner.model import Access, Doubt, Reason
from scanner.probes.ftp import replies
from scanner.probes.ftp.replies import End, Let, Reply
from scanner.probes.ftp.told import Mode, Told

if TYPE_CHECKING:
    from scanner.probes.ftp.ladder import Rung

FACTS = frozenset({
    "door.how", "door.software", "ftp.banner", "ftp.system", "ftp.features", "ftp.tls", "ftp.welcome", "ftp.refusal",
    "ftp.format", "ftp.writable", "listing.columns", "listing.dialect", "listing.rows", "listing.unreadable",
})
_REFUSED: dict[Let, Doubt] = {
    Let.LOGIN: (Reason.LOGIN, "wants a login: anonymous is refused"),
    Let.PASSWORD: (Reason.LOGIN, "wants a login: anonymous is refused"),
    Let.TLS: (Reason.TLS, "wants TLS, and does not take it for enough"),
    Let.BUSY: (Reason.SLOW_DOWN, "too many connections, the server says"),
    Let.SHUT: (Reason.FORBIDDEN, "refuses strangers, and asks for no login"),
}
CLOSED: Doubt = (Reason.FORBIDDEN, "the server refuses this folder")
UNSAID: Doubt = (Reason.CUT, "the server never said that its list was whole")
VAGUE: Doubt = (Reason.NOT_TRIED, "names alone: which of them are folders the server does not say")
NO_DATA: Doubt = (Reason.TIMEOUT, "the port that the server names for the list does not answer")


def refused(let: Let) -> Doubt | None:
    """Why nobody was let in; None: one is in."""
    return _REFUSED.get(let)


def access(let: Let) -> Access:
    """How a stranger got in."""
    return {Let.IN: Access.ANONYMOUS, Let.LOGIN: Access.LOGIN, Let.PASSWORD: Access.LOGIN}.get(let, Access.NONE)


def tls(mode: Mode, told: Told) -> str:
    """`required`, `offered`, `none` or `implicit`; empty where the server does not say."""
    if mode is not Mode.CLEAR:
        return "implicit" if mode is Mode.IMPLICIT else "required"
    return "offered" if told.offers_tls else "none" if told.features else ""


_LINES = {"mlsd": "facts (MLSD)", "ls": "lines like those of ls -l", "dos": "lines like those of dir",
          "names": "names alone"}
_HOW = {"implicit": "logged in as anonymous, over TLS from the first byte on",
        "required": "logged in as anonymous, over TLS, which the server asks for",
        "offered": "logged in as anonymous, in clear; TLS is offered",
        "none": "logged in as anonymous, in clear; TLS is not offered", "": "logged in as anonymous, in clear"}


def facts(rung: Rung) -> dict[str, str]:
    """Of the door. Empty ones are left out."""
    told, protection = rung.told, tls(rung.mode, rung.told)
    found = {
        "ftp.banner": told.banner, "ftp.system": told.system, "ftp.features": " ".join(sorted(told.features)),
        "ftp.tls": protection, "ftp.welcome": told.welcome, "ftp.refusal": told.refusal,
        "door.software": told.software[:100], "door.how": _HOW[protection] if rung.let is Let.IN else "",
    }
    return {name: text for name, text in found.items() if text}


def lines(form: str) -> str:
    """What the rows of a list are made of, for people."""
    return _LINES.get(form, f"lines ({form})" if form else "")


def closed(reply: Reply) -> Doubt:
    """Why a folder cannot be entered."""
    if reply.code in (530, 532):
        return Reason.LOGIN, "this folder wants a login"
    return (Reason.SERVER_ERROR, f"the server cannot go there now: {reply.code}") if reply.kind == 4 else CLOSED


def doubt(reply: Reply | None, *, begun: bool) -> Doubt | None:
    """What the last reply leaves open. `begun`: a list came before it, perhaps an empty one."""
    if reply is None:
        return UNSAID
    match replies.ended(reply):
        case End.CUT:
            most = replies.most(reply)
            return Reason.CUT, f"the server ends lists after {most} names" if most else "the server cuts its lists"
        case End.SHUT:
            return CLOSED
        case End.BROKEN if reply.code in (530, 532):
            return Reason.LOGIN, "listing wants a login"
        case End.BROKEN if begun:
            return Reason.CUT, f"the server broke off its list with {reply.code}"
        case End.BROKEN:
            return Reason.SERVER_ERROR, f"the server refuses to list, with {reply.code}"
    return None
