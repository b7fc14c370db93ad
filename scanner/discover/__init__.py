"""Discovery: from the pairs that a scope allows to the ports that answer. Decides nothing about permission."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable

from scanner.discover.connect import Tempo, sweep
from scanner.discover.files import at_once, in_flight_limit, raise_limit
from scanner.discover.knock import Knock, Pair
from scanner.discover.nmap import Nmap
from scanner.discover.order import Order
from scanner.net import Net
from scanner.net import State as KnockState

__all__ = ["Knock", "KnockState", "Nmap", "Order", "Pair", "Sweep", "Tempo", "at_once", "connect_sweep",
           "in_flight_limit", "nmap_sweep", "raise_limit", "sweep"]

Sweep = Callable[[Iterable[tuple[int, Pair | None]]], AsyncGenerator[Knock, None]]
"""An engine, ready: pairs in, one Knock a pair out, in the order of the answers. See `connect.sweep`."""


def connect_sweep(net: Net, *, in_flight: int, tempo: Tempo | None = None) -> Sweep:
    """Our own engine: connects through `net`, which asks the scope and keeps the account."""
    return lambda pairs: sweep(pairs, net.knock, in_flight=in_flight, tempo=tempo)


def nmap_sweep(net: Net, *, rate: float) -> Sweep:
    """Nmap's engine, `rate` packets a second; what it is asked to contact is declared in `net`'s ledger."""
    def declare(contacts: int) -> None:
        net.ledger.declared_by_nmap += contacts

    return Nmap(rate, declare).sweep
