"""Paths of folders: what a request can name, and what a store that takes names in its query can."""

from __future__ import annotations

import pytest

from scanner.scan.paths import LONGEST, below


@pytest.mark.parametrize(("segment", "page", "store"), [
    ("calls", "/a/calls/", "/a/calls/"), ("%2E%2e", None, "/a/%2E%2e/"), ("..", None, "/a/../"), (".", None, "/a/./"),
    ("", None, "/a//"), ("a b", None, None), ("a/b", None, None), ("a?b", None, None), ("a#b", None, None),
    ("\u00e5", None, None), ("a\n", None, None), ("x" * LONGEST, None, None)])
def test_a_folder_that_stands_in_a_query_may_have_any_name(segment, page, store):
    assert (page, store) == (below("/a/", segment), below("/a/", segment, any_name=True))
