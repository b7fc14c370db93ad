"""A circuit breaker: when everything falls silent at once, it is our link and not their ports. No network, no clock.

While nothing answers, outcomes are held back. After a long stretch of them the hosts that answered last are asked
again (by the caller). Do they answer, what was held is true and is told; do they not, it is asked again.
"""

from __future__ import annotations

from collections import deque

from scanner.discover.knock import ANSWERS, Knock
from scanner.model import Address

_STRETCH = 128                               # outcomes without an answer before the first doubt
_MOST = 4096                                 # the stretch doubles with each false alarm up to here: a sparse network
_HOSTS = 5                                   # silence of fewer is theirs
_WITNESSES = 3                               # fewer that ever answered prove nothing
_KEPT = 5
_RENEWED = 16                                # one answer in so many renews the witnesses: each answer would cost


class Breaker:
    """Holds outcomes without an answer until an answer, or a witness, shows that the network is there."""

    __slots__ = ("_answers", "_held", "_hosts", "_length", "_stretch", "_witnesses")

    def __init__(self) -> None:
        self._held: list[Knock] = []
        self._hosts: set[Address] = set()
        self._answers = 0
        self._length = 0
        self._stretch = _STRETCH
        self._witnesses: deque[Knock] = deque(maxlen=_KEPT)

    @property
    def witnesses(self) -> tuple[Knock, ...]:
        """Hosts that answered lately, one port each."""
        return tuple(self._witnesses)

    @property
    def doubtful(self) -> bool:
        """Something is held that could be our own silence."""
        return bool(self._held) and len(self._hosts) >= _HOSTS and len(self._witnesses) >= _WITNESSES

    @property
    def suspicious(self) -> bool:
        """Nothing has answered for so long that the witnesses should be asked."""
        return self._length >= self._stretch and len(self._hosts) >= _HOSTS and len(self._witnesses) >= _WITNESSES

    def settle(self, knock: Knock) -> list[Knock]:
        """Takes an outcome; gives back those that may be told now."""
        if knock.state in ANSWERS:
            self._remember(knock)
            return [*self.release(), knock]
        self.missed(knock.address)
        if len(self._witnesses) < _WITNESSES:
            return [knock]
        self._held.append(knock)
        return []

    def missed(self, address: Address) -> None:
        """A try without an answer, though not the last."""
        self._length += 1
        if len(self._hosts) < _HOSTS:
            self._hosts.add(address)

    def cleared(self) -> list[Knock]:
        """A witness answered: the silence is theirs. Gives back what was held."""
        self._stretch = min(_MOST, self._stretch * 2)
        return self.release()

    def release(self) -> list[Knock]:
        """Gives back what was held and forgets the stretch."""
        held, self._held = self._held, []
        self._length = 0
        self._hosts.clear()
        return held

    def _remember(self, knock: Knock) -> None:
        self._answers += 1
        if len(self._witnesses) == _KEPT and self._answers % _RENEWED:
            return
        if all(knock.address != witness.address for witness in self._witnesses):
            self._witnesses.append(knock)
