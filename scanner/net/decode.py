"""gzip and deflate that nobody asked for, decoded with a bound. Pure: it never makes more than it was asked for.

A server that ignores `Accept-Encoding: identity` may still show a listing. Everything else is refused before it
gets here: brotli, zstd, and one encoding upon another.
"""

from __future__ import annotations

import zlib

from scanner.errors import BudgetError, ProtocolError

_FREE = 64 * 1024                         # bytes decoded before the ratio counts


class Decoder:
    """`coding` is gzip or deflate (RFC 9110 §8.4.1; deflate with or without its zlib wrapper, as servers do)."""

    __slots__ = ("_given", "_inflate", "_ratio", "_taken", "_undecided", "_waiting")

    def __init__(self, coding: str, ratio: int) -> None:
        self._inflate = zlib.decompressobj(31)
        self._undecided = coding == "deflate"
        self._ratio = ratio
        self._waiting = b""               # encoded, not decoded yet
        self._taken = 0
        self._given = 0

    @property
    def ended(self) -> bool:
        """The encoded stream is complete; what follows belongs to nobody."""
        return self._inflate.eof

    def feed(self, data: bytes) -> None:
        """More encoded bytes. Nothing is decoded yet."""
        self._taken += len(data)
        self._waiting += data

    def take(self, limit: int) -> bytes:
        """At most `limit` decoded bytes; none until more is fed. `BudgetError` past the ratio, else `ProtocolError`."""
        if self._inflate.eof or limit <= 0 or not self._decided():
            return b""
        try:
            out = self._inflate.decompress(self._waiting, limit)
        except zlib.error as error:
            raise ProtocolError("labelled as encoded, but is not") from error
        self._waiting = self._inflate.unconsumed_tail
        self._given += len(out)
        if self._given > _FREE and self._given > self._taken * self._ratio:
            raise BudgetError(f"decodes to more than {self._ratio} times its size")
        return out

    def _decided(self) -> bool:
        """Whether it is known which deflate this is: the two bytes of a zlib header tell (RFC 1950 §2.2)."""
        if not self._undecided:
            return True
        if len(self._waiting) < 2:
            return False
        first, second = self._waiting[:2]
        wrapped = first & 15 == 8 and (first * 256 + second) % 31 == 0
        self._inflate = zlib.decompressobj(15 if wrapped else -15)
        self._undecided = False
        return True
