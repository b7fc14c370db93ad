"""What one name costs as it grows to 64 KB: the work of reading and masking it, by length.

Run: `python -m tests.bench.hostile_names`. Prints microseconds a name and the ratio to the length before; a ratio
above that of the lengths would mean that the cost grows faster than the name. Asserts nothing.
"""

from __future__ import annotations

import time

from scanner.filenames import mask, tokens

KINDS = {
    "digits": "0", "letters": "a", "marks": "-", "mails": "a.b@c.d-", "words": "Ab ", "hex": "a1",
    "numbers": "070-1740605 ", "grouped": "+46 70 17 ", "dates": "2019-02-18_", "dots": "1.",
    "case": "case 1234 ", "brackets": "[a]_(", "beyond": "ä",
}
LENGTHS = (64, 256, 1024, 4096, 16_384, 65_536)
TIMES = 5


def spent(name: str) -> float:
    """Microseconds of the quickest of five."""
    found = []
    for _ in range(TIMES):
        start = time.perf_counter()
        tokens(name, ("SE", "DK", "US"))
        mask(name, ("SE",))
        found.append(time.perf_counter() - start)
    return min(found) * 1e6


def main() -> None:
    """Measure and print."""
    for kind, piece in KINDS.items():
        row, before = [], 0.0
        for length in LENGTHS:
            now = spent((piece * length)[:length])
            row.append(f"{length}: {now:8.0f} µs" + (f" ×{now / before:4.1f}" if before else ""))
            before = now
        print(f"{kind:9} " + "  ".join(row))


if __name__ == "__main__":
    main()
