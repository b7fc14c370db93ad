"""Whom the scanned may ask: what a scan says of itself in every request."""

from __future__ import annotations

LONGEST = 200                                # characters, of which SSH's own line has room for most


def sayable(text: str) -> str:
    """The contact as it was written. Raises ValueError, with the remedy, where no header can hold it."""
    if not (text.isascii() and text.isprintable()):
        raise ValueError("it goes into every request: write plain ASCII letters and signs")
    if len(text) > LONGEST:
        raise ValueError(f"it goes into every request: write at most {LONGEST} characters")
    return text
