"""What an SSH server's answers mean, in words: facts, access and doubts. Pure."""

from __future__ import annotations

from scanner.errors import NetError, ProtocolError
from scanner.model import Access, Doubt, Reason
from scanner.probes.ssh.banner import Banner

Told = tuple[Doubt | None, Access, dict[str, str]]
_LONGEST = 200                            # characters of a fact
_METHODS = frozenset({"publickey", "password", "keyboard-interactive", "hostbased", "gssapi-with-mic", "gssapi-keyex"})


def facts(banner: Banner) -> dict[str, str]:
    """What the greeting tells."""
    return {"ssh.banner": banner.line[:_LONGEST], "ssh.software": banner.software[:_LONGEST],
            "ssh.protocol": banner.protocol[:_LONGEST], "door.software": banner.software[:_LONGEST]}


def untried(banner: Banner) -> Doubt:
    """Only the greeting was read."""
    return Reason.RECOGNISED, f"{named(banner)}; logins are not tried"


def broken(banner: Banner, error: NetError) -> Doubt:
    """The attempt did not come to an answer."""
    return error.reason, f"{named(banner)}; no answer to the login: {error}"


def refused(methods: list[str], notice: str) -> Told:
    """Not let in; `methods` would be accepted."""
    known = [method if method in _METHODS else "another" for method in methods]
    told = ", ".join(dict.fromkeys(known))
    found = {"ssh.none": "no", "ssh.methods": ", ".join(dict.fromkeys(methods)), **_notice(notice)}
    return (Reason.LOGIN, f"wants a login ({told})" if told else "wants a login"), Access.LOGIN, found


def let_in(user: str, notice: str, home: bytes | None, *, without: NetError | None = None) -> Told:
    """Let in without a password; `without`: no SFTP, and why."""
    found = {"ssh.none": "yes", "ssh.user": user, "ssh.sftp": "yes" if without is None else "no",
             "door.how": f"let in as `{user}` without a password", **_notice(notice)}
    if home is not None:
        found["ssh.home"] = home.decode(errors="replace")[:_LONGEST]
    return _without(user, without) if without is not None else None, Access.ANONYMOUS, found


def _without(user: str, error: NetError) -> Doubt:
    """Why no files are listed where a stranger was let in."""
    if isinstance(error, ProtocolError):
        reason, why = Reason.NOT_A_LISTING, f"has no SFTP to list files with, and nothing else was tried ({error})"
    else:
        reason, why = error.reason, f"its SFTP gives no answer ({error})"
    return reason, f"lets anyone in without a password, as `{user}`; {why}"


def named(banner: Banner) -> str:
    """The server as it calls itself."""
    return f"SSH: {banner.software[:_LONGEST] or banner.line[:_LONGEST]}"


def _notice(text: str) -> dict[str, str]:
    return {"ssh.notice": text[:_LONGEST]} if text else {}
