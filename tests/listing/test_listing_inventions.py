"""Products that nobody has: what they print is read whole, by its structure."""

from __future__ import annotations

import pytest

from scanner.listing import Verdict
from scanner.model import Kind
from tests.listing.inventions import INVENTIONS, PATH, WORLD
from tests.listing.recorded import entries, read

DAY = 86_400


@pytest.mark.parametrize("step", [0, 97])
@pytest.mark.parametrize("product", INVENTIONS)
def test_a_listing_of_an_invented_product_is_read_whole(product: str, step: int) -> None:
    made = INVENTIONS[product]
    one, batches = read("html", PATH, made.body, step=step, now=1_790_000_000)
    found = {entry.name.decode(): entry for entry in entries(batches)}
    assert Verdict.LISTING is one.verdict, one.why
    assert {name: size is None for name, size, _ in WORLD} == {
        name: entry.kind is Kind.DIRECTORY for name, entry in found.items()}
    for name, size, moment in WORLD:
        entry = found[name]
        if size is None:
            continue
        if made.sizes:
            assert entry.size is not None, name
            assert abs(entry.size - size) <= (0 if made.exact else entry.slack), name
        if made.dates:
            assert entry.modified is not None, name
            assert -DAY < entry.modified - moment < entry.grain, name
