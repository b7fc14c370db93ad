"""A tree of folders on disk as a recorder leaves it: year, month, day, shard; its files sparse. It serves nothing.

Everything follows from the number of folders, so that the truth is computed and never read back from the disk. Names
are fictional and of the form that a widespread telephone exchange writes. What was made once is used again.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

LAYOUT = 2                                   # of what lies on disk: another one is made anew
FILES = 27                                   # of a folder, on the average
SHARDS = 38                                  # of a day
_FIRST = datetime(2013, 4, 12, tzinfo=UTC)
_FOLDER_BYTES, _INODE_BYTES = 8_192, 512     # of the disk, reckoned generously
_TELL = 5_000                                # folders


@dataclass(frozen=True, slots=True)
class Truth:
    """What a tree holds below its root, the root itself not counted."""

    folders: int
    files: int
    bytes: int
    first: int                               # seconds since 1970, whole minutes as nginx prints them
    last: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """A folder and how many files lie in it."""

    path: str                                # relative, such as 2013/04/12/0a
    number: int
    files: range                             # numbers of its files over the whole tree
    moment: int                              # seconds since 1970 of its first file


class TooSmallError(Exception):
    """The disk has not the room or the inodes for the tree."""


def leaves(folders: int) -> Iterator[Leaf]:
    """So many folders, parents before children; FILES files of each on the average, most of them in shards."""
    weights = total = 0
    for path, _ in _paths(folders):
        weights += _weight(path)
    done = 0
    for number, (path, day) in enumerate(_paths(folders)):
        begun = FILES * folders * total // weights
        total += _weight(path)
        done = FILES * folders * total // weights
        yield Leaf(path, number, range(begun, done), int(day.timestamp()))
    assert done == FILES * folders


def file(leaf: Leaf, number: int) -> tuple[str, int, int]:
    """Name, size and seconds since 1970 of file `number` of a folder."""
    mixed = _mixed(number)
    moment, size = leaf.moment + mixed % 1440 * 60, 44 + mixed % 900_000
    called, clock = f"0701740{605 + mixed % 95}", f"{datetime.fromtimestamp(moment, UTC):%Y%m%d-%H%M%S}"
    return f"out-{called}-{1000 + mixed % 50}-{clock}-{moment}.{number}.{'mp3' if mixed & 3 else 'wav'}", size, moment


def truth(folders: int) -> Truth:
    """What the tree of so many folders holds."""
    files = size = 0
    first, last = 2**62, 0
    for leaf in leaves(folders):
        for number in leaf.files:
            mixed = _mixed(number)
            moment = leaf.moment + mixed % 1440 * 60
            files, size = files + 1, size + 44 + mixed % 900_000
            first, last = min(first, moment), max(last, moment)
    return Truth(folders, files, size, first, last)


def place(folders: int) -> Path:
    """Where the tree of so many folders is kept: below EARSHOT_BENCH_TREES, or in the folder for temporary files."""
    above = os.environ.get("EARSHOT_BENCH_TREES") or tempfile.gettempdir()
    return Path(above) / f"earshot-tree-{os.getuid()}-{folders}"


def grown(folders: int, root: Path | None = None, say: Callable[[str], None] = print) -> Path:
    """The folder to be served; made now where it is not there whole. Raises TooSmallError."""
    root = root or place(folders)
    mark, wanted = root / "made.json", {"layout": LAYOUT, **asdict(truth(folders))}
    if mark.is_file() and mark.stat().st_uid == os.getuid() and json.loads(mark.read_text()) == wanted:
        return root / "world"
    if root.exists():
        say(f"  {root} is not whole: made anew")
        shutil.rmtree(root)
    _room(root.parent, folders)
    (root / "world").mkdir(parents=True)
    root.chmod(0o755)                        # nginx's workers may run as somebody else
    for leaf in leaves(folders):
        _make(root / "world" / leaf.path, leaf)
        if (leaf.number + 1) % _TELL == 0:
            say(f"  made {leaf.number + 1:,} of {folders:,} folders")
    mark.write_text(json.dumps(wanted))
    return root / "world"


def _make(folder: Path, leaf: Leaf) -> None:
    folder.mkdir(mode=0o755)
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for number in leaf.files:
            name, size, moment = file(leaf, number)
            made = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644, dir_fd=at)
            os.truncate(made, size)
            os.utime(made, (moment, moment))
            os.close(made)
    finally:
        os.close(at)


def _room(above: Path, folders: int) -> None:
    disk = os.statvfs(above)
    inodes = folders * (FILES + 1)
    size = folders * _FOLDER_BYTES + inodes * _INODE_BYTES
    if disk.f_files and disk.f_favail < inodes:
        raise TooSmallError(f"{above}: {disk.f_favail:,} inodes are free, {inodes:,} are needed")
    if disk.f_bavail * disk.f_frsize < size:
        raise TooSmallError(f"{above}: {disk.f_bavail * disk.f_frsize:,} bytes are free, {size:,} are needed")


def _paths(folders: int) -> Iterator[tuple[str, datetime]]:
    """Relative paths with their days; years, months and days as they come up."""
    left, day, known = folders, _FIRST, ""
    while True:
        for path in _of_day(day, known):
            if left == 0:
                return
            left -= 1
            yield path, day
        known, day = f"{day:%Y/%m}", day + timedelta(days=1)


def _of_day(day: datetime, known: str) -> Iterator[str]:
    """The folders that a day adds; `known` is the month before it, as year/month."""
    if not known.startswith(f"{day:%Y}"):
        yield f"{day:%Y}"
    if known != f"{day:%Y/%m}":
        yield f"{day:%Y/%m}"
    yield f"{day:%Y/%m/%d}"
    for shard in range(SHARDS):
        yield f"{day:%Y/%m/%d}/{shard:02x}"


def _weight(path: str) -> int:
    """Some folders hold nothing, most a few files, some very many."""
    if path.count("/") < 3:
        return path.count("/")
    mixed = _mixed(int(path.replace("/", ""), 16)) >> 20
    return 0 if mixed < 100 else 1_500 if mixed > 4_090 else 5 + mixed % 50


def _mixed(number: int) -> int:
    """32 bits that look like chance."""
    return number * 2_654_435_761 % 2**32
