"""JSON bytes -> the values of an object's keys and the elements of its arrays, as a stream. It knows no vocabulary.

One value at a time is held, decoded by the standard decoder; a value beyond its bound ends the reading. Bytes that are
no UTF-8 survive as lone surrogates.
"""

from __future__ import annotations

import json
import re

PIECE = 1024                                 # bytes that are looked at together: the same whatever the pieces were
LONGEST = 64 * 1024                          # bytes of one value
_DECODER = json.JSONDecoder(strict=False)
_SPACE = re.compile(r"[\s,]*")
_COLON = re.compile(r"\s*:\s*")
_NUMBER = re.compile(r"[-+.0-9A-Za-z]*")

Pair = tuple[str, object]


class JsonValues:
    """Reads one answer: pairs of a key and a value; an array's elements come one by one, the outermost with no key."""

    def __init__(self) -> None:
        self.refused = ""                    # why nothing more is read; empty while all is well
        self.form = ""                       # "[" or "{": the outermost value; empty while it has not begun
        self.ended = False
        self.taken = 0                       # bytes looked at
        self._held = bytearray()
        self._text = ""
        self._rest = b""
        self._key: str | None = None         # of the value that comes next
        self._array = False                  # within an array

    @property
    def done(self) -> bool:
        """Whether nothing more is read."""
        return self.ended or bool(self.refused)

    def feed(self, data: bytes) -> list[Pair]:
        """Take the next bytes, any number; give what is whole."""
        pairs: list[Pair] = []
        self._held += b"" if self.done else data
        at = 0
        while len(self._held) - at >= PIECE and not self.done:
            pairs += self._piece(bytes(self._held[at:at + PIECE]), final=False)
            at += PIECE
        del self._held[:at]
        return pairs

    def close(self) -> list[Pair]:
        """The answer has ended, or was cut."""
        pairs = [] if self.done else self._piece(bytes(self._held), final=True)
        self._held.clear()
        if not self.done:
            self.refused = "the JSON is cut"
        return pairs

    def _piece(self, data: bytes, *, final: bool) -> list[Pair]:
        self.taken += len(data)
        whole = self._rest + data
        cut = len(whole) if final else _boundary(whole)
        self._text += whole[:cut].decode("utf-8", "surrogateescape")
        self._rest = whole[cut:]
        pairs: list[Pair] = []
        try:
            at = self._walk(pairs)
        except (ValueError, RecursionError) as error:
            self.refused, at = f"JSON that cannot be read: {type(error).__name__}", len(self._text)
        self._text = self._text[at:]
        if len(self._text) > LONGEST:
            self.refused = f"a value of more than {LONGEST} characters"
        return pairs

    def _walk(self, pairs: list[Pair]) -> int:
        """Read what is whole; gives how far. ValueError: it is broken."""
        at = 0
        if not self.form:
            at = len(self._text) - len(self._text.lstrip("\ufeff \t\r\n"))
            if at == len(self._text):
                return at
            self.form = self._text[at]
            if self.form not in "[{":
                raise ValueError("neither array nor object")
            self._array, at = self.form == "[", at + 1
        while not self.ended:
            before = at
            at = self._step(pairs, at)
            if at == before:
                break
        return at

    def _step(self, pairs: list[Pair], at: int) -> int:
        """One key, value, or end of an array or object; the same place where it is not whole yet."""
        space = _SPACE.match(self._text, at)
        here = space.end() if space is not None else at
        mark = self._text[here:here + 1]
        if mark and mark in "]}":
            self.ended = not (self._array and self.form == "{")
            self._array, self._key = False, None
            return here + 1
        if self._key is None and not self._array:
            return self._named(here) if mark else at
        if mark == "[" and not self._array:
            self._array = True
            return here + 1
        value, end = self._value(here) if mark else (None, -1)
        if end < 0:
            return at
        pairs.append((self._key or "", value))
        if not self._array:
            self._key = None
        return end

    def _named(self, at: int) -> int:
        """A key and its colon."""
        key, end = self._value(at)
        colon = _COLON.match(self._text, end) if end >= 0 else None
        if colon is None:
            return at
        if not isinstance(key, str):
            raise ValueError("a key that is no string")  # noqa: TRY004  it is not ours
        self._key = key
        return colon.end()

    def _value(self, at: int) -> tuple[object, int]:
        """The next value and where it ends; -1 where it is not whole yet."""
        if self._text[at] not in '{["':
            number = _NUMBER.match(self._text, at)
            if number is None or number.end() == len(self._text):
                return None, -1
        try:
            return _DECODER.raw_decode(self._text, at)
        except json.JSONDecodeError:
            if len(self._text) - at > LONGEST or self._text[at] not in '{["':
                raise
            return None, -1


def _boundary(data: bytes) -> int:
    """How many bytes end with a whole UTF-8 character, or with bytes that are none."""
    for back in range(1, min(4, len(data) + 1)):
        byte = data[-back]
        if byte >= 0xC0:
            need = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(data) - back if need > back else len(data)
        if byte < 0x80:
            break
    return len(data)
