"""How parsers grow, in full: `python -m tests.fuzz.growth [TARGET ...]` tries every shape on every form.

Two figures for twice the input: steps, which decide (exit 1 where they are three times as many), and the time of the
processor, which is printed for those that look worst, as work within C takes no steps. Nothing is decided by a clock.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from time import process_time

from tests.fuzz.shapes import Shape, shapes
from tests.fuzz.steps import fed, grown
from tests.fuzz.target import Form, Target
from tests.fuzz.targets import BY_NAME, TARGETS

SIZE = 8 * 1024                              # bytes, and twice as many, of which steps are counted
LONG = 128 * 1024                            # the same, of which time is taken
_WORST = 15                                  # that are printed
_SHORT = 0.05                                # seconds below which a ratio says nothing


def slowed(form: Form, shape: Shape) -> tuple[float, float]:
    """Seconds of the processor for an input and for twice of it."""
    found = []
    for size in (LONG, 2 * LONG):
        body, start = shape.make(size), process_time()
        fed(form, body)
        found.append(process_time() - start)
    return found[0], found[1]


def _tried(target: Target) -> tuple[int, list[str], list[tuple[float, str]]]:
    many, grew, slow = 0, [], []
    for name, form in target.forms.items():
        for shape in shapes(target, name):
            many += 1
            if told := grown(target, name, shape, SIZE):
                grew.append(told)
            once, twice = slowed(form, shape)
            if twice > _SHORT:
                told = f"{target.name}, {name}, {shape.name}: {once:.2f} s, {twice:.2f} s"
                slow.append((twice / max(once, 0.001), told))
    return many, grew, slow


def main(names: Sequence[str]) -> int:
    """Exit code 1 where steps grow."""
    many, fell, slow = 0, 0, list[tuple[float, str]]()
    for target in [BY_NAME[name] for name in names] or TARGETS:
        tried, grew, worst = _tried(target)
        many, fell, slow = many + tried, fell + len(grew), slow + worst
        print(f"{target.name}: {tried} shapes, {len(grew)} grow", *grew, sep="\n  ", flush=True)
    print(f"{many} shapes, {fell} grow; worst in time for twice {LONG // 1024} KiB, of those that take it:")
    for ratio, told in sorted(slow, reverse=True)[:_WORST]:
        print(f"  {ratio:.1f} times: {told}")
    return int(fell > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
