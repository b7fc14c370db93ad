"""Hostile HTTP servers, each group in one scan beside a healthy one: each ends as exactly what is expected of it."""

from __future__ import annotations

from types import ModuleType

import pytest

from tests.hostile.corpus import HTTP
from tests.hostile.harness import together, unexpected


@pytest.mark.parametrize("group", HTTP, ids=lambda group: group.__name__.rpartition("_")[2])
async def test_servers_that_mean_harm_end_as_what_they_are(group: ModuleType) -> None:
    assert [] == unexpected(await together(group.BEHAVIOURS))
