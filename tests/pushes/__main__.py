"""Push a file in every way, and print what each cost: `python -m tests.pushes`. It ends with 1 where one cost more."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable
from itertools import groupby

from tests.pushes.measured import Measured, measure, visit
from tests.pushes.servers import PUSHES, UNASKED
from tests.pushes.ways import REFUSED, WAYS, Most

_ROW = "{:<44} {:<5} {:>8} {:>9}  {}"


async def every() -> list[Measured]:
    """Each way, in clear and in TLS; then file servers."""
    return [*[await measure(way, tls=tls) for way in WAYS for tls in (False, True)],
            *[await visit(push) for push in PUSHES]]


def worst(seen: Iterable[Measured]) -> list[str]:
    """For each bound the most that was read and taken, beside what is allowed."""
    rows = []
    kinds = groupby(sorted(seen, key=lambda one: (_kind(one.most), one.most.read, one.tls)),
                    key=lambda one: (_kind(one.most), one.most, one.tls))
    for (kind, most, tls), group in kinds:
        those = list(group)
        rows.append(
            f"{kind}, {'TLS' if tls else 'TCP'}: {len(those)} ways, read {max(one.read for one in those):,} of "
            f"{most.read:,}, off the server {max(one.wire for one in those):,} of {most.wire(tls):,}")
    return rows


def _kind(most: Most) -> str:
    if most is REFUSED:
        return "bodies that are refused"
    return "file servers' unasked bytes" if most is UNASKED else "what keeps to a form: heads, listings, answers"


def main() -> int:
    """The table."""
    seen = asyncio.run(every())
    print(_ROW.format("way", "", "read", "taken", "ended"))
    for one in seen:
        print(_ROW.format(one.name, "TLS" if one.tls else "", one.read, one.wire, one.ended[:60]))
    print(*worst(seen), sep="\n")
    wrong = [one.complaint for one in seen if one.complaint]
    print(f"{len(seen)} pushes, {len(wrong)} beyond what is promised", *wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
