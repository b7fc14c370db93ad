"""The stock of signatures as lines of text: for a terminal of any width, or one line each. Prints nothing itself."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from scanner.report.show import show
from scanner.signature import LISTS, Product, Recording, Signature

HEADINGS = ("ID", "PRODUCT", "ANSWERS", "PROOF", "TITLE")
NEEDS = {"post": "to a POST", "token": "with a token", "login": "after a login"}
_WIDEST = 24                                 # of a product's name
_LINE = 2000
_INDENT = "    "


def table(signatures: Sequence[Signature], width: int | None) -> Iterator[str]:
    """A heading and the signatures. Within `width` columns, the title is a line of its own; None: all in one line."""
    rows = [HEADINGS, *(_row(signature) for signature in signatures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS) - 1)]
    for row in rows:
        cells = "  ".join(f"{cell:<{size}}" for cell, size in zip(row[:-1], widths, strict=True))
        if width is None or len(cells) + 2 + len(row[-1]) <= width:
            yield f"{cells}  {row[-1]}".rstrip()
        else:
            yield cells.rstrip()
            yield from textwrap.wrap(row[-1], max(width, 20), initial_indent=_INDENT, subsequent_indent=_INDENT)


def _row(signature: Signature) -> tuple[str, ...]:
    product = signature.product if isinstance(signature, Product | Recording) else ""
    return signature.id, show(product, _WIDEST), answers(signature), proof(signature), show(signature.title, _LINE)


def answers(signature: Signature) -> str:
    """How the product gives its names away: the endpoint that is asked, or what it would take; else nothing."""
    if not isinstance(signature, Product):
        return ""
    return signature.lists or NEEDS.get(signature.needs or "", "")


def proof(signature: Signature) -> str:
    """Whether an answer of the real product proves the signature; nothing is said of what are no products."""
    if not isinstance(signature, Product) or signature.kind == "access":
        return ""
    return "unproven" if signature.unproven else "proven"


def about(signature: Signature) -> Iterator[str]:
    """What is to be said of one product beside its conditions: how it gives its names away, and what is not proven."""
    if isinstance(signature, Product) and signature.lists:
        yield f"Asked for its names by {LISTS[signature.lists]}."
    elif found := answers(signature):
        yield f"Recognised and named, no more: it gives its names away {found} only."
    if proof(signature) == "unproven":
        yield "Unproven: written from documents, without an answer of the real product."
