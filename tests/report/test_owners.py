"""Findings by who answers for them, and the HTML report grouped so."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from sample import CALLS, DICTATIONS, EXPORTS, MIRROR, REPORT

from scanner.model import Owner, Report
from scanner.report import html
from scanner.report.layout import Layout
from scanner.report.owners import arranged, blanks, groups

BY_OWNER = Layout(by_owner=True)
MIXED = replace(REPORT, findings=(CALLS, EXPORTS, DICTATIONS, MIRROR))


def written(report: Report, layout: Layout = BY_OWNER) -> str:
    return "".join(html.chunks(report, layout))


def test_a_group_has_all_of_one_controller_and_a_blank_is_a_group() -> None:
    found = groups(MIXED.findings)
    assert [("Region Example", 2), (None, 2)] == [(group.controller, len(group.findings)) for group in found]
    assert (2_708_088, 171_400, 57_000, "very-high", True) == (
        found[0].files, found[0].hours, found[0].people, found[0].severity.label, found[0].complete)
    assert (63_116, 0, 12, "medium", False) == (
        found[1].files, found[1].hours, found[1].people, found[1].severity.label, found[1].complete)


@pytest.mark.parametrize("name", [None, "", "   "])
def test_a_controller_of_spaces_is_none(name: str | None) -> None:
    assert [None] == [group.controller for group in groups([replace(CALLS, owner=Owner(controller=name))])]


def test_blanks_are_the_roles_that_nobody_is_recorded_for() -> None:
    assert ["Hosting"] == blanks(CALLS.owner)
    assert ["Controller", "Processor", "Sub-processor", "Hosting"] == blanks(Owner(label="x"))


def test_the_order_within_a_group_is_the_rank() -> None:
    assert (CALLS, DICTATIONS, EXPORTS, MIRROR) == arranged(MIXED.findings)


def test_the_report_by_owner_has_a_table_of_owners_and_headings() -> None:
    made = written(MIXED)
    found = re.findall(r"<th colspan=.6.[^>]*>Controller: ([^<]*)<", made)
    assert ["Region Example", "no controller recorded"] == found
    assert '<section id="owners"' in made
    assert 'data-by="owner"' in made


def test_the_report_as_it_is_has_neither() -> None:
    made = written(MIXED, Layout())
    assert ("Controller: Region" in made, 'id="owners"' in made, "data-by" in made) == (False, False, False)


def test_the_worst_are_those_of_the_rank_and_their_links_lead_to_them() -> None:
    made = written(MIXED)
    links = re.findall(r'<a href="#f-(\d+)">', made)
    assert ["1", "3", "2"] == links
    rows = json.loads(re.search(r'id="data">(.*?)</script>', made, re.DOTALL)[1])  # type: ignore[index]
    assert [CALLS.title, EXPORTS.title, DICTATIONS.title] == [rows[int(n) - 1]["t"] for n in links]
