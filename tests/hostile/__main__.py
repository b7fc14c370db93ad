"""Every hostile behaviour, one after another, measured: `python -m tests.hostile [ID …]`; `--write` writes the table.

Ends with 1 where one did not end as expected, or somebody outside loopback was contacted.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from tests.bottled import run_inside
from tests.hostile import table
from tests.hostile.behaviour import Behaviour
from tests.hostile.corpus import ALL
from tests.hostile.harness import Outcome, run, warm


def main(words: Sequence[str]) -> int:
    """Run those whose id begins with one of the words, or all."""
    if "--write" in words:
        text = table.CONTRIBUTING.read_text(encoding="utf-8")
        table.CONTRIBUTING.write_text(table.placed(text, table.expected(ALL)), encoding="utf-8")
        return 0
    chosen = [one for one in ALL if not words or one.id.startswith(tuple(words))]
    print(table.head(), flush=True)
    outcomes, where, strangers = run_inside(lambda: asyncio.run(_all(chosen)))
    print(table.total(outcomes))
    print(where)
    return int(bool(strangers) or any(outcome.complaints for outcome in outcomes))


async def _all(chosen: Sequence[Behaviour]) -> list[Outcome]:
    await warm()
    outcomes = []
    for one in chosen:
        outcomes.append(await run(one))
        print(table.row(outcomes[-1]), flush=True)
    return outcomes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
