"""The tables of hostile behaviours: what is expected, for CONTRIBUTING, and what was seen, for whoever runs them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.hostile.behaviour import Behaviour
from tests.hostile.harness import Outcome

BEGIN, END = "<!-- hostile behaviours -->", "<!-- end -->"
CONTRIBUTING = Path(__file__).parents[2] / "CONTRIBUTING.md"
SEEN = "{:5} {:62} {:34} {:34} {:>7} {:>10} {:>5}"


def expected(behaviours: Iterable[Behaviour]) -> str:
    """The table of what is expected, in Markdown: it has no measured value, so that it stays the same."""
    rows = [f"| {one.id} | {_cell(one.title)} | {_cell(one.expected)} |" for one in behaviours]
    return "\n".join(["| id | behaviour | what a scan says of it |", "| --- | --- | --- |", *rows])


def placed(text: str, table: str) -> str:
    """A text with the table between its marks. Raises ValueError where it has none."""
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def head() -> str:
    """The first line of what was seen."""
    return SEEN.format("id", "behaviour", "expected", "seen", "seconds", "bytes read", "MiB")


def row(outcome: Outcome) -> str:
    """One line of what was seen, and a line for each complaint."""
    one = outcome.behaviour
    seen = ", ".join(sorted(outcome.said)) or "nothing"
    line = SEEN.format(one.id, one.title[:62], ", ".join(sorted(one.ends))[:34] or "nothing", seen[:34],
                       f"{outcome.seconds:.1f}", outcome.bytes_read, f"{outcome.mib:.0f}")
    return "\n".join([line, *(f"      UNEXPECTED: {complaint}" for complaint in outcome.complaints)])


def total(outcomes: Sequence[Outcome]) -> str:
    """The last line."""
    wrong = sum(bool(outcome.complaints) for outcome in outcomes)
    return f"{len(outcomes)} behaviours, {wrong} unexpected"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
