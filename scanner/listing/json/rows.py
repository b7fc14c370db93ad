"""JSON objects -> rows: which keys of an object name a file, its size, its time, and that it is a directory."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote_to_bytes

from scanner.listing import dates, sizes
from scanner.listing.batches import Part
from scanner.listing.endings import is_file
from scanner.listing.moments import Moments, moment
from scanner.listing.sizes import UNKNOWN, Size
from scanner.model import Batch
from scanner.model.octets import octets

#: Keys by what they hold, compared without case, `_` and `-`; the first that is there counts.
NAME = ("base", "basename", "filename", "name", "title", "relativepath", "relative", "href", "url", "path", "key")
SIZE = ("size", "sz", "filesize", "length", "bytes", "sizeinbytes", "contentlength")
TIME = ("mtime", "modtime", "modified", "lastmodified", "modifiedat", "updated", "date", "ts", "time", "modifiedtime",
        "mtimems", "lastmodifiedtime", "lastmod", "changed", "modificationtime", "updatedat")
KIND = ("type", "kind", "filetype", "mimetype", "mime", "contenttype")
FLAG = ("isdir", "isdirectory", "directory", "dir", "isfolder", "folder")
MODE = ("mode", "permissions", "permission", "perms", "perm")
BELOW = frozenset({"children", "contents", "content", "entries", "items", "files", "nodes", "dirs", "directories",
                   "folders", "subdirs", "subfolders", "tree"})
"""Keys of an object that is a folder, by what they hold: what lies in it."""
_LINKS = ("url", "href", "downloadurl", "browserdownloadurl")
_FILES = frozenset({"file", "f", "regular"})
_FOLDERS = frozenset({"directory", "dir", "folder", "d", "inode/directory", "httpd/unix-directory"})
_OTHERS = frozenset({"symlink", "link", "other"})
_STATS = frozenset({"stat", "stats"})
_EXTENSION = re.compile(r".\.[A-Za-z0-9]{1,8}$")
_STRONG = re.compile(r".\.[A-Za-z0-9]{0,7}[A-Za-z][A-Za-z0-9]{0,7}$")
_MODE = re.compile(r"[-dlbcps][-rwxsStT]{9}")
_WEB = re.compile(r"(?:https?:)?//([^/?#]*)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f/]")

Item = dict[str, object]


def folded(item: Item) -> Item:
    """The object with its keys as they are compared; what a file system says of a file may stand one level deeper."""
    plain = {key.lower().replace("_", "").replace("-", ""): value for key, value in item.items() if key}
    for key in _STATS & plain.keys():
        below = plain[key]
        if isinstance(below, dict):
            plain = {**folded({name: value for name, value in below.items() if name not in _STATS}), **plain}
    return plain


def is_listing(item: Item, name: str | None = None) -> bool:
    """Whether one object, folded, is a row: it has a name, and says file or directory, or has size or time.

    Users have names and types as well; their type is neither. `name` is the key that the object stands behind.
    """
    name = _name(item) if name is None else name
    if name is None:
        return False
    if _kind(item) is not None:
        return True
    sized = any(_size(item[key])[0] != UNKNOWN for key in SIZE if key in item)
    timed = any(moment(item[key]) != dates.UNKNOWN for key in TIME if key in item)
    if any(isinstance(item.get(key), str) for key in KIND[:3]):
        known = any(str(item.get(key)).lower() in _OTHERS for key in KIND)
        return (sized or timed) and (known or bool(_STRONG.search(name)))
    return (sized and timed) or ((sized or timed) and bool(_EXTENSION.search(name.rstrip("/"))))


def is_strong(item: Item, name: str | None = None) -> bool:
    """Whether a row can be nothing else: products have names, sizes and dates as well, but no extensions."""
    name = name or _name(item) or ""
    return _kind(item) is not None or name.endswith("/") or bool(_STRONG.search(name))


def is_named(item: Item) -> bool:
    """Whether an object, folded, has a name at all."""
    return _name(item) is not None


def leads_away(item: Item, host: str) -> bool:
    """Whether an object that does not say what it is links to another host: an index of packages, not a folder."""
    if _kind(item) is not None:
        return False
    found = (_WEB.match(value) for key in _LINKS if isinstance(value := item.get(key), str))
    return any(web is not None and web[1].lower() != host for web in found)


def is_up(item: Item) -> bool:
    """Whether an object, folded, is the way up or the directory itself, as some show them."""
    return (_name(item) or "").rstrip("/") in (".", "..")


def _name(item: Item) -> str | None:
    """The base name; a directory may end with a slash."""
    for key in NAME:
        value = item.get(key)
        if isinstance(value, str) and value.strip("/"):
            if key in ("href", "url"):
                value = unquoted(value.split("?")[0].removeprefix("./")).decode("utf-8", "surrogateescape")
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
        if isinstance(value, bool) or (isinstance(value, int) and value in (0, 1) and key.startswith("is")):
            return bool(value)
    if isinstance(item.get("isfile"), bool):
        return not item["isfile"]
    mode = next((value for key in MODE if isinstance(value := item.get(key), str)), "")
    return mode.startswith("d") if _MODE.match(mode) else None


def _size(value: object) -> Size:
    if isinstance(value, bool) or value is None:
        return UNKNOWN, 0
    if isinstance(value, int):
        return (value, 0) if 0 <= value <= sizes.LARGEST else (UNKNOWN, 0)
    if isinstance(value, float):
        return (int(value), 0) if 0 <= value < 2**53 else (UNKNOWN, 0)
    return (sizes.parse(value.encode("utf-8", "replace")) or (UNKNOWN, 0)) if isinstance(value, str) else (UNKNOWN, 0)


class Folder:
    """Turns the objects of one listing into columns, a part for each folder."""

    def __init__(self) -> None:
        self.sized = self.timed = False      # whether any row has shown one
        self.strong = False                  # whether any row can be nothing else
        self._times = Moments()
        self._moments: list[int] = []        # of the files added since the last take
        self._part = Part()
        self._done: list[tuple[Part, list[int]]] = []

    def batches(self) -> list[Batch]:
        """What has been added since the last time, and forget it."""
        self.turn(self._part.under)
        done, self._done = self._done, []
        return [Batch(names=part.names, sizes=part.sizes if self.sized else None,
                      slacks=part.slacks if any(part.slacks) else None, times=times if self.timed else None,
                      grain=1, directories=part.directories, under=part.under) for part, times in done]

    def turn(self, under: str) -> None:
        """What is added from here on lies in this folder, see `Batch.under`."""
        if self._part:
            self._done.append((self._part, self._moments))
            self._part, self._moments = Part(), []
        self._part.under = under

    @property
    def under(self) -> str:
        """The folder that rows are added to."""
        return self._part.under

    def add(self, item: Item, *, folders: bool, holds: bool = False, name: str | None = None) -> bool:
        """Add one folded object; False where it is no row.

        `folders`: it stands in a list of directories. `holds`: other objects lie in it, so that it may be a directory.
        `name`: the key that it stands behind.
        """
        if not (folders or holds) and not is_listing(item, name):
            return False
        shown = _name(item) if name is None else name
        if shown is None:
            return False
        kind = _kind(item)
        directory = kind if kind is not None else folders or holds or shown.endswith("/")
        base = encoded(shown)
        if base in (b".", b".."):
            return True                      # the way up, as some show it: a row, but no entry
        if b"/" in base or not base:
            return False
        self.strong |= folders or is_strong(item, name)
        if directory:
            self._part.directories.append(base)
        else:
            self._file(base, item)
        return True

    def names(self, names: Sequence[str]) -> bool:
        """Add an array of bare names: no type is shown, so what has no extension counts as a directory."""
        if not names or sum(bool(_STRONG.search(name)) for name in names) * 2 < len(names):
            return False
        with_ending = [name for name in names if _STRONG.search(name)]
        if sum(is_file(name.encode("utf-8", "replace")) for name in with_ending) * 2 < len(with_ending):
            return False                     # hosts and versions end in something as well
        if any(_CONTROL.search(name.rstrip("/")) or not 0 < len(name) < 1024 for name in names):
            return False
        self.strong = True
        for name in names:
            base = encoded(name)
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
        self._moments.append(moment)


def folder_of(item: Item) -> bytes | None:
    """The name of an object, folded, if it is a folder; b"" if it is the one that it stands in."""
    name = _name(item)
    if name is None or not (_kind(item) or (_kind(item) is None and not _STRONG.search(name))):
        return None
    return b"" if is_up(item) else encoded(name)


def encoded(name: str) -> bytes:
    """The bytes of a name without its slash."""
    return octets(name.rstrip("/"))


def unquoted(link: str) -> bytes:
    """The bytes that a quoted link stands for."""
    return unquote_to_bytes(octets(link))
