"""What stands before `://` in the URLs of targets and doors, and the protocol that is meant by it. Values only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scheme:
    """What is meant where a target begins with it."""

    protocol: str                            # the name of the probe that speaks it
    port: int                                # where none is written
    tls: bool | None = None                  # TLS from the first byte on; None: as the door has it
    shares: bool = False                     # the first segment of a path is a share: never taken for a file


SCHEMES: dict[str, Scheme] = {
    "http": Scheme("http", 80),
    "https": Scheme("http", 443),
    "ftp": Scheme("ftp", 21),
    "ftps": Scheme("ftp", 990, tls=True),    # implicit, as RFC 4217 appendix A calls it
    "smb": Scheme("smb", 445, shares=True),
    "nfs": Scheme("nfs", 2049, shares=True),     # RFC 2224
    "rsync": Scheme("rsync", 873, shares=True),  # rsync(1)
    "sftp": Scheme("ssh", 22),
    "imap": Scheme("imap", 143, shares=True),    # RFC 5092
    "imaps": Scheme("imap", 993, tls=True, shares=True),
    "pop3": Scheme("pop3", 110),
    "pop3s": Scheme("pop3", 995, tls=True),
}
WEB = frozenset({"http", "https"})
BUCKETS = frozenset({"s3", "gs", "azure", "swift"})      # written in forms of their own, asked for by HTTP


def known() -> str:
    """All schemes in words, for a message."""
    *most, last = [f"{scheme}://" for scheme in (*SCHEMES, *sorted(BUCKETS))]
    return f"{', '.join(most)} or {last}"


def meant(scheme: str | None) -> Scheme | None:
    """What a target's scheme means; None where it has none."""
    return SCHEMES["http"] if scheme in BUCKETS else SCHEMES.get(scheme or "")
