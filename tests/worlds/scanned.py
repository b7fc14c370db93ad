"""One world scanned as its owner would: a scope file, a session, the report as JSON and as a page."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scanner import scope
from scanner.report import WRITERS
from tests.scan.scans import TODAY, finish, session_of
from tests.worlds.serving import There, shown
from tests.worlds.world import World, load


@dataclass(frozen=True, slots=True)
class Scanned:
    """A report, where its world was shown, and what that was asked."""

    report: dict[str, Any]
    html: str
    there: There

    @property
    def findings(self) -> list[dict[str, Any]]:
        return self.report["findings"]

    def finding(self, port: int) -> dict[str, Any]:
        """The finding of the door at `port`."""
        found, = (one for one in self.findings if any(door["port"] == port for door in one["doors"]))
        return found


def scanned(name: str, *, scale: int = 1, context: Sequence[str] = ()) -> Scanned:
    """Show a world, scan it with its own scope file, take the report. `context`: words in the place of its own."""
    world = load(name, scale=scale)
    if context:
        world = replace(world, target={**world.target, "context": list(context)})
    return asyncio.run(_scanned(world))


async def _scanned(world: World) -> Scanned:
    async with shown(world) as there:
        done = await finish(session_of(_permission(there), names=there.hosts))
    report = json.loads("".join(WRITERS["json"](done.report)))
    return Scanned(report, "".join(WRITERS["html"](done.report)), there)


def _permission(there: There) -> scope.Scope:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "scope.toml")
        file.write_text(there.scope(), encoding="utf-8")
        return scope.build(file=file, today=TODAY)
