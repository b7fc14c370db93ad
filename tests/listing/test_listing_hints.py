"""Directories that a robots.txt or a sitemap names."""

from __future__ import annotations

import pytest

from scanner.listing.hints import names_sitemap, robots, sitemap


@pytest.mark.parametrize(("line", "expected"), [
    (b"Disallow: /recordings/", ["/recordings/"]), (b"allow: /recordings/", ["/recordings/"]),
    (b"  DISALLOW :/recordings/ # calls", ["/recordings/"]), (b"Disallow: /cgi-bin", ["/cgi-bin/"]),
    (b"Disallow: /a/b.php", ["/a/"]), (b"Disallow: /a/b.php?x=/y/", ["/a/"]),
    (b"Disallow: /private/*.wav$", ["/private/"]),
    (b"Disallow: /tmp*", []), (b"Disallow: /*/x/", []), (b"Disallow: /", []), (b"Disallow:", []), (b"", []),
    (b"Disallow: /index.html", []), (b"Disallow: /sp ace/", ["/sp%20ace/"]),
    (b"Disallow: /sp%20ace/", ["/sp%20ace/"]),
    (b"Disallow: /../etc/", []), (b"Disallow: /%2e%2e/etc/", []),
    (b"Disallow: //other.example.org/", []),
    (b"Disallow: http://other.example.org/x/", []), (b"Sitemap: /maps/x.xml", []),
    (b"Disallow: /\xe5\xe4/", ["/%E5%E4/"]),
    (b"Disallow: /a/\r\nDisallow: /b/\rAllow: /a/", ["/a/", "/b/"]),
])
def test_directories_are_taken_from_rules(line: bytes, expected: list[str]) -> None:
    assert robots(line) == expected


def test_hints_are_bounded() -> None:
    assert len(robots(b"".join(b"Disallow: /d%d/\n" % i for i in range(100_000)))) == 200
    assert robots(b"Disallow: /" + b"x" * 10_000_000 + b"/") == []


def urls(*locations: str, root: str = "urlset") -> bytes:
    named = "".join(f"<url><loc>{location}</loc><lastmod>2026-01-01</lastmod></url>" for location in locations)
    return f'<?xml version="1.0"?>\n<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{named}</{root}>'.encode()


HOST = "files.example.org:8080"
HERE = f"http://{HOST}"


@pytest.mark.parametrize(("locations", "expected"), [
    ([f"{HERE}/a/b.html"], ["/a/"]), ([f"{HERE}/a/b/"], ["/a/b/"]), ([f"{HERE}/", f"{HERE}/index.html"], []),
    ([f"{HERE}/a/page", f"{HERE}/papers/2019/minutes.pdf"], ["/papers/2019/", "/a/"]),
    (["http://other.example.org/x/", "http://files.example.org:9999/x/", "ftp://files.example.org/x/"], []),
    ([f"  {HERE}/sp ace/x"], []), ([f"\n  {HERE}/a/x\n"], ["/a/"]), ([f"{HERE}/a/?id=1/2/"], ["/a/"]),
    ([f"<![CDATA[{HERE}/a/x]]>"], ["/a/"]), ([f"{HERE}/a&amp;b/x"], ["/a&b/"]), ([f"{HERE}/a/../b/x"], ["/b/"]),
    ([f"{HERE}/a/%2e%2e/%2e%2e/b/x"], ["/b/"]), ([f"http://x@{HOST}/a/"], []), (["/a/"], ["/a/"]), ([""], []),
])
def test_directories_are_taken_from_a_sitemap_of_this_very_host(locations: list[str], expected: list[str]) -> None:
    assert expected == sitemap(urls(*locations), HOST)


def test_an_index_of_sitemaps_gives_nothing() -> None:
    assert [] == sitemap(urls(f"{HERE}/maps/one.xml", root="sitemapindex"), HOST)


def test_a_sitemap_is_bounded_whatever_is_in_it() -> None:
    assert 500 == len(sitemap(urls(*(f"{HERE}/d{i}/" for i in range(5_000))), HOST))
    assert [] == sitemap(b"<loc>" * 50_000 + b" " * 100_000, HOST)
    assert [] == sitemap(urls(f"{HERE}/{'x' * 5000}/"), HOST)
    entity = b"<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;<loc"
    assert ["/a/"] == sitemap(urls(f"{HERE}/a/").replace(b"<loc", entity), HOST)


@pytest.mark.parametrize(("line", "expected"), [
    (f"Sitemap: {HERE}/sitemap.xml", True), ("sitemap:/sitemap.xml", True), (f"Sitemap: {HERE}/sitemap2.xml", False),
    ("Sitemap: http://other.example.org/sitemap.xml", False), ("Disallow: /sitemap.xml", False),
])
def test_robots_says_where_its_own_sitemap_is(line: str, expected: bool) -> None:
    assert expected == names_sitemap(f"User-agent: *\n{line}\n".encode(), HOST)
