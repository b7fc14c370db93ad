"""`plan` on protocols: what each probe asks for and what it never does, and the names that are tried."""

from __future__ import annotations

import pytest

from scanner.cli import protocols
from scanner.probes import PROBES
from scanner.scan.likely import names
from scanner.scan.profile import PROFILES
from scanner.signature import load
from tests.cli.program import Place

KNOWLEDGE = load()
TRIED = names(KNOWLEDGE.asks())


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
def test_each_probe_says_what_it_asks_and_what_it_never_asks(probe):
    assert all(20 < len(said) < 250 and not said.endswith(".") for said in (probe.asks, probe.never))


def test_plan_shows_each_protocol_with_its_ports_and_both_sentences(place: Place) -> None:
    out = place.run("plan", "127.0.0.1").out
    for probe in PROBES:
        assert f"    asked: {probe.asks}\n    never: {probe.never}\n" in out
    assert "  http, every port that is no other's\n" in out
    assert "  rsync, port 873\n" in out
    assert "  smb, ports 139, 445, and where nothing is said in answer to a web request\n" in out


@pytest.mark.parametrize("profile", ["gentle", "standard"])
def test_names_that_may_be_hidden_are_tried_by_the_thorough_profile_alone(profile):
    *_, last = protocols.lines(PROFILES[profile], KNOWLEDGE)
    assert last.endswith(f": --profile thorough tries {len(TRIED)}")


def test_plan_counts_and_shows_every_name_that_is_tried(place: Place) -> None:
    out = place.run("plan", "127.0.0.1", "--profile", "thorough").out
    assert f"names tried at each such door, {len(TRIED)} of these {len(TRIED)} at most, of " in out
    assert "modules that are not on the list (rsync)" in out
    assert "shares where the list of them is refused (smb)" in out
    assert [] == [name for name in TRIED if f"\n  {name}\n" not in out]
