"""Prints the figures of the corpus: `python -m tests.digits [SEED …]`. Asserts nothing."""

from __future__ import annotations

import sys
import time

from scanner.signature import load
from tests.digits.corpus import directories
from tests.digits.figures import measured


def main(seeds: list[str]) -> None:
    """One table a seed and pass: with the region set, and with none."""
    for seed in seeds or ["1"]:
        corpus = [*directories(int(seed))]
        for regional in (True, False):
            began = time.monotonic()
            print(f"seed {seed}, {'the region set' if regional else 'no region'}")
            print(measured(corpus, load(), regional=regional).table())
            print(f"{time.monotonic() - began:.1f} s\n")


if __name__ == "__main__":
    main(sys.argv[1:])
