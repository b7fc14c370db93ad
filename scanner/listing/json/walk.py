"""A walk through JSON as it comes: finds the objects that may be rows, wherever they lie. It judges no listing.

Whole objects are decoded by the standard decoder; those that are not whole yet, and what holds others, are walked into
member by member, so that a tree of any size is read in small pieces.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from scanner.listing.json.level import Level
from scanner.listing.json.pieces import NoRowError, decoded, scalar, spaces
from scanner.listing.json.rows import BELOW, Folder, Item, folded, folder_of, is_listing, is_named, leads_away

DEEPEST = 64                                 # levels
PREAMBLE = 1024 + 64                         # letters before the first row
_UNDER = 2048                                # letters of a path below
_COLON = re.compile(r"\s*:\s*")
_FOLDERS = re.compile(r"dir|folder", re.IGNORECASE)
_OPENS = re.compile(r'"([A-Za-z_]{1,20})"\s*:\s*\[\s*\{')
_LEAST = 3                                   # bare names that make a listing


class Walk:
    """Walks; rows go into `folder`. A `ValueError` says that it is broken, or no listing any more."""

    def __init__(self, folder: Folder, host: str = "") -> None:
        self.folder = folder
        self.nested = False                  # rows stand in an object
        self.ended = False
        self.rows = 0
        self.nameless = 0                    # elements without a name
        self.shape = ""                      # the keys of the first row
        self.doubt = ""                      # why an array was passed over
        self.begun = False
        self._host = host
        self._levels: list[Level] = []
        self._waiting = 0                    # letters walked before the first row

    def walk(self, text: str) -> int:
        """Walk through `text` as far as it is whole; gives how far."""
        at = 0 if self.begun else self._begin(text)
        while not self.ended:
            before = at
            level = self._levels[-1]
            at = self._element(text, at, level) if level.kind == "[" else self._member(text, at, level)
            if at == before:
                break
        for level in self._levels:
            self._take_names(level)
        if not self.rows:
            self._waiting += at
            if self._waiting > PREAMBLE and not any(level.row or level.names for level in self._levels):
                raise NoRowError(self.doubt or "no array of rows")
        return at

    def _begin(self, text: str) -> int:
        at = len(text) - len(text.lstrip("\ufeff \t\r\n"))
        if text[at:at + 1] not in ("[", "{"):
            raise NoRowError("neither array nor object")
        self.begun = True
        if text[at] == "{" and self._follows(text, at):
            self._levels.append(Level("["))  # an object a line
            self.nested = True
            return at
        self._levels.append(Level(text[at]))
        return at + 1

    @staticmethod
    def _follows(text: str, at: int) -> bool:
        """Whether a whole object is followed by another."""
        value, end = decoded(text, at)
        return end > 0 and isinstance(value, dict) and text[end:].lstrip()[:1] == "{"

    # -- arrays

    def _element(self, text: str, at: int, level: Level) -> int:
        at = spaces(text, at)
        sign = text[at:at + 1]
        if sign == "]":
            self._close_array(level)
            return at + 1
        if sign == "":
            return at
        if sign in "{[":
            value, end = decoded(text, at)
            if end > 0:
                self._whole(value, level)
                return end
            return self._descend(text, at, level)
        value, end = scalar(text, at)
        if end > 0 and not level.skip:
            self._bare(value, level)
        return end if end > 0 else at

    def _bare(self, value: object, level: Level) -> None:
        if isinstance(value, str):
            level.names.append(value)
        elif len(self._levels) == 1:
            raise NoRowError("an element that is neither object nor name")

    def _close_array(self, level: Level) -> None:
        if len(level.names) + self.rows < _LEAST:
            if level.names and len(self._levels) == 1:
                raise NoRowError("too few strings to be names of files")
        else:
            self._take_names(level)
        self._levels.pop()
        self.ended = not self._levels

    def _take_names(self, level: Level) -> None:
        """Bare names are a listing only where there are some, and most of them are names of files."""
        if not level.names or level.skip or len(level.names) + self.rows < _LEAST:
            return
        if not self.rows and any(one.foreign for one in self._levels):
            level.skip = True
            level.names.clear()
            return
        self.folder.turn(level.under)
        if self.folder.names(level.names):
            self.rows += len(level.names)
        elif len(self._levels) == 1:
            raise NoRowError("strings that are no names of files")
        else:
            level.skip = True
        level.names.clear()

    def _descend(self, text: str, at: int, level: Level) -> int:
        """Into an element that is not whole yet, once so much of it has come that it must hold others."""
        if len(text) - at <= PREAMBLE and (level.skip or '"' not in text[at:] or not _holds(text, at)):
            return at
        if text[at] == "[" and not level.skip:
            raise NoRowError("an array that is no row")
        self._push(Level(text[at], row=not level.skip, skip=level.skip, under=level.under, key=level.key))
        return at + 1

    def _whole(self, value: object, level: Level) -> None:
        """A whole element."""
        if level.skip:
            return
        if isinstance(value, list):
            value = level.zipped(value)
            if value is None:
                return
        assert isinstance(value, dict)
        level.count += 1
        try:
            self._row(value, level.key, level.under, len(self._levels))
        except NoRowError as error:
            if level.count > 1 or len(self._levels) == 1:
                raise
            level.skip, self.doubt = True, self.doubt or str(error.args[0])    # an array of something else

    def _row(self, value: dict[str, object], key: str, under: str, depth: int) -> None:
        """A whole object of an array, with what lies below it."""
        item = folded(value)
        below = [(name, part) for name, part in value.items()
                 if isinstance(part, list) and name.lower() in BELOW and any(isinstance(one, dict) for one in part)]
        place = folder_of(item) if below else None
        self._add(item, key, under, value, holds=place is not None)
        if place is None:
            return
        if depth >= DEEPEST:
            raise NoRowError("too deep")
        here = _joined(under, place)
        for name, part in below:
            for one in part:
                if isinstance(one, dict):
                    self._row(one, name, here, depth + 1)

    def _add(self, item: Item, key: str, under: str, written: Item | None = None, *, holds: bool = False) -> None:
        if under != self.folder.under:
            self.folder.turn(under)
        if len(under) > _UNDER:
            raise NoRowError("a path that is too long")
        if leads_away(item, self._host):
            raise NoRowError("its objects link to another host")
        folders = self.nested and bool(_FOLDERS.search(key)) and not under
        if self.folder.add(item, folders=folders, holds=holds):
            self.rows += 1
            self.shape = self.shape or _shape(written or item)
        elif is_named(item):
            raise NoRowError("objects with names, but neither type nor size nor time")
        else:
            self.nameless += 1
            if self.nameless > 1 + self.rows // 5:
                raise NoRowError("objects without names")

    # -- objects

    def _member(self, text: str, at: int, level: Level) -> int:
        begin = at
        at = spaces(text, at)
        sign = text[at:at + 1]
        if sign == "}":
            return self._close_object(level, at)
        if sign == "":
            return begin
        key, end = scalar(text, at)
        colon = _COLON.match(text, end) if end > 0 else None
        if end > 0 and not isinstance(key, str):
            raise NoRowError("broken")
        if colon is None or not text[colon.end():]:
            return begin
        done = self._value(text, colon.end(), str(key), level)
        return begin if done < 0 else done

    def _close_object(self, level: Level, at: int) -> int:
        self._levels.pop()
        if level.row and not level.told:
            self._add(level.item, level.key, level.under)
        self.ended = not self._levels
        return at + 1

    def _value(self, text: str, at: int, key: str, level: Level) -> int:
        """The value of a member; -1 where it is not whole yet and cannot be walked into."""
        sign = text[at]
        if sign in "[{":
            return self._container(text, at, key, level)
        value, end = scalar(text, at)
        level.foreign |= end > 0 and isinstance(value, str) and value[:1] not in ("", "/", ".")
        if end > 0 and level.row and len(level.item) < 256:
            level.item.update(folded({key: value}))
        return end

    def _container(self, text: str, at: int, key: str, level: Level) -> int:
        sign = text[at]
        if level.skip or (level.row and (sign == "{" or key.lower() not in BELOW)):
            self._push(Level(sign, key, skip=True))
            return at + 1
        if sign == "[":
            under = self._below(level) if level.row else level.under
            self._push(Level("[", key, under=under))
            self.nested = True
            return at + 1
        value, end = decoded(text, at)
        if end < 0 and len(text) - at <= PREAMBLE:
            return -1
        if end > 0 and isinstance(value, dict) and self._mapped(key, value, level):
            return end
        self._push(Level("{", key, under=level.under))
        return at + 1

    def _mapped(self, key: str, value: dict[str, object], level: Level) -> bool:
        """A row whose name is the key that it stands behind."""
        item = folded(value)
        if is_named(item) or leads_away(item, self._host) or not is_listing(item, key):
            return False
        if self.folder.under != level.under:
            self.folder.turn(level.under)
        self.nested = True
        self.rows += self.folder.add(item, folders=False, name=key)
        self.shape = self.shape or _shape(value)
        return True

    def _below(self, level: Level) -> str:
        """The folder that an open object is."""
        place = folder_of(level.item)
        if place is None:
            raise NoRowError("names that come after what lies below them")
        if not level.told:
            level.told = True
            self._add(level.item, level.key, level.under, holds=True)
        return _joined(level.under, place)

    def _push(self, level: Level) -> None:
        if len(self._levels) >= DEEPEST:
            raise NoRowError("too deep")
        self._levels.append(level)


def _shape(item: Item) -> str:
    """The keys of a row."""
    return "{" + ",".join(f'"{key}"' for key in list(item)[:24] if len(key) < 40) + "}"


def _joined(under: str, place: bytes) -> str:
    return f"{under}{quote(place, safe='')}/" if place else under


def _holds(text: str, at: int) -> bool:
    """Whether an object that is not whole yet holds an array of what lies below it."""
    return any(found[1].lower() in BELOW for found in _OPENS.finditer(text, at))
