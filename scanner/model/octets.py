"""The bytes that a text stands for. Names are bytes, and some say them as text."""

from __future__ import annotations


def octets(text: object) -> bytes:
    """In UTF-8. Bytes that were none, read with `surrogateescape`, come back as they were; any other half of a pair of
    surrogates, as JSON and UTF-16 may have it, is written as if it were a character. Empty where it is no text.
    """
    if not isinstance(text, str):
        return b""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
