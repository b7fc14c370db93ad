"""What is asked of an open module: one line of arguments each, fixed but for the folder. Pure.

There is no way to ask for a file's blocks here: the only number that is ever sent is -1, "no more".
"""

from __future__ import annotations

from struct import pack

from scanner.probes.paths import UNSAYABLE, is_plain, names_of

_LINE_ENDS = frozenset(b"\r\n")
_PATTERN = frozenset(b"*?[")             # a name with one of these is expanded (glob(7)), and only there does a
_ESCAPED = _PATTERN | frozenset(b"\\")   # backslash escape; in all other names it stands for itself
_LONGEST = 1000                          # bytes of a line that every daemon takes

NOTHING_LEFT_OUT = pack("<i", 0)         # the list of what is to be left out is empty
NO_MORE = pack("<i", -1)                 # instead of a file's number


class UnaskableError(ValueError):
    """A name that no line can hold."""


def folder(path: str) -> tuple[bytes, bytes]:
    """The module and the folder in it of a quoted `/module/a/b/`: raw bytes, the folder without slashes around it.

    Raises:
        UnaskableError: a name that would end a line, hold a separator, or lead elsewhere.
    """
    names = names_of(path)
    if not names or not all(is_plain(name) and _LINE_ENDS.isdisjoint(name) for name in names):
        raise UnaskableError(UNSAYABLE[1])
    first, *segments = names
    if first.startswith((b"#", b"@")):
        raise UnaskableError("a module whose name is a command")
    return first, b"/".join(segments)


def arguments(module: bytes, inner: bytes, *, whole: bool) -> bytes:
    """List a folder with all below it, or (not `whole`) its own entries.

    The path begins with `./` behind the module, so that no name is taken for an option.

    Raises:
        UnaskableError: a path that the daemon would take for two, or that is too long.
    """
    path = b"%s/./%s/" % (module, b"/".join(map(_literal, inner.split(b"/")))) if inner else module + b"/"
    if b" %s/" % module in path or len(path) > _LONGEST:
        raise UnaskableError(UNSAYABLE[1])
    lines = [b"--server", b"--sender", b"-r" if whole else b"-d", b".", path, b""]
    return b"".join(line + b"\n" for line in lines)


def _literal(name: bytes) -> bytes:
    if not _PATTERN & set(name):
        return name
    return b"".join(b"\\%c" % sign if sign in _ESCAPED else b"%c" % sign for sign in name)
