"""The score worked out again from nothing but what the report prints: the lines of `because`."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBER = r"(\d+(?:\.\d+)?)"
_STATED = re.compile(rf"(DPC|EI|CB) {_NUMBER}:")
_RAISED = re.compile(rf"(DPC|EI) {_NUMBER} (?:raised|lowered) to {_NUMBER}:")
_STAYS = re.compile(rf"(EI) {_NUMBER} stays:")
_WORKED = re.compile(rf"(DPC|EI|CB) {_NUMBER} ([+×]) {_NUMBER} = {_NUMBER}(?:, at most {_NUMBER})?:")
_TOTAL = re.compile(rf"SE {_NUMBER} × {_NUMBER} \+ {_NUMBER} = {_NUMBER}(?:, rounded to quarters {_NUMBER})?")


def worked_out(because: Sequence[str]) -> tuple[float, float, float, float]:
    """(DPC, EI, CB, SE), each step checked against the one before it."""
    now: dict[str, float] = {}
    for line in because[:-1]:
        factor, value = _step(line, now)
        now[factor] = value
    total = _TOTAL.fullmatch(because[-1])
    assert total, because[-1]
    dpc, ei, cb, exact, rounded = (float(text) if text else None for text in total.groups())
    assert (now["DPC"], now["EI"], now["CB"]) == (dpc, ei, cb), because
    assert dpc is not None
    assert ei is not None
    assert cb is not None
    assert exact is not None
    assert abs(dpc * ei + cb - exact) < 1e-9, because
    assert rounded is None or abs(exact - rounded) <= 0.125, because
    return dpc, ei, cb, exact if rounded is None else rounded


def _step(line: str, now: dict[str, float]) -> tuple[str, float]:
    if stated := _STATED.match(line):
        assert stated[1] not in now, line
        return stated[1], float(stated[2])
    if raised := _RAISED.match(line) or _STAYS.match(line):
        assert now[raised[1]] == float(raised[2]), line
        return raised[1], float(raised.groups()[-1])
    worked = _WORKED.match(line)
    assert worked, line
    factor, before, sign, by, after, most = worked.groups()
    assert now[factor] == float(before), line
    result = float(before) + float(by) if sign == "+" else float(before) * float(by)
    assert abs(result - float(after)) < 1e-9, line
    return factor, float(most or after)
