"""Where else on this host a page that is no listing points: directories worth asking for. Nothing is asked here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scanner.listing.hrefs import Base, entities
from scanner.listing.html.markup import attributes
from scanner.listing.html.rows import Block, Row

MOST = 500
_SOURCES = {b"img": b"src", b"audio": b"src", b"video": b"src", b"source": b"src", b"embed": b"src", b"object": b"data",
            b"script": b"src", b"link": b"href"}
_FRAMES = {b"area": b"href", b"iframe": b"src", b"frame": b"src"}


def base(block: Block) -> bytes | None:
    """What the page says that relative links are relative to."""
    for tag in block.tags[:2000]:
        if tag.name == b"base":
            span = attributes(block.data, tag).get(b"href")
            return entities(block.data[slice(*span)]).strip() if span else None
    return None


def directories(block: Block, rows: Sequence[Row], base: Base) -> list[str]:
    """Quoted paths of directories: those linked, then parents of linked files, then what may be one without a slash.

    At most 500, none twice, without the path asked for and those above it.
    """
    linked = [path for row in rows if (path := row.link.path)] + list(_named(block, base, _FRAMES))
    files = [path for path in linked if not path.endswith("/")]
    sources = list(_named(block, base, _SOURCES))
    plain = [path + "/" for path in files if "." not in path.rpartition("/")[2]]
    wanted = [path for path in linked if path.endswith("/")]
    wanted += [path[:path.rfind("/") + 1] for path in (*files, *sources)] + plain
    own = base.asked
    return [path for path in dict.fromkeys(wanted) if not own.startswith(path) and len(path) <= 2048][:MOST]


def _named(block: Block, base: Base, kinds: dict[bytes, bytes]) -> Iterator[str]:
    """Paths on this host that tags of some kinds point to."""
    for tag in block.tags:
        name = kinds.get(tag.name)
        if name is None:
            continue
        span = attributes(block.data, tag).get(name)
        path = base.link(block.data[slice(*span)]).path if span else None
        if path is not None:
            yield path
