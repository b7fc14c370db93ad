"""A pack in shares: each controller reads of its own findings alone."""

from __future__ import annotations

import re
from dataclasses import replace

from packs import LAYOUT, plain
from sample import CALLS, MIRROR, REPORT

from scanner.model import Owner, Report, Severity
from scanner.report.incident import shares


def owned(*controllers: str | None) -> Report:
    findings = tuple(replace(CALLS, id=f"v1:{i}", title=f"Calls {i}", owner=Owner(controller=name))
                     for i, name in enumerate(controllers))
    return replace(REPORT, findings=findings)


def test_each_controller_has_a_share_of_its_own() -> None:
    made = dict(shares(owned("Region Örebro", None, "Region Örebro", "日本", "x" * 300, "../../x", "CON")))
    assert ["region-orebro", "no-controller-recorded", "controller", "x" * 60, "x", "controller-con"] == [*made]
    assert ["v1:0", "v1:2"] == [finding.id for finding in made["region-orebro"].findings]


def test_controllers_whose_names_become_alike_keep_their_files_whoever_is_worse() -> None:
    def files(*controllers: str) -> dict[str, str]:
        return {share.findings[0].owner.controller or "": name for name, share in shares(owned(*controllers))}

    names = ("Region Örebro", "region orebro", "日本", "..", "x" * 300, "x" * 301)
    assert files(*names) == files(*reversed(names))
    assert len(names) == len({*files(*names).values()})
    assert all(re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name) for name in files(*names).values())


def test_a_share_tells_nothing_of_another_controller() -> None:
    for _, share in shares(owned("North", "South")):
        assert ("North" in plain(share)) != ("South" in plain(share))


def test_a_controller_with_nothing_personal_has_no_share() -> None:
    mixed = replace(REPORT, findings=(CALLS, replace(MIRROR, owner=Owner(controller="South"))))
    assert ["region-example"] == [name for name, _ in shares(mixed)]
    assert ["no-drafts"] == [name for name, _ in shares(replace(REPORT, findings=(MIRROR,)))]
    assert MIRROR.severity is Severity.INFO


def test_by_owner_the_drafts_stand_under_their_controllers() -> None:
    made = plain(REPORT, replace(LAYOUT, by_owner=True))
    assert ["Controller: Region Example", "Controller: no controller recorded"] == re.findall(
        r"^## (Controller: .*)$", made, re.MULTILINE)
    assert 3 == len(re.findall(r"^### \d\. ", made, re.MULTILINE))
