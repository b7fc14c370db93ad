"""The yardstick for entries: it must not pass what is false."""

from __future__ import annotations

from dataclasses import replace

import pytest
from recipes import RECIPES
from tree import Node
from truth import lies

from scanner.model import Entry, Kind

NODE = Node(b"numbers/0701740640.wav", Kind.FILE, 1_572_864, 1_550_500_215)
TRUE = {
    "nginx-html": Entry(b"0701740640.wav", Kind.FILE, 1_572_864, 0, 1_550_500_200, 60),
    "nginx-json": Entry(b"0701740640.wav", Kind.FILE, 1_572_864, 0, 1_550_500_215, 1),
    "apache-fancy": Entry(b"0701740640.wav", Kind.FILE, 1_570_000, 53_000, 1_550_500_200, 60),
    "python": Entry(b"0701740640.wav", Kind.FILE),
}


@pytest.mark.parametrize(("name", "entry"), TRUE.items())
def test_a_true_entry_passes(name, entry):
    assert lies(RECIPES[name], NODE, entry) == []


@pytest.mark.parametrize(("name", "change"), [
    ("nginx-html", {"name": b"0701740641.wav"}), ("nginx-html", {"kind": Kind.DIRECTORY}),
    ("nginx-html", {"size": 1_572_863}), ("nginx-html", {"slack": 1}), ("nginx-html", {"size": None}),
    ("nginx-html", {"modified": 1_550_500_215}), ("nginx-html", {"modified": None}), ("nginx-json", {"grain": 60}),
    ("apache-fancy", {"slack": 2_000}), ("python", {"size": 0}), ("python", {"modified": 0}),
])
def test_a_false_entry_does_not(name, change):
    assert len(lies(RECIPES[name], NODE, replace(TRUE[name], **change))) == 1


def test_of_a_directory_only_name_and_kind_are_judged():
    node = Node(b"numbers", Kind.DIRECTORY, 0, 1_550_500_215)
    assert lies(RECIPES["caddy"], node, Entry(b"numbers", Kind.DIRECTORY, 4_096, 0, 7, 1)) == []
    assert len(lies(RECIPES["caddy"], node, Entry(b"numbers", Kind.FILE, 4_096, 0, 7, 1))) == 1
