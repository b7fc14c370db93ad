"""Each promise in README.md and SECURITY.md names what proves it, and that is there."""

from __future__ import annotations

import re

import pytest

from tests.cli.program import ROOT

_SECTIONS = {"README.md": "## The promises, and what proves them", "SECURITY.md": "## Promises"}


def rows(name: str) -> list[list[str]]:
    """The table of the section: cells of each row but the heads."""
    text = (ROOT / name).read_text(encoding="utf-8").partition(_SECTIONS[name])[2].partition("\n## ")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()
            if line.startswith("|")][2:]


def named(cell: str) -> list[str]:
    """Paths in a cell; one without a folder lies beside the one before it."""
    found: list[str] = []
    for path in re.findall(r"`([\w.*-]*[/.][\w./*-]*)`", cell):
        found.append(path if "/" in path or not found else f"{found[-1].rpartition('/')[0]}/{path}")
    return found


@pytest.mark.parametrize("name", _SECTIONS)
def test_every_promise_names_its_proof_and_that_is_there(name: str) -> None:
    promises = rows(name)
    assert len(promises) > 8
    assert [] == [cells[0] for cells in promises if not any(path.startswith("tests/") for path in named(cells[-1]))]
    paths = [path for cells in promises for cell in cells[1:] for path in named(cell)]
    assert len(paths) > 12
    assert [] == [path for path in paths if not any(ROOT.glob(path.rstrip("/")))]
