"""Entries as text: harmless to JSON, and each text stands for one name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.report.entries import level, path, read, written

NAMES = (
    (b"0701740605.wav", "0701740605.wav"),
    ("samtal åäö.wav".encode(), "samtal åäö.wav"),
    (b"latin1_\xe5\xe4\xf6.wav", r"latin1_\xe5\xe4\xf6.wav"),
    (rb"back\slash.wav", r"back\slash.wav"),
    (rb"literal \xe5.wav", r"literal \x5cxe5.wav"),
    (rb"\x5cxe5", r"\x5cx5cxe5"),
    (b"\\\xe5", r"\\xe5"),
    (b"in/side", r"in\x2fside"),
    (b"\xed\xa0\x80", r"\xed\xa0\x80"),      # a lone surrogate, as some servers encode it
    (b"a%2Fb", "a%2Fb"),
    (b"", ""),
)


@pytest.mark.parametrize(("name", "text"), NAMES)
def test_a_name_has_one_text(name: bytes, text: str) -> None:
    assert text == written(name)
    assert name == read(text)


@given(st.binary(max_size=40) | st.text("\\xe5f0/å", max_size=20).map(str.encode))
def test_every_name_comes_back(name: bytes) -> None:
    text = written(name)
    assert name == read(text)
    assert "/" not in text
    assert text == text.encode().decode()


def test_names_as_python_reads_them_from_a_disk_are_read_too() -> None:
    assert b"latin1_\xe5.wav" == read("latin1_\udce5.wav")
    assert "\ud800".encode("utf-8", "surrogatepass") == read("\ud800")


def test_slashes_of_a_path_stay() -> None:
    assert r"/calls/\xe5/" == path(b"/calls/\xe5/")


def test_entries_sort_breadth_first() -> None:
    shown = ["/b/1.wav", "/b/", "/c.wav", "/a/z/y.wav", "/a/", "/a/z/"]
    assert ["/a/", "/b/", "/c.wav", "/a/z/", "/b/1.wav", "/a/z/y.wav"] == sorted(shown, key=level)
