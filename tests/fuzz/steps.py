"""How much is done for an input: lines of Python run, which is the same on every machine. Work within C is not seen."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from tests.fuzz.shapes import Shape
from tests.fuzz.target import Form, Target, told

PIECE = 1024                                 # bytes of a piece that a stream is given
_SMALL = 64                                  # bytes of what is read first, so that nothing is read for the first time


def steps(act: Callable[[], object], most: int = sys.maxsize) -> int:
    """Lines run by `act`; beyond `most` it is ended."""
    count = 0

    def line(_frame: FrameType, event: str, _arg: object) -> Any:
        nonlocal count
        if event == "line":
            count += 1
            if count > most:
                raise TooManyError
        return line

    before = sys.gettrace()
    sys.settrace(line)
    try:
        act()
    except TooManyError:
        return count
    finally:
        sys.settrace(before)
    return count


class TooManyError(BaseException):
    """More was done than is counted."""


def of(form: Form, body: bytes) -> int:
    """Steps of one form for one input, which a stream is given in pieces."""
    return steps(lambda: fed(form, body))


def grown(target: Target, form: str, shape: Shape, size: int) -> str:
    """How one shape grows where twice of it costs three times the steps; "" where it does not."""
    one = target.forms[form]
    of(one, shape.make(_SMALL))
    once, twice = of(one, shape.make(size)), of(one, shape.make(2 * size))
    return f"{target.name}, {form}, {shape.name}: {once} steps became {twice}" if twice >= 3 * once + one.once else ""


def fed(form: Form, body: bytes) -> object:
    """The input read, in pieces where it is a stream."""
    pieces = [body[at:at + PIECE] for at in range(0, len(body), PIECE)] if form.stream is not None else [body]
    return told(form, pieces or [b""])
