"""The doors of a world as web sites: folders as Apache or nginx prints them, other pages from files. No socket."""

from __future__ import annotations

from scanner.demo.mirror import error, listing, row
from scanner.demo.reply import Reply, Site
from scanner.demo.store import Store
from tests.worlds.world import FOLDER, Behind


def site(door: Behind) -> Site:
    """The site behind a door."""
    return {"apache": lambda: Store(door, door.product), "nginx": lambda: Nginx(door)}[door.page]()


class Nginx:
    """A tree as nginx's autoindex prints it, exact sizes, dates to the minute; before it pages, where there are any."""

    def __init__(self, door: Behind) -> None:
        self.product = door.product
        self._door = door

    def page(self, path: str, elapsed: float, /) -> Reply:
        """A page or a folder's listing; a known file is not given out: 403."""
        if path in self._door.pages:
            return Reply(200, ((FOLDER / "pages" / self._door.pages[path]).read_bytes(),))
        below = self._door.children(path)
        if below is not None:
            return Reply(200, (self._listing(path, below).encode(),))
        if self._door.children(f"{path}/") is not None:
            return Reply(301, self.error(301).body, location=f"{path}/")
        folder, _, name = path.rpartition("/")
        known = name and any(name == file.name for file in self._door.recordings(f"{folder}/"))
        return self.error(403 if known else 404)

    def error(self, status: int) -> Reply:
        """nginx's page for `status`."""
        return error(status, self.product)

    def options(self) -> Reply:
        """nginx has no OPTIONS for files."""
        return self.error(405)

    def _listing(self, path: str, below: tuple[str, ...]) -> str:
        rows = [row(f"{name}/", self._door.modified(f"{path}{name}/"), "-") for name in below]
        rows += [row(name, made, str(size)) for name, size, made in self._door.recordings(path)]
        return listing(path, rows)
