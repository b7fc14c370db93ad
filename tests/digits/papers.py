"""Documents named by an identity number, as clinics, schools and authorities name them. `PAPERS` is the one list.

A paper says its countries, its kind, and how the number stands in the name: with the separator that its authority
writes, without, or with a word that says what it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.digits import persons

WORDS = {"SE": "remiss", "DK": "epikrise", "NO": "henvisning", "FI": "lausunto", "GB": "referral", "US": "intake",
         "DE": "befund"}

NOBODY = ""                                  # of a paper whose numbers are of people that were made up, and say so


@dataclass(frozen=True, slots=True)
class Paper:
    """One way to name documents by people."""

    product: str
    region: str
    kind: str
    draw: Callable[[Random], str]
    name: Callable[[str, int], str]          # the number and which file: the name
    path: str = "/dokument/"


PAPERS = (
    Paper("pnr-12", "SE", "personnummer", persons.swedish, lambda p, i: f"{p}.pdf"),
    Paper("pnr-8-4", "SE", "personnummer", persons.swedish, lambda p, i: f"{p[:8]}-{p[8:]}_remiss.pdf"),
    Paper("pnr-6-4", "SE", "personnummer", persons.swedish, lambda p, i: f"{p[2:8]}-{p[8:]}.pdf"),
    Paper("pnr-word", "SE", "personnummer", persons.swedish, lambda p, i: f"journal_{p}_{i:04d}.pdf", "/journaler/"),
    Paper("pnr-scan", "SE", "personnummer", persons.swedish, lambda p, i: f"scan_2019-02-18_{p[:8]}-{p[8:]}.tif"),
    Paper("pnr-10", "SE", "personnummer", persons.swedish, lambda p, i: f"{p[2:]}.pdf", "/patienter/"),
    Paper("samordning", "SE", "samordningsnummer", lambda rng: persons.swedish(rng, coordination=True),
          lambda p, i: f"{p[:8]}-{p[8:]}.pdf"),
    Paper("cpr-6-4", "DK", "cpr", persons.danish, lambda p, i: f"{p[:6]}-{p[6:]}.pdf"),
    Paper("cpr-word", "DK", "cpr", persons.danish, lambda p, i: f"epikrise {p[:6]}-{p[6:]} {i}.pdf"),
    Paper("cpr-bare-word", "DK", "cpr", persons.danish, lambda p, i: f"cpr_{p}.pdf", "/patient/"),
    Paper("fnr-11", "NO", "fodselsnummer", persons.norwegian, lambda p, i: f"{p}.pdf"),
    Paper("fnr-6-5", "NO", "fodselsnummer", persons.norwegian, lambda p, i: f"{p[:6]} {p[6:]} henvisning.pdf"),
    Paper("fnr-synthetic", "NO", NOBODY, lambda rng: persons.norwegian(rng, synthetic=True),
          lambda p, i: f"{p}_{i}.pdf"),
    Paper("hetu", "FI", "hetu", persons.finnish, lambda p, i: f"{p}.pdf"),
    Paper("hetu-word", "FI", "hetu", persons.finnish, lambda p, i: f"lausunto_{p}_{i:03d}.pdf"),
    Paper("nhs-3-3-4", "GB", "nhs", persons.british, lambda p, i: f"{p[:3]} {p[3:6]} {p[6:]} letter.pdf"),
    Paper("nhs-test", "GB", NOBODY, lambda rng: persons.british(rng, test=True),
          lambda p, i: f"{p[:3]} {p[3:6]} {p[6:]} letter.pdf"),
    Paper("nhs-word", "GB", "nhs", persons.british, lambda p, i: f"NHS_{p}_{i}.pdf", "/patients/"),
    Paper("ssn", "US", "ssn", persons.american, lambda p, i: f"{p[:3]}-{p[3:5]}-{p[5:]}.pdf"),
    Paper("ssn-word", "US", "ssn", persons.american, lambda p, i: f"W2 {p[:3]}-{p[3:5]}-{p[5:]} {2013 + i % 14}.pdf"),
    Paper("idnr-word", "DE", "steuer-id", persons.german, lambda p, i: f"Steuer-ID_{p}.pdf"),
)
