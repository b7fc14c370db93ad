"""The sample reports under reports/ are what the writers write today.

`PYTHONPATH=. python tests/report/test_sample.py` renews them.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sample import REPORT

from scanner.report import WRITERS, write
from scanner.report.layout import Layout
from scanner.signature import deadlines

FOLDER = Path(__file__).parents[2] / "reports"
LAYOUT = Layout(deadlines=deadlines())


@pytest.mark.parametrize("fmt", WRITERS)
def test_the_sample_is_fresh(fmt: str) -> None:
    assert "".join(WRITERS[fmt](REPORT, LAYOUT)).encode() == (FOLDER / f"sample.{fmt}").read_bytes()


if __name__ == "__main__":
    for name in WRITERS:
        write(REPORT, name, FOLDER / f"sample.{name}", LAYOUT)
