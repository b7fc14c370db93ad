"""What targets say of one door: who speaks for it, what is to be asked there, and in which protocol. Pure.

It permits nothing: that is the scope's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scanner.model import Address
from scanner.model.schemes import WEB, Scheme, meant
from scanner.targets.target import Target

Permits = Callable[[Target, int | None], bool]


@dataclass(frozen=True, slots=True)
class Doors:
    """The targets of a scope, asked by address, port and name."""

    targets: Sequence[Target]
    at: Callable[[Address], Sequence[int]]       # the targets that claim an address, narrowest first
    by_host: Mapping[str, Sequence[int]]         # the targets that wrote a name
    permits: Permits                             # whether a target wants a port

    def speaker(self, address: Address, host: str | None, port: int | None) -> Target | None:
        """The target that speaks for a door: of several one that names the port, as two owners may share a machine."""
        owners = self.at(address)
        named = (self._of_name(address, host) or owners) if owners else ()
        wanting = (self.targets[i] for i in named if self.permits(self.targets[i], port))
        return next(wanting, self.targets[named[0]] if named else None)

    def paths(self, address: Address, port: int, host: str | None) -> tuple[tuple[str, str], ...]:
        """See `Scope.paths_at`."""
        mine = [*self._wanting(port, self._of_name(address, host)), *self._beside(address, port)]
        return tuple(dict.fromkeys(target.written for target in mine if target.written))

    def only_written(self, address: Address, port: int, host: str | None) -> bool:
        """See `Scope.only_buckets`."""
        named = self._wanting(port, self.at(address))
        mine = self._wanting(port, self._of_name(address, host))
        wanted = mine or named if host is None else mine
        return bool(named) and all(target.only_written for target in wanted)

    def scheme(self, address: Address, port: int) -> Scheme | None:
        """The scheme of the narrowest target that wrote one."""
        wrote = (meant(target.scheme) for target in self._wanting(port, self.at(address)))
        return next((scheme for scheme in wrote if scheme is not None), None)

    def _of_name(self, address: Address, host: str | None) -> Sequence[int]:
        """The targets that speak for a name at an address: those pinned there, else all that wrote it."""
        pinned = [i for i in self.at(address) if self.targets[i].host == host]
        return pinned or (() if host is None else self.by_host.get(host, ()))

    def _beside(self, address: Address, port: int) -> list[Target]:
        """Those that mean a protocol in which a door is the same by every name."""
        there = self._wanting(port, self.at(address))
        return [target for target in there if target.bucket is None and target.scheme not in (None, *WEB)]

    def _wanting(self, port: int, numbers: Sequence[int]) -> list[Target]:
        return [target for i in numbers if self.permits(target := self.targets[i], port)]
