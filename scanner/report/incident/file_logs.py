"""What to look for in the logs of file servers: commands for the doors that are no web servers. Runs nothing.

Forms of lines: xferlog(5), vsftpd.conf(5) `xferlog_std_format` and `log_ftp_protocol`, vfs_full_audit(8),
rsyncd.conf(5) `log file` and `transfer logging`, rpc.mountd(8), sshd(8), Dovecot's log of logins.
The scan's lines are left out by its addresses: these logs keep no name of a program.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import unquote

from scanner.model import Doorway, Report
from scanner.report.incident.logs import escaped, written

_READS = "pread|pread_send|pread_recv|read|sendfile|offload_read_send"
_LISTS = "LIST|NLST|MLSD|MLST|STAT"
Lines = Iterator[str]


def folder(door: Doorway) -> str | None:
    """The path at this door as its server's log writes it; None where it was masked, or no command can hold it."""
    path = unquote(written(door), errors="replace") if door.url.isascii() else ""
    return path if path.startswith("/") and path.isascii() and path.isprintable() else None


def commands(doors: Sequence[Doorway], report: Report) -> Lines:
    """Lines for a shell, a protocol after the other."""
    sources = "|".join(map(escaped, report.conduct.source_addresses))
    for protocol, told in _TOLD.items():
        paths = dict.fromkeys(path for door in doors if door.protocol == protocol
                              for path in [folder(door)] if path is not None)
        if paths:
            yield from told(list(paths), sources)


def _ftp(paths: Sequence[str], sources: str) -> Lines:
    who = f"^.{{24}} +[0-9]+ (::ffff:)?({sources}) "
    client = f'Client "(::ffff:)?({sources})"'
    for path in paths:
        yield _title("FTP: files fetched", path, sources)
        below = escaped(path.replace(" ", "_"))          # as these logs write it
        yield _search(f"^.{{24}} +[0-9]+ [^ ]+ [0-9]+ [^ ]*{below}[^ ]* [ab] [^ ]+ o ", "xferlog", who, sources)
        yield _search(f'OK DOWNLOAD: Client "[^"]+", "[^"]*{escaped(path)}', "vsftpd.log", client, sources)
    yield "# FTP: folders looked at, where vsftpd logs commands (log_ftp_protocol)"
    yield _search(f'FTP command: Client "[^"]+", "({_LISTS})', "vsftpd.log", client, sources)


def _smb(paths: Sequence[str], sources: str) -> Lines:
    yield "# SMB: Samba keeps no log of what was read, unless vfs_full_audit was set up with reads: then"
    yield _search(rf"\|({_READS})\|ok\|", "log.smbd", rf"(^|[| ])(::ffff:)?({sources})\|", sources)
    yield "# SMB: who came to these shares, by vfs_full_audit, or by Samba at log level 1 and above"
    for share in dict.fromkeys(path.split("/")[1] for path in paths):
        name = escaped(share)
        yield _search(rf"(\|connect\|ok\|{name}$|connect to service {name} )", "log.smbd",
                      rf"((^|[| ])(::ffff:)?({sources})\||\(ipv[46]:({sources}):)", sources)
    yield "# SMB: on Windows see events 5140 and 5145 of the security log, where file shares are audited"


def _rsync(paths: Sequence[str], sources: str) -> Lines:
    for module in dict.fromkeys(path.split("/")[1] for path in paths):
        name = escaped(module)
        yield _title("rsync: talks", f"/{module}/", sources)
        yield _search(f"rsync on {name}(/.*)? from ", "rsyncd.log", rf"\(({sources})\)", sources)
        yield "# rsync: files sent, each by name, where the daemon has `transfer logging`"
        yield _search(rf"\] send [^ ]+ \[[^]]+\] {name} \(", "rsyncd.log", rf" \[({sources})\] ", sources)
    yield "# rsync: how much each talk took, its number in brackets; a list alone is small"
    yield "grep -E '\\] sent [0-9]+ bytes' rsyncd.log"


def _nfs(paths: Sequence[str], sources: str) -> Lines:
    yield "# NFS: servers keep no log of what was read, unless auditing was set up; who mounted, where that is told"
    for path in paths:
        export = escaped(path.rstrip("/") or "/")
        yield _search(rf"mount request from [^ ]+ for {export}", "syslog", rf"request from ({sources})[: ]", sources)


def _ssh(_: Sequence[str], sources: str) -> Lines:
    yield "# SSH: who was let in without a password"
    yield _search("Accepted none for ", "auth.log", f" from ({sources}) ", sources)


def _imap(_: Sequence[str], sources: str) -> Lines:
    yield "# mail: who was let in as nobody"
    yield _search("method=ANONYMOUS", "mail.log", f"rip=({sources})[, ]", sources)


_TOLD: dict[str, Callable[[Sequence[str], str], Lines]] = {
    "ftp": _ftp, "smb": _smb, "rsync": _rsync, "nfs": _nfs, "ssh": _ssh, "imap": _imap, "pop3": _imap}


def _title(what: str, path: str, sources: str) -> str:
    return f"# {what} below {shlex.quote(path)}{' by others than the scan' if sources else ''}"


def _search(pattern: str, log: str, own: str, sources: str) -> str:
    less = f" | grep -vE {shlex.quote(own)}" if sources else ""
    return f"grep -aE {shlex.quote(pattern)} {log}{less}"
