"""SIGINT and SIGTERM outside a scan: they end the program without a word, from its first moment to its last.

It must import nothing that takes time: until it has run, the interpreter answers with a traceback. A scan takes both
signals for itself while it runs (`stopping`).
"""

from __future__ import annotations

import os
import signal
from typing import NoReturn

INTERRUPTED, TERMINATED = 130, 143
_BOTH = (signal.SIGINT, signal.SIGTERM)


def end_at_once() -> None:
    """While nothing is under way, as when the program starts or ends: a signal leaves on the spot."""
    _take(dict.fromkeys(_BOTH, _leave))


def end_cleanly() -> None:
    """While a command runs: what it holds is closed on the way out."""
    _take({signal.SIGINT: signal.default_int_handler, signal.SIGTERM: _terminate})


def _take(handlers: dict[signal.Signals, object]) -> None:
    for number, handler in handlers.items():
        if signal.getsignal(number) is not signal.SIG_IGN:      # a shell's background job is not for the keyboard
            signal.signal(number, handler)  # type: ignore[arg-type]


def _leave(number: int, _: object) -> NoReturn:
    os._exit(128 + number)


def _terminate(*_: object) -> NoReturn:
    raise SystemExit(TERMINATED)
