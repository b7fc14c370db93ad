"""The time limits in a pack: which rules are named, from which moment they are counted, and what is not claimed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from packs import one, plain
from sample import CALLS, EMPTY, REPORT

from scanner.report.incident.clocks import clocks, said
from scanner.signature import deadlines


def test_the_clock_runs_from_the_first_time_that_a_scan_saw_it() -> None:
    found = {clock.deadline.id: said(clock.until) for clock in clocks(CALLS, deadlines())}
    assert ("2026-11-24 20:03 UTC", "2026-11-22 20:03 UTC", "not recorded") == (
        found["gdpr-33-1"], found["nis2-23-early"], found["gdpr-34"])


@pytest.mark.parametrize(
    ("regions", "present", "absent"),
    [
        (("SE",), {"gdpr-33-1", "se-imy", "nis2-23-early"}, {"dk-datatilsynet", "uk-ico"}),
        (("NO",), {"gdpr-33-1", "no-datatilsynet"}, {"nis2-23-early", "se-imy"}),
        (("GB",), {"uk-ico", "uk-pecr"}, {"gdpr-33-1"}),
        (("UK",), {"uk-ico"}, {"gdpr-33-1"}),
        (("US", "DK"), {"us-hipaa-404", "dk-datatilsynet", "gdpr-33-1"}, {"se-imy"}),
        (("CH",), {"ch-fadp-24"}, {"gdpr-33-1"}),
        ((), set(), {"gdpr-33-1"}),
        (("ZZ",), set(), {"gdpr-33-1"}),
    ],
)
def test_the_region_chooses_the_rules(regions: tuple[str, ...], present: set[str], absent: set[str]) -> None:
    found = {clock.deadline.id for clock in clocks(replace(CALLS, regions=regions), deadlines())}
    assert (True, set()) == (present <= found, found & absent)


def test_a_country_without_a_rule_is_named() -> None:
    assert "- **No rule is recorded for:** ZZ" in one(replace(CALLS, regions=("ZZ", "SE")))


def test_every_rule_that_is_named_has_its_source_once_at_the_end() -> None:
    made = plain(REPORT)
    assert 1 == made.count("https://imy.se/en/organisations/forms-and-e-services/")
    assert "page of the authority; **What was read:** whole page; **As of:** 2026-11-22" in made
    assert "Where the time limits were read" not in plain(EMPTY)


def test_no_clock_is_said_to_have_started() -> None:
    assert not re.search(r"\b(has|have) started\b|must notify|you must", plain(REPORT))
