"""Texts that no UTF-8 holds: JSON may say half a surrogate pair, and bytes that are no UTF-8 are read as such."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.altered import altered, places
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS

TEXTS = ("\ud800x.wav", "%ff\udce4\ud800/", "/\udfff?x=\ud800", "http://\ud800/\udce4")
BARE = ("\udce4.wav", "%ff\udce4/", "\udce4\udcff")          # bytes of an older encoding, as they come


def _seeds(target: Target) -> Iterator[tuple[str, Any]]:
    for form, body in target.seeds():
        try:
            yield form, json.loads(body)
        except ValueError:
            continue


SPOKEN = [target for target in TARGETS if any(isinstance(value, dict | list) for _, value in _seeds(target))]


@pytest.mark.parametrize("target", SPOKEN, ids=lambda target: target.name)
def test_any_text_of_json_may_be_half_a_pair_or_bytes(target: Target) -> None:
    for form, value in _seeds(target):
        for place in [place for place, text in places(value, most=2) if isinstance(text, str)]:
            for text in TEXTS:
                target.run(target.input(form, json.dumps(altered(value, place, text)).encode()))
            for text in BARE:
                said = json.dumps(altered(value, place, text), ensure_ascii=False)
                target.run(target.input(form, said.encode("utf-8", "surrogateescape")))


def test_there_are_such_targets() -> None:
    assert {"json", "report"} <= {target.name for target in SPOKEN}
