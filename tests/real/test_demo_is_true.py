"""What the demo's store prints is what a real Apache prints for the same files."""

from __future__ import annotations

import http.client
import random
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tree import Tree

from scanner.demo.store import Store, size_text
from scanner.demo.world import World

pytestmark = pytest.mark.real


def printed(running, path: str) -> str:
    connection = http.client.HTTPConnection(running.place.address, running.port, timeout=10)
    connection.request("GET", path)
    text = connection.getresponse().read().decode()
    connection.close()
    return text


def lines(page: str) -> list[str]:
    """All but the document type, which has changed since 2013."""
    return page.splitlines()[1:]


def grown(root: Path, paths: tuple[str, ...]) -> None:
    world, tree = World(), Tree(root)
    for path in paths:
        for file in world.recordings(path):
            tree.add(f"{path.strip('/')}/{file.name}", file.size, datetime.fromtimestamp(file.modified, UTC))


def test_a_day_reads_as_apache_prints_it(serve, world):
    grown(world, ("/2016/02/29/", "/gammalt/"))
    running = serve("apache-fancy", world)
    for path in ("/2016/02/29/", "/gammalt/"):
        ours = b"".join(Store(World()).page(path, 0.0).body).decode()
        assert sorted(lines(ours)) == sorted(lines(printed(running, path)))     # real ones sort 2 before 10 here


def test_sizes_are_rounded_as_apache_rounds_them(serve, world):
    drawn = random.Random(2013)
    sizes = {int(10 ** drawn.uniform(0, 10)) for _ in range(400)} | {0, 972, 973, 9_727 << 10, 10_188, 973 << 20}
    tree = Tree(world)
    for size in sizes:
        tree.add(f"{size}.wav", size)
    page = printed(serve("apache-fancy", world), "/")
    shown = re.findall(r'<a href="(\d+)\.wav">[^\n]*<td align="right">([ \d.]+[KMG ])</td>', page)
    assert {int(size): text for size, text in shown} == {size: size_text(size) for size in sizes}
