"""What an SMB server says of itself, as facts. Pure: foreign text is handed on, cut to length and not judged."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scanner.probes.smb.command import Dialect, Status
from scanner.probes.smb.ntlm import Challenge, Login
from scanner.probes.smb.reply import Negotiated
from scanner.probes.smb.srvsvc import Share

if TYPE_CHECKING:
    from scanner.probes.smb.line import Entered

FACTS = frozenset({
    "smb.dialect", "smb.signing", "smb.encryption", "smb.server", "smb.os", "smb.session", "smb.share", "smb.comment",
    "smb.shares", "listing.strays", "listing.unreadable", "door.how", "door.software"})
HOW = {Login.NULL: "by a null session: no name, no password",
       Login.GUEST: "as Guest, with an empty password"}
_SERVICE = re.compile(r"IPC Service \((.+)\)")
_MOST = 100                               # characters
_WORDS = {Login.NULL: "null", Login.GUEST: "guest"}


def of_door(agreed: Negotiated | None, entered: dict[Login, Entered]) -> dict[str, str]:
    """What holds for all of it."""
    if agreed is None:
        return {"smb.dialect": "1"}
    facts = {"smb.dialect": agreed.dialect.text, "smb.signing": agreed.signing}
    if encrypted_only(agreed, entered):
        facts["smb.encryption"] = "required"
    challenge = next((login.challenge for login in entered.values() if login.challenge is not None), None)
    told = ", ".join(_session(login, entered[login]) for login in Login if login in entered)
    return facts | _of_challenge(challenge) | {"smb.session": told}


def encrypted_only(agreed: Negotiated, entered: dict[Login, Entered]) -> bool:
    """Whether it says so, or lets nobody in by the status of whoever may not go on in clear (MS-SMB2 §3.3.5.5)."""
    if any(login.setup is not None and login.setup.encrypted for login in entered.values()):
        return True
    return agreed.dialect >= Dialect.V300 and {Status.ACCESS_DENIED} == {login.status for login in entered.values()}


def _of_challenge(challenge: Challenge | None) -> dict[str, str]:
    if challenge is None:
        return {}
    names = dict.fromkeys(name for name in (challenge.text(1), challenge.text(3)) if name)
    version = ".".join(map(str, challenge.version or ()))
    facts = {"smb.server": " ".join(names)[:_MOST], "smb.os": version}
    return {name: text for name, text in facts.items() if text}


def _session(login: Login, entered: Entered) -> str:
    """What was offered, and what the server makes of it: servers differ in what they call a null session."""
    if entered.setup is None:
        return f"{_WORDS[login]} refused"
    called = [word for word, said in (("guest", entered.setup.guest), ("null", entered.setup.null)) if said]
    return f"{_WORDS[login]} accepted" + (f" as {called[0]}" if called else "")


def of_share(share: str, comment: str) -> dict[str, str]:
    """What holds for a share."""
    return {"smb.share": share[:_MOST]} | ({"smb.comment": comment[:_MOST]} if comment else {})


def of_shares(shares: Sequence[Share]) -> dict[str, str]:
    """How many of which kind."""
    kinds = Counter(share.noun for share in shares)
    return {"smb.shares": ", ".join(f"{count} {noun}" for noun, count in kinds.items()) or "0"}


def of_software(shares: Sequence[Share]) -> dict[str, str]:
    """What Samba writes beside IPC$: its `server string`, which holds its version unless somebody changed it."""
    comments = (_SERVICE.fullmatch(share.comment) for share in shares if share.noun == "ipc")
    return next(({"door.software": found[1][:_MOST]} for found in comments if found), {})


def of_listing(login: Login, strays: int, unreadable: int) -> dict[str, str]:
    """What holds for a folder that was listed."""
    counted = {"listing.strays": strays, "listing.unreadable": unreadable}
    return {"door.how": HOW[login]} | {name: str(count) for name, count in counted.items() if count}
