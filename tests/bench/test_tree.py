"""The measure of a tree, small: every count exact, one request a folder, by the real nginx. It asks for no speed."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from scanner.scan.profile import PROFILES
from tests.bench import forest
from tests.bench.nginx import Nginx
from tests.bench.tree import scanned, wrong

pytestmark = pytest.mark.real


@pytest.fixture
def world(tmp_path: Path) -> Path:
    try:
        Nginx(tmp_path)
    except LookupError as lacks:
        if os.environ.get("EARSHOT_REQUIRE_SERVERS") == "1":
            pytest.fail(str(lacks))
        pytest.skip(str(lacks))
    return forest.grown(1_000, tmp_path / "tree", say=lambda text: None)


def test_a_thousand_folders_are_counted_exactly_with_one_request_each(world: Path) -> None:
    done = scanned(world)
    assert [] == wrong(done, forest.truth(1_000))
    assert 1_001 <= done.asked.total() <= 1_001 + PROFILES["thorough"].silent_requests


def test_the_tree_on_disk_is_what_is_reckoned(tmp_path: Path) -> None:
    world = forest.grown(120, tmp_path / "tree", say=lambda text: None)
    found = list(world.rglob("*"))
    files = [path.stat() for path in found if path.is_file()]
    folders = len(found) - len(files)
    times = [int(one.st_mtime) for one in files]
    seen = forest.Truth(folders, len(files), sum(one.st_size for one in files), min(times), max(times))
    assert forest.truth(120) == seen
    assert 120 * forest.FILES == len(files)


def test_a_tree_that_is_whole_is_used_again_and_another_is_made_anew(tmp_path: Path) -> None:
    said: list[str] = []
    place = tmp_path / "tree"
    world = forest.grown(50, place, said.append)
    kept = world / "2013" / "kept"
    kept.touch()
    assert (forest.grown(50, place, said.append), kept.exists(), said) == (world, True, [])
    forest.grown(60, place, said.append)
    assert (kept.exists(), [f"  {place} is not whole: made anew"]) == (False, said)


def test_folders_of_all_levels_are_there_parents_before_children() -> None:
    known = {""}
    for leaf in forest.leaves(3_000):
        assert leaf.path.rpartition("/")[0] in known
        known.add(leaf.path)
    assert {0, 1, 2, 3} == set(Counter(path.count("/") for path in known if path))


def test_a_disk_without_room_is_told(tmp_path: Path) -> None:
    with pytest.raises(forest.TooSmallError, match="are needed"):
        forest._room(tmp_path, 10**9)
