"""Words in a file name that say what a number beside them is: `cpr`, `imei`, `case`. Judges no number.

A word is a run of letters, compared whole, whatever its case and with or without its marks; the extension is none.
"""

from __future__ import annotations

import re
import unicodedata

_LETTERS = re.compile("[A-Za-z\x80-\U0010ffff]{3,}")     # as `skeleton` tells letters: what is beyond ASCII is one
_SUFFIXES = ("", "nr", "nummer", "no", "num", "number", "id")
_FOLDS = tuple(str.maketrans(fold) for fold in (
    {"å": "a", "ä": "a", "ö": "o", "ø": "o", "æ": "ae", "ü": "u"},
    {"å": "aa", "ä": "ae", "ö": "oe", "ø": "oe", "æ": "ae", "ü": "ue"},
))
_CLASSES = {
    "cpr": "cpr",
    "person": "person personal pers pnr fnr fødsel fødsels hetu henkilötunnus henkilö personbeteckning",
    "patient": "patient patienten patienter pasient potilas borger borgere klient reserv",
    "nhs": "nhs",
    "tax": "steuer steueridentifikations steueridnr idnr tin",
    "insured": "kvnr kvn versicherten versicherung versicherungs krankenkasse kranken egk",
    "bsn": "bsn burgerservice sofi",
    "imei": "imei",
    "imsi": "imsi",
    "case": "case ticket sag sags sak saks ärende asia tapaus vorgang vorgangs fall booking order customer",
    "register": "dnr diarie diarienr journal journals ärendenr aktenzeichen bokning boknings bestilling bestillings "
                "buchung buchungs varaus kund kunde kunden asiakas reference referens referanse",
}
_PLAIN = frozenset({"personal", "pers", "person", "journal", "order", "customer", "kund", "kunde", "kunden",
                    "asiakas", "asia", "fall", "reference", "henkilö", "versicherung"})
"""Words that mean something only with `nr`, `id` or the like behind them."""


def _spelled() -> dict[str, str]:
    found: dict[str, str] = {}
    for group, words in _CLASSES.items():
        for word in words.split():
            for suffix in _SUFFIXES[1:] if word in _PLAIN else _SUFFIXES:
                found.update(dict.fromkeys((word + suffix, *(word.translate(f) + suffix for f in _FOLDS)), group))
    return found


_WORDS = _spelled()


def word(text: str) -> str | None:
    """What a word says: `cpr`, `person`, `patient`, `nhs`, `tax`, `insured`, `bsn`, `imei`, `imsi`, `case`, `register`.

    None: nothing.
    """
    if len(text) > 32:
        return None
    return _WORDS.get(text.lower() if text.isascii() else unicodedata.normalize("NFC", text).lower())


def silent(texts: list[str]) -> bool:
    """Whether none of many words says anything, for certain: at once, as nearly always nothing is said."""
    whole = "\n".join(texts)
    return whole.isascii() and _WORDS.keys().isdisjoint(whole.lower().split("\n"))


def words(name: str) -> dict[str, int]:
    """What the words of a name say, each with where the last such word ends."""
    found: dict[str, int] = {}
    for match in _LETTERS.finditer(name):
        if match.end() == len(name) and name[match.start() - 1:match.start()] == ".":
            continue
        group = word(match.group())
        if group:
            found[group] = match.end()
    return found
