"""What the documented list endpoints of products answer: where their rows stand and what each key of a row says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from scanner.listing import sizes
from scanner.listing.json.documented import UNKNOWN, Form, Keys, Row, Shown
from scanner.listing.json.rows import unquoted
from scanner.model.octets import octets

_DAY = 86_400
_LATEST = 4_102_444_800                      # seconds: the year 2100
_DIRECTORIES = frozenset({"dir", "directory", "symlinkdir"})


def _copyparty(row: Row, keys: Keys) -> Shown | None:
    href = row.get("href")
    if not isinstance(href, str):
        return None
    name = unquoted(href.partition("?")[0]).rstrip(b"/")
    return _entry(name, keys == ("dirs",), _number(row.get("sz")), _seconds(row.get("ts")))


def _readable(key: str, value: object) -> bool:
    """Whoever may not read is told of no files, with status 200, and has no permission `read`."""
    return key != "perms" or (isinstance(value, list) and "read" in value)


def _dufs(row: Row, _: Keys) -> Shown | None:
    directory = str(row.get("path_type")).lower() in _DIRECTORIES
    return _entry(octets(row.get("name")), directory, _number(row.get("size")), _seconds(row.get("mtime"), 1000))


def _gohttpserver(row: Row, _: Keys) -> Shown | None:
    directory = row.get("type") == "dir"
    name = octets(row.get("name"))
    if directory:                            # a folder that holds one folder only is shown with it: `2019/02`
        name = name.partition(b"/")[0]
    return _entry(name, directory, _number(row.get("size")), _seconds(row.get("mtime"), 1000))


def _hfs(row: Row, _: Keys) -> Shown | None:
    name = octets(row.get("n"))
    return _entry(name.rstrip(b"/"), name.endswith(b"/"), _number(row.get("s")), _moment(row.get("m")))


def _jupyter(row: Row, _: Keys) -> Shown | None:
    directory = row.get("type") == "directory"
    return _entry(octets(row.get("name")), directory, _number(row.get("size")), _moment(row.get("last_modified")))


def _cloudcmd(row: Row, _: Keys) -> Shown | None:
    directory = str(row.get("type")).startswith("directory")
    size, slack = sizes.parse(octets(row.get("size"))) or (UNKNOWN, 0)
    try:
        day = datetime.strptime(str(row.get("date")), "%d.%m.%Y").replace(tzinfo=UTC)
        time = int(day.timestamp())
    except (ValueError, OverflowError):
        time = UNKNOWN
    return _entry(octets(row.get("name")), directory, size, time, slack)


def _webhdfs(row: Row, _: Keys) -> Shown | None:
    directory = row.get("type") == "DIRECTORY"
    time = _seconds(row.get("modificationTime"), 1000)
    return _entry(octets(row.get("pathSuffix")), directory, _number(row.get("length")), time)


COPYPARTY = Form((("dirs",), ("files",)), _copyparty, told=_readable)
DUFS = Form((("paths",),), _dufs)
GOHTTPSERVER = Form((("files",),), _gohttpserver)
HFS = Form((("list",),), _hfs)
JUPYTER = Form((("content",),), _jupyter)
CLOUDCMD = Form((("files",),), _cloudcmd, grain=_DAY)
WEBHDFS = Form((("FileStatuses", "FileStatus"),), _webhdfs)
FORMS: Mapping[str, Form] = {
    "copyparty": COPYPARTY, "dufs": DUFS, "gohttpserver": GOHTTPSERVER, "hfs": HFS, "jupyter": JUPYTER,
    "cloudcmd": CLOUDCMD, "webhdfs": WEBHDFS}


def _entry(name: bytes, directory: bool, size: int, time: int, slack: int = 0) -> Shown | None:
    return None if b"/" in name or b"\0" in name else Shown(name, directory, size, slack, time)


def _number(value: object) -> int:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and isinstance(value, int) and 0 <= value <= sizes.LARGEST else UNKNOWN


def _seconds(value: object, a_second: int = 1) -> int:
    """Seconds since 1970 of a number that counts so many `a_second`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LATEST * a_second:
        return UNKNOWN
    return int(value) // a_second


def _moment(value: object) -> int:
    """Seconds since 1970 of a time as RFC 3339 writes it; without a zone it is taken for UTC."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None:
        return UNKNOWN
    try:
        seconds = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except OverflowError:
        return UNKNOWN
    return seconds if 0 <= seconds <= _LATEST else UNKNOWN
