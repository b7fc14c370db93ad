"""The locks: every package that is installed has one version and its hashes, and they agree with pyproject.toml."""

from __future__ import annotations

import os
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests.supply.locks import AUDIT, BUILD, FUZZ, LOCK, closure, lines, pins, project

LOCKS = {LOCK: ["run", "ssh", "dev"], BUILD: ["build", "build-system"], AUDIT: ["audit"], FUZZ: ["fuzz"]}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_holds_what_pyproject_asks_for_within_its_bounds(lock: Path) -> None:
    held, asked = lines(lock), project()
    wrong = [str(one) for group in LOCKS[lock] for one in asked[group]
             if canonicalize_name(one.name) not in {pin.name for pin in held if one.specifier.contains(pin.version)}]
    assert [] == wrong


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_index_and_passes_no_option_but_hashes(lock: Path) -> None:
    text = lock.read_text()
    assert not re.search(r"://|@|^\s*-(?!-hash=)|--(?!hash=)", text, re.MULTILINE)


def test_every_list_of_pyproject_is_locked() -> None:
    assert project().keys() == {group for groups in LOCKS.values() for group in groups}


def test_what_two_locks_hold_is_one_version() -> None:
    run, build = pins(LOCK), pins(BUILD)
    both = run.keys() & build.keys()
    assert {name: run[name].version for name in both} == {name: build[name].version for name in both}


def installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def test_this_environment_was_made_from_the_lock_and_needs_nothing_else() -> None:
    held = pins(LOCK)
    here = {name: pin.version for name, pin in held.items() if pin.here}
    there = {name: installed(name) for name in here}
    if here != there and os.environ.get("EARSHOT_REQUIRE_SERVERS") != "1":
        pytest.skip("this environment was made without the lock (LOCKED=no)")
    assert here == there
    asked = project()
    assert here.keys() == closure([one for group in LOCKS[LOCK] for one in asked[group]])


@pytest.mark.parametrize("line", [
    "idna>=3.7 --hash=sha256:" + "0" * 64,
    "idna==3.20",
    "idna==3.20 --hash=md5:" + "0" * 32,
    "idna @ file:///idna.whl --hash=sha256:" + "0" * 64,
    "idna==3.20,!=3.19 --hash=sha256:" + "0" * 64,
])
def test_a_line_that_pins_nothing_is_refused(tmp_path: Path, line: str) -> None:
    lock = tmp_path / "lock"
    lock.write_text(f"# a comment\n{line}\n")
    with pytest.raises(ValueError, match="not "):
        pins(lock)
