"""What came of one ask, put on disk together: its store, further asks, gaps, and that it is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scanner.model import Gap
from scanner.scan.showing import SHOWN_LIMIT
from scanner.state import AskRow, State, StoreRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One change of the state. All or nothing: a kill neither loses an answer nor counts it twice."""

    scan: str
    door: int
    row: AskRow
    store: StoreRow | None = None
    asked: bool = True                   # False: left out by a budget
    asks: Sequence[AskRow] = ()
    gaps: Sequence[Gap] = ()
    shown: Sequence[str] = ()            # names, only where the user wants them kept
    aliases: Sequence[tuple[bytes, str]] = ()
    stage: str | None = None
    folds: Sequence[bytes] = ()          # of the asks that search
    searched: int = 0                    # requests that the ask took, where it searched

    def write(self, state: State) -> None:
        """Into the transaction that is open."""
        if self.store is not None:
            state.put_store(self.store)
            if self.shown:
                state.put_shown(self.store.door, self.store.root, self.shown, SHOWN_LIMIT)
        state.put_asks(self.door, self.asks)
        for fold in self.folds:
            state.put_alias(self.door, fold)
        for fold, mark in self.aliases:
            state.put_alias(self.door, fold, mark)
        state.put_gaps(self.scan, self.gaps)
        if self.searched:
            state.add_searched(self.door, self.searched)
        if self.stage is not None:
            state.stage(self.door, self.stage)
        state.ask_done(self.door, self.row.digest, asked=self.asked)
