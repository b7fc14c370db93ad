"""Discovery through python-nmap. It is given addresses that were decided, as literals, and never a name or a range.

What nmap contacts is declared, not measured: our ledger does not see it. Each run is a process of its own
(nmap_run.py), which is ended together with its nmap when its time is over, or the scan is.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import sys
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from scanner.discover.knock import Knock, Pair
from scanner.errors import LocalFault, UsageError
from scanner.model import Address
from scanner.net.dial import State

_T = TypeVar("_T")

_BATCH = 4096                                # pairs read at a time
_HOSTS = 64                                  # addresses a run
_PORTS = 25                                  # ports a run: beyond, nmap sums up what is closed and python-nmap loses it
_LITERAL = re.compile(r"[0-9a-f.:]+")
_OURS = ("address not available", "cannot assign requested", "too many open files", "no buffer space",
         "network is down")                  # strerror(3) of faults of this machine, which nmap shows as silence
CHILD = (sys.executable, "-P", str(Path(__file__).with_name("nmap_run.py")))     # what is started
_INSTEAD = "leave out --discover nmap to do without it"


@dataclass(frozen=True, slots=True)
class Run:
    """One call of nmap: every address is asked for every port, so that only pairs that were allowed are asked."""

    addresses: tuple[Address, ...]           # of one family
    ports: tuple[int, ...]

    @property
    def contacts(self) -> int:
        """Pairs."""
        return len(self.addresses) * len(self.ports)

    def plan(self, nmap: str, rate: int) -> dict[str, Any]:
        """What the child is told: which `nmap`, and its words. ValueError for an address that is no plain literal."""
        patience = 60 + 10 * self.contacts // rate               # s a host: nmap may try ten times
        family = " -6" if self.addresses[0].version == 6 else ""
        return {
            "nmap": nmap,
            "hosts": " ".join(_literal(address) for address in self.addresses),
            "ports": ",".join(f"{port:d}" for port in self.ports),
            "arguments": f"-sT -n -Pn --max-rate {rate:d} --host-timeout {patience:d}s{family}",
            "seconds": 2 * patience,
        }


class Nmap:
    """The engine. `rate`: packets a second at most. `declare` is told, before each run, how many pairs it contacts."""

    def __init__(self, rate: float, declare: Callable[[int], None]) -> None:
        self._rate = max(1, int(rate))
        self._declare = declare

    async def sweep(self, pairs: Iterable[tuple[int, Pair | None]]) -> AsyncGenerator[Knock, None]:
        """One Knock for each pair that is not None; `seconds` is 0.0, as nmap does not tell.

        Raises UsageError where there is no nmap, before anything is sent; LocalFault where nmap failed: pairs
        without a Knock are unknown.
        """
        nmap = find()
        source = iter(pairs)
        while batch := list(islice(source, _BATCH)):
            wanted = {(pair.address, pair.port): index for index, pair in batch if pair is not None}
            for run in runs(wanted):
                self._declare(run.contacts)
                for (address, port), state in states(run, await _child(run.plan(nmap, self._rate))).items():
                    yield Knock(wanted[address, port], address, port, state, 0.0)
            await asyncio.sleep(0)


def find() -> str:
    """Where in PATH nmap is. UsageError where it is not."""
    if found := shutil.which("nmap"):
        return found
    raise UsageError(f"there is no nmap program in PATH: install it, or {_INSTEAD}")


def runs(pairs: Iterable[tuple[Address, int]]) -> Iterator[Run]:
    """The runs that ask exactly these pairs: addresses that share their ports go together."""
    ports: dict[Address, list[int]] = defaultdict(list)
    for address, port in pairs:
        ports[address].append(port)
    alike: dict[tuple[int, tuple[int, ...]], list[Address]] = defaultdict(list)
    for address, wanted in ports.items():
        for some in _pieces(sorted(wanted), _PORTS):
            alike[address.version, some].append(address)
    for (_, some), addresses in alike.items():
        for group in _pieces(addresses, _HOSTS):
            yield Run(group, some)


def states(run: Run, result: Mapping[str, Any]) -> dict[tuple[Address, int], State]:
    """What the child found, for each pair of the run. LocalFault where it does not answer for all its addresses."""
    said = str(result.get("error") or result.get("said") or "no reason given")
    try:
        return _states(run, result, said)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise LocalFault(f"nmap answered in a form that cannot be read: {said}; {_INSTEAD}") from error


def _states(run: Run, result: Mapping[str, Any], said: str) -> dict[tuple[Address, int], State]:
    if "scan" not in result or any(fault in said.lower() for fault in _OURS):
        raise LocalFault(f"nmap failed: {said}; {_INSTEAD}")
    seen = {ip_address(host): ports for host, ports in result["scan"].items()}
    if missing := [str(address) for address in run.addresses if address not in seen]:
        raise LocalFault(f"nmap left out {missing[0]} and {len(missing) - 1} more: {said}; {_INSTEAD}")
    return {(address, port): state(*seen[address].get(str(port), ("filtered", "host-timeout")))
            for address in run.addresses for port in run.ports}


def state(word: str, reason: str) -> State:
    """Nmap's word for a port and its reason (nmap(1), "port scanning basics"), in ours."""
    if word == "open":
        return State.OPEN
    if word == "closed":
        return State.CLOSED
    return State.UNREACHABLE if reason.endswith(("unreach", "prohibited")) else State.SILENT


def _literal(address: Address) -> str:
    text = str(address)
    if not _LITERAL.fullmatch(text):
        raise ValueError(f"{text!r} is no plain address")
    return text


def _pieces(things: Sequence[_T], size: int) -> Iterator[tuple[_T, ...]]:
    for at in range(0, len(things), size):
        yield tuple(things[at:at + size])


async def _child(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Run the child; it ends when its time is over, when we are cancelled, and then nmap with it."""
    process = await asyncio.create_subprocess_exec(
        *CHILD, start_new_session=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("NMAP")},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(plan["seconds"] + 30):        # the child keeps its limit, but for `nmap -V`
            out, _ = await process.communicate(json.dumps(plan).encode())
    except TimeoutError:
        return {"error": "it did not end in time"}
    finally:
        await _end(process)
    try:
        result: dict[str, Any] = json.loads(out)
    except ValueError:
        return {"error": "it broke off"}
    return result


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)               # its session: python and nmap
    await process.wait()
