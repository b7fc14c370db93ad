"""A report file in which any one value is another one: it is refused in one line, or written and scored as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.errors import UsageError
from scanner.report import WRITERS, scoring, truth
from scanner.report import json as reports
from scanner.report.layout import Layout
from tests.altered import altered, places

SAMPLE = Path(__file__).parents[2] / "reports" / "sample.json"
VALUES = {
    "nothing": None, "true": True, "an empty text": "", "a word": "x", "half a pair": "\ud800", "a path": "a/b/c/d",
    "no end of a host": "http://[/", "half a pair in a URL": "http://h/\ud800", "controls": "\x00\x1b\u202e",
    "digits": "9" * 400, "a day that never was": "2019-02-30T00:00:00Z", "below nothing": -1, "zero": 0,
    "very large": 10**30, "no number": float("nan"), "endless": float("inf"), "too large": 10**400,
    "too small": -10**400, "the largest": 1e308, "half of minus one": -0.5, "an empty list": [], "an empty object": {},
    "a list": ["x"], "a list of lists": [["x"]], "an object": {"x": 1}, "a list of nothing": [None],
    "an object of texts": {"": ""}, "an object of objects": {"audio": {}}}


def _sample() -> dict[str, Any]:
    """One finding with names shown, and one of everything else."""
    value: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))
    for many in ("findings", "suppressed", "gaps"):
        value[many] = value[many][:1]
    value["scan"]["show_names_reason"] = "a test"
    value["findings"][0]["store"]["entries"] = ["a.wav"]
    return value


@pytest.mark.parametrize("new", VALUES.values(), ids=VALUES.keys())
def test_it_is_refused_in_a_line_or_written_and_scored(new: object) -> None:
    sample = _sample()
    door = sample["findings"][0]["doors"][0]
    servers = truth.load(json.dumps([{"id": "a", "host": door["address"], "port": door["port"],
                                      "expected": "open_listing", "list_entries": ["a.wav"]}]))
    refused, taken = list[str](), 0
    for number, (place, _) in enumerate(places(sample)):
        try:
            report = reports.load(json.dumps(altered(sample, place, new)))
            for write in WRITERS.values():
                "".join(write(report, Layout(by_owner=number % 2 == 0))).encode()
            taken += 1
            scoring.score(report, servers, {"http", "https"})
        except UsageError as error:
            refused.append(str(error))
        except Exception as error:
            raise AssertionError(f"{place} = {new!r}: {error!r}") from error
    assert [] == [told for told in refused if not told.isprintable()]
    assert refused
    assert taken or not isinstance(new, str)
