"""Directories that a robots.txt names."""

from __future__ import annotations

import pytest

from scanner.listing.hints import robots


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
