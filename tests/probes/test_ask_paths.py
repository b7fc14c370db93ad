"""Paths of asks: every name comes back as it was, and one that would lead elsewhere is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.probes.paths import is_plain, names_of, path_of


@given(st.lists(st.binary(min_size=1, max_size=20), max_size=5))
def test_names_of_any_bytes_come_back(names: list[bytes]) -> None:
    assert tuple(names) == names_of(path_of(names))


@pytest.mark.parametrize(("names", "path"), [
    ((), "/"), ((b"",), "/"), ((b"a b", b"\xff"), "/a%20b/%FF/"), ((b"a/b",), "/a%2Fb/"), ((b"~", b"%"), "/~/%25/")])
def test_a_path_is_quoted_name_by_name(names: tuple[bytes, ...], path: str) -> None:
    assert path == path_of(names)


@pytest.mark.parametrize(("path", "names"), [
    ("/", ()), ("/a/", (b"a",)), ("/a", (b"a",)),
    ("/a%2Fb/", (b"a/b",)), ("//", (b"",)), ("/a//b/", (b"a", b"", b"b"))])
def test_names_are_read_as_they_stand(path: str, names: tuple[bytes, ...]) -> None:
    assert names == names_of(path)


@pytest.mark.parametrize(("name", "plain"), [
    (b"a", True), (b"...", True), (b".a", True), (b"a\nb", True), (b"a\\b", True), (b"\xff", True),
    (b"", False), (b".", False), (b"..", False), (b"a/b", False), (b"/", False), (b"a\0", False)])
def test_a_plain_name_leads_nowhere_else(name: bytes, plain: bool) -> None:
    assert plain is is_plain(name)
