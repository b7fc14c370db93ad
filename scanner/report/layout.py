"""How a report is laid out where its reader may choose. It must not change what is told."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.model import Deadline


@dataclass(frozen=True, slots=True)
class Layout:
    """By whom findings are grouped, and which rules an incident pack names."""

    by_owner: bool = False
    deadlines: tuple[Deadline, ...] = ()


PLAIN = Layout()
