"""What fuzzing once found, and the seeds that it starts from, read again without it."""

from __future__ import annotations

import pytest

from tests.fuzz.kept import FOLDER, MOST, kept
from tests.fuzz.target import Target
from tests.fuzz.targets import BY_NAME, TARGETS


@pytest.mark.parametrize("target", TARGETS, ids=list(BY_NAME))
def test_every_seed_and_every_kept_input_ends_as_it_may(target: Target) -> None:
    for data in (*target.corpus(), *kept(target)):
        target.run(data)


def test_every_kept_input_belongs_to_a_target_and_is_small() -> None:
    assert {path.name for path in FOLDER.iterdir()} <= set(BY_NAME)
    for name in BY_NAME:
        assert sum(path.stat().st_size for path in (FOLDER / name).glob("*")) <= MOST
