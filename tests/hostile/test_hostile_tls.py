"""Hostile TLS servers, each group in one scan beside a healthy server: each ends as exactly what is expected of it."""

from __future__ import annotations

from types import ModuleType

import pytest

from tests.hostile import tls_broken, tls_odd, tls_slow, tls_spoken
from tests.hostile.harness import together, unexpected


@pytest.mark.parametrize("group", [tls_spoken, tls_slow, tls_broken, tls_odd],
                         ids=lambda group: group.__name__.rpartition("_")[2])
async def test_tls_that_means_harm_ends_as_what_it_is(group: ModuleType) -> None:
    assert [] == unexpected(await together(group.BEHAVIOURS))
