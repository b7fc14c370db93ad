"""A resolver that lies: each name ends as exactly what is expected of it, and nobody outside the scope is contacted."""

from __future__ import annotations

import asyncio

import pytest

from tests.bottle import unavailable
from tests.hostile import dns_names
from tests.hostile.dns_course import course
from tests.hostile.harness import run, unexpected

pytestmark = [pytest.mark.namespace, pytest.mark.timeout(120)]     # a resolver that is silent takes its ten seconds


async def test_names_that_a_resolver_lies_about_end_as_what_they_are() -> None:
    if reason := unavailable():
        pytest.skip(reason)
    await asyncio.to_thread(course)
    assert [] == unexpected([await run(behaviour) for behaviour in dns_names.BEHAVIOURS])
