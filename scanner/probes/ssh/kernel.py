"""Folders that a Unix kernel makes up: where a whole machine is shown, they are named and not gone into. Pure.

Each process and device has folders there, linked to each other without end, and none of them is anybody's file.
"""

from __future__ import annotations

from dataclasses import replace

from scanner.model import Batch, Reason

DOUBT = (Reason.NOT_TRIED, "what the kernel makes up here is no file: the folders below are not listed")
_MARKS = {
    b"/proc": frozenset({b"self", b"cpuinfo", b"meminfo"}),         # proc(5)
    b"/sys": frozenset({b"kernel", b"devices", b"bus"}),            # sysfs(5)
}


def made_up(path: bytes, batch: Batch) -> Batch | None:
    """The first rows of such a folder without the folders below; None where this is none."""
    marks = _MARKS.get(path)
    if marks is None or not marks <= {*batch.names, *batch.directories}:
        return None
    return replace(batch, directories=[])
