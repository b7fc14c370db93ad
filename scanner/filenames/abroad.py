"""Identity numbers of further countries, by python-stdnum; each is read only where its country is a region.

A number with one check digit passes one time in ten: bare it is never more than possible. Values carry no separators.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from stdnum.be import nn
from stdnum.de import idnr
from stdnum.ee import ik
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.is_ import kennitala
from stdnum.it import codicefiscale
from stdnum.lt import asmens
from stdnum.lv import pvn
from stdnum.nl import bsn
from stdnum.pl import pesel

from scanner.filenames.clock import month_day

_BALTIC = f"[1-8][0-9]{{2}}{month_day()}[0-9]{{4}}"


@dataclass(frozen=True, slots=True)
class Scheme:
    """A country's numbers."""

    kind: str
    bare: dict[int, str]                     # patterns of runs of digits alone, by length
    shape: str                               # pattern with separators or letters, "" where none is used
    valid: Callable[[str], bool]             # of the value without separators
    strong: bool = False                     # chance passes less than one time in ninety


SCHEMES = {
    "IS": Scheme("kennitala", {10: "[0-3][0-9][01][0-9]{6}[089]"}, "[0-3][0-9][01][0-9]{3}-[0-9]{3}[089]",
                 kennitala.is_valid),
    "EE": Scheme("isikukood", {11: _BALTIC}, "", ik.is_valid),
    "LT": Scheme("asmens-kodas", {11: _BALTIC}, "", asmens.is_valid),
    "LV": Scheme("personas-kods", {11: "[0-3][0-9]{10}"}, "[0-3][0-9]{5}-[0-9]{5}", pvn.is_valid),
    "PL": Scheme("pesel", {11: "[0-9]{2}[0-389][0-9]{8}"}, "", pesel.is_valid),
    "BE": Scheme("rijksregisternummer", {11: "[0-9]{2}[0-5][0-9]{8}"}, r"(?:[0-9]{2}\.){2}[0-9]{2}-[0-9]{3}\.[0-9]{2}",
                 nn.is_valid, strong=True),
    "FR": Scheme("nir", {15: "[12][0-9]{2}(?:0[1-9]|1[0-2]|[2-9][0-9])[0-9]{10}"},
                 r"[12] ?[0-9]{2} ?[0-9]{2} ?[0-9][0-9AB] ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}", nir.is_valid, strong=True),
    "IT": Scheme("codice-fiscale", {}, "[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z]", codicefiscale.is_valid,
                 strong=True),
    "ES": Scheme("dni", {}, "(?:[0-9]{8}|[XYZ][0-9]{7})[A-HJ-NP-TV-Z]",
                 lambda text: bool(nie.is_valid(text) if text[0] in "XYZ" else dni.is_valid(text))),
}

SHAPES = {region: re.compile(f"(?<![0-9A-Za-z])(?:{scheme.shape})(?![0-9A-Za-z])")
          for region, scheme in SCHEMES.items() if scheme.shape}
"""Patterns of text, by region."""

KINDS = frozenset(scheme.kind for scheme in SCHEMES.values()) | {"bsn", "steuer-id", "kvnr"}


def kind(region: str, value: str) -> str | None:
    """What `value`, letters and digits alone, is in a region: its number's kind, `organisation`, or None."""
    scheme = SCHEMES[region]
    if not scheme.valid(value):
        return None
    company = (region == "IS" and value[0] > "3") or (region == "LV" and value[0] > "3")
    return "organisation" if company else scheme.kind


def dutch(nine: str) -> bool:
    """Whether a Dutch BSN passes its check; one in eleven does."""
    return bool(bsn.is_valid(nine))


def german_tax(eleven: str) -> bool:
    """Whether a German Steuer-ID is built as it must be (ISO 7064)."""
    return bool(idnr.is_valid(eleven))


def german_insured(text: str) -> bool:
    """Whether the unchanging part of a German health insurance number, a letter and nine digits, checks.

    Source: GKV-Spitzenverband, Anlage to § 290 SGB V: the letter as two digits, weights 1 and 2, sums of digits.
    """
    digits = f"{ord(text[0]) - 64:02}{text[1:9]}"
    total = sum(sum(divmod(int(d) * (1 + i % 2), 10)) for i, d in enumerate(digits))
    return total % 10 == int(text[9])
