"""Every exit code of the contract, seen from outside the process."""

from __future__ import annotations

import json
import re

import pytest

from tests.cli.listing import STORE, WEBSITE, Listing
from tests.cli.program import FAST, Place
from tests.ports import free

LEVELS = ("info", "low", "medium", "high", "very-high")


def test_done_is_0_and_findings_do_not_change_that(place: Place, store: Listing) -> None:
    assert place.run("scan", store.door, *FAST, "-o", "r.json").code == 0


@pytest.mark.parametrize("level", LEVELS)
def test_a_finding_at_or_above_fail_on_is_1(place: Place, store: Listing, level: str) -> None:
    ended = place.run("scan", store.door, *FAST, "-o", "r.json", "--fail-on", level)
    found = json.loads((place.folder / "r.json").read_text())["findings"][0]["severity"]
    assert found in ("low", "medium", "high")
    assert ended.code == (1 if LEVELS.index(found) >= LEVELS.index(level) else 0)


def test_fail_on_none_is_0(place: Place, store: Listing) -> None:
    assert place.run("scan", store.door, *FAST, "-o", "r.json", "--fail-on", "none").code == 0


def test_a_finding_below_fail_on_is_0(place: Place, mirror: Listing) -> None:
    assert place.run("scan", mirror.door, *FAST, "-o", "r.json", "--fail-on", "low").code == 0


def test_an_unknown_level_is_2_and_names_those_known(place: Place, store: Listing) -> None:
    ended = place.run("scan", store.door, "--fail-on", "grave")
    assert (ended.code, store.connections) == (2, 0)
    assert "info, low, medium, high, very-high or none" in ended.mistake


def test_a_named_door_that_refuses_has_answered(place: Place) -> None:
    assert place.run("scan", f"127.0.0.1:{free()}", *FAST, "-o", "r.json").code == 0


def test_a_name_that_leads_nowhere_is_3(place: Place, store: Listing) -> None:
    ended = place.run("scan", store.door, "nowhere.invalid", "--authorised-by", "the tests", *FAST, "-o", "r.json")
    assert ended.code == 3
    assert "nowhere.invalid never answered" in ended.err
    report = json.loads((place.folder / "r.json").read_text())
    assert (len(report["findings"]), report["scan"]["complete"]) == (1, False)


def test_findings_at_fail_on_go_before_incomplete(place: Place, store: Listing) -> None:
    ended = place.run("scan", store.door, "nowhere.invalid", "--authorised-by", "the tests", *FAST, "-o", "r.json",
                      "--fail-on", "low")
    assert ended.code == 1


def test_time_that_is_over_is_3_and_the_same_command_goes_on(place: Place) -> None:
    with Listing(STORE, delay=0.4) as slow:
        words = ("scan", slow.door, "--state", "s.sqlite", "-o", "r.json", "--host-rate", "2")
        cut = place.run(*words, "--max-duration", "1s")
        assert cut.code == 3
        assert "--max-duration is over" in cut.err
        assert re.search(r"^to go on: .* scan .*--max-duration 1s$", cut.err, re.MULTILINE)
        assert not json.loads((place.folder / "r.json").read_text())["scan"]["complete"]
        slow.delay = 0
        done = place.run(*words, "--host-rate", "5000")
    assert done.code == 0
    assert "is gone on with" in done.err
    assert json.loads((place.folder / "r.json").read_text())["findings"][0]["store"]["files"] == 26


def test_what_was_left_open_is_3_only_where_that_was_asked_for(place: Place) -> None:
    with Listing({"/": ["calls/", "a.wav", "b.wav", "c.wav"]}, status=500) as broken:
        words = ("scan", broken.door, *FAST, "-o", "r.json")
        assert (place.run(*words).code, place.run(*words, "--fail-on-gaps").code) == (0, 3)


def test_a_door_that_is_closed_to_strangers_leaves_nothing_open(place: Place) -> None:
    with Listing(WEBSITE, status=403) as closed:
        assert place.run("scan", closed.door, *FAST, "-o", "r.json", "--fail-on-gaps").code == 0


def test_directories_only_guessed_at_leave_nothing_open(place: Place, mirror: Listing) -> None:
    assert place.run("scan", mirror.door, *FAST, "-o", "r.json", "--fail-on-gaps").code == 0
    assert "not-tried" in json.loads((place.folder / "r.json").read_text())["coverage"]["gaps"]
