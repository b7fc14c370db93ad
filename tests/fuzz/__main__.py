"""Fuzz the parsers: `python -m tests.fuzz [--seconds N] [--at-once N] [--seed N] [--keep FOLDER] [TARGET ...]`.

Prints a table. Each target runs under atheris in a process of its own, on a corpus that is made of its seeds and of
`fixtures/fuzz/`. Exit 1 where something was found: the input then lies in the folder that the table names. Where
atheris cannot be imported, that is said, and the exit is 0; with EARSHOT_REQUIRE_SERVERS=1 it is 1.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.fuzz.kept import kept, name_of
from tests.fuzz.target import Target
from tests.fuzz.targets import BY_NAME, TARGETS
from tests.fuzz.words import dictionary

MINUTES = 600.0                              # seconds of each target in full
_INPUT = 25                                  # seconds that one input may take, on a machine that has other work
_MEMORY = 2048                               # MiB
_LONGEST = 8192                              # bytes of an input
_DONE = re.compile(rb"^Done (\d+) runs in (\d+) second", re.MULTILINE)
_COVERED = re.compile(rb" cov: (\d+) ft: (\d+)")
_LAST_WORDS = 4000                           # bytes of what a process said before it fell


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one target."""

    name: str
    runs: int
    seconds: int
    covered: int                             # edges of the instrumented code
    found: tuple[Path, ...]                  # inputs that broke something
    said: str                                # the end of what the process said, where it fell


def fuzz(target: Target, seconds: float, folder: Path, seed: int = 0) -> Run:
    """Run one target for so long. With the same `seed`, and as long, it is the same inputs; 0: ever others."""
    corpus, broken, words = folder / target.name, folder / f"{target.name}-found", folder / f"{target.name}.dict"
    corpus.mkdir(exist_ok=True)
    broken.mkdir(exist_ok=True)
    for data in (*target.corpus(), *kept(target)):
        (corpus / name_of(data)).write_bytes(data)
    words.write_text(dictionary(target.rooms))
    options = [f"-max_total_time={seconds:.0f}", f"-timeout={_INPUT}", f"-rss_limit_mb={_MEMORY}", f"-dict={words}",
               f"-max_len={_LONGEST}", f"-seed={seed}", f"-artifact_prefix={broken}/", "-print_final_stats=1"]
    what = (target.module, target.name, ",".join(target.packages))
    done = subprocess.run([sys.executable, "-m", "tests.fuzz.one", *what, *options, str(corpus)], check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=Path(__file__).parents[2])
    return _read(target, done.returncode, done.stdout, tuple(sorted(broken.iterdir())))


def _read(target: Target, code: int, said: bytes, found: tuple[Path, ...]) -> Run:
    ended, covered = _DONE.search(said), _COVERED.findall(said)
    runs = re.search(rb"number_of_executed_units: (\d+)", said)
    return Run(target.name, int(runs[1]) if runs else 0, int(ended[2]) if ended else 0,
               int(covered[-1][0]) if covered else 0, found,
               _last_words(said) if code or found or not ended else "")


def _last_words(said: bytes) -> str:
    """What it fell over; where that is not told, the end of all that was."""
    start = said.rfind(b" === Uncaught")
    return said[start if start >= 0 else -_LAST_WORDS:][:_LAST_WORDS].decode(errors="replace")


def _all(targets: Sequence[Target], seconds: float, at_once: int, folder: Path, seed: int) -> Iterator[Run]:
    with ThreadPoolExecutor(at_once) as pool:
        yield from pool.map(lambda target: fuzz(target, seconds, folder, seed), targets)


def _print(run: Run) -> None:
    figures = f"{run.runs:>10,} | {run.seconds:>7} | {run.covered:>8,} | {len(run.found):>7}"
    print(f"| {run.name:<12} | {figures} |", flush=True)
    if run.said:
        print(run.said, *(f"input: {path}" for path in run.found), sep="\n", flush=True)


def main(words: Sequence[str] | None = None) -> int:
    """Exit code 1 where something was found."""
    wanted = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    wanted.add_argument("targets", nargs="*", choices=[[], *BY_NAME], metavar="TARGET", help=", ".join(BY_NAME))
    wanted.add_argument("--seconds", type=float, default=MINUTES, help="of each target (default: ten minutes)")
    wanted.add_argument("--at-once", type=int, default=max(1, (os.cpu_count() or 2) - 1), help="processes")
    wanted.add_argument("--seed", type=int, default=0, help="the same inputs again (default: ever others)")
    wanted.add_argument("--keep", type=Path, help="a folder for corpora and findings; else a temporary one")
    asked = wanted.parse_args(words)
    if find_spec("atheris") is None:
        print(f"atheris is not installed for Python {sys.version.split()[0]}: nothing is fuzzed. "
              "Install the dependency group `fuzz`.")
        return int(os.environ.get("EARSHOT_REQUIRE_SERVERS") == "1")
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="earshot-fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    print("| target       |       runs | seconds | coverage | crashes |\n|---|---|---|---|---|", flush=True)
    fell = 0
    targets = [BY_NAME[name] for name in asked.targets] or TARGETS
    for run in _all(targets, asked.seconds, asked.at_once, folder, asked.seed):
        _print(run)
        fell += bool(run.found or run.said)
    print(f"{len(targets)} targets, {fell} with something found; corpora in {folder}")
    return int(fell > 0)


if __name__ == "__main__":
    sys.exit(main())
