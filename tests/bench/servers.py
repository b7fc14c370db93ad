"""One folder of 200,000 entries over FTP, SMB, NFS and rsync, listed by our probes and by who usually lists it.

Run: `python -m tests.bench.servers [PROTOCOL …]`. Prints entries a second of both and the ratio, which varies less;
memory above the process with its door open; seconds to the first entries, and from an early stop to closed.
EARSHOT_BENCH_ENTRIES changes the number. Servers that are missing are said.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from tests.bench.sharing import SHARES, Shared, folder_for

ENTRIES = int(os.environ.get("EARSHOT_BENCH_ENTRIES", "200000"))
_HEAD = f"  {'':6}{'server':13}{'entries/s':>11}{'usual/s':>11}{'ratio':>7}{'MB':>7}{'first':>9}{'stop':>9}  usual"


def grown(root: Path, entries: int) -> Path:
    """A folder with so many recordings. Sparse, fictional numbers only."""
    root.mkdir(mode=0o755)
    for number in range(entries):
        name = f"20190218-{number:06d}-07017406{5 + number % 95:02d}.wav"
        handle = os.open(root / name, os.O_CREAT | os.O_WRONLY, 0o644)
        os.ftruncate(handle, 16_044 + number)
        os.close(handle)
    return root


def main(names: list[str]) -> int:
    """Measure those named, or all. 1 where entries were lost."""
    print(f"one folder of {ENTRIES:,} entries; memory is what listing takes above an open door")
    print(_HEAD, flush=True)
    worst = 0
    above = Path(tempfile.mkdtemp(prefix="earshot-bench-"))
    above.chmod(0o755)
    try:
        root = grown(above / "calls", ENTRIES)
        for name in names or SHARES:
            worst = max(worst, _one(name, above, root))
    finally:
        shutil.rmtree(above)
    return worst


def _one(name: str, above: Path, root: Path) -> int:
    try:
        with folder_for(name, above) as folder, SHARES[name](folder, root) as shared:
            return _print(shared, ours(shared), _usual(shared))
    except LookupError as lacks:
        print(f"  {name:6}{lacks.args[0]}", flush=True)
        return 0
    except RuntimeError as broke:
        print(f"  {name:6}{broke.args[0]}", flush=True)
        return 1


def ours(shared: Shared, *how: str) -> dict[str, float]:
    """What `shown` measures, in a process of its own."""
    command = [*shared.inside, sys.executable, "-m", "tests.bench.shown", shared.protocol, str(shared.port), *how]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError((ended.stderr.strip().splitlines() or ["nothing was said"])[-1])
    return dict(json.loads(ended.stdout))


def _usual(shared: Shared) -> float:
    """Seconds that the usual client takes, its own start taken off."""
    start = perf_counter()
    subprocess.run([shared.usual[0], "--version"], check=False, capture_output=True)
    own = perf_counter() - start
    start = perf_counter()
    subprocess.run(shared.usual, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return max(perf_counter() - start - own, 1e-3)


def _print(shared: Shared, ours: dict[str, float], usual: float) -> int:
    rate, theirs = ours["entries"] / ours["seconds"], ENTRIES / usual
    print(f"  {shared.protocol:6}{shared.server:13}{rate:11,.0f}{theirs:11,.0f}{rate / theirs:7.2f}{ours['grown']:7.1f}"
          f"{ours['first'] * 1000:6.0f} ms{ours['stopped'] * 1000:6.0f} ms  {Path(shared.usual[0]).name}", flush=True)
    if ours["entries"] != ENTRIES:
        print(f"  {shared.protocol}: {ours['entries']:,} of {ENTRIES:,} entries came", flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
