"""Take each guard away, one at a time, and see who notices: `python -m tests.mutants`, or `make mutants`.

It ends with 1 where nobody notices, where a guard has moved, and where tests fail with all guards in place.
"""

from __future__ import annotations

import sys

from tests.mutants.copies import MovedError, noticed, sound
from tests.mutants.guards import EIGHT, MORE


def main() -> int:
    """The table."""
    mutants, missed = (*EIGHT, *MORE), 0
    if broken := sound(mutants):
        print("these fail with every guard in place:", *broken, sep="\n")
        return 1
    print("guard | what was taken away | tests that failed")
    for mutant in mutants:
        try:
            seen = noticed(mutant)
        except MovedError as error:
            print(error)
            missed += 1
        else:
            print(seen.row(), flush=True)
            missed += not seen.failed
    print(f"{len(mutants)} guards taken away, {missed} unnoticed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
