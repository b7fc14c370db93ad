"""The permission: what may be touched, and why not. Pure: no socket, no clock, no file but through `build`.

Every contact asks `Scope.decide` at the moment of dialling. In this order: cloud metadata never; exclusions always
win; special ranges only where a target names them itself; then some target must name the address, and the port
where it names ports. Every form of an address is asked (mapped, translated and tunnelled IPv6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from ipaddress import IPv6Address
from operator import itemgetter
from pathlib import Path

from scanner.model import Address, Authorisation, Setting
from scanner.targets import assemble, authority, hosts, identity, numbers
from scanner.targets.decision import Decision, Pair
from scanner.targets.doors import Doors
from scanner.targets.file import load
from scanner.targets.form import Limits, ScanOptions
from scanner.targets.ground import Claim, Ground
from scanner.targets.numbers import DEFAULT_PORTS, TLS_PORTS, ports
from scanner.targets.pinning import Answer, Pin, Refusal, by_target, known, pin
from scanner.targets.rules import Rules
from scanner.targets.spans import Span
from scanner.targets.target import Exclusion, FormError, Target, shown

__all__ = ["DEFAULT_PORTS", "TLS_PORTS", "Decision", "Pair", "Pin", "Refusal", "Scope", "build", "ports"]

_REMEMBERED = 4096                       # decisions: more than there are ports in work at once
_MANY = 1 << 16


@dataclass(frozen=True, kw_only=True, eq=False)
class Scope:
    """Targets less exclusions. Immutable: `pinned` gives a new one."""

    targets: tuple[Target, ...]
    exclusions: tuple[Exclusion, ...] = ()
    authorisation: Authorisation = field(default_factory=Authorisation)
    stated: bool = False                     # --authorised-by was given
    ports: tuple[int, ...] = DEFAULT_PORTS   # tried where a target names none
    strict_ports: bool = False               # those ports were asked for: no other may be contacted
    limits: Limits = field(default_factory=Limits)
    options: ScanOptions = field(default_factory=ScanOptions)
    score_table: Path | None = None
    warnings: tuple[str, ...] = ()
    pins: tuple[Pin, ...] = ()
    shut: tuple[tuple[str, Address], ...] = ()      # addresses of excluded names
    refusals: tuple[Refusal, ...] = ()

    def decide(self, address: Address | str, port: int | None = None) -> Decision:
        """Whether the address, and the port if given, may be contacted. Never raises; remembers what it said."""
        if isinstance(address, str):
            return self._decide_text(address, port)
        key = (address, port)
        said = self._said.get(key)
        if said is None:
            if len(self._said) >= _REMEMBERED:
                self._said.clear()
            said = self._said[key] = self._judge(address, port)
        return said

    def decide_host(self, host: str) -> Decision:
        """Whether a host may be asked by this name: it was given as a target and is not excluded. Never raises."""
        try:
            if numbers.address(host) is not None:
                return self.decide(host)
            name = hosts.host_name(host)
        except FormError as error:
            return Decision(False, f"{shown(host)} {error.why}")
        if name in self._excluded_names:
            return Decision(False, f"excluded by {name}")
        found = self._by_host.get(name)
        if not found:
            return Decision(False, f"{name} is no target; names met on the way are never followed")
        return Decision(True, f"named by {self.targets[found[0]].what}", self.targets[found[0]])

    def _decide_text(self, text: str, port: int | None) -> Decision:
        try:
            address = numbers.address(text)
        except FormError as error:
            return Decision(False, f"{shown(text)} {error.why}")
        return Decision(False, f"{shown(text)} is no address") if address is None else self.decide(address, port)

    def _judge(self, address: Address, port: int | None) -> Decision:
        if isinstance(address, IPv6Address) and address.scope_id is not None:
            return Decision(False, "has a zone id, which means another thing on each machine")
        why = self.rules.against(address)
        if why is not None:
            return Decision(False, why)
        owners = [self.targets[i] for i in self._ground.targets(address) if self.targets[i].permits_its_addresses]
        if not owners:
            return Decision(False, "no target names it")
        for target in owners:
            if self._permits(target, port):
                return Decision(True, f"named by {target.what}", target)
        return Decision(False, f"port {port} is not among the ports of {owners[0].what}")

    def _permits(self, target: Target, port: int | None) -> bool:
        if port is None or (target.ports is None and not self.strict_ports):
            return port is None or 0 < port < 65536
        return port in (target.ports or self.ports)

    def pins_of(self, number: int) -> Sequence[Pin]:
        """The addresses that the name of a target is pinned to."""
        return self._by_target.get(number, ())

    @cached_property
    def _by_target(self) -> Mapping[int, Sequence[Pin]]:
        return by_target(self.pins)

    def __len__(self) -> int:
        """Number of different (address, port) pairs that targets name, excluded ones among them."""
        return len(self._ground)

    def __bool__(self) -> bool:
        return True                          # a scope of names alone has no pair before they are pinned

    def pair(self, index: int) -> Pair | None:
        """The pair of a number below `len`; None: excluded or denied. Each pair has one number. Raises IndexError."""
        address, port = self._ground.pair(index)
        decision = self.decide(address, port)
        return Pair(address, port, decision.target) if decision.target is not None else None

    @property
    def addresses(self) -> int:
        """Different addresses that targets name, excluded ones among them."""
        return self._ground.layers.size

    @cached_property
    def excluded(self) -> int:
        """How many of them exclusions and denials take away."""
        return self.rules.shuts(self._ground.layers)

    @property
    def is_large(self) -> bool:
        """More addresses than may be scanned without --max-duration."""
        return self.addresses - self.excluded > _MANY

    @property
    def hosts(self) -> tuple[str, ...]:
        """Names of targets that want resolving, each once, excluded ones left out."""
        return tuple(host for host in self._by_host if host not in self._excluded_names)

    @property
    def excluded_hosts(self) -> tuple[str, ...]:
        """Excluded names. Where `pinned` is told their addresses, these are excluded with them."""
        return tuple(self._excluded_names)

    def pinned(self, answers: Mapping[str, Answer]) -> Scope:
        """The scope with names tied to addresses. Addresses that may not be pinned stand in `refusals`."""
        shut = tuple((host, address) for host in self.excluded_hosts for address in known(answers.get(host)))
        base = replace(self, pins=(), refusals=(), shut=shut)
        found = [result for host in self.hosts for number in self._by_host[host]
                 for result in pin(self.targets[number], number, answers.get(host), base.rules, base.listed_ports)]
        return replace(base, pins=tuple(result for result in found if isinstance(result, Pin)),
                       refusals=tuple(dict.fromkeys(result for result in found if isinstance(result, Refusal))))

    def listed_ports(self, target: Target, address: Address) -> tuple[int, ...]:
        """Which of a target's ports may be tried at an address; none where the address is not allowed at all."""
        if not self.decide(address).allowed:
            return ()
        return tuple(port for port in target.ports or self.ports if self.decide(address, port).allowed)

    def hosts_at(self, address: Address) -> tuple[str, ...]:
        """The names pinned to an address: asked as virtual hosts there."""
        return self._hosts_at.get(address, ())

    def setting_at(self, address: Address, host: str | None = None, port: int | None = None) -> tuple[Target, Setting]:
        """The target that speaks for a door, and what it says. Raises LookupError where no target does.

        Of several at one address, one that names the port: two owners may share a machine.
        """
        target = self._doors.speaker(address, host, port)
        if target is None:
            raise LookupError(f"no target names {address}")
        return target, target.setting

    def paths_at(self, address: Address, port: int, host: str | None = None) -> tuple[tuple[str, str], ...]:
        """(quoted directory path, way to list it) that targets name at a door; "" is the way of pages.

        For an address only those written with the address; of protocols that know no host names, all of that door.
        """
        return self._doors.paths(address, port, host)

    def scheme_at(self, address: Address, port: int) -> str | None:
        """The probe that is meant at a door, such as `ftp` for ftps://; None where no target wrote a scheme."""
        scheme = self._doors.scheme(address, port)
        return None if scheme is None else scheme.protocol

    def tls_at(self, address: Address, port: int) -> bool | None:
        """Whether TLS is meant from the first byte on, as by ftps://; None: as the door has it."""
        scheme = self._doors.scheme(address, port)
        return None if scheme is None else scheme.tls

    def only_buckets(self, address: Address, port: int, host: str | None = None) -> bool:
        """Whether nothing but `paths_at` may be asked for at a door: buckets are named there, or it is a cloud's store.

        By its address a door may be asked for more only where some target there allows more.
        """
        return self._doors.only_written(address, port, host)

    def unauthorised(self) -> tuple[str, ...]:
        """Targets that need more permission than was given, judged by address; names count once they are pinned."""
        return authority.lacks(self.targets, self.pins, self._ground.targets, stated=self.stated)

    def require_authorisation(self, today: date) -> None:
        """Raise ScopeError, with a scope file to paste, where a target needs more permission than was given."""
        lacks = self.unauthorised()
        if lacks:
            raise authority.refusal(lacks, self.targets, self.exclusions, today)

    @cached_property
    def sha256(self) -> str:
        """Hash of targets, exclusions and ports, whatever their order, labels and comments."""
        return identity.of_targets(self.targets, self.ports, self.exclusions)

    @cached_property
    def targets_sha256(self) -> str:
        """Hash of targets and ports alone: exclusions may grow when a scan goes on."""
        return identity.of_targets(self.targets, self.ports)

    @cached_property
    def layout(self) -> str:
        """Hash of what the numbers of `pair` mean: it changes when names are pinned to other addresses."""
        return identity.of_claims(self._claims)

    @cached_property
    def _said(self) -> dict[tuple[Address, int | None], Decision]:
        return {}

    @cached_property
    def _claims(self) -> list[Claim]:
        literal = [(span, i, target.ports) for i, target in enumerate(self.targets) for span in target.networks]
        pinned = [(Span(pin.address, pin.address), pin.target, pin.ports) for pin in self.pins]
        wanted = sorted(literal + pinned, key=itemgetter(1))      # of equally narrow targets the first speaks
        return [Claim(span, i, ports or self.ports) for span, i, ports in wanted]

    @cached_property
    def _ground(self) -> Ground:
        return Ground(self._claims)

    @cached_property
    def _doors(self) -> Doors:
        return Doors(self.targets, self._ground.targets, self._by_host, self._permits)

    @cached_property
    def rules(self) -> Rules:
        """What is never contacted, whatever a target says."""
        excluded = [(e.what, e.networks) for e in self.exclusions]
        excluded += [(f"{host}, one of whose addresses it is", (Span(a, a),)) for host, a in self.shut]
        local = (Span(pin.address, pin.address) for pin in self.pins if hosts.is_local(pin.host))
        return Rules(excluded, [*(span for target in self.targets for span in target.networks), *local])

    @cached_property
    def _by_host(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for i, target in enumerate(self.targets):
            if target.host is not None:
                found.setdefault(target.host, []).append(i)
        return found

    @cached_property
    def _excluded_names(self) -> dict[str, None]:
        return dict.fromkeys(e.host for e in self.exclusions if e.host is not None)

    @cached_property
    def _hosts_at(self) -> dict[Address, tuple[str, ...]]:
        found: dict[Address, dict[str, None]] = {}
        for pinned in self.pins:
            found.setdefault(pinned.address, {})[pinned.host] = None
        return {address: tuple(names) for address, names in found.items()}


def build(
    *, file: Path | None = None, targets: Sequence[Target] = (), exclude: Sequence[Exclusion] = (),
    ports: tuple[int, ...] | None = None, authorised_by: str | None = None, contact: str | None = None, today: date,
) -> Scope:
    """The scope of a scope file, of typed targets, or of typed targets within a scope file.

    Raises ScopeError or TargetError: nothing to scan, a mistake in the file, a literal target without permission
    (names are judged after `pinned`, by `require_authorisation`).
    """
    typed = assemble.Typed(targets=targets, ports=ports, authorised_by=authorised_by, contact=contact)
    declared = load(file, today=today) if file is not None else None
    found = assemble.asked(declared, typed)
    wanted = ports or assemble.ports(declared)
    scope = Scope(
        targets=found,
        exclusions=(*(declared.exclusions if declared else ()), *exclude),
        authorisation=assemble.authorisation(declared, typed),
        stated=bool(authorised_by),
        ports=wanted or DEFAULT_PORTS,
        strict_ports=wanted is not None,
        limits=declared.limits if declared else Limits(),
        options=declared.options if declared else ScanOptions(),
        score_table=declared.score_table if declared else None,
        warnings=(*(declared.warnings if declared else ()), *(f"{t.where}: {t.note}" for t in found if t.note)),
    )
    scope.require_authorisation(today)
    return scope
