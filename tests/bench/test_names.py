"""The measure of signatures runs, and asks what it says it asks; how fast is not asked here."""

from __future__ import annotations

import subprocess
import sys
from itertools import islice

import pytest

from scanner.signature import Knowledge, load
from tests.bench.grammars import Made, filled, follower, made
from tests.bench.names import SIGNATURES, turns


@pytest.fixture(scope="module")
def known() -> tuple[Knowledge, list[Made]]:
    return filled(SIGNATURES)


def test_there_are_as_many_signatures_as_said(known) -> None:
    assert SIGNATURES == known[0].count == load().count + len(known[1])


def test_a_made_name_follows_its_grammar_and_no_other_made_one(known) -> None:
    knowledge, beside = known
    for each in beside[::17]:
        found = [g.id for g, _ in knowledge.recordings(each.name(12_345)) if g.id.startswith("recording/made-")]
        assert [f"recording/made-{each.number}"] == found


def test_names_of_a_built_in_grammar_follow_it() -> None:
    grammars = {g.id: g for g in load().grammars}
    freepbx = grammars["recording/freepbx"]
    maker = follower(freepbx.signature)
    assert maker is not None
    assert all(freepbx.match(maker(n)) is not None for n in range(100))
    assert 100 == len({maker(n) for n in range(100)})
    assert follower(grammars["recording/genesys-archive"].signature) is None


def test_no_name_is_asked_twice() -> None:
    makers = [each.name for each in made(20)]
    names = [name for groups in islice(turns(makers, 30_000), 3) for group in groups for name in group]
    assert len(names) == len(set(names)) >= 29_000


def test_the_measure_prints_its_ratio_and_the_growth() -> None:
    command = [sys.executable, "-m", "tests.bench.names", "2000"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=160)
    assert (0, "") == (run.returncode, run.stderr)
    assert "each name asked / bare: " in run.stdout
    assert "500 signatures" in run.stdout
    assert "beyond ASCII" in run.stdout
