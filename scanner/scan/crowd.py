"""Crowd: how many open ports of one address are in work at once. Pure.

An address has few connections at a time, however many of its ports are open. More visits than can use them would only
hold the lanes that other addresses wait for, so the further ports stand in a line of their own.
"""

from __future__ import annotations

from collections import Counter, deque

from scanner.model import Address

AT_ONE = 64                              # an eighth of all lanes, and more ports than are tried where none are named


class Crowd:
    """The ports in work, and those in line, by address."""

    __slots__ = ("_in_work", "_line", "_most")

    def __init__(self, most: int = AT_ONE) -> None:
        """`most` ports of one address are in work at once."""
        self._most = most
        self._in_work = Counter[Address]()
        self._line: dict[Address, deque[int]] = {}

    def admits(self, address: Address, port: int) -> bool:
        """Whether the port's turn is now; where not, it stands in line, and `next` tells it."""
        if self._in_work[address] < self._most:
            self._in_work[address] += 1
            return True
        self._line.setdefault(address, deque()).append(port)
        return False

    def next(self, address: Address) -> int | None:
        """The visit of one of its ports has ended: the port that takes its turn. None: nobody is in line."""
        line = self._line.get(address)
        if line:
            return line.popleft()
        self._line.pop(address, None)
        self._in_work[address] -= 1
        if not self._in_work[address]:
            del self._in_work[address]
        return None
