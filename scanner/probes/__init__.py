"""The probes, one protocol each. `PROBES` is the one list."""

from __future__ import annotations

from scanner.probes.base import Door, Probe, Shown
from scanner.probes.ftp import Ftp
from scanner.probes.http import Http
from scanner.probes.mail import Imap, Pop3
from scanner.probes.nfs import Nfs
from scanner.probes.rsync import Rsync
from scanner.probes.smb import Smb
from scanner.probes.ssh import Ssh

PROBES: tuple[Probe, ...] = (
    Http(),
    Ftp(),
    Imap(),
    Pop3(),
    Smb(),
    Nfs(),
    Rsync(),
    Ssh(),
)

__all__ = ["PROBES", "Door", "Http", "Probe", "Shown"]
