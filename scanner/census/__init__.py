"""The census: a store, counted, some kilobytes however large. Judges nothing. `Folder` makes it, `Census` is it."""

from __future__ import annotations

from scanner.census.census import Census, StoreSeen
from scanner.census.folder import Folder
from scanner.census.memory import Memory
from scanner.census.part import PartCount, PartKey, PeopleCount

__all__ = ["Census", "Folder", "Memory", "PartCount", "PartKey", "PeopleCount", "StoreSeen"]
