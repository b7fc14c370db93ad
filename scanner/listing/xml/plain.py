"""The bytes of an XML answer -> UTF-8 that an XML parser takes, with nothing lost. It knows no elements.

File names hold what XML cannot say: bytes of no character set, control characters. Servers print them as they are, or
as references to characters that XML forbids. Each such byte becomes a private character, and `raw` turns it back.
"""

from __future__ import annotations

import codecs
import re

_PRIVATE = 0xF780                            # stands for byte 0; those up to 0xFF follow
_UTF16 = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARED = re.compile(rb"<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})")
_CHARSETS = frozenset({"iso8859-1", "iso8859-2", "iso8859-5", "iso8859-9", "iso8859-15", "cp1250", "cp1251", "cp1252",
                       "koi8-r", "koi8-u", "shift_jis", "euc_jp", "euc_kr", "gb2312", "gbk", "gb18030", "big5"})
_USUAL = re.compile(rb"[\x80-\xff\0-\x08\x0b\x0c\x0e-\x1f]|&#")
_ODD = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\udc80-\udcff\uf780-\uf87f]")
_REFERENCE = re.compile(r"&#(?:x([0-9A-Fa-f]{1,8})|([0-9]{1,9}));")
_OPEN = re.compile(r"&(?:#[0-9A-Za-z]{0,9})?\Z")
_BACK = {_PRIVATE + byte: chr(byte) if byte < 0x80 else chr(0xDC00 + byte) for byte in range(256)}


def _private(found: re.Match[str]) -> str:
    """One character as the private characters of its bytes."""
    return "".join(chr(_PRIVATE + byte) for byte in found[0].encode("utf-8", "surrogateescape"))


def _referred(found: re.Match[str]) -> str:
    """A reference that XML forbids as private characters; any other as it stands."""
    number = int(found[1], 16) if found[1] else int(found[2])
    if number in (9, 10, 13) or 32 <= number < 0xD800 or 0xE000 <= number < _PRIVATE or number >= _PRIVATE + 256:
        return found[0] if number not in (0xFFFE, 0xFFFF) and number <= 0x10FFFF else "\ufffd"
    return "".join(chr(_PRIVATE + byte) for byte in chr(number).encode("utf-8", "surrogatepass"))


def raw(text: str) -> bytes:
    """The bytes that stood in the answer for this text, as UTF-8 where the answer was in another character set."""
    return text.encode() if text.isascii() else text.translate(_BACK).encode("utf-8", "surrogateescape")


class Plain:
    """Turns the pieces of one answer into UTF-8. What it gives depends on all bytes so far, not on the pieces."""

    def __init__(self) -> None:
        self._decoder: codecs.IncrementalDecoder | None = None
        self._simple = True                  # ASCII is ASCII in this character set
        self._rest = ""

    def feed(self, data: bytes, *, final: bool = False) -> bytes:
        """The next piece. The first one must hold the XML declaration, if there is one."""
        if self._decoder is None:
            data = self._begin(data)
        if self._simple and not self._rest and not final and _USUAL.search(data) is None and b"&" not in data[-12:]:
            waiting, _ = self._state()
            if not waiting:
                return data
        assert self._decoder is not None
        text = _ODD.sub(_private, self._rest + self._decoder.decode(data, final))
        held = None if final else _OPEN.search(text)
        text, self._rest = (text, "") if held is None else (text[:held.start()], held[0])
        if "&#" in text:
            text = _REFERENCE.sub(_referred, text)
        return text.encode("utf-8", "replace")

    def _state(self) -> tuple[bytes, int]:
        assert self._decoder is not None
        return self._decoder.getstate()

    def _begin(self, data: bytes) -> bytes:
        """Settle the character set by the first bytes; space before the declaration, which XML forbids, is dropped."""
        wide = next((charset for mark, charset in _UTF16 if data.startswith(mark)), None)
        self._simple = wide is None
        charset = wide or _declared(data)
        self._decoder = codecs.getincrementaldecoder(charset)("surrogateescape" if charset == "utf-8" else "replace")
        if wide is not None:
            return data[2:] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data
        return data.removeprefix(b"\xef\xbb\xbf").lstrip()


def _declared(data: bytes) -> str:
    """The character set that the declaration names; UTF-8 where it names none, or one that is not known."""
    found = _DECLARED.search(data[:1024])
    try:
        name = codecs.lookup(found[1].decode("ascii")).name if found is not None else "utf-8"
    except LookupError:
        return "utf-8"
    return name if name in _CHARSETS else "utf-8"
