"""First looks at 10,000 loopback hosts: a plain httpx client, ours, and a C client, in turns, one core each.

Prints a table with the ratios that matter, which vary less than the rates, and every host that ours lost.
EARSHOT_BENCH_HOSTS, _ROUNDS and _AT_ONCE change the numbers; EARSHOT_BENCH_SERVER=python does without nginx.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.serving import Serving, pinned
from tests.ports import free

SOURCE = Path(__file__).with_name("epoll_client.c")
WANTED = {"httpx": 5.0, "C": 0.15}           # ours against each, at least


@dataclass(frozen=True)
class Measured:
    """One client, one round."""

    seconds: float
    cpu: float
    lost: list[str] | int


def main() -> int:
    """Prints the table; 1 where ours lost a host."""
    hosts, rounds = _number("HOSTS", 10_000), _number("ROUNDS", 5)
    at_once = _number("AT_ONCE", 200)
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    ours, theirs = cores[0], cores[1:] or cores
    port = free()
    with tempfile.TemporaryDirectory(prefix="looks-") as folder, Serving(port, theirs) as by:
        commands = _commands(Path(folder))
        print(f"first looks: {hosts:,} hosts, {at_once} at once, client on one core, {by}, {rounds} rounds, medians")
        if len(cores) == 1:
            print("  one core only: client and servers share it")
        seen: dict[str, list[Measured]] = {name: [] for name in commands}
        for _ in range(rounds):
            for name, command in commands.items():
                seen[name].append(_measure(pinned([ours], [*command, str(port), str(hosts), str(at_once)])))
    return _table(seen, hosts)


def _number(name: str, usual: int) -> int:
    return int(os.environ.get(f"EARSHOT_BENCH_{name}", usual))


def _commands(folder: Path) -> dict[str, list[str]]:
    looking = [sys.executable, "-m", "tests.bench.looking"]
    commands = {"httpx": [*looking, "httpx"], "ours": [*looking, "ours"]}
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        print("first looks: no C compiler or no epoll here, so there is no yardstick")
        return commands
    program = folder / "epoll_client"
    subprocess.run([compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-o", str(program), str(SOURCE)], check=True)
    return {**commands, "C": [str(program)]}


def _measure(command: list[str]) -> Measured:
    out = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=600).stdout
    return Measured(**json.loads(out))


def _table(seen: dict[str, list[Measured]], hosts: int) -> int:
    rates = {name: median(hosts / one.seconds for one in rounds) for name, rounds in seen.items()}
    print(f"  {'client':8} {'looks/s':>9} {'from':>8} {'to':>8} {'CPU ms':>8} {'x httpx':>8} {'of C':>7} {'lost':>6}")
    for name, rounds in seen.items():
        each = [hosts / one.seconds for one in rounds]
        cpu = median(one.cpu for one in rounds) / hosts * 1000
        of_c = f"{rates[name] / rates['C']:7.1%}" if "C" in rates else "      -"
        lost = sum(one.lost if isinstance(one.lost, int) else len(one.lost) for one in rounds)
        print(f"  {name:8} {rates[name]:9,.0f} {min(each):8,.0f} {max(each):8,.0f} {cpu:8.3f} "
              f"{rates[name] / rates['httpx']:8.1f} {of_c} {lost:6}")
    for name, wanted in WANTED.items():
        if name in rates:
            print(f"  ours / {name}: {rates['ours'] / rates[name]:.2f} (wanted: at least {wanted:g})")
    lost_hosts = [host for one in seen["ours"] if isinstance(one.lost, list) for host in one.lost]
    print("  ours lost:", ", ".join(lost_hosts) or "no host")
    return 1 if lost_hosts else 0


if __name__ == "__main__":
    sys.exit(main())
