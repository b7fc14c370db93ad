"""What is never contacted, whatever a target says: exclusions and denials. Pure; the first word in every decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scanner.model import Address
from scanner.targets.spans import Layers, Span, address_at
from scanner.targets.special import DENIALS, TRANSLATED, another_notation, denial, denials, forms

Excluded = tuple[str, tuple[Span, ...]]      # as written, and what it covers

_ALWAYS = tuple(row.span for row in DENIALS if row.always)
_UNLESS_NAMED = tuple(row.span for row in DENIALS if not row.always)
_TRANSLATED = Layers((span, 0) for span in TRANSLATED)


class Rules:
    """Exclusions and denials, asked with every form of an address.

    `named` are the spans that targets name themselves: a denied range is open where one of them lies within it.
    A network that merely contains a denied range does not name it.
    """

    __slots__ = ("_excluded", "_named", "_shut", "_words")

    def __init__(self, excluded: Sequence[Excluded], named: Iterable[Span]) -> None:
        self._words = [what for what, _ in excluded]
        spans = [(span, i) for i, (_, spans) in enumerate(excluded) for span in _both_notations(spans)]
        self._excluded = Layers(spans)
        self._shut = Layers(spans + [(span, -1) for span in _ALWAYS])
        self._named = Layers((span, 0) for span in named if _names_a_range(span))

    def against(self, address: Address, *, named: bool = False) -> str | None:
        """Why the address is not contacted, in plain words; None where no rule forbids it.

        `named` asks what would be said if a target named it.
        """
        for form in forms(address):
            why = self._of(form, named=named)
            if why is not None:
                return why if form == address else f"{why} (it leads to {form})"
        return None

    def _of(self, form: Address, *, named: bool) -> str | None:
        row, owners = denial(form), self._excluded.at(form)
        if row is not None and row.always:
            return f"{row.why}, which is never contacted"
        if owners:
            return f"excluded by {self._words[owners[0]]}"
        if row is not None and not named and form not in self._named:
            return f"{row.why} range, which no target names itself"
        return None

    def shuts(self, ground: Layers) -> int:
        """How many addresses of the ground are forbidden, counted without walking networks."""
        plain: list[tuple[Span, int]] = []
        walked = 0
        for first, last, _ in ground.pieces():
            span = Span(address_at(first), address_at(last))
            if span.first.version == 6 and Layers([(span, 0)]).overlap(_TRANSLATED):
                walked += sum(self.against(address_at(n)) is not None for n in range(first, last + 1))
            else:
                plain.append((span, 0))
        return walked + self._count(Layers(plain))

    def _count(self, ground: Layers) -> int:
        """Excluded, always denied, or denied and not named; by inclusion and exclusion of the three."""
        denied = [(span, 0) for span in _UNLESS_NAMED]
        shut = [(Span(address_at(a), address_at(b)), 0) for a, b, _ in self._shut.pieces()]
        named = [(Span(address_at(a), address_at(b)), 0) for a, b, _ in self._named.pieces()]
        open_again = ground.overlap(Layers(shut + named)) - ground.overlap(Layers(shut))
        return ground.overlap(Layers(shut + denied)) - open_again


def _names_a_range(span: Span) -> bool:
    return any(not row.always for row in denials(span))


def _both_notations(spans: Iterable[Span]) -> Iterable[Span]:
    """An exclusion written as ::ffff:192.0.2.13 means 192.0.2.13."""
    for span in spans:
        yield span
        first, last = another_notation(span.first), another_notation(span.last)
        if first is not None and last is not None and int(last) - int(first) + 1 == span.size:
            yield Span(first, last)
