"""One line of a listing in plain text -> a row: as `ls -l`, MLSD, `dir`, tabs or a bare name has it. It judges no text.

Owners and groups are read over and not kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from scanner.listing import dates, sizes
from scanner.listing.sizes import UNKNOWN, Size

LONGEST = 4096                               # bytes of a line
_NONE: Size = (UNKNOWN, 0)
_WORD = r"(?:[A-Za-z\x80-\xff]{3,14}\.?|\d{1,2}(?:月|월))"
_CLOCK = r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?"
_DATE = "|".join((
    rf"(?:[A-Za-z]{{3}}[ ])?{_WORD}[ ]{{1,2}}\d{{1,2}}[ ]{{1,2}}(?:{_CLOCK}(?:[ ]\d{{4}})?|\d{{4}})",
    rf"\d{{1,2}}\.?[ ]{{1,2}}{_WORD}[ ]{{1,2}}(?:{_CLOCK}|\d{{4}})",
    rf"\d{{4}}-\d\d-\d\d[ T]{_CLOCK}(?:[ ]?[+-]\d{{4}})?", r"\d{4}-\d\d-\d\d[ ]", rf"\d\d-\d\d[ ]{_CLOCK}"))
_LS = re.compile((
    rf"[ ]{{0,9}}(?:\d{{1,12}}[ ]+){{0,2}}([-bcdlpsD])[-rwxsStTlL]{{9}}[.+@]?[ ]+(?:\d{{1,9}}[ ]+)?"
    rf"(?:\S{{1,64}}[ \t]+){{0,4}}?(\d[\d.,]{{0,18}}[KMGTPE]?|\d{{1,9}},[ ]*\d{{1,9}})[ ]+({_DATE})[ ](.+)").encode(),
    re.DOTALL)
_MLSD = re.compile(rb"((?:[A-Za-z][A-Za-z0-9.-]{0,31}=[^;\s]{0,255};){1,20}) (.+)", re.DOTALL)
_DOS = re.compile(
    rb"(\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4})[ \t]+(\d{1,2}:\d\d(?::\d\d)?[ ]?(?:[AaPp][Mm]?)?)[ \t]+"
    rb"(?:<([A-Z]{3,9})>[ \t]+|(\d(?:[\d.,']|\xc2\xa0|\xe2\x80\xaf|\xa0|\xff){0,30}) )(.+)", re.DOTALL)
_PREFIX = re.compile(rb" {2,}PRE (.+)/")
_TIMED = re.compile(rb"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d{1,6})?")
_EXTENSION = re.compile(rb".\.[A-Za-z0-9]{0,5}[A-Za-z][A-Za-z0-9]{0,5}$")
_NO_NAME = re.compile(rb"[\x00-\x1f\x7f<>|\"{}*?:;=\\/]")
_NAMES = ("", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Style(Enum):
    """How the lines of a listing are written."""

    LS = "ls"
    MLSD = "mlsd"
    DOS = "dir"
    TABS = "tabs"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Line:
    """One row as written. `name` is empty where the line shows the folder itself or the one above."""

    name: bytes
    folder: bool = False
    size: Size = _NONE
    day: bytes = b""
    clock: bytes = b""
    form: int = 5                            # of the day: index into dates.FORMS


def row(name: bytes, *, folder: bool, size: Size = _NONE, day: bytes = b"", clock: bytes = b"",
        form: int = 5, any_name: bool = False) -> Line | None:
    """A line with these parts; None where the name is none. `any_name`: one with a slash or of spaces is."""
    name = name.rstrip(b"/") if folder else name
    if not name if any_name else b"/" in name or b"\0" in name or not name.strip():
        return None
    return Line(b"" if name in (b".", b"..") else name, folder, _NONE if folder else size, day, clock, form)


def ls(line: bytes, *, any_name: bool = False) -> Line | None:
    """A line of `ls -l` (POSIX, XCU ls): a symbolic link without its target, a device without a size.

    `any_name`, here and below: also one with a slash or of spaces alone, where the protocol says that it is a name.
    """
    found = _LS.fullmatch(line)
    if found is None:
        return None
    kind, size, date, name = found.groups()
    if kind == b"l":
        name, _, target = name.partition(b" -> ")
        day, clock = moment(date)
        return row(name if any_name else name.removesuffix(b"@"), folder=target.endswith(b"/"), day=day, clock=clock,
                   any_name=any_name)
    if len(date) == 11 and date.endswith(b" ") and name.startswith(b" "):
        name = name[1:]                      # a date without a time is padded
    day, clock = moment(date)
    shown = sizes.parse(size) if kind == b"-" else None
    return row(name, folder=kind in (b"d", b"D"), size=shown or _NONE, day=day, clock=clock, any_name=any_name)


@lru_cache(maxsize=4096)
def moment(date: bytes) -> tuple[bytes, bytes]:
    """Day and time of day, as `dates` reads them."""
    words = date.split()
    if b"-" in words[0]:
        day, _, clock = date.strip().replace(b"T", b" ").partition(b" ")
        if len(day) == 5:
            day = _NAMES[int(day[:2]) % 13].encode() + b" " + day[3:]
        return day, clock
    if len(words) > 3 and not words[1][:1].isdigit():
        words = words[1:]                    # the day of the week
    first, second, *rest = words
    number, name = (first, second) if first.rstrip(b".").isdigit() else (second, first)
    month = dates.month(name) or int(b"0" + b"".join(re.findall(rb"^\d{1,2}", name)))
    month_name = _NAMES[month % 13].encode()
    year = next((word for word in rest if b":" not in word), b"")
    clock = next((word for word in rest if b":" in word), b"")
    number = number.rstrip(b".")
    return (b"-".join((number, month_name, year)) if year else month_name + b" " + number), clock


def mlsd(line: bytes, *, any_name: bool = False) -> Line | None:
    """A line of facts (RFC 3659 §7.2)."""
    found = _MLSD.fullmatch(line)
    if found is None:
        return None
    facts = dict(pair.split(b"=", 1) for pair in found[1].lower().split(b";") if pair)
    kind = facts.get(b"type", b"")
    if not facts.keys() & {b"type", b"size", b"modify"}:
        return None
    if kind in (b"cdir", b"pdir"):
        return Line(b"", folder=True)
    time = _TIMED.fullmatch(facts.get(b"modify", b""))
    day, clock = (b"-".join(time.group(1, 2, 3)), b":".join(time.group(4, 5, 6))) if time else (b"", b"")
    number = sizes.exact(facts.get(b"size", b"")) if kind in (b"file", b"") else None
    return row(found[2], folder=kind == b"dir", size=_NONE if number is None else (number, 0), day=day, clock=clock,
               any_name=any_name)


def dos(line: bytes, *, any_name: bool = False) -> Line | None:
    """A line of `dir`, of an FTP server that prints like it, or of a tool that lists a store."""
    found = _DOS.fullmatch(line)
    if found is None:
        prefix = _PREFIX.fullmatch(line)
        return row(prefix[1], folder=True) if prefix is not None else None
    day, clock, kind, size, name = found.groups()
    shown = dates.find(day)
    if shown is None:
        return None
    name = name.partition(b" [")[0] if kind not in (None, b"DIR") else name
    number = re.sub(rb"\D", b"", size or b"")
    known = sizes.exact(number) if number else None
    clock = clock.strip()
    clock += b"m" if clock[-1:] in b"aApP" else b""
    return row(name, folder=kind is not None and kind != b"SYMLINK", size=_NONE if known is None else (known, 0),
               day=day, clock=clock, form=shown.form, any_name=any_name)


def tabs(line: bytes) -> Line | None:
    """A name, and size or date or both in cells of their own."""
    name, *cells = line.split(b"\t")
    if not 1 <= len(cells) <= 4 or not name or len(name) > 255 or _NO_NAME.search(name.rstrip(b"/")):
        return None
    size: Size | None = None
    day = clock = b""
    form, folder = 5, name.endswith(b"/")
    for cell in map(bytes.strip, cells):
        shown = dates.find(cell) if len(cell) >= 6 else None
        if shown is not None and not day and shown.end - shown.start == len(cell):
            day, clock, form = shown.day, shown.clock, shown.form
        elif size is None and (known := sizes.parse(cell)) is not None:
            size = known
        elif cell.lower().strip(b"<>") in (b"dir", b"directory", b"folder", b"d"):
            folder = True
        elif not sizes.is_blank(cell) and cell.lower() not in (b"file", b"f"):
            return None
    if size is None and not day and not folder:
        return None
    return row(name, folder=folder, size=size or _NONE, day=day, clock=clock, form=form)


def bare(line: bytes) -> Line | None:
    """A name alone; it must look like one of a file, or say that it is a folder."""
    folder = line.endswith(b"/")
    name = line[:-1] if folder else line
    if not 0 < len(name) <= 255 or name[:1] in b" \t#-" or _NO_NAME.search(name) or name.count(b" ") > 8:
        return None
    if not folder and not _EXTENSION.search(name):
        return None
    return row(name, folder=folder)


FORMS: dict[Style, Callable[[bytes], Line | None]] = {
    Style.LS: ls, Style.MLSD: mlsd, Style.DOS: dos, Style.TABS: tabs, Style.NAMES: bare}
"""How a line of each style is read, the most telling first."""
