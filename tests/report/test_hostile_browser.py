"""Everything that strangers may say, in one report and one pack, in a real browser: no script but the report's own
runs, nothing is asked for, and its elements are those of the same report where all is harmless.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from browser import Tab, tab
from reading import Page
from strangers import ATTRIBUTES, CONTROLS, FORMULAS, MARKUP, RUN, SIGHT, TEMPLATES, WRITTEN, hostile
from test_hostile_writers import spoken, twin
from test_report_browser import CHROMIUM, QUIET, Listener

from scanner.model import Finding, Report
from scanner.report import write

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(240),
    pytest.mark.skipif(CHROMIUM is None and os.environ.get("EARSHOT_REQUIRE_SERVERS") != "1",
                       reason="no Chromium here to render the report in"),
]
PARTS = (MARKUP + ATTRIBUTES, SIGHT + CONTROLS + FORMULAS, TEMPLATES + WRITTEN)
"""No more in a report than its template draws whole."""
parts = pytest.mark.parametrize("part", PARTS, ids=["markup", "controls", "written"])


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with Listener.running() as server:
        yield server


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Iterator[Tab]:
    assert CHROMIUM
    quiet = [word for word in QUIET if not word.startswith(("--proxy-server", "--virtual-time"))]
    with tab([CHROMIUM, *quiet, listener.switch], tmp_path_factory.mktemp("profile")) as made:
        yield made


def everything(part: Sequence[str], *, harmless: bool) -> Report:
    """A finding for each text, or for one that means no harm and is told of as much; a script in what stands once."""
    said = [(twin(text, spoken(text)) if harmless else text, spoken(text)) for text in part]
    found = tuple(_owned(hostile(*one).findings[0], f"{one[0]} {number}") for number, one in enumerate(said))
    return replace(hostile("harmless" if harmless else MARKUP[0]), findings=found)


def _owned(finding: Finding, controller: str) -> Finding:
    """Its own controller's, so that a list of these is as long for texts that are alike."""
    return replace(finding, owner=replace(finding.owner, controller=controller))


def opened(page: Tab, folder: Path, form: str, part: Sequence[str], *, harmless: bool) -> str:
    target = folder / f"{harmless}.{form}"
    write(everything(part, harmless=harmless), form, target)
    page.open(target.as_uri())
    return target.as_uri()


def elements(dom: str) -> list[object]:
    """All but the choices of the filters, of which there are as many as different texts."""
    return [(name, [key for key, _ in attrs]) for name, attrs in Page(dom).elements if name != "option"]


def nothing_happened(page: Tab, url: str, scripts: int, listener: Listener) -> None:
    assert [url] == page.requests
    assert scripts == page.scripts
    assert [] == page.all("Page.javascriptDialogOpening") + page.all("Log.entryAdded")
    assert [] == page.all("Runtime.exceptionThrown") + page.all("Runtime.consoleAPICalled")
    assert "pwned" not in str(page.run("document.title.replace(/<.*/s, '') + document.documentElement.dataset.pwned"))
    assert [] == listener.canaries


@parts
def test_a_report_runs_its_own_script_alone_and_has_the_elements_of_a_harmless_one(
        page: Tab, listener: Listener, tmp_path: Path, part: Sequence[str]) -> None:
    drawn = []
    for harmless in (True, False):
        url = opened(page, tmp_path, "html", part, harmless=harmless)
        by_template = elements(page.dom)
        page.run("location.hash = '#sort=rank&open=1,2,3'; new Promise(done => setTimeout(done, 300))")
        drawn.append((by_template, elements(page.dom)))
        nothing_happened(page, url, 1, listener)
    assert drawn[0] == drawn[1]
    assert len(drawn[1][0]) > 1_000


@parts
def test_a_pack_runs_no_script_and_has_the_elements_of_a_harmless_one(
        page: Tab, listener: Listener, tmp_path: Path, part: Sequence[str]) -> None:
    drawn = []
    for harmless in (True, False):
        url = opened(page, tmp_path, "incident.html", part, harmless=harmless)
        drawn.append(elements(page.dom))
        nothing_happened(page, url, 0, listener)
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize("hash", ["sort=constructor", "sort=__proto__-up", "sort=toString&page=-1", "q=%00&tag=<b>",
                                  "severity=<script>&target='&open=1,2,x,<b>", "open=__proto__", "f-1e9=", "%"])
def test_an_address_that_somebody_sent_hides_no_finding_and_breaks_nothing(
        page: Tab, listener: Listener, tmp_path: Path, hash: str) -> None:  # noqa: A002
    url = opened(page, tmp_path, "html", MARKUP[:2], harmless=True)
    page.open("about:blank")
    page.open(f"{url}#{hash}")
    assert [] == page.all("Runtime.exceptionThrown")
    if "sort" in hash:
        assert 2 == page.run("document.querySelectorAll('tbody.finding').length")


def test_the_same_texts_do_run_and_ask_on_a_page_without_guards(
        page: Tab, listener: Listener, tmp_path: Path) -> None:
    bare = tmp_path / "bare.html"
    bare.write_text(f"<!DOCTYPE html><title>bare</title><p>{MARKUP[3]}<b onclick='1'>{MARKUP[0]}", encoding="utf-8")
    page.open(bare.as_uri())
    assert RUN in bare.read_text()
    assert page.scripts >= 2
    assert len(page.requests) > 1
    assert page.all("Page.javascriptDialogOpening")
    assert "pwned1" == page.run("document.title + document.documentElement.dataset.pwned")
    assert listener.canaries
