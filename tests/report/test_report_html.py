"""The HTML report: one file that runs nothing but its own script, says what it must, and stays readable."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tracemalloc
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from reading import Page
from sample import CALLS, EMPTY, MIRROR, REPORT, many

from scanner.model import Authorisation, Hours, Reason, Report
from scanner.report import html, words

OWN = Path(html.__file__).parent


def written(report: Report) -> str:
    return "".join(html.chunks(report))


PAGE = Page(written(REPORT))


def test_the_policy_allows_the_one_style_and_the_one_script_alone() -> None:
    named = ("http-equiv", "Content-Security-Policy")
    policy = next(dict(attrs)["content"] for _, attrs in PAGE.elements if named in attrs)
    hashes = {
        name: "sha256-" + base64.b64encode(hashlib.sha256(PAGE.raw[name].encode()).digest()).decode()
        for name in ("style", "script")
    }
    assert policy == (
        f"default-src 'none'; style-src '{hashes['style']}'; script-src '{hashes['script']}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_nothing_refers_to_the_outside() -> None:
    loading = {"src", "srcset", "href", "action", "formaction", "data", "poster", "background", "ping", "xlink:href"}
    targets = [value for _, attrs in PAGE.elements for name, value in attrs if name in loading]
    assert targets
    assert all(value and value.startswith("#") for value in targets)
    assert not re.search(r"url\(|@import|\\", PAGE.raw["style"].replace("\\0", ""))
    assert not re.search(r"\bfetch\b|XMLHttp|WebSocket|import\b|(inn|out)erHTML|eval|Function\(", PAGE.raw["script"])


def test_no_element_carries_a_handler_or_a_style_of_its_own() -> None:
    names = {name for _, attrs in PAGE.elements for name, _ in attrs}
    assert not {name for name in names if name.startswith("on") or name == "style"}


def test_the_template_never_unescapes() -> None:
    for path in OWN.rglob("*.html"):
        assert not re.search(r"\|\s*safe|autoescape|Markup|=\{\{", path.read_text())
    assert ["page.py"] == [path.name for path in OWN.rglob("*.py") for _ in re.findall(r"Markup\(", path.read_text())]


def test_the_first_page_answers_how_much_lies_open_and_where() -> None:
    assert "At least 2,710,000 files in 3 stores lie open to anyone on the internet" in PAGE.text
    assert "2,707,488 audio files, about 171,400 hours" in PAGE.text
    assert "57,000 file names with a telephone number" in PAGE.text
    assert "Recorded calls of a helpline" in PAGE.text


def test_the_first_page_says_what_was_not_checked_and_why() -> None:
    assert re.search(r"What was not checked 137 questions without an answer", PAGE.text)
    assert re.search(r"96 No answer in time Nobody answered\.", PAGE.text)
    assert "Nothing answered at: Archive (192.0.2.224/27)" in PAGE.text


def test_the_first_page_says_what_the_tool_did_and_never_did() -> None:
    assert re.search(r"0 requests for the contents of a file", PAGE.text)
    assert re.search(r"1,024 bytes at most read of a body that was no listing \(12 answers broken off\)", PAGE.text)
    assert re.search(r"GET 9,204, OPTIONS 4, PROPFIND 6", PAGE.text)
    assert "more than was promised" not in PAGE.text


def test_a_promise_that_did_not_hold_is_said() -> None:
    report = replace(REPORT, conduct=replace(REPORT.conduct, file_contents_requested=3))
    text = Page(written(report)).text
    assert "3 requests for the contents of a file – more than was promised" in text
    assert "no more. The tool" not in text


def test_the_first_page_says_who_allowed_it_and_blanks_are_blanks() -> None:
    assert re.search(r"Authorised by Chief information security officer Reference SEC-2026-117", PAGE.text)
    bare = replace(REPORT, scan=replace(REPORT.scan, authorisation=Authorisation()))
    assert re.search(r"Authorised by not recorded Reference not recorded", Page(written(bare)).text)


def test_the_page_is_confidential_and_says_when_names_are_shown() -> None:
    assert re.search(r"Confidential\. This report is a map of open doors", PAGE.text)
    report = replace(REPORT, scan=replace(REPORT.scan, show_names_reason="audit 7"))
    assert re.search(r"File names are shown in it , for this reason: audit 7", Page(written(report)).text)


@pytest.mark.parametrize(("best", "card", "cell", "range_"), [
    (0.02, "about 1 minute of audio", "< 0.1", "about 1 minute (between 1 minute and 2 minutes)"),
    (0.5, "about 30 minutes of audio", "0.5", "about 30 minutes (between 15 minutes and 1 hour)"),
    (1.0, "about 1 hour of audio", "1", "about 1 hour (between 30 minutes and 2 hours)"),
    (3.75, "about 3.8 hours of audio", "3.8", "about 3.8 hours (between 2 and 7.5 hours)"),
])
def test_a_little_sound_is_told_in_minutes(best: float, card: str, cell: str, range_: str) -> None:
    finding = REPORT.findings[0]
    hours = Hours(low=best / 2, best=best, high=best * 2, method="m")
    told = Page(written(replace(REPORT, findings=(replace(finding, store=replace(finding.store, hours=hours)),)))).text
    assert f", {card}," in told or f", {card} " in told
    assert f"Audio {range_}" in told
    assert f" {cell} " in told


@pytest.mark.parametrize(
    "said",
    [
        "What to do now Keep the access log before anything else",
        "Counted 2,700,000 files in 2,190 folders",
        "Audio about 170,000 hours (between 122,000 and 245,000 hours)",
        "41,000 telephone numbers, estimated 57,000 certain 0701•••605",
        "http://192.0.2.7:8080/share/ 192.0.2.7, port 8080 anonymous, http, in clear Apache 2.4.7 Telephony",
        "4 kind of data × 1 identification + 0.5 circumstances = 4.5 very high",
        "The store as a whole scores 3.5; its worst part decides the rank callers to a helpline identify",
        "/old/ 4.5 very high 57,000 other telephone numbers are the file names",
        "Sub-processor Recording contractor Hosting not recorded",
        "curl -sI http://files.example.org:443/",
        "plain HTTP on a port meant for TLS",
        "Counted at least 1,912 files in 9 folders",
        "Count stopped by depth",
    ],
)
def test_a_finding_says(said: str) -> None:
    assert said in PAGE.text


def test_a_finding_with_very_many_doors_stays_readable() -> None:
    report = replace(REPORT, findings=(replace(CALLS, doors=CALLS.doors * 600),))
    page = Page(written(report))
    assert "and 1,199 more doors" in page.text
    assert "… and 1,000 more in the JSON report" in page.text


def test_nothing_found_says_as_loudly_what_was_not_seen() -> None:
    text = Page(written(EMPTY)).text
    assert "Nothing open was found" in text
    assert re.search("That is not the same as “nothing is open”. 137 questions are left without an answer", text)
    assert "This scan is not complete." in text
    assert "What was not checked" in text


def test_harmless_stores_alone_are_no_alarm() -> None:
    text = Page(written(replace(REPORT, findings=(MIRROR,)))).text
    assert "Nothing personal was found in the open" in text
    assert "first Mirror" not in text
    assert "GDPR" not in text


def test_every_reason_has_its_words() -> None:
    assert set(Reason) == set(words.REASONS)
    assert set(Reason) > words.ANSWERS


def test_a_hundred_findings_stand_in_the_page_and_all_in_its_data() -> None:
    page = Page(written(many(130)))
    bodies = [attrs for tag, attrs in page.elements if tag == "tbody" and dict(attrs).get("id")]
    assert len(bodies) == 100
    assert len(json.loads(page.raw["application/json"])) == 130
    assert "The first 100 of 130 findings, worst first." in page.text


def test_memory_does_not_grow_with_the_findings() -> None:
    report = many(3_000)
    tracemalloc.start()
    for _ in html.chunks(report):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


def test_ids_are_used_once() -> None:
    ids = Counter(value for _, attrs in PAGE.elements for name, value in attrs if name == "id")
    assert [name for name, count in ids.items() if count > 1] == []


def test_links_within_the_page_arrive() -> None:
    ids = {value for _, attrs in PAGE.elements for name, value in attrs if name == "id"}
    links = {value[1:] for _, attrs in PAGE.elements for name, value in attrs if name == "href" and value}
    assert set() == links - ids


def test_a_reader_of_screens_finds_its_way() -> None:
    tags = Counter(tag for tag, _ in PAGE.elements)
    attributes = {item for _, attrs in PAGE.elements for item in attrs}
    assert ("lang", "en") in attributes
    assert (tags["main"], tags["header"], tags["footer"], tags["h1"]) == (1, 1, 1, 1)
    assert ("class", "skip") in attributes
    assert ("aria-sort", "descending") in attributes
    assert all({"aria-hidden", "role"} & {name for name, _ in attrs} for tag, attrs in PAGE.elements if tag == "svg")


def test_severity_is_a_word_and_a_shape_never_colour_alone() -> None:
    assert {"very high", "medium", "info"} <= {text.strip() for text in PAGE.seen}
    assert {"#level-very-high", "#level-info"} <= {dict(a).get("href") for tag, a in PAGE.elements if tag == "use"}


def variables(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block))


def themes() -> dict[str, dict[str, str]]:
    style = (OWN / "report.css").read_text()
    light, dark, paper = (variables(block) for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL))
    return {"light": light, "dark": light | dark, "print": light | paper}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


LEVELS = ("very-high", "high", "medium", "low", "info")
PAIRS = [
    *((ink, ground) for ink in ("ink", "soft") for ground in ("page", "paper", "sunk")),
    *(("link", ground) for ground in ("page", "paper")),
    *((level, ground) for level in LEVELS for ground in ("page", "paper", f"{level}-t")),
    ("good", "paper"),
    ("page", "ink"),
    ("ink", "medium-t"),
    ("soft", "medium-t"),
    ("link", "medium-t"),
]


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_stands_out_from_its_ground_as_wcag_aa_wants(theme: str, ink: str, ground: str) -> None:
    colours = themes()[theme]
    low, high = sorted(luminance(colours[name]) for name in (ink, ground))
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_the_sample_has_a_finding_for_each_shape_of_block() -> None:
    rows = json.loads(PAGE.raw["application/json"])
    assert {"steps", "list", "facts", "table", "formula", "span"} == {b["k"] for row in rows for b in row["b"]}
    assert CALLS.id == rows[0]["id"]
