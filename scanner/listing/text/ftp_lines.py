"""One line of an FTP server's LIST -> a row, in the forms that only FTP servers print. It judges no listing.

EPLF (cr.yp.to/ftp/list/eplf.html), NetWare, Multinet and other VMS servers, and `ls -l` without the
column of permissions. What all listings share is in `lines`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from scanner.listing import dates, sizes
from scanner.listing.text import lines
from scanner.listing.text.lines import Line

_DATE = rb"([A-Za-z]{3} {1,2}\d{1,2} {1,2}(?:\d{1,2}:\d\d|\d{4}))"
_EPLF = re.compile(rb"\+([^\t]{0,1000})\t(.+)", re.DOTALL)
_RIGHTS = rb"(?:\[[-RWCEAFMS]{6,8}\]|[-A-Z]{6,8})"
_NETWARE = re.compile(rb"([-d]) ?" + _RIGHTS + rb" +\S{1,64} +(\d{1,19}) +" + _DATE + rb" (.+)", re.DOTALL)
_BARE = re.compile(rb"(?:\d{1,6} +)?(?:[^\s+]\S{0,63} +){0,2}?(\d{1,19}) +" + _DATE + rb" (.+)", re.DOTALL)
_VMS = re.compile(rb"([^\s;\[\]]{1,200}?)(\.DIR)?;\d{1,5}\s+(\d{1,10})(?:/\d{1,10})?\s+"
                  rb"(\d{1,2}-[A-Za-z]{3}-\d{4})(?: +(\d{1,2}:\d\d(?::\d\d)?))?(?:\.\d\d)?(?:\s+[\[(].*)?")
_BLOCK = 512                                 # bytes of a block of VMS, of which the last need not be full


def eplf(line: bytes) -> Line | None:
    """Easily parsed LIST format: `+i8388621.48594,m825718503,r,s280,` TAB name."""
    found = _EPLF.fullmatch(line)
    if found is None:
        return None
    facts = found[1].split(b",")
    size = next((sizes.exact(fact[1:]) for fact in facts if fact[:1] == b"s"), None)
    time = next((sizes.exact(fact[1:]) for fact in facts if fact[:1] == b"m"), None)
    day, clock = _moment(time)
    return lines.row(found[2], folder=b"/" in facts, size=(sizes.UNKNOWN if size is None else size, 0), day=day,
                     clock=clock, any_name=True)


def _moment(seconds: int | None) -> tuple[bytes, bytes]:
    if seconds is None or dates.epoch(seconds) != seconds:
        return b"", b""
    day, _, clock = f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}".encode().partition(b" ")
    return day, clock


def netware(line: bytes) -> Line | None:
    """`d [R----F--] supervisor 512 Jan 16 18:53 login`."""
    found = _NETWARE.fullmatch(line)
    return _dated(found[1] == b"d", found[2], found[3], found[4]) if found is not None else None


def bare(line: bytes) -> Line | None:
    """`1 owner group 280 Nov 22 1995 a.sit`: without permissions only a slash behind its name tells a folder."""
    found = _BARE.fullmatch(line)
    return _dated(found[3].endswith(b"/"), found[1], found[2], found[3]) if found is not None else None


def vms(line: bytes) -> Line | None:
    """`CORE.DIR;1 1 8-SEP-1996 16:09 [SYSTEM] (RWE,RWE,RE,RE)`: sizes are blocks; the version is no part of a name."""
    found = _VMS.fullmatch(line)
    if found is None:
        return None
    blocks = sizes.exact(found[3]) or 0
    size = (max(0, blocks * _BLOCK - _BLOCK // 2), _BLOCK // 2 if blocks else 0)
    return lines.row(found[1], folder=found[2] is not None, size=size, day=found[4].lower(), clock=found[5] or b"",
                     form=2)


def _dated(folder: bool, size: bytes, date: bytes, name: bytes) -> Line | None:
    day, clock = lines.moment(date)
    number = sizes.exact(size)
    return lines.row(name, folder=folder, size=(sizes.UNKNOWN if number is None else number, 0), day=day, clock=clock,
                     any_name=True)


def ls(line: bytes) -> Line | None:
    """See `lines.ls`; whatever stands last is a name. A link is one, wherever it leads."""
    found = lines.ls(line, any_name=True)
    return replace(found, folder=False) if found is not None and found.folder and line[:1] == b"l" else found


def mlsd(line: bytes) -> Line | None:
    """See `lines.mlsd`."""
    return lines.mlsd(line, any_name=True)


def dos(line: bytes) -> Line | None:
    """See `lines.dos`."""
    return lines.dos(line, any_name=True)


def name(line: bytes) -> Line | None:
    """A line of NLST: a name, perhaps with the folder asked for before it. It does not say what it names."""
    return lines.row(line.removeprefix(b"./"), folder=False, any_name=True)


FORMS: dict[str, Callable[[bytes], Line | None]] = {
    "ls": ls, "dos": dos, "eplf": eplf, "netware": netware, "vms": vms, "bare": bare}
"""The forms of LIST, each of which says what it is; the most usual first."""
