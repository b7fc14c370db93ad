"""Faults of this machine, as whole programs: each ends as exactly what is expected of it, and loses nothing.

Proved elsewhere, and run here by `python -m tests.hostile` alone: kills (tests/scan/test_kill.py), a full disk
(tests/cli/test_cli_places.py), signals and a second scan (tests/cli/test_cli_interrupted.py), streams and locales
(tests/cli/test_cli_streams.py), an nmap that hangs or fails (tests/discover/test_nmap.py).
"""

from __future__ import annotations

import pytest

from tests.bottle import unavailable
from tests.hostile.behaviour import Behaviour
from tests.hostile.harness import run, unexpected
from tests.hostile.system_limits import few_files, little_memory, read_only
from tests.hostile.system_nmap import missing
from tests.hostile.system_surroundings import ahead, back, fallen_link, poisoned

SHORT = [few_files, read_only, little_memory, fallen_link, back, ahead, poisoned, missing]
IN_NAMESPACES = (read_only, fallen_link)


@pytest.mark.timeout(150)
@pytest.mark.parametrize("behaviour", SHORT, ids=lambda one: one.title)
async def test_a_fault_of_this_machine_loses_nothing(behaviour: Behaviour) -> None:
    if behaviour in IN_NAMESPACES and (reason := unavailable()):
        pytest.skip(reason)
    assert [] == unexpected([await run(behaviour)])
