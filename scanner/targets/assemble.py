"""Scope file and typed targets put together: what is asked for, under whose word. Pure but for reading the file.

A scope file is the permission, typed targets are what to scan of it: where both are given, each typed target must lie
within one of the file's, whose settings it takes. Beside the file only loopback, and what --authorised-by covers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from scanner.errors import ScopeError
from scanner.model import Authorisation
from scanner.targets.file import Declared
from scanner.targets.numbers import ports_of
from scanner.targets.spans import Layers
from scanner.targets.special import Need, denials, need
from scanner.targets.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What stood on the command line."""

    targets: Sequence[Target] = ()
    ports: tuple[int, ...] | None = None     # --ports
    authorised_by: str | None = None
    contact: str | None = None


class Held:
    """The targets of a scope file, asked whether they hold a typed one."""

    def __init__(self, declared: Sequence[Target]) -> None:
        self._declared = declared
        self._layers = Layers((span, i) for i, target in enumerate(declared) for span in target.networks)
        self._hosts: dict[str, list[int]] = {}
        for i, target in enumerate(declared):
            if target.host is not None:
                self._hosts.setdefault(target.host, []).append(i)

    def holder(self, target: Target) -> Target | None:
        """The narrowest declared target that holds a typed one with its ports."""
        if target.host is not None:
            numbers: Iterable[int] = self._hosts.get(target.host, ())
        else:
            numbers = self._layers.at(target.networks[0].first)
        return next((self._declared[i] for i in numbers if _holds(self._declared[i], target)), None)


def _holds(declared: Target, target: Target) -> bool:
    inside = all(any(span.within(run) for run in declared.networks) for span in target.networks)
    return inside and (declared.ports is None or target.ports is None or set(target.ports) <= set(declared.ports))


def asked(declared: Declared | None, typed: Typed) -> tuple[Target, ...]:
    """The targets to scan, with ports and settings settled, each once. Raises ScopeError."""
    if not typed.targets and declared is None:
        raise ScopeError("no targets; write an address, network or name, or give a scope file with --scope FILE")
    known = declared.targets if declared else ()
    held = Held(known)
    targets = [_settled(target, held, declared, typed) for target in typed.targets] or known
    narrowed = [_narrowed(target, typed.ports) for target in targets]
    for target in narrowed:
        _refuse_forbidden(target)
    once: dict[object, Target] = {}
    for target in narrowed:
        once.setdefault((target.asks, target.setting, target.granted, target.ssh_user), target)
    return tuple(once.values())


def ports(declared: Declared | None) -> tuple[int, ...] | None:
    """The ports that [scan] of the scope file names."""
    return ports_of(declared.options.ports) if declared and declared.options.ports else None


def authorisation(declared: Declared | None, typed: Typed) -> Authorisation:
    """Who allowed it: the scope file's table, else what was typed."""
    if declared is None or declared.authorisation is None:
        return Authorisation(authorised_by=typed.authorised_by, contact=typed.contact)
    return replace(declared.authorisation, contact=typed.contact or declared.authorisation.contact)


def _settled(target: Target, held: Held, declared: Declared | None, typed: Typed) -> Target:
    holder = held.holder(target)
    if holder is not None:
        return replace(target, ports=target.ports or holder.ports, setting=holder.setting, resolve=holder.resolve,
                       granted=holder.granted, typed=bool(typed.authorised_by))
    if declared is not None and not _own_word(target, typed):
        add = f'what = ["{target.what}"]'
        raise ScopeError(f"{target.where}: {target.what} is not in {declared.path}; write {add} there")
    return replace(target, typed=bool(typed.authorised_by))


def _own_word(target: Target, typed: Typed) -> bool:
    """Whether a target beside the scope file can stand on its own; a name is judged by its addresses later."""
    if target.host is not None:
        return target.host == "localhost" or bool(typed.authorised_by)
    enough = Need.WORD if typed.authorised_by else Need.NOTHING
    return all(need(span) <= enough for span in target.networks)


def _narrowed(target: Target, wanted: tuple[int, ...] | None) -> Target:
    """--ports chooses among the ports of a scope file's target, and leaves a written port alone."""
    if target.single or target.ports is None or wanted is None:
        return target
    left = tuple(port for port in wanted if port in target.ports)
    if not left:
        raise ScopeError(f"{target.where}: none of --ports is among the ports of {target.what}; add one there")
    return replace(target, ports=left)


def _refuse_forbidden(target: Target) -> None:
    for span in target.networks:
        row = next((row for row in denials(span) if row.always), None)
        if row is not None:
            raise ScopeError(f"{target.where}: {target.what} is {row.why}, which is never contacted; leave it out")
