"""Overload: thousands of endpoints of which a third hang, a third reset and a third answer, scanned under watch.

`python -m tests.soak` takes ten minutes or more, `--short` seconds. Prints a line for each minute (memory, CPU, open
files, contacts a second, stores, the longest step of the event loop and what it did), and what is wrong: memory that
does not stay within a tenth, more contacts than the rate promises, a finding that is lost or is not what a calm scan
of the same servers finds, a step that takes over 100 ms of its thread's CPU. 1 where anything is.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tests.soak import judge
from tests.soak.fleet import Fleet, Kind
from tests.soak.serving import Serving
from tests.soak.steps import Step
from tests.soak.watched import Order, Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How much."""

    fleet: Fleet
    rate: float
    host_rate: float
    warm: float | None                       # seconds until memory must be flat; None: half of the scan
    line: float                              # seconds to a line of the table
    requests: int                            # to a door that shows nothing
    compared: int                            # stores that a calm scan is asked about
    limits: dict[str, float]                 # of one connection, where not the usual ones


FULL = Form(fleet=Fleet(20_000, 1_000_000, 20_000), rate=500, host_rate=100, requests=6, warm=60,
            line=60, compared=150, limits={})
SHORT = Form(fleet=Fleet(120, 6_000, 300), rate=1_000, host_rate=1_000, requests=6, warm=None, line=2, compared=10,
             limits={"first_byte": 1.0})


def main(words: Sequence[str] = ()) -> int:
    """Scan and judge. 0: nothing is wrong."""
    options = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    options.add_argument("--short", action="store_true", help="some hundred endpoints, seconds")
    options.add_argument("--endpoints", type=int, help="another number of them")
    options.add_argument("--minutes", type=float, help="stop then, and judge what was come to")
    options.add_argument("--rate", type=float, help="contacts a second, of all")
    options.add_argument("--samples", type=Path, help="keep what was seen each second: a JSON object a line")
    options.add_argument("--loop", choices=("asyncio", "uvloop"), default="uvloop", help="the event loop")
    chosen = options.parse_args(words)
    form = SHORT if chosen.short else FULL
    fleet = replace(form.fleet, endpoints=chosen.endpoints or form.fleet.endpoints)
    return run(replace(form, fleet=fleet, rate=chosen.rate or form.rate), chosen.loop,
               chosen.minutes and chosen.minutes * 60, chosen.samples)


def run(form: Form, loop: str, seconds: float | None = None, samples: Path | None = None) -> int:
    """One scan under load and a calm one beside it, judged."""
    fleet = form.fleet
    with Serving(fleet) as there:
        order = Order(targets=[there.targets], port=there.port, folder="", loop=loop, rate=form.rate,
                      host_rate=form.host_rate, requests=form.requests, limits=form.limits,
                      every=min(1.0, form.line / 4), seconds=seconds)
        print(f"{fleet.endpoints:,} endpoints, a third of which hang and a third reset; "
              f"at most {form.rate:g} contacts a second; {loop}", flush=True)
        loaded = watched(order, _Lines(form.line))
        done = set(loaded.done)
        shown = [at for number in _compared(fleet, form) if (at := there.place.address(number)) in done]
        calm = watched(replace(order, targets=shown, rate=1e6, host_rate=1e6, seconds=None), lambda sample: None)
        told = there.end()
    if samples is not None:
        samples.write_text("".join(json.dumps(asdict(one)) + "\n" for one in loaded.samples), encoding="utf-8")
    warm = form.warm or loaded.samples[-1].at / 2
    wrong = judge.complaints(loaded, fleet, there.place, rate=form.rate, warm=warm)
    wrong += judge.differing(loaded.findings, calm.findings)
    wrong += [why for part in told for why in part["unfit"]]
    longest = max((sample.longest for sample in loaded.samples), default=0.0)
    print(f"  {loaded.contacts:,} contacts, {loaded.a_second} within a second at most, {loaded.one_host} to one host")
    print(f"  {loaded.steps:,} steps, the longest {longest * 1000:.0f} ms of CPU, {len(loaded.long)} over 100 ms; "
          f"machine {loaded.slowness:.1f} times as slow as it might be")
    print(f"  {len(loaded.done):,} endpoints done{'' if loaded.ended else ', then stopped'}; "
          f"{len(loaded.findings):,} findings of {len(fleet.files()):,}, {len(calm.findings)} compared with a calm "
          f"scan; {loaded.closed} closed; gaps: {', '.join(f'{why} {many:,}' for why, many in loaded.gaps.items())}")
    for why in wrong:
        print(f"  WRONG: {why}")
    good = "nothing is lost, memory is flat, no step is long"
    print("  overload: " + (f"{len(wrong)} things are wrong" if wrong else good))
    return 1 if wrong else 0


def _compared(fleet: Fleet, form: Form) -> list[int]:
    """The endpoints that a calm scan is asked about as well."""
    large = fleet.numbers(Kind.LONG, Kind.WIDE)
    few = sorted(set(fleet.files()) - set(large))[::max(1, len(fleet.files()) // form.compared)]
    return [*few, *large]


class _Lines:
    """Prints the table while it grows."""

    def __init__(self, every: float) -> None:
        self._every, self._samples, self._done = every, list[Sample](), 0

    def __call__(self, sample: Sample) -> None:
        self._samples.append(sample)
        whole = [one for one in self._samples if one.at < sample.at // self._every * self._every]
        lines = judge.table(whole, self._every)
        if len(lines) > 1 and len(lines) > self._done:
            print("\n".join("  " + line for line in lines[self._done:]), flush=True)
            self._done = len(lines)


def watched(order: Order, sampled: Callable[[Sample], object]) -> judge.Seen:
    """One scan in a process of its own. `sampled` is told each sample as it comes."""
    samples: list[Sample] = []
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        command = [sys.executable, "-m", "tests.soak.watched", json.dumps(asdict(replace(order, folder=folder)))]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                told = json.loads(line)
                if "sample" in told:
                    samples.append(Sample(**told["sample"]))
                    sampled(samples[-1])
        if process.returncode:
            raise SystemExit(f"the scan ended with {process.returncode}")
    end = told["end"]
    return judge.Seen(samples=samples, **{**end, "long": [Step(**step) for step in end["long"]]})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
