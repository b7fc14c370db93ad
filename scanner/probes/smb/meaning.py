"""What a refusal means for whoever wants to know what lies there. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from scanner.model import Doubt, Reason
from scanner.probes.smb.command import CROWDED, ELSEWHERE, MISSING, REFUSED, Status, told
from scanner.probes.smb.reply import Negotiated

if TYPE_CHECKING:
    from scanner.probes.smb.line import Denied

SMB1_ONLY: Doubt = (Reason.RECOGNISED, "speaks SMB 1 only, in which nothing is asked")
NO_LOGIN: Doubt = (Reason.LOGIN, "wants a login: neither a null session nor Guest is let in")
CROWDED_OUT: Doubt = (Reason.SLOW_DOWN, "the server has no room for more connections")
NO_SHARES: Doubt = (Reason.FORBIDDEN, "the list of shares is refused to strangers; what is shared is not known")
NO_SIGNED_SHARES: Doubt = (NO_SHARES[0], f"{NO_SHARES[1]}; signing is required, which a stranger cannot do")
ENCRYPTED: Doubt = (Reason.LOGIN, "wants every message encrypted, which a stranger's session cannot be")
CUT_SHARES: Doubt = (Reason.CUT, "the server ends its list of shares before it is whole")
NOT_A_DISK: Doubt = (Reason.NOT_A_LISTING, "no share of files")


def of_logins(statuses: Iterable[int]) -> Doubt:
    """Why nobody is let in."""
    return CROWDED_OUT if CROWDED.intersection(statuses) else NO_LOGIN


def of_list(agreed: Negotiated | None, *, refused: bool, cut: bool) -> Doubt | None:
    """Why it is not known what is shared."""
    if refused:
        return NO_SIGNED_SHARES if agreed is not None and agreed.signing == "required" else NO_SHARES
    return CUT_SHARES if cut else None


def of_share(denied: Denied) -> Doubt:
    """Why a share is not shown."""
    status = denied.status
    if status in REFUSED and denied.encrypted:
        return ENCRYPTED
    if status in REFUSED:
        return Reason.LOGIN, "this share wants a login"
    return _otherwise(status, "no such share")


def of_folder(denied: Denied) -> Doubt:
    """Why a folder of a share is not shown."""
    status = denied.status
    if status in REFUSED:
        return Reason.FORBIDDEN, "this folder is closed to strangers"
    return _otherwise(status, "no such folder")


def _otherwise(status: int, missing: str) -> Doubt:
    if status in ELSEWHERE:
        return Reason.OUT_OF_SCOPE, "leads elsewhere (DFS or a link): not followed"
    if status == Status.BAD_DEVICE_TYPE:
        return NOT_A_DISK
    if status in MISSING:
        return Reason.NOT_A_LISTING, missing
    if status in CROWDED:
        return CROWDED_OUT
    return Reason.SERVER_ERROR, told(status)
