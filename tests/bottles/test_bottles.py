"""Scope in a bottle, in short: some 300 worlds are scanned for real, and whoever can be led away shows that the
lures work. The long form is `python -m tests.bottles`.
"""

from __future__ import annotations

import pytest

from tests.bottle import unavailable
from tests.bottles.__main__ import finish, start
from tests.bottles.lures import CARRIERS

pytestmark = [pytest.mark.namespace, pytest.mark.timeout(240)]      # a quarter of a minute on an idle machine
WORLDS = 120                                 # for each seed; some are scanned a second time


@pytest.fixture(autouse=True)
def _granted() -> None:
    if reason := unavailable():
        pytest.skip(f"no generated world was scanned: {reason}")


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_is_written_answered_and_shown_nobody_else_is_contacted(seed: int) -> None:
    counts, lures, wrong = finish(start(WORLDS, seed))
    assert "" == wrong
    assert (0, 0) == (counts["contacts and questions outside the scope"], counts["worlds that the program refused"])
    assert 0 == counts["pairs allowed and not knocked at"]
    assert counts["worlds"] >= WORLDS
    assert counts["contacts"] > 2 * WORLDS
    assert counts["pairs that exclusions took away"] > WORLDS // 4
    assert counts["addresses met, then excluded, and met no more"] > WORLDS // 12
    assert len([carrier for carrier in CARRIERS if lures.get(carrier)]) >= len(CARRIERS) // 2


def test_a_naive_client_is_led_away_by_every_lure_and_a_scan_by_none() -> None:
    counts, _, wrong = finish(start(0, 0, "--control"))
    assert "" == wrong
    ways = counts["ways to be led away"]
    assert [ways, ways, 0] == [counts["that led a naive client away"], counts["that were shown to a scan"],
                               counts["that led a scan away"]]
    assert ways >= 40
