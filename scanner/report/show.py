"""Foreign text made harmless to look at. It must not be the only guard of a format: each writer escapes its own.

File names, headers and certificates are written by strangers. A terminal obeys their escape bytes, a reader
is misled by their direction marks, an encoder stumbles over their lone surrogates. `show` is the one function
that foreign text passes on its way to a screen; markup of the place it is shown in (`[/red]`, `<b>`) is left
as it is, because only that place knows what is markup there.
"""

from __future__ import annotations

LIMIT = 200                                  # characters that fit two lines of a wide terminal
_WIDEST = len(r"\u{10ffff}")                 # characters that one becomes at most


def show(text: str, limit: int = LIMIT) -> str:
    r"""One line of at most `limit` printable characters: what is not printable stands as `\u{1b}`.

    Printable is what `str.isprintable` says: no C0 or C1 control, no direction or other format mark, no
    surrogate, no private or unassigned character, no line end, no space but the ordinary one. Longer text is
    cut and ends in `…`; an escape is never cut in two. Reads no more than `limit` + 1 characters of the text.
    """
    if len(text) <= limit and text.isprintable():
        return text
    pieces = [_visible(char) for char in text[: limit + 1]]
    if len(text) <= limit and sum(map(len, pieces)) <= limit:
        return "".join(pieces)
    return _clipped(pieces, limit)


def uncut(text: str) -> int:
    """A limit within which all of `text` is shown."""
    return _WIDEST * len(text) + 1


def encodable(text: str) -> str:
    r"""The text itself, but lone surrogates stand as `\u{dcff}`: readers of JSON may refuse those."""
    if text.isascii():
        return text
    return "".join(_visible(char) if "\ud800" <= char <= "\udfff" else char for char in text)


def _visible(char: str) -> str:
    return char if char.isprintable() else f"\\u{{{ord(char):x}}}"


def _clipped(pieces: list[str], limit: int) -> str:
    room = limit - 1
    kept: list[str] = []
    for piece in pieces:
        room -= len(piece)
        if room < 0:
            break
        kept.append(piece)
    return "".join(kept) + "…"
