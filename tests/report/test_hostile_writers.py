"""Every text that strangers may say, in every place of a report, by every writer: it is shown, and does nothing."""

from __future__ import annotations

import json as stdlib_json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import harmless
import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from reading import Page
from strangers import AT, GROUPS, SPOKEN, TEXTS, filled, hostile

from scanner.model import Report
from scanner.report import WRITERS, console, json
from scanner.report.incident import file_logs, logs
from scanner.report.layout import Layout

HARMLESS = ("harmless", "harml•ss", "/harmless/", "harmless\u202e", " ", "harm%0aless", "x" * 65_536,
            "http://harmless/", "http://harml•ss/", "http://[harmless/")
"""Texts that mean no harm: of each sort that a report tells otherwise, such as one that no command can hold."""

groups = pytest.mark.parametrize("group", GROUPS)


def spoken(text: str) -> str:
    """Each text behind a door of some protocol, all protocols behind some text."""
    return SPOKEN[TEXTS.index(text) % len(SPOKEN)]


@cache
def written(text: str, form: str, protocol: str) -> str:
    """A report as it is written, by turns in one list and by owner; every character of it is printable and can be
    encoded, lines end as they should.
    """
    made = "".join(WRITERS[form](hostile(text, protocol), Layout(by_owner=protocol in SPOKEN[::2])))
    made.encode()
    assert [] == harmless.odd(made, form)
    return made


@cache
def sort(text: str, protocol: str) -> tuple[Any, ...]:
    """What of a report's text decides how much is told of it, besides what the text says."""
    report = hostile(text, protocol)
    return (bool(report.scan.user_agent.strip()), bool(report.scan.user_agent), *(
        (logs.prefix(door) is None, file_logs.folder(door) is None, door.url.startswith(("http://", "https://")))
        for one in report.findings for door in one.doors))


@cache
def twin(text: str, protocol: str) -> str:
    """A text that means no harm and is told of as much."""
    if not text:
        return text
    return next(one for one in HARMLESS if sort(one, protocol) == sort(text, protocol))


def complaints(group: str, judged: Any) -> dict[str, Any]:
    """What a judge says of each text of a group, where it says anything."""
    return {text[:60]: said for text in GROUPS[group] if (said := judged(text))}


def test_every_member_that_can_hold_a_text_holds_it() -> None:
    report: Report = filled(Report, "here")
    texts = [*_leaves(stdlib_json.loads("".join(json.chunks(report))))]
    levels = {"very-high", "certain", "internal", "none", "internal-error"}
    assert {"here"} == {text for text in texts if isinstance(text, str)} - levels
    assert len(texts) > 150


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from (leaf for one in value.values() for leaf in _leaves(one))
    elif isinstance(value, list):
        yield from (leaf for one in value for leaf in _leaves(one))
    else:
        yield value


@groups
@pytest.mark.parametrize("form", ["html", "incident.html"])
def test_a_page_has_the_elements_and_attributes_of_its_template(group: str, form: str) -> None:
    def judged(text: str) -> object:
        protocol = spoken(text)
        page, other = (shape(one, form, protocol) for one in (text, twin(text, protocol)))
        return None if page == other else "shape"

    assert {} == complaints(group, judged)


@cache
def shape(text: str, form: str, protocol: str) -> object:
    """Elements with their attributes and the values of these: a stranger's text stands in none of them."""
    page = Page(written(text, form, protocol))
    assert page.comments == []
    if form == "html":
        island = page.raw["application/json"]
        assert not set(island) & set("<>&\u2028\u2029")
        assert 1 == len(stdlib_json.loads(island))
    return page.elements


@groups
def test_a_page_shows_a_text_where_it_can_and_cuts_a_long_one(group: str) -> None:
    def judged(text: str) -> object:
        page = written(text, "html", spoken(text))
        whole = len(text) < 100 and text.isprintable()
        return len(page) > 600_000 or (whole and text.strip() not in "".join(Page(page).seen))

    assert {} == complaints(group, judged)


@groups
def test_no_cell_is_a_formula_however_the_table_is_parted(group: str) -> None:
    def judged(text: str) -> list[str]:
        rows = harmless.rows(written(text, "csv", spoken(text)))
        assert 3 == len(rows)
        assert 1 == len({len(row) for row in rows})
        return harmless.formulas(rows)

    assert {} == complaints(group, judged)


@groups
def test_json_reads_back_as_what_was_said_and_its_lines_hold_the_same(group: str) -> None:
    def judged(text: str) -> object:
        read = json.load(written(text, "json", spoken(text)))
        assert read.findings[0].title == text or any("\ud800" <= char <= "\udfff" for char in text)
        made, parted = (written(text, form, spoken(text)) for form in ("json", "jsonl"))
        assert (made + parted).isascii()
        whole, lines = stdlib_json.loads(made), parted.split("\n")
        first, *told = [stdlib_json.loads(line) for line in lines[:-1]]
        held = [*whole["findings"], *whole["suppressed"], *whole["gaps"]]
        assert ["scan", "finding", "suppressed", "gap", "gap", "end"] == [
            line.pop("type") for line in (first, *told)]
        return held != told[:-1] or whole["conduct"] != told[-1]["conduct"] or lines[-1]

    assert {} == complaints(group, judged)


@pytest.mark.parametrize("text", [group[0] for group in list(GROUPS.values())[:-1]])
def test_the_schema_describes_it_too_and_what_was_read_is_written_as_it_was(text: str) -> None:
    made = written(text, "json", spoken(text))
    assert [] == list(Draft202012Validator(json.schema()).iter_errors(stdlib_json.loads(made)))
    assert made == "".join(json.chunks(json.load(made)))


@groups
def test_a_pack_in_markdown_has_no_link_no_markup_and_no_heading_of_theirs(group: str) -> None:
    def judged(text: str) -> object:
        protocol = spoken(text)
        made = written(text, "incident.md", protocol)
        plain = re.sub(r"(`+)(?:(?!\1).)*\1", "", re.sub(r"(?ms)^(`{3,})sh\n.*?^\1$", "", made))
        links = re.findall(r"(?i)://|www\.|[a-z0-9]@[a-z]", plain)
        return links or outline(text, protocol) != outline(twin(text, protocol), protocol)

    assert {} == complaints(group, judged)


@cache
def outline(text: str, protocol: str) -> list[tuple[str, str]]:
    """The tokens of a pack but for its text."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = [one for outer in parser.parse(written(text, "incident.md", protocol)) for one in (outer, *(
        outer.children or ()))]
    kinds = [(one.type, one.tag) for one in tokens if one.type not in ("text", "text_special", "code_inline")]
    assert not {"html_block", "html_inline", "link_open", "image", "code_block", "table_open"} & {
        kind for kind, _ in kinds}
    return kinds


@groups
def test_a_line_of_the_console_is_one_line_and_printable(group: str) -> None:
    def judged(text: str) -> object:
        lines = [console.line(one) for one in hostile(text, spoken(text)).findings]
        return not all(line.isprintable() and len(line) < 900 for line in lines)

    assert {} == complaints(group, judged)


def test_all_texts_are_different_and_every_protocol_meets_some() -> None:
    assert len(TEXTS) == len(set(TEXTS)) > 180
    assert set(SPOKEN) == {spoken(text) for text in TEXTS}
    assert sum(AT in text for text in TEXTS) > 20
