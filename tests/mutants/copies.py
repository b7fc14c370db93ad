"""A copy of the scanner with one guard taken away, and the tests that ought to notice."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutants.guards import Mutant

ROOT = Path(__file__).absolute().parents[2]
_BESIDE = ("tests", "signatures", "fixtures", "pyproject.toml", "README.md", "LICENSE")
_ENDED = re.compile(r"^(FAILED|ERROR) (\S.*?)(?: - .*)?$", re.MULTILINE)
_CALM = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=no", "--timeout=50")


class MovedError(Exception):
    """The text of a guard does not stand in the scanner, or more than once: the table is to be brought up to date."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """What became of a mutant."""

    mutant: Mutant
    failed: tuple[str, ...]               # names of tests

    def row(self) -> str:
        """guard | what was taken away | tests that failed."""
        told = ", ".join(name.partition("::")[2] or name for name in self.failed[:3]) or "NOBODY NOTICED"
        return f"{self.mutant.guard} | {self.mutant.taken} | {told}"


def without(mutant: Mutant, text: str) -> str:
    """The file's text without the guard. MovedError."""
    if text.count(mutant.was) != 1:
        raise MovedError(f"the guard moved: {mutant.guard} ({mutant.taken}) stands {text.count(mutant.was)} times in "
                         f"scanner/{mutant.file}")
    return text.replace(mutant.was, mutant.becomes)


def copied(into: Path) -> Path:
    """The scanner's tree in a folder of its own, with the tests beside it."""
    shutil.copytree(ROOT / "scanner", into / "scanner")
    for name in _BESIDE:
        (into / name).symlink_to(ROOT / name)
    return into


def failing(folder: Path, tests: Sequence[str]) -> tuple[str, ...]:
    """Which of these tests fail against the scanner in a folder. Raises RuntimeError where they could not be run."""
    done = subprocess.run([sys.executable, "-m", "pytest", *_CALM, *tests], cwd=folder, capture_output=True, text=True,
                          env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": ""}, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"the tests could not be run: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return tuple(dict.fromkeys(found[2] for found in _ENDED.finditer(done.stdout)))


def sound(mutants: Sequence[Mutant]) -> tuple[str, ...]:
    """Which tests fail though nothing was taken away: none, if they are to prove anything."""
    with TemporaryDirectory(prefix="earshot-mutant-") as folder:
        return failing(copied(Path(folder)), sorted({test for mutant in mutants for test in mutant.tests}))


def noticed(mutant: Mutant) -> Noticed:
    """Take the guard away from a copy, and run its tests. MovedError."""
    with TemporaryDirectory(prefix="earshot-mutant-") as folder:
        file = copied(Path(folder)) / "scanner" / mutant.file
        file.write_text(without(mutant, file.read_text(encoding="utf-8")), encoding="utf-8")
        return Noticed(mutant, failing(Path(folder), mutant.tests))
