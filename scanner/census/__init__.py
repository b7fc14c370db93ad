"""The census: a store, counted, some kilobytes however large. Judges nothing. `Folder` makes it, `Census` is it."""

from __future__ import annotations

from scanner.census.census import Census, PartCount, PartKey, PeopleCount, StoreSeen
from scanner.census.folder import Folder
from scanner.census.memory import Memory

__all__ = ["Census", "Folder", "Memory", "PartCount", "PartKey", "PeopleCount", "StoreSeen"]
