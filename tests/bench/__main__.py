"""Measures, one after another: `python -m tests.bench [NAME …]`. Prints ratios; asserts nothing about time."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

ROWS = "2700000"                             # the founding case
MEASURES = {                                 # each in a process of its own, so that its memory is its own
    "looks": ["tests.bench.looks"],
    "names": ["tests.bench.names"],
    "rows": ["tests.bench.rows", ROWS],
    "rows_parse": ["tests.bench.rows_parse", ROWS],
    "rows_census": ["tests.bench.rows_census", ROWS],
    "servers": ["tests.bench.servers"],
    "tree": ["tests.bench.tree"],
    "world": ["tests.bench.world"],
}


def main(names: list[str]) -> int:
    """Run the measures named, or all that are here. Not 0 where one failed, or lost a host."""
    here = {name: command for name, command in MEASURES.items() if importlib.util.find_spec(command[0])}
    if unknown := [name for name in names if name not in here]:
        print(f"no measure called {unknown[0]}; there are: {', '.join(here)}", file=sys.stderr)
        return 2
    worst = 0
    for name in names or here:
        print(f"== {name}", flush=True)
        worst = max(worst, abs(subprocess.run([sys.executable, "-m", *here[name]], check=False).returncode))
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
