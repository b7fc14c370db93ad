"""Two reports of the same servers: what they share but for chance, and what one lost or doubled of the other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any


def settled(folder: Path, name: str = "report.json") -> dict[str, Any]:
    """The report in a folder, without times, names of scans and what is estimated with a scan's own key."""
    report = json.loads((folder / name).read_text(encoding="utf-8"))
    for finding in report["findings"]:
        del finding["first_seen"], finding["last_seen"]
        for people in [*finding["store"]["people"], *(one for part in finding["parts"] for one in part["people"])]:
            del people["distinct"]
    gaps: Counter[tuple[str, str]] = Counter()
    for gap in report["gaps"]:  # which of two doors is crawled, and which only compared, is chance
        gaps[gap["reason"], gap["detail"]] += gap["count"]
    return {"findings": report["findings"], "gaps": dict(gaps), "coverage": report["coverage"]}


@dataclass(frozen=True, slots=True)
class Difference:
    """Findings, and files in them, that are gone from a report or in it once too often; what else is not the same."""

    lost: int
    twice: int
    files_lost: int
    files_twice: int
    other: str


def difference(calm: dict[str, Any], seen: dict[str, Any]) -> Difference:
    """Between two settled reports: that of an undisturbed scan, and another's."""
    one, two = _counted(calm), _counted(seen)
    files, others = _files(calm), _files(seen)
    other = "; ".join(islice(_unlike(calm, seen, ""), 5))
    return Difference((one - two).total(), (two - one).total(), (files - others).total(), (others - files).total(),
                      other)


def _unlike(one: Any, two: Any, where: str) -> Iterator[str]:
    """Each place in which they differ."""
    if isinstance(one, dict) and isinstance(two, dict):
        for key in {**one, **two}:
            yield from _unlike(one.get(key), two.get(key), f"{where}.{key}")
    elif isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        for number, pair in enumerate(zip(one, two, strict=True)):
            yield from _unlike(*pair, f"{where}[{number}]")
    elif one != two:
        yield f"{where}: {one!r:.80} is {two!r:.80}"


def _counted(report: dict[str, Any]) -> Counter[str]:
    return Counter(finding["id"] for finding in report["findings"])


def _files(report: dict[str, Any]) -> Counter[str]:
    files: Counter[str] = Counter()
    for finding in report["findings"]:
        files[finding["id"]] += finding["store"]["files"]
    return files
