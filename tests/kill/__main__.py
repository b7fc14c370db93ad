"""`python -m tests.kill [--kills 200] [--seed 1177] [--forked] [http] [ftp] [nas]`: a scan killed over and over.

Prints one row for each protocol: in which state how many kills met it, and what was lost or doubled. Ends with 1
where anything was. Whole programs are killed, from the interpreter's start on; `--forked` saves that start.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.kill.runs import Begin, nursery, whole
from tests.kill.table import Sum, killed, told
from tests.kill.worlds import Making, files, nas, web

WORLDS: dict[str, Making] = {"http": web(), "ftp": files, "nas": nas}
A_LIFE = 10                              # kills


def main(words: Sequence[str]) -> int:
    """Kill, and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.kill")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1177)
    parser.add_argument("--forked", action="store_true")
    parser.add_argument("worlds", nargs="*", choices=[*WORLDS, []], metavar="WORLD")
    chosen = parser.parse_args(words)
    sums = asyncio.run(_all(chosen.worlds or ["http", "ftp"], chosen))
    print(told(sums))
    return int(any(one.wrong for one in sums))


async def _all(names: Sequence[str], chosen: argparse.Namespace) -> list[Sum]:
    async with nursery() if chosen.forked else _whole() as begin:
        with tempfile.TemporaryDirectory(prefix="kill-") as folder:
            return [await killed(name, WORLDS[name], begin, Path(folder, name), kills=chosen.kills, a_life=A_LIFE,
                                 seed=chosen.seed, tell=_tell) for name in names]


@asynccontextmanager
async def _whole() -> AsyncIterator[Begin]:
    yield whole


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
