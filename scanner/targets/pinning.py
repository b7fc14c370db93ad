"""Names to addresses: which answers a name may be pinned to, and what to write where it may not. Resolves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scanner.model import Address, Vantage
from scanner.targets import hosts
from scanner.targets.rules import Rules
from scanner.targets.spans import Span
from scanner.targets.special import Need, another_notation, forms, is_private, need
from scanner.targets.target import Target

Answer = Sequence[Address] | Exception | None
Listed = Callable[[Target, Address], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Pin:
    """A name tied to one of its addresses for the whole scan."""

    host: str
    address: Address
    target: int                              # the number of the target that names it
    ports: tuple[int, ...] | None            # to be tried there; None: those of the scan


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is not used, and what the owner can do."""

    host: str
    address: Address | None                  # None: the name itself
    reason: str
    remedy: str                              # a line for the scope file, what to do, or "none"


def pin(target: Target, number: int, answer: Answer, rules: Rules, listed_ports: Listed) -> Iterator[Pin | Refusal]:
    """One result for each answer. `listed_ports`: which of the target's ports literal targets allow at an address."""
    host = target.host or ""
    if not known(answer):
        why = f" ({answer})" if isinstance(answer, Exception) else ""
        yield Refusal(host, None, f"does not resolve{why}", "check the name, or write its address")
        return
    for address in dict.fromkeys(known(answer)):
        listed = listed_ports(target, address)
        objection = _objection(target, address, rules, listed=bool(listed))
        if objection is not None:
            yield Refusal(host, address, *objection)
        else:
            yield Pin(host, address, number, listed if target.resolve == "listed" else target.ports)


def by_target(pins: Iterable[Pin]) -> Mapping[int, Sequence[Pin]]:
    """The pins of each target that has any, by its number."""
    found: dict[int, list[Pin]] = {}
    for one in pins:
        found.setdefault(one.target, []).append(one)
    return found


def known(answer: Answer) -> Sequence[Address]:
    """The addresses of an answer; none where there is no answer."""
    return () if answer is None or isinstance(answer, Exception) else answer


def _objection(target: Target, address: Address, rules: Rules, *, listed: bool) -> tuple[str, str] | None:
    """Why the name may not be pinned to the address, and the remedy."""
    plain = another_notation(address)
    add = f'what = ["{target.host}", "{plain or address}"]'
    own_loopback = hosts.is_local(target.host or "") and need(Span(address, address)) is Need.NOTHING
    why = rules.against(address, named=own_loopback)
    if why is not None:
        return why, "none" if rules.against(address, named=True) else add
    if plain is not None:
        return "an IPv4 address in another notation", add
    if target.resolve == "listed" and not listed:
        return "not listed, as the addresses of this name must be", add
    if not listed and _needs_word(target) and any(is_private(form) for form in forms(address)):
        return "private space, while the vantage is the internet", f'vantage = "internal", or {add}'
    return None


def _needs_word(target: Target) -> bool:
    return target.setting.vantage is Vantage.INTERNET and not target.typed
