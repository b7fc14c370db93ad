"""Findings as lines: JSON lines, CSV rows, console lines."""

from __future__ import annotations

import csv as stdlib_csv
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample import CALLS, DICTATIONS, EMPTY, EXPORTS, MIRROR, REPORT

from scanner.model import Report
from scanner.report import console, csv, jsonl
from scanner.report import json as whole


def lines(report: Report) -> list[dict[str, object]]:
    return [json.loads(line) for line in "".join(jsonl.chunks(report)).splitlines()]


def table(report: Report) -> list[dict[str, str]]:
    text = "".join(csv.chunks(report))
    return list(stdlib_csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_each_json_line_says_its_type_from_scan_to_end() -> None:
    expected = ["scan", *["finding"] * 4, *["gap"] * len(REPORT.gaps), "end"]
    assert expected == [line["type"] for line in lines(REPORT)]


def test_a_json_line_holds_what_the_json_report_holds() -> None:
    made = json.loads("".join(whole.chunks(REPORT)))
    first, *rest, last = lines(REPORT)
    assert {name: made[name] for name in ("schema", "tool", "signatures", "scan")} | {"type": "scan"} == first
    assert [{"type": "finding", **finding} for finding in made["findings"]] == rest[:4]
    assert made["coverage"] == last["coverage"]
    assert made["conduct"] == last["conduct"]


def test_a_report_without_findings_still_has_its_first_and_last_line() -> None:
    made = lines(replace(EMPTY, gaps=()))
    assert [line["type"] for line in made] == ["scan", "end"]
    assert made[-1]["findings"] == 0


def test_the_table_has_one_row_for_each_door() -> None:
    rows = table(REPORT)
    assert [CALLS.id, CALLS.id, DICTATIONS.id, EXPORTS.id, MIRROR.id] == [row["id"] for row in rows]
    assert [row["port"] for row in rows] == ["443", "8080", "8080", "443", "80"]
    assert list(csv.COLUMNS) == list(rows[0])


def test_a_row_tells_the_finding_in_plain_values() -> None:
    row = table(REPORT)[0]
    assert tuple(
        row[name] for name in ("severity", "score", "confidence", "urgency")
    ) == ("very-high", "4.5", "certain", "stop-now")
    assert tuple(row[name] for name in ("files", "hours_best", "live", "hosting")) == ("2700000", "170000", "true", "")
    assert row["people"] == "phone: 57000 files, 41000 distinct, certain"


def test_lines_end_as_rfc_4180_says() -> None:
    text = "".join(csv.chunks(REPORT))
    assert text.endswith("\r\n")
    assert 6 == text.count("\r\n") == text.count("\n") == text.count("\r")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+46", "'+46"),
        ("-2", "'-2"),
        ("@SUM(1)", "'@SUM(1)"),
        (" =1", "' =1"),
        ('"=1', "'\"=1"),
        ("＝1", "'＝1"),
        ("a;=1;@x", "a;'=1;'@x"),
        ("\t=1", r"\u{9}=1"),
        ("\r=1", r"\u{d}=1"),
        ("\0=1", r"\u{0}=1"),
        ("a=b", "a=b"),
        ("http://192.0.2.7:443/?a=b", "http://192.0.2.7:443/?a=b"),
        (-4, "-4"),
        (True, "true"),
        (None, ""),
    ],
)
def test_no_cell_is_a_formula(value: object, expected: str) -> None:
    assert expected == csv.cell(value)


@given(st.text(st.characters(), max_size=20))
def test_no_text_makes_a_cell_that_begins_like_a_formula(text: str) -> None:
    made = csv.cell(text)
    assert made.isprintable()
    for part in made.split(";"):
        assert not part.lstrip(" \"'").startswith(tuple("=+-@＝＋－＠")) or part.lstrip().startswith("'")


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (
            CALLS,
            "VERY HIGH  4.5  Recorded calls of a helpline, open to anyone  "
            "http://files.example.org:443/ and 1 more door  "
            "2,700,000 files, about 170,000 hours of audio, 57,000 names with a telephone number, "
            "2013-04-12 to 2026-11-21, still growing",
        ),
        (
            EXPORTS,
            "MEDIUM     2.75  Customer exports of a booking system  https://booking.example.org:443/exports/  "
            "at least 1,912 files, 12 names with a mail address, 2025-11-02 to 2026-11-20, still growing",
        ),
        (
            MIRROR,
            "INFO       0.5  Mirror of free software  http://192.0.2.214:80/debian/  "
            "61,204 files, 2021-08-14 to 2026-11-21, still growing",
        ),
    ],
)
def test_a_finding_is_one_line_on_the_console(finding: object, expected: str) -> None:
    assert expected == console.line(finding)  # type: ignore[arg-type]
