"""File trees for real servers to list, and what a true listing of them says. Sparse files; fictional numbers only."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scanner.model import Kind

PAGES = Path(__file__).resolve().parents[2] / "fixtures" / "worlds" / "pages"
MADE = datetime(2019, 2, 18, 14, 30, 15, tzinfo=UTC)     # winter, so that a server's local time differs by one hour

ODD = (
    "kundsamtal åäö.wav", "samtal 📞.wav", "literal %25 percent.wav", "50% off.wav", "a%2Fb.wav", "tom & jerry.wav",
    "\"double\" 'single'.wav", "<b>bold<b>.mp3", "<img src=x onerror=alert(1)>.wav", "+46 70 174 06 40.wav",
    "a+b=c.wav", "semi;colon.wav", "hash#tag.wav", "q?mark=1.wav", "back\\slash.wav", "colon:12:30.wav",
    "javascript:alert(1).wav", "[Testsson, Tolvan]_101-0701740631_20190218143015(4711).wav", "{curly} ~^`|.wav",
    "amp&amp;entity.wav", ".hidden-0701740632.wav", " leading-space.wav", "trailing-dot..wav", "UPPER-0701740633.WAV",
    "long-" + "0701740634-" * 20 + ".wav", "nfd-a\u030a.wav", "rtl-\u202egpj.wav", "Parent Directory.wav", "..wav",
)
# the first is no UTF-8: Python's server links to a name that does not exist
BYTES = (b"latin1_\xe5\xe4\xf6.wav", b"new\nline.wav", b"tab\there.wav", b"plain.wav")


@dataclass(frozen=True, slots=True)
class Node:
    """One file or directory that was made."""

    path: bytes                              # below the root, no slash at either end
    kind: Kind
    size: int                                # bytes; 0 for directories
    modified: int                            # seconds since 1970

    @property
    def name(self) -> bytes:
        """The base name."""
        return self.path.rpartition(b"/")[2]


class Tree:
    """What lies below `root`, by path."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.nodes: dict[bytes, Node] = {}

    def add(self, name: str | bytes, size: int = 0, when: datetime | None = None) -> None:
        """Make a sparse file of `size` bytes, and the directories above it."""
        path = os.fsencode(name)
        there = self._at(path)
        self._make(path.rpartition(b"/")[0])
        with there.open("wb") as file:
            file.truncate(size)
        modified = int((when or MADE + timedelta(seconds=61 * len(self.nodes))).timestamp())
        os.utime(there, (modified, modified))
        self.nodes[path] = Node(path, Kind.FILE, size, modified)

    def folder(self, name: str) -> None:
        """Make a directory."""
        self._make(os.fsencode(name))

    def _at(self, path: bytes) -> Path:
        return self.root / os.fsdecode(path)

    def _make(self, path: bytes) -> None:
        parts = path.split(b"/") if path else []
        for i in range(len(parts)):
            above = b"/".join(parts[:i + 1])
            if above not in self.nodes:
                self._at(above).mkdir(0o755)
                self.nodes[above] = Node(above, Kind.DIRECTORY, 0, int(MADE.timestamp()))

    def settle(self) -> Tree:
        """Give every directory its time, once nothing is added any more."""
        for node in self.nodes.values():
            if node.kind is Kind.DIRECTORY:
                os.utime(self._at(node.path), (node.modified, node.modified))
        return self

    def children(self, path: bytes = b"", *, dotfiles: bool = True) -> dict[bytes, Node]:
        """What a true listing of the directory `path` shows, by base name."""
        depth = path.count(b"/") + 1 if path else 0
        start = path + b"/" if path else b""
        return {node.name: node for node in self.nodes.values()
                if node.path.startswith(start) and node.path.count(b"/") == depth and node.path != path
                and (dotfiles or not node.name.startswith(b"."))}

    def folders(self, *, dotfiles: bool = True) -> Iterator[bytes]:
        """Paths of the directories that a listing leads to, the root (empty) first."""
        yield b""
        for node in self.nodes.values():
            if node.kind is Kind.DIRECTORY and (dotfiles or b"/." not in b"/" + node.path):
                yield node.path


def recordings(root: Path) -> Tree:
    """A recording store with everything that is hard to print."""
    tree = Tree(root)
    tree.add("README.txt", 1_300)
    for size, name in ((0, "empty"), (40, "size-40"), (999, "size-999"), (1_024, "size-1KiB"), (1_000_000, "size-1M"),
                       (1_572_864, "size-1.5MiB"), (3_221_225_472, "size-3GiB")):
        tree.add(f"{name}.wav", size)
    tree.add("epoch.wav", 800, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    tree.add("summer-2014.wav", 800, datetime(2014, 7, 1, 23, 59, 0, tzinfo=UTC))
    tree.add("future-2031.wav", 800, datetime(2031, 1, 2, 3, 4, 5, tzinfo=UTC))
    _freepbx(tree)
    for i in range(8):
        call = f"20190218-1430{i:02}_20255501{i + 10:02}"
        tree.add(f"vicidial/RECORDINGS/MP3/{call}_SALES_agent{i:02}-all.mp3", 90_000 + i)
        tree.add(f"vicidial/RECORDINGS/ORIG/{call}-all.wav", 720_044 + i * 320)
    for i in range(640, 660):
        tree.add(f"numbers/0701740{i}.wav", 2_000_044 + i * 320)
    for name in ODD:
        tree.add(f"odd/{name}", 4_000 + len(name))
    for raw in BYTES:
        tree.add(b"bytes/" + raw, 4_000)
    for i in range(300):
        tree.add(f"many/0701740{605 + i % 95}_{i:03}.wav", 40_000 + 33 * i)
    tree.add("folder with spaces å/0701740663.wav", 16_044)
    tree.add("a&b+c%20d/0701740664.wav", 16_044)
    tree.add(".hidden/0701740665.wav", 16_044)
    tree.add(".hidden-0701740666.wav", 16_044)
    tree.folder("empty-folder")
    return tree.settle()


def _freepbx(tree: Tree) -> None:
    kinds = ("external-101-{}", "out-{}-101", "q-500-{}", "rg-600-{}")
    for day in (datetime(2013, 4, 12, 9, 15, tzinfo=UTC), datetime(2019, 2, 16, 10, 0, tzinfo=UTC),
                datetime(2019, 2, 17, 11, 30, tzinfo=UTC), datetime(2019, 2, 18, 8, 30, tzinfo=UTC)):
        for i, kind in enumerate(kinds):
            start = day + timedelta(minutes=7 * i)
            call = kind.format(f"0701740{605 + i + day.day}")
            name = f"{call}-{start:%Y%m%d-%H%M%S}-{int(start.timestamp())}.{i}.wav"
            tree.add(f"monitor/{start:%Y/%m/%d}/{name}", 480_044 + 3_200 * i, start + timedelta(seconds=30))


def shelf(root: Path, number: int, *, without: tuple[str, ...] = ()) -> Tree:
    """A small store that no other number has, with names that every product can print and few print alike."""
    tree = Tree(root)
    for i in range(8):
        tree.add(f"07017406{i + 10 + number % 70:02}_{number:03}-{i}.wav", 480_044 + 320 * i)
    for name in ("README.txt", "NOTES", "samtal åäö.wav", "tom & jerry.wav", "50% off.wav", "a+b=c.wav", "it's.wav",
                 "semi;colon.wav", "hash#tag.wav", "[brackets].wav", f"long-{'0701740634-' * 8}.wav", ".hidden.wav"):
        if name not in without:
            tree.add(name, 4_000 + len(name))
    for folder in ("calls", "v1.2", "folder with spaces å", "a&b+c%20d"):
        tree.add(f"{folder}/0701740{600 + number % 90}.wav", 16_044)
    if "empty-folder" not in without:
        tree.folder("empty-folder")
    return tree.settle()


def numbers(root: Path) -> Tree:
    """Recordings named by the caller's number, and nothing else."""
    tree = Tree(root)
    for i in range(605, 625):
        tree.add(f"0701740{i}.wav", 2_000_044 + 320 * i)
    return tree.settle()


def empty(root: Path) -> Tree:
    """An open door to an empty room."""
    return Tree(root)


def looping(root: Path) -> Tree:
    """Two files, and two links that lead back up: a listing without end."""
    tree = Tree(root)
    tree.add("0701740698.wav", 16_044)
    tree.add("sub/0701740697.wav", 16_044)
    tree.settle()
    (root / "loop").symlink_to(".")
    (root / "sub" / "up").symlink_to("..")
    return tree


def named_by_robots(root: Path) -> Tree:
    """A home page without a listing, and a robots.txt that asks robots to stay out of /recordings/."""
    (root / "recordings").mkdir(mode=0o755)
    tree = numbers(root / "recordings")
    shutil.copy(PAGES / "home.html", root / "index.html")
    (root / "robots.txt").write_text("User-agent: *\nDisallow: /recordings/\n")
    return tree


def behind(root: Path, page: str) -> Tree:
    """Recordings that no listing shows, because `fixtures/worlds/pages/PAGE.html` is the start page."""
    tree = numbers(root)
    shutil.copy(PAGES / f"{page}.html", root / "index.html")
    return tree
