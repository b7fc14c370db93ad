"""Keep the best of a corpus: `python -m tests.fuzz.keep FOLDER [TARGET ...]` copies it to `fixtures/fuzz/`.

FOLDER is what `python -m tests.fuzz --keep` left. An input is kept where it reaches lines of the product that neither
the seeds nor what is kept already reach, the short ones first, up to a few KiB for each target.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import Any

from tests.fuzz.kept import FOLDER, MOST, kept, name_of
from tests.fuzz.target import Target
from tests.fuzz.targets import BY_NAME, TARGETS

_SCANNER = str(FOLDER.parents[1] / "scanner")
_LONGEST = 1024                              # bytes of an input that is kept
_ROOM = MOST // 4                            # bytes that are filled in this way; the rest is for what breaks something
Line = tuple[str, int]


def reached(target: Target, data: bytes) -> frozenset[Line]:
    """The lines of the product that one input reaches."""
    found: set[Line] = set()

    def line(frame: FrameType, event: str, _arg: object) -> Any:
        if not frame.f_code.co_filename.startswith(_SCANNER):
            return None
        if event == "line":
            found.add((frame.f_code.co_filename, frame.f_lineno))
        return line

    sys.settrace(line)
    try:
        target.run(data)
    finally:
        sys.settrace(None)
    return frozenset(found)


def further(target: Target, corpus: Iterable[bytes]) -> list[bytes]:
    """The inputs of a corpus that are worth keeping."""
    old = kept(target)
    known = frozenset[Line]().union(*(reached(target, data) for data in (*target.corpus(), *old)))
    found, room = list[bytes](), _ROOM - sum(map(len, old))
    for data in sorted(corpus, key=len):
        if len(data) <= min(room, _LONGEST) and (more := reached(target, data) - known):
            found.append(data)
            known, room = known | more, room - len(data)
    return found


def main(folder: Path, *names: str) -> None:
    """Keep what is worth it, and say how much that is."""
    for target in [BY_NAME[name] for name in names] or TARGETS:
        found = further(target, [path.read_bytes() for path in (folder / target.name).glob("*") if path.is_file()])
        for data in found:
            place = FOLDER / target.name / name_of(data)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        print(f"{target.name}: {len(found)} inputs, {sum(map(len, found))} bytes", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
