"""JSON objects -> rows: which keys of an object name a file, its size, its time, and that it is a directory."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote_to_bytes

from scanner.listing import dates, sizes
from scanner.listing.batches import Part
from scanner.listing.sizes import UNKNOWN, Size

#: Keys by what they hold, compared without case, `_` and `-`; the first that is there counts.
NAME = ("base", "basename", "filename", "name", "title", "relativepath", "relative", "href", "url", "path", "key")
SIZE = ("size", "sz", "filesize", "length", "bytes", "sizeinbytes", "contentlength")
TIME = ("mtime", "modtime", "modified", "lastmodified", "modifiedat", "updated", "date", "ts", "time", "modifiedtime",
        "mtimems", "lastmodifiedtime")
KIND = ("type", "kind", "filetype")
FLAG = ("isdir", "isdirectory", "directory", "dir", "isfolder", "folder")
_FILES = frozenset({"file", "f", "regular", "symlink", "link", "other"})
_FOLDERS = frozenset({"directory", "dir", "folder", "d"})
_EXTENSION = re.compile(r".\.[A-Za-z0-9]{1,8}$")
_LONE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f/]")

Item = dict[str, object]


def folded(item: Item) -> Item:
    """The object with its keys as they are compared."""
    return {key.lower().replace("_", "").replace("-", ""): value for key, value in item.items() if key}


def is_listing(item: Item) -> bool:
    """Whether one object, folded, is a row: it has a name, and says file or directory, or has size or time.

    Users have names and types as well; their type is neither.
    """
    name = _name(item)
    if name is None:
        return False
    if any(isinstance(item.get(key), bool) for key in FLAG) or _kind(item) is not None:
        return True
    if any(key in item and isinstance(item[key], str) for key in KIND):
        return False
    sized = any(_size(item[key])[0] != UNKNOWN for key in SIZE if key in item)
    timed = any(_time(item[key]) != dates.UNKNOWN for key in TIME if key in item)
    return (sized and timed) or ((sized or timed) and bool(_EXTENSION.search(name.rstrip("/"))))


def is_up(item: Item) -> bool:
    """Whether an object, folded, is the way up or the directory itself, as some show them."""
    return (_name(item) or "").rstrip("/") in (".", "..")


def _name(item: Item) -> str | None:
    """The base name; a directory may end with a slash."""
    for key in NAME:
        value = item.get(key)
        if isinstance(value, str) and value.strip("/"):
            if key in ("href", "url"):
                value = unquote_to_bytes(value.split("?")[0].removeprefix("./")).decode("utf-8", "surrogateescape")
            if key in ("relativepath", "relative", "href", "url", "path"):
                return value.rstrip("/").rpartition("/")[2] + "/" * value.endswith("/")
            return value
    return None


def _kind(item: Item) -> bool | None:
    """True for a directory, False for a file; None where nothing says."""
    for key in KIND:
        value = item.get(key)
        if isinstance(value, str) and value.lower() in _FILES | _FOLDERS:
            return value.lower() in _FOLDERS
    for key in FLAG:
        value = item.get(key)
        if isinstance(value, bool):
            return value
    return None


def _size(value: object) -> Size:
    if isinstance(value, bool) or value is None:
        return UNKNOWN, 0
    if isinstance(value, int):
        return (value, 0) if 0 <= value <= sizes.LARGEST else (UNKNOWN, 0)
    if isinstance(value, float):
        return (int(value), 0) if 0 <= value < 2**53 else (UNKNOWN, 0)
    return (sizes.parse(value.encode("utf-8", "replace")) or (UNKNOWN, 0)) if isinstance(value, str) else (UNKNOWN, 0)


def _time(value: object) -> int:
    """Seconds since 1970 of a time as text or number; -1 where it is none."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return dates.epoch(int(value)) if 0 <= value < 10**15 else dates.UNKNOWN
    text = value.encode("utf-8", "replace")[:64] if isinstance(value, str) else b""
    if text.isdigit():
        return dates.epoch(int(text)) if 9 <= len(text) <= 13 else dates.UNKNOWN
    shown = dates.find(text)
    if shown is None:
        return dates.UNKNOWN
    day, clock = dates.days(shown.day, shown.form), dates.seconds(shown.clock)
    moment = dates.UNKNOWN if day is None or clock is None else day * dates.DAY + clock
    return max(moment, dates.UNKNOWN)


class Times(dict[object, int]):
    """Remembers times that it has read."""

    def __missing__(self, value: object) -> int:
        if len(self) > 50_000:
            self.clear()
        moment = self[value] = _time(value)
        return moment


class Folder:
    """Turns the objects of one listing into columns."""

    def __init__(self) -> None:
        self.times: list[int] = []           # of the files added since the last take
        self.sized = self.timed = False      # whether any row has shown one
        self._times = Times()
        self._part = Part()

    def take(self) -> tuple[Part, list[int]]:
        """What has been added since the last time, and forget it."""
        part, times = self._part, self.times
        self._part, self.times = Part(), []
        return part, times

    def add(self, item: Item, *, folders: bool) -> bool:
        """Add one folded object; False where it is no row. `folders`: it stands in a list of directories."""
        name = _name(item) if is_listing(item) or folders else None
        if name is None:
            return False
        kind = _kind(item)
        directory = kind if kind is not None else folders or name.endswith("/")
        base = name.rstrip("/").encode("utf-8", "surrogatepass" if _lone(name) else "surrogateescape")
        if base in (b".", b".."):
            return True                      # the way up, as some show it: a row, but no entry
        if b"/" in base or not base:
            return False
        if directory:
            self._part.directories.append(base)
        else:
            self._file(base, item)
        return True

    def names(self, names: Sequence[str]) -> bool:
        """Add an array of bare names: no type is shown, so what has no extension counts as a directory."""
        if not names or sum(bool(_EXTENSION.search(name)) for name in names) * 2 < len(names):
            return False
        if any(_CONTROL.search(name.rstrip("/")) or not 0 < len(name) < 1024 for name in names):
            return False
        for name in names:
            base = name.rstrip("/").encode("utf-8", "surrogatepass" if _lone(name) else "surrogateescape")
            if name.endswith("/") or not _EXTENSION.search(name):
                self._part.directories.append(base)
            else:
                self._file(base, {})
        return True

    def _file(self, base: bytes, item: Item) -> None:
        size = _size(next((item[key] for key in SIZE if key in item), None))
        moment = self._times[next((item[key] for key in TIME if isinstance(item.get(key), (str, int, float))), None)]
        self.sized |= size[0] != UNKNOWN
        self.timed |= moment != dates.UNKNOWN
        self._part.names.append(base)
        self._part.sizes.append(size[0])
        self._part.slacks.append(size[1])
        self.times.append(moment)


def _lone(name: str) -> bool:
    """Whether a name holds half a surrogate pair that no byte stands for."""
    return not name.isascii() and bool(_LONE.search(name))
