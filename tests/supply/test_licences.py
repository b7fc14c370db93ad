"""The licences of what is used: every package has one that the GPL goes with, and the table says what is installed."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError

import pytest

from tests.supply.licences import fits, said, written
from tests.supply.locks import BUILD, LOCK, pins


def test_every_package_of_the_locks_has_a_row_and_nothing_else_has() -> None:
    assert {**pins(LOCK), **pins(BUILD)}.keys() == written().keys()


def test_every_licence_goes_with_the_gpl() -> None:
    assert {} == {name: licence for name, licence in written().items() if not fits(licence)}


def test_the_table_says_what_the_packages_say() -> None:
    seen = {name: _said(name) for name in written()}
    there = {name: licence for name, licence in seen.items() if licence}
    assert len(there) > len(pins(LOCK)) - 5
    assert there == {name: written()[name] for name in there}


def _said(name: str) -> str:
    try:
        return said(name)
    except PackageNotFoundError:             # in another lock, or for another system
        return ""


@pytest.mark.parametrize(("expression", "expected"), [
    ("MIT", True), ("EPL-2.0 OR GPL-2.0-or-later", True), ("EPL-2.0", False), ("MIT AND EPL-2.0", False),
    ("Apache-2.0 AND MIT", True), ("LicenseRef-Proprietary", False), ("GPL-2.0-only", False), ("", False),
])
def test_a_choice_fits_where_one_of_it_does(expression: str, expected: bool) -> None:
    assert expected == fits(expression)
