"""How many connections this machine's file limit allows at once. Raises no limit unless asked."""

from __future__ import annotations

import sys

if sys.platform != "win32":
    import resource

RESERVE = 128                                # files for everything that is no connection of a scan
_WITHOUT_LIMIT = 8192                        # where the system sets none


def raise_limit() -> int:
    """Raise this process's soft limit on open files to its hard limit; gives the limit now in force (getrlimit(2))."""
    if sys.platform == "win32":
        return _WITHOUT_LIMIT
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        except (ValueError, OSError):        # macOS: a hard limit above what the kernel gives
            return _usable(soft)
    return limit()


def limit() -> int:
    """The soft limit on open files."""
    if sys.platform == "win32":
        return _WITHOUT_LIMIT
    return _usable(resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def in_flight_limit(reserve: int = RESERVE) -> int:
    """How many connections may be open at once; at least 1. Where files are few, half of them are for connections."""
    most = limit()
    return max(1, most - min(reserve, most // 2))


def at_once(wanted: int, reserve: int = RESERVE) -> int:
    """How many connections may be open at once: what was wanted, or what the file limit leaves; at least 1."""
    return max(1, min(wanted, in_flight_limit(reserve)))


def _usable(soft: int) -> int:
    return soft if 0 <= soft < 1 << 20 else 1 << 20             # RLIM_INFINITY is -1 or huge
