"""The fleet: thousands of endpoints by number, a third of which hang, a third reset, and a third answer. Pure.

What each shows follows from its number, so that the truth is computed. Those that answer show calls, ordinary pages,
refusals, and some of them more than anybody should ask of a server.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from tests.scan.sites import Front, Maze, Page, Status, Stream, calls

AUDIO = bytes(range(256)) * 64
ROW = '<a href="call-{0:07}.wav">call-{0:07}.wav</a>                        01-Feb-2019 10:00               16044\r\n'
_TOP = ("<html>\r\n<head><title>Index of /</title></head>\r\n<body>\r\n<h1>Index of /</h1><hr><pre>"
        '<a href="../">../</a>\r\n')
_ROWS = 500                                  # of one piece of a long page
_PROSE = b"<html><head><title>Archive</title></head><body>" + b"<p>wood, oil and the weather</p>\n" * 400


class Kind(Enum):
    """What an endpoint does."""

    HANG = "hangs"
    RESET = "resets"
    CALLS = "calls"
    TREE = "calls in folders"
    PAGE = "an ordinary page"
    CLOSED = "refuses"
    ABSENT = "has nothing"
    MAZE = "a maze of pages"
    AUDIO = "endless audio that says it is a page"
    PROSE = "a page without end"
    LONG = "a very long listing"
    WIDE = "a listing of very many folders"


_USUAL = (Kind.CALLS, Kind.PAGE, Kind.CLOSED, Kind.TREE, Kind.ABSENT, Kind.PAGE, Kind.CALLS, Kind.PAGE)
_RARE = (Kind.MAZE, Kind.AUDIO, Kind.PROSE)  # one each in so many
_ONE_IN = 40


@dataclass(frozen=True, slots=True)
class Fleet:
    """So many endpoints. The first two that answer show the longest and the widest listing."""

    endpoints: int
    rows: int                                # of the longest listing
    folders: int                             # of the widest

    def kind(self, number: int) -> Kind:
        """What endpoint `number` does."""
        turn, third = divmod(number, 3)
        if third < 2:
            return (Kind.HANG, Kind.RESET)[third]
        if turn < 2:
            return (Kind.LONG, Kind.WIDE)[turn]
        if turn % _ONE_IN < len(_RARE):
            return _RARE[turn % _ONE_IN]
        return _USUAL[turn % len(_USUAL)]

    def numbers(self, *kinds: Kind) -> list[int]:
        """The endpoints of these kinds."""
        return [number for number in range(self.endpoints) if self.kind(number) in kinds]

    def tree(self, number: int) -> Any:
        """What an endpoint that answers shows, as `tests.scan.sites` has it."""
        match self.kind(number):
            case Kind.CALLS:
                return calls(_few(number), first=number)
            case Kind.TREE:
                return {str(year): calls(_few(number), first=number + year) for year in (2018, 2019)}
            case Kind.CLOSED:
                return Status(403)
            case Kind.ABSENT:
                return Status(404)
            case Kind.MAZE:
                return Front(Page([f"/{number}/"]), {}, Maze())
            case Kind.AUDIO:
                return Stream(lambda: itertools.repeat(AUDIO))
            case Kind.PROSE:
                return Stream(lambda: itertools.repeat(_PROSE))
            case Kind.LONG:
                return {"long": Stream(lambda: _long(self.rows))}
            case Kind.WIDE:
                return {f"day-{day:05}": calls(1, first=day) for day in range(self.folders)}
        return Front(Page(["/about/", "/contact/"]), {"about": Page(), "contact": Page()})

    def files(self) -> Mapping[int, int]:
        """Endpoint -> files that its store must be found with, of all that show any."""
        found = {number: _few(number) for number in self.numbers(Kind.CALLS)}
        found |= {number: 2 * _few(number) for number in self.numbers(Kind.TREE)}
        found |= dict.fromkeys(self.numbers(Kind.LONG), self.rows)
        return found | dict.fromkeys(self.numbers(Kind.WIDE), self.folders)


def _few(number: int) -> int:
    return 8 + number % 50


def _long(rows: int) -> Iterable[bytes]:
    yield _TOP.encode()
    for first in range(0, rows, _ROWS):
        yield "".join(ROW.format(number) for number in range(first, min(rows, first + _ROWS))).encode()
    yield b"</pre><hr></body>\r\n</html>\r\n"
