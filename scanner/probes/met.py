"""Errors that a look has met, and keeps until the rows that came before them have been handed out."""

from __future__ import annotations

from typing import Never, Protocol

from scanner.errors import NetError


class Met(Protocol):
    """Whatever keeps one."""

    error: NetError | None


def fail(holder: Met) -> Never:
    """Raise its error, and let go of it: an error holds the frames that it passes, and those hold `holder`."""
    assert holder.error is not None
    try:
        raise holder.error
    finally:
        holder.error = None
