"""All targets of fuzzing. Needs no atheris."""

from __future__ import annotations

from tests.fuzz import doors, file_names, file_servers, inputs, listings, services, web
from tests.fuzz.target import Target

TARGETS: tuple[Target, ...] = (
    *listings.TARGETS, *file_servers.TARGETS, *services.TARGETS, *web.TARGETS, *doors.TARGETS, *file_names.TARGETS,
    *inputs.TARGETS)
BY_NAME = {target.name: target for target in TARGETS}
