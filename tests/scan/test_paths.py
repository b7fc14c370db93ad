"""Which folders can be asked for: names that would climb are counted and left out."""

from __future__ import annotations

import pytest

from scanner.scan.paths import below


@pytest.mark.parametrize("segment", ["a", "a%20b", "a;b", "...", "..a", "%2e%2e%2ex", "a%2Fb", "a%5Cb", "x..;y"])
def test_a_name_is_asked_for_below_its_folder(segment):
    assert f"/x/{segment}/" == below("/x/", segment)


@pytest.mark.parametrize("segment", [
    "", ".", "..", "%2e%2e", "%2E.", "..;", "..;x=1", ".;", "..%2f..%2fetc", "a%2f..%2f..", "..%5C..%5Cx", "a/b", "a?b",
    "a#b", "a b", "\u00e5", "a\x00", "a" * 7000,
])
def test_what_would_climb_or_cannot_be_said_is_not_asked_for(segment):
    assert below("/x/", segment) is None
