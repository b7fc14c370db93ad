"""XDR (RFC 4506): values to bytes and back, within bounds. Pure; knows no protocol."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from scanner.errors import ProtocolError

_WORD = Struct(">I")
_LONG = Struct(">Q")
MOST = 1 << 20                           # of whatever is counted, where the caller says no less


def word(value: int) -> bytes:
    """Unsigned 32 bits (§4.2)."""
    return _WORD.pack(value)


def long(value: int) -> bytes:
    """Unsigned 64 bits (§4.5)."""
    return _LONG.pack(value)


def opaque(value: bytes) -> bytes:
    """Bytes of any length, which is said first, filled up to four (§4.10)."""
    return _WORD.pack(len(value)) + value + bytes(-len(value) % 4)


def words(values: list[int]) -> bytes:
    """An array of unsigned 32 bits (§4.13)."""
    return _WORD.pack(len(values)) + b"".join(map(_WORD.pack, values))


class Reader:
    """Takes one value after the other. `ProtocolError` where they end before, or a length is beyond its bound."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        """Bytes not taken yet."""
        return len(self._data) - self._at

    def word(self) -> int:
        """Unsigned 32 bits."""
        at = self._skip(4)
        return int(_WORD.unpack_from(self._data, at)[0])

    def long(self) -> int:
        """Unsigned 64 bits."""
        at = self._skip(8)
        return int(_LONG.unpack_from(self._data, at)[0])

    def truth(self) -> bool:
        """A boolean, which is 0 or 1 (§4.4)."""
        value = self.word()
        if value > 1:
            raise ProtocolError(f"a truth value of {value}")
        return value == 1

    def fixed(self, size: int) -> bytes:
        """So many bytes, filled up to four (§4.9)."""
        at = self._skip(size + -size % 4)
        return self._data[at:at + size]

    def opaque(self, most: int) -> bytes:
        """Bytes that say their length, at most so many."""
        size = self.word()
        if size > most:
            raise ProtocolError(f"{size} bytes announced where at most {most} may be")
        return self.fixed(size)

    def words(self, most: int) -> list[int]:
        """An array of unsigned 32 bits, at most so many."""
        return [self.word() for _ in range(self.count(most))]

    def count(self, most: int) -> int:
        """How many elements follow, at most so many."""
        count = self.word()
        if count > most:
            raise ProtocolError(f"{count} elements announced where at most {most} may be")
        return count

    def chain(self, most: int = MOST) -> Iterator[None]:
        """One turn for each element of a linked list (§4.19), at most so many."""
        for _ in range(most):
            if not self.truth():
                return
            yield None
        raise ProtocolError(f"a list of more than {most} elements")

    def unpack(self, form: Struct) -> tuple[int, ...]:
        """Several values at once."""
        at = self._skip(form.size)
        return form.unpack_from(self._data, at)

    def _skip(self, size: int) -> int:
        at = self._at
        if size > len(self._data) - at:
            raise ProtocolError(f"an answer that ends too early: {size} bytes wanted, {self.left} left")
        self._at = at + size
        return at
