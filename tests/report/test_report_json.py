"""The report's JSON: the contract's shape, read back as it was written, described by its schema."""

from __future__ import annotations

import json as stdlib_json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sample import CALLS, EMPTY, REPORT, many

from scanner.errors import UsageError
from scanner.model import Hours, Report
from scanner.report import json

CONTRACT: dict[str, Any] = {
    "schema": 1,
    "tool": {"name", "version"},
    "signatures": {"sha256", "count"},
    "scan": {"id", "started", "finished", "complete", "profile", "scope_sha256", "authorisation", "score_table",
             "score_sha256", "score_differs", "user_agent"},
    "coverage": {"addresses", "ports_tried", "ports_open", "endpoints", "gaps", "targets"},
    "findings": [],
    "suppressed": [],
    "gaps": [],
    "conduct": {
        "requests", "bytes_sent", "bytes_received", "addresses_contacted", "source_addresses", "declared_by_nmap",
        "refused_bodies", "largest_refused_body", "file_contents_requested",
    },
}  # fmt: skip

FINDING = {
    "id", "title", "severity", "score", "confidence", "factors", "overall_score", "parts", "vantage", "tags",
    "urgency", "status", "doors", "store", "signatures", "evidence", "owner", "remedy", "references",
    "overall_factors", "regions", "first_seen", "last_seen",
}  # fmt: skip


def text(report: Report) -> str:
    return "".join(json.chunks(report))


def parsed(report: Report) -> dict[str, Any]:
    value = stdlib_json.loads(text(report))
    assert isinstance(value, dict)
    return value


def test_the_members_are_those_of_the_contract_in_its_order() -> None:
    made = parsed(REPORT)
    assert list(CONTRACT) == list(made)
    assert {name: CONTRACT[name] for name in CONTRACT if isinstance(CONTRACT[name], set)} == {
        name: set(value) for name, value in made.items() if isinstance(value, dict)
    }


def test_a_finding_has_the_members_of_the_contract() -> None:
    made = parsed(REPORT)["findings"][0]
    assert set(made) == FINDING
    assert set(made["factors"]) == {"dpc", "ei", "cb", "because"}
    assert set(made["parts"][0]) == {"path", "score", "severity", "factors", "files", "people", "kind", "words"}
    assert set(made["doors"][0]) == {
        "protocol", "host", "address", "port", "tls", "url", "access", "product", "target",
    }  # fmt: skip
    assert set(made["store"]) == {
        "files", "directories", "bytes", "bytes_exact", "complete", "cut_by", "first", "last", "live", "kinds",
        "hours", "people", "entries_sample", "named_first", "named_last", "inflow", "empty_recordings", "columns",
        "words",
    }  # fmt: skip
    assert set(made["owner"]) == {"label", "controller", "processor", "sub_processor", "hosting"}


def test_levels_travel_as_words() -> None:
    made = parsed(REPORT)["findings"][0]
    assert (made["severity"], made["confidence"], made["vantage"]) == ("very-high", "certain", "internet")
    assert [part["severity"] for part in made["parts"]] == ["very-high", "high"]


def test_what_is_unknown_is_null_and_names_are_absent_unless_asked_for() -> None:
    made = parsed(REPORT)
    assert made["findings"][0]["owner"]["hosting"] is None
    assert made["findings"][0]["doors"][1]["host"] is None
    assert "entries" not in made["findings"][0]["store"]
    assert "entries" not in made["findings"][0]["doors"][0]
    assert "show_names_reason" not in made["scan"]


def test_names_appear_where_they_were_asked_for() -> None:
    finding = replace(CALLS, store=replace(CALLS.store, entries=("/old/0701740605.mp3",)))
    report = replace(REPORT, findings=(finding,), scan=replace(REPORT.scan, show_names_reason="audit 7"))
    made = parsed(report)
    assert made["findings"][0]["store"]["entries"] == ["/old/0701740605.mp3"]
    assert made["scan"]["show_names_reason"] == "audit 7"
    assert report == json.load(text(report))


@pytest.mark.parametrize("report", [REPORT, EMPTY, many(3), replace(REPORT, suppressed=(CALLS,))])
def test_a_report_is_read_back_as_it_was_written(report: Report) -> None:
    assert report == json.load(text(report))
    assert report == json.load(text(report).encode())


def test_the_text_is_what_a_plain_writer_would_indent() -> None:
    assert stdlib_json.dumps(parsed(REPORT), indent=2) + "\n" == text(REPORT)


@pytest.mark.parametrize("report", [REPORT, EMPTY, replace(REPORT, suppressed=(CALLS,))])
def test_the_schema_describes_what_is_written(report: Report) -> None:
    Draft202012Validator.check_schema(json.schema())
    assert list(Draft202012Validator(json.schema()).iter_errors(parsed(report))) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), 2),
        (("findings", 0, "severity"), "critical"),
        (("findings", 0, "severity"), 4),
        (("findings", 0, "doors", 0, "port"), "443"),
        (("findings", 0, "store", "hours"), {"low": 1}),
        (("findings", 0, "owner", "label"), 7),
        (("coverage", "gaps"), ["timeout"]),
        (("gaps", 0, "reason"), "because"),
        (("scan", "complete"), 1),
        (("conduct", "requests", "GET"), 1.5),
    ],
)
def test_what_breaks_the_contract_is_seen_by_schema_and_reader(path: tuple[str | int, ...], value: object) -> None:
    made = parsed(REPORT)
    held: Any = made
    for step in path[:-1]:
        held = held[step]
    held[path[-1]] = value
    assert list(Draft202012Validator(json.schema()).iter_errors(made))
    with pytest.raises(UsageError, match="not a report"):
        json.load(stdlib_json.dumps(made))


def test_a_reader_is_told_where_the_mistake_is() -> None:
    made = parsed(REPORT)
    made["findings"][0]["doors"][1]["port"] = "443"
    with pytest.raises(UsageError, match=r"findings\[0\]\.doors\[1\]\.port must be a whole number"):
        json.load(stdlib_json.dumps(made))
    del made["findings"][0]["doors"]
    with pytest.raises(UsageError, match=r"findings\[0\]\.doors is missing"):
        json.load(stdlib_json.dumps(made))


@pytest.mark.parametrize("broken", ["", "{", "[]", "null", '{"schema": 2}', b"\xff\xfe", "[" * 100_000])
def test_what_is_no_report_is_refused_in_one_line(broken: str | bytes) -> None:
    with pytest.raises(UsageError) as caught:
        json.load(broken)
    assert "\n" not in str(caught.value)


def test_unknown_members_are_passed_over_because_additions_are_free() -> None:
    made = parsed(REPORT)
    made["findings"][0]["doors"][0]["country"] = "SE"
    assert json.load(stdlib_json.dumps(made)) == REPORT


def test_a_number_that_json_does_not_have_is_refused() -> None:
    finding = replace(CALLS, store=replace(CALLS.store, hours=Hours(0, float("nan"), 1)))
    with pytest.raises(ValueError, match="no place in JSON"):
        text(replace(REPORT, findings=(finding,)))
