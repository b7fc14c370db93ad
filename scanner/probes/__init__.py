"""The probes, one protocol a file. `PROBES` is the one list."""

from __future__ import annotations

from scanner.probes.base import Door, Probe, Shown
from scanner.probes.http import Http

PROBES: tuple[Probe, ...] = (Http(),)

__all__ = ["PROBES", "Door", "Http", "Probe", "Shown"]
