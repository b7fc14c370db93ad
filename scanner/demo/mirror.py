"""A harmless neighbour: a mirror of software packages as nginx prints it. Nothing in it is personal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from urllib.parse import quote

from scanner.demo.reply import REASONS, Reply

_DAY = 86_400
_RELEASED = int(datetime(2018, 5, 4, 9, 12, tzinfo=UTC).timestamp())
_TOOLS = ("example-agent", "example-backup", "example-chart", "example-console", "example-fonts", "example-index",
          "example-mirror", "example-proxy", "example-queue", "example-shell", "example-sync", "example-tools")
_WIDTH = 50                                  # nginx cuts the visible name here


def _tree() -> dict[str, dict[str, tuple[int, int]]]:
    """Folder -> name -> (bytes, seconds since 1970)."""
    tree: dict[str, dict[str, tuple[int, int]]] = {"/": {}, "/pool/": {}, "/releases/": {}, "/dists/": {}}
    for i, tool in enumerate(_TOOLS):
        made = _RELEASED + i * 11 * _DAY + i * 4_127
        tree["/pool/"][f"{tool}_1.{i}.0-1_amd64.deb"] = (48_732 + i * 19_381, made)
        tree["/pool/"][f"{tool}_1.{i}.0.orig.tar.xz"] = (122_004 + i * 31_077, made - _DAY)
        tree["/releases/"][f"{tool}-1.{i}.0.tar.gz"] = (201_533 + i * 40_961, made)
        tree["/releases/"][f"{tool}-1.{i}.0.tar.gz.asc"] = (833, made)
    tree["/releases/"]["SHA256SUMS"] = (1_164, _RELEASED + 140 * _DAY)
    tree["/dists/"] = {name: (size, _RELEASED + 141 * _DAY) for name, size in
                       (("InRelease", 9_211), ("Packages.gz", 18_330), ("Packages.xz", 15_204), ("Release", 8_114))}
    tree["/"]["README"] = (1_402, _RELEASED)
    return tree


class Mirror:
    """Packages, sources and checksums."""

    product = "nginx/1.14.2"

    def __init__(self) -> None:
        self._tree = _tree()

    def page(self, path: str, _elapsed: float, /) -> Reply:
        """A folder's listing; a known file is not given out: 403."""
        if path in self._tree:
            return Reply(200, (self._listing(path).encode(),))
        if f"{path}/" in self._tree:
            return Reply(301, self.error(301).body, location=f"{path}/")
        folder, _, name = path.rpartition("/")
        return self.error(403 if name in self._tree.get(f"{folder}/", {}) else 404)

    def error(self, status: int) -> Reply:
        """nginx's page for `status`."""
        return error(status, self.product)

    def options(self) -> Reply:
        """nginx has no OPTIONS for files."""
        return self.error(405)

    def _listing(self, path: str) -> str:
        below = {other[len(path):] for other in self._tree if other != path and other.startswith(path)}
        rows = [row(name, _RELEASED + 141 * _DAY, "-") for name in sorted(below)]
        rows += [row(name, made, str(size)) for name, (size, made) in sorted(self._tree[path].items())]
        return listing(path, rows)


def listing(path: str, rows: Iterable[str]) -> str:
    """nginx's autoindex of a folder."""
    title = f"Index of {escape(path)}"
    return (f"<html>\r\n<head><title>{title}</title></head>\r\n<body bgcolor=\"white\">\r\n"
            f'<h1>{title}</h1><hr><pre><a href="../">../</a>\r\n{"".join(rows)}</pre><hr></body>\r\n</html>\r\n')


def row(name: str, made: int, size: str) -> str:
    """One line of nginx's autoindex; a folder's name ends with a slash."""
    shown = escape(name) if len(name) <= _WIDTH else f"{escape(name[:_WIDTH - 3])}..&gt;"
    blank = " " * (_WIDTH - min(len(name), _WIDTH))
    when = f"{datetime.fromtimestamp(made, UTC):%d-%b-%Y %H:%M}"
    return f'<a href="{quote(name)}">{shown}</a>{blank} {when} {size:>19}\r\n'


def error(status: int, product: str) -> Reply:
    """A page in nginx's own words."""
    title = f"{status} {'Not Allowed' if status == 405 else REASONS[status]}"
    text = (f"<html>\r\n<head><title>{title}</title></head>\r\n<body bgcolor=\"white\">\r\n<center><h1>{title}</h1>"
            f"</center>\r\n<hr><center>{product}</center>\r\n</body>\r\n</html>\r\n")
    return Reply(status, (text.encode(),))
