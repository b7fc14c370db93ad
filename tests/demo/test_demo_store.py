"""The store prints as an Apache of 2013 does; its neighbours print what they are."""

from __future__ import annotations

import re

import pytest

from scanner.demo.mirror import Mirror
from scanner.demo.store import Store, size_text
from scanner.demo.website import Website
from scanner.demo.world import World

ROW = re.compile(r'<a href="([^"/?]+)">\1</a></td><td align="right">(\d{4}-\d\d-\d\d \d\d:\d\d)  </td>'
                 r'<td align="right">([ \d.]+[KMG ])</td>')


@pytest.mark.parametrize(("size", "text"), [
    (0, "  0 "), (281, "281 "), (972, "972 "), (973, "1.0K"), (1_024, "1.0K"), (10_188, "9.9K"), (10_300, " 10K"),
    (996_351, "973K"), (996_352, "1.0M"), (1_000_000, "1.0M"), (1_572_864, "1.5M"), (3_627_244, "3.5M"),
    (25_165_824, " 24M"), (3_221_225_472, "3.0G"),
])
def test_a_size_is_rounded_to_four_columns(size, text):
    assert text == size_text(size)


def page(site, path: str, elapsed: float = 0.0) -> tuple[int, str]:
    reply = site.page(path, elapsed)
    return reply.status, b"".join(reply.body).decode()


def test_a_folder_is_a_fancy_table_with_rounded_sizes():
    status, text = page(Store(World()), "/2019/02/18/")
    assert (status, len(ROW.findall(text))) == (200, 13)
    assert ("20190218_031853_AAKV.mp3", "2019-02-18 03:20", "281K") in ROW.findall(text)
    assert "<title>Index of /2019/02/18</title>" in text
    assert '<a href="/2019/02/">Parent Directory</a>' in text


def test_the_root_shows_years_and_the_forgotten_folder_and_no_parent():
    _, text = page(Store(World()), "/")
    years = [f"20{n}/" for n in range(13, 20)]
    assert [*years, "gammalt/"] == re.findall(r'<a href="([^"?]+)">', text)


def test_the_full_folder_of_57_000_comes_in_pieces():
    pieces = list(Store(World(full=True)).page("/gammalt/", 0.0).body)
    assert len(ROW.findall(b"".join(pieces).decode())) == 57_000
    assert max(map(len, pieces)) < 150_000


@pytest.mark.parametrize(("path", "status"), [
    ("/", 200), ("/2013/", 200), ("/2013", 301), ("/gammalt/0313900600.mp3", 403), ("/gammalt/none.wav", 404),
    ("/2012/", 404), ("/robots.txt", 404), ("/icons/", 404), ("/monitor/", 404), ("//", 404), ("/2013//", 404),
])
def test_the_store_answers(path, status):
    assert status == page(Store(World()), path)[0]


@pytest.mark.parametrize(("path", "status"), [
    ("/", 200), ("/pool/", 200), ("/pool", 301), ("/releases/SHA256SUMS", 403), ("/robots.txt", 404), ("/x/", 404),
])
def test_the_mirror_answers(path, status):
    assert status == page(Mirror(), path)[0]


def test_the_mirror_lists_folders_first_and_nothing_but_packages():
    _, text = page(Mirror(), "/")
    assert re.findall(r'<a href="([^"]+)">', text) == ["../", "dists/", "pool/", "releases/", "README"]
    names = re.findall(r'<a href="([^"]+)">', page(Mirror(), "/pool/")[1])[1:]
    assert len(names) == 24
    assert all(name.endswith((".deb", ".tar.xz")) for name in names)


@pytest.mark.parametrize(("path", "status"), [
    ("/", 200), ("/about/", 200), ("/contact/", 200), ("/robots.txt", 200), ("/search/", 404), ("/style.css", 404),
])
def test_the_web_site_answers(path, status):
    assert status == page(Website(), path)[0]
