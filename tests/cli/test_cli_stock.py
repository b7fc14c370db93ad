"""The table of signatures: for terminals and for programs that read it."""

from __future__ import annotations

from scanner.cli.stock import about, table
from scanner.signature import load

KNOWN = load()


def test_for_a_program_each_signature_is_one_line() -> None:
    heading, *lines = table(KNOWN.signatures, None)
    assert (KNOWN.count, ["ID", "PRODUCT", "ANSWERS", "PROOF", "TITLE"]) == (len(lines), heading.split())
    titles = {line[heading.index("TITLE"):] for line in lines}
    assert {signature.title for signature in KNOWN.signatures} == titles


def test_a_terminal_of_eighty_columns_is_not_overrun() -> None:
    lines = list(table([s for s in KNOWN.signatures if s.kind in ("listing", "product")], 80))
    assert [line for line in lines if len(line) > 80] == []
    assert [line for line in lines if line != line.rstrip()] == []


def test_what_is_not_proven_is_said() -> None:
    iis = KNOWN.by_id["listing/iis"]
    assert ["Unproven: written from documents, without an answer of the real product."] == list(about(iis))
    [line] = list(table([iis], None))[1:]
    assert "  unproven  " in line


def test_what_a_product_is_asked_for_is_said() -> None:
    assert list(about(KNOWN.by_id["product/dufs"])) == [
        "Asked for its names by `?json` after a folder: JSON of its entries."]


def test_what_a_product_would_need_is_said() -> None:
    said = list(about(KNOWN.by_id["product/syncthing"]))
    assert said == ["Recognised and named, no more: it gives its names away with a token only."]
