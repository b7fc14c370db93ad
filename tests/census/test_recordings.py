"""Every example of a recording's signature, counted in a folder as a scan would: with its path and what lies beside."""

from __future__ import annotations

import pytest

from scanner.census import Census, Folder
from scanner.model import Batch
from scanner.signature import Recording, load
from scanner.signature.form import Example

KNOWN = load()
EXAMPLES = [pytest.param(s, e, id=f"{s.id}: {e.why}") for s in KNOWN.signatures if isinstance(s, Recording)
            for e in s.example]


def counted(example: Example) -> Census:
    name, path = example.facts["entry.name"], example.facts.get("entry.path", "/x/")
    beside = [f"{name.rpartition('.')[0]}.{ending}" for ending in example.facts.get("entry.siblings", "").split()]
    folder = Folder(KNOWN, regions=("SE", "GB", "US"), key=b"\1" * 32, path=path)
    names = [each.encode() for each in (name, *beside)]
    folder.add(Batch(names=names, sizes=[100_000] * len(names), times=None))
    return folder.close()


@pytest.mark.parametrize(("signature", "example"), [p for p in EXAMPLES if p.values[1].matches])
def test_an_example_is_counted_as_its_own(signature, example) -> None:
    census = counted(example)
    assert signature.id in {*census.signatures, *census.hints}


@pytest.mark.parametrize(("signature", "example"), [p for p in EXAMPLES if not p.values[1].matches])
def test_its_neighbour_is_not(signature, example) -> None:
    census = counted(example)
    assert signature.id not in {*census.signatures, *census.hints}
