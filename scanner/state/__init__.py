"""State: what a scan has seen and has still to do, in one SQLite file. It decides nothing.

Everything is written in transactions of the one `Journal` thread: an answered ask, what was counted in it and the asks
it led to go in together, so that a kill at any moment neither loses nor doubles.
"""

from __future__ import annotations

from scanner.state.history import History
from scanner.state.rows import AskRow, DoorRow, ScanRow, StoreRow
from scanner.state.scans import STALE, Scans
from scanner.state.seen import Place, Seen
from scanner.state.work import Work

__all__ = ["STALE", "AskRow", "DoorRow", "Place", "ScanRow", "State", "StoreRow"]


class State(Scans, Work, Seen, History):
    """The file with all of its tables. Every method is one short piece of a `transaction`; it raises StateError."""
