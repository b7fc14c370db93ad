"""Telephone numbers written for the eye: with +, parentheses, dashes and spaces. Bare ones are for `runs`."""

from __future__ import annotations

import re

from scanner.filenames.clock import is_loose
from scanner.filenames.runs import SHORTEST, Run, reader
from scanner.filenames.shaped import Around, Found, Shaped
from scanner.model import Certainty

_TIMES = frozenset({"date", "epoch", "timestamp"})
_DIGITS = re.compile("[^0-9]")


def _phone(run: Run, digits: str, sure: Certainty | None = None) -> Found:
    if run.kind != "phone":
        return None
    return "phone", run.value(digits), run.certainty if sure is None else min(sure, run.certainty)


def _plus(text: str, around: Around) -> Found:
    digits = text[1:]
    run = reader(len(digits), around.regions, plus=True).read(digits)
    return run.kind, run.value(digits), run.certainty


def _grouped(text: str, around: Around) -> Found:
    """`+46 (0)70-174 06 05`, `0046 70 ...`; a zero in parentheses is the trunk prefix that falls away."""
    digits = _DIGITS.sub("", text.replace("(0)", ""))
    if text.startswith("+"):
        return _phone(reader(len(digits), around.regions, plus=True).read(digits), digits)
    return _phone(reader(len(digits), around.regions).read(digits), digits)


def _american(text: str, around: Around) -> Found:
    digits = _DIGITS.sub("", text)
    told = "US" in around.regions or "CA" in around.regions or text.startswith("(")
    run = reader(10, ("US",)).read(digits)
    return _phone(Run(run.kind, Certainty.PROBABLE, run.lead, run.skip), digits,
                  Certainty.PROBABLE if told else Certainty.POSSIBLE)


def _spaced(text: str, around: Around) -> Found:
    """With a trunk prefix 0, or in pairs where numbers are written without one."""
    digits = _DIGITS.sub("", text)
    last = re.split("[ -]", text)[-1]
    if len(digits) < SHORTEST or (len(last) == 8 and reader(8, ()).read(last).kind in _TIMES):
        return None
    run = reader(len(digits), around.regions).read(digits)
    return _phone(run, digits, Certainty.POSSIBLE if is_loose(digits) else None)


_GROUPED = (
    r"\+[1-9][0-9]{0,2}(?:[ .-]?\(0\))?(?:[ .-]?\([0-9]{1,5}\))?"
    r"(?:[ .-]?[0-9]{1,4}(?:[ .-][0-9]{2,8}){1,4}|[ .-][0-9]{4,12})"
    r"|00[1-9][0-9]{0,2}(?: ?\(0\))? [0-9]{1,5}(?: [0-9]{2,8}){1,4}"
)
SHAPES = (
    Shaped(re.compile(r"(?:(?<=^)|(?<=[^0-9A-Za-z]))\+[0-9]{7,15}(?![0-9])"), "+", _plus),
    Shaped(re.compile(f"(?<![0-9A-Za-z])(?:{_GROUPED})(?![0-9])"), "-. ()", _grouped, trims=True),
    Shaped(re.compile(r"(?<![0-9])(?<![0-9]-)(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[-. ])[2-9][0-9]{2}[-. ][0-9]{4}"
                      r"(?![0-9])(?!-[0-9])"), "-. ", _american),
    Shaped(re.compile(                       # not one of several fields with dashes between them
        r"(?<![0-9])(?<![0-9]-)(?:\(0[0-9]{1,4}\) ?[0-9]{2,8}(?:[ -][0-9]{2,4}){0,3}"
        r"|0[0-9]{1,4}(?:-[0-9]{5,8}|[- ][0-9]{2,4}(?: [0-9]{2,4}){1,3}|[ ][0-9]{5,8}|[ ][0-9]{3,4}-[0-9]{3,4}))"
        r"(?!-?[0-9])"), "- ", _spaced),
    Shaped(re.compile(r"(?<![0-9])(?<![0-9][- ])[2-9][0-9](?: [0-9]{2}){3}(?![0-9])(?![- ][0-9])"), " ", _spaced),
)
"""In the order in which they own their digits."""
