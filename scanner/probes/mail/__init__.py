"""Mail servers by IMAP and POP3: how they take passwords; where a stranger is let in, mailboxes by name and number."""

from __future__ import annotations

from scanner.probes.mail.imap import Imap
from scanner.probes.mail.pop3 import Pop3

__all__ = ["Imap", "Pop3"]
