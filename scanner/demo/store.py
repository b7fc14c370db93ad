"""A tree of folders as an Apache of 2013 prints it: fancy table, rounded sizes, dates to the minute.

Takes names and numbers from a tree such as `world.World`, gives pages as bytes. No socket, no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from html import escape
from typing import Protocol
from urllib.parse import quote

from scanner.demo.recording import Recording
from scanner.demo.reply import REASONS, Reply

_MINUTES = tuple(f"{m // 60:02}:{m % 60:02}" for m in range(1_440))
_EPOCH = date(1970, 1, 1).toordinal()
_ROWS = 500                                  # rows in one piece of a page: about 100 KiB
_TYPE = "text/html;charset=UTF-8"
_RULE = '   <tr><th colspan="5"><hr></th></tr>\n'
_HEAD = """<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">
<html>
 <head>
  <title>Index of {title}</title>
 </head>
 <body>
<h1>Index of {title}</h1>
  <table>
   <tr><th valign="top"><img src="/icons/blank.gif" alt="[ICO]"></th><th><a href="?C=N;O=D">Name</a></th>\
<th><a href="?C=M;O=A">Last modified</a></th><th><a href="?C=S;O=A">Size</a></th>\
<th><a href="?C=D;O=A">Description</a></th></tr>
""" + _RULE
_ROW = '<tr><td valign="top"><img src="/icons/{icon}.gif" alt="[{alt}]"></td><td><a href="{href}">{name}</a></td>\
<td{date}</td><td align="right">{size}</td><td>&nbsp;</td></tr>\n'
_ERROR = """<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">
<html><head>
<title>{status} {reason}</title>
</head><body>
<h1>{reason}</h1>
<p>{says}</p>
</body></html>
"""
_SAYS = {
    301: "The document has moved.",
    400: "Your browser sent a request that this server could not understand.<br />",
    403: "You don't have permission to access this resource.",
    404: "The requested URL was not found on this server.",
    405: "The requested method is not allowed for this URL.",
    431: "A request header field exceeds server limit.",
}
_PATH = "$-_.+!*'(),:@&=/~"                  # besides letters and digits, as Apache has it
_ICONS = (
    (("wav", "mp3", "ogg", "gsm", "aif"), "sound2", "SND"), (("jpg", "jpeg", "png", "gif"), "image2", "IMG"),
    (("gz", "xz", "zip", "tgz", "z"), "compressed", "   "), (("txt", "csv", "asc"), "text", "TXT"),
)
_VERBS = "GET,HEAD,POST,OPTIONS"


class Tree(Protocol):
    """Folders by their paths, which are absolute and end with a slash."""

    def children(self, path: str, /) -> tuple[str, ...] | None:
        """Names of the directories in `path`, sorted; None where there is no such directory."""

    def modified(self, path: str, /) -> int:
        """When something was last added to `path`, in seconds since 1970."""

    def recordings(self, path: str, /, *, elapsed: float = 0.0) -> list[Recording]:
        """The files in `path`, sorted by name, `elapsed` seconds after the clock's start."""


class Store:
    """The network drive of the case."""

    def __init__(self, world: Tree, product: str = "Apache/2.4.7 (Unix)") -> None:
        self.product = product               # the Server header
        self._world = world

    def page(self, path: str, elapsed: float, /) -> Reply:
        """A folder's listing; 301 to a folder written without its slash; files exist, and are not given out: 403."""
        if self._world.children(path) is not None:
            return Reply(200, self._listing(path, elapsed), _TYPE)
        if self._world.children(f"{path}/") is not None:
            return Reply(301, self.error(301).body, location=f"{path}/")
        folder, _, name = path.rpartition("/")
        known = name and any(name == file.name for file in self._world.recordings(f"{folder}/", elapsed=elapsed))
        return self.error(403 if known else 404)

    def error(self, status: int) -> Reply:
        """Apache's page for `status`."""
        text = _ERROR.format(status=status, reason=REASONS[status], says=_SAYS[status])
        return Reply(status, (text.encode(),), "text/html; charset=iso-8859-1", allow=_VERBS if status == 405 else None)

    def options(self) -> Reply:
        """What Apache says it allows in a folder."""
        return Reply(200, (b"",), "httpd/unix-directory", allow=_VERBS)

    def _listing(self, path: str, elapsed: float) -> Iterable[bytes]:
        head = _HEAD.format(title=escape(path.rstrip("/")) or "/") + self._folders(path)
        tail = f"{_RULE}</table>\n</body></html>\n"
        files = self._world.recordings(path, elapsed=elapsed)
        if len(files) <= _ROWS:
            return (f"{head}{_rows(files)}{tail}".encode(),)
        return _pieces(head, files, tail)

    def _folders(self, path: str) -> str:
        rows = []
        if path != "/":
            up = path.rstrip("/").rpartition("/")[0] + "/"
            rows.append(_ROW.format(icon="back", alt="PARENTDIR", href=_href(up), name="Parent Directory",
                                    date=">&nbsp;", size="  - "))
        for name in self._world.children(path) or ():
            when = stamp(self._world.modified(f"{path}{name}/"))
            rows.append(_ROW.format(icon="folder", alt="DIR", href=_href(f"{name}/"), name=escape(f"{name}/"),
                                    date=f' align="right">{when}  ', size="  - "))
        return "".join(rows)


def _pieces(head: str, files: list[Recording], tail: str) -> Iterator[bytes]:
    yield head.encode()
    for i in range(0, len(files), _ROWS):
        yield _rows(files[i:i + _ROWS]).encode()
    yield tail.encode()


def _rows(files: list[Recording]) -> str:
    return "".join([
        f'<tr><td valign="top"><img src="/icons/{_icon(name.rpartition(".")[2])}></td>'
        f'<td><a href="{_href(name)}">{escape(name)}</a></td>'
        f'<td align="right">{stamp(modified)}  </td><td align="right">{size_text(size)}</td><td>&nbsp;</td></tr>\n'
        for name, size, modified in files
    ])


@lru_cache(maxsize=256)
def _icon(ending: str) -> str:
    """Apache's shipped icons: the picture, and the text in its place."""
    icon, text = next((one for endings, *one in _ICONS if ending.lower() in endings), ("unknown", "   "))
    return f'{icon}.gif" alt="[{text}]"'


def _href(name: str) -> str:
    """As `ap_os_escape_path` writes it: what could be taken for a scheme gets `./` before it."""
    path = quote(name, safe=_PATH)
    return f"./{path}" if ":" in path.partition("/")[0] else path


def stamp(seconds: int) -> str:
    """`2019-02-18 14:27`, in UTC."""
    day, rest = divmod(seconds, 86_400)
    return f"{_day(day)} {_MINUTES[rest // 60]}"


@lru_cache(maxsize=4_096)
def _day(day: int) -> str:
    return date.fromordinal(_EPOCH + day).isoformat()


def size_text(size: int) -> str:
    """A size in Apache's four columns: bytes below 973, then one decimal below ten of a unit, then whole units."""
    if size < 973:
        return f"{size:3} "
    for unit in "KMGT":
        size, rest = divmod(size, 1_024)
        if size >= 973:
            continue
        if size < 9 or (size == 9 and rest < 973):
            whole, tenth = divmod(size * 10 + (rest * 5 + 256) // 512, 10)
            return f"{whole}.{tenth}{unit}"
        return f"{size + (rest >= 512):3}{unit}"
    return "****"
