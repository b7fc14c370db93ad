"""Identity numbers told by their separators, letters, or a word beside them. Bare runs of digits are for `runs`.

Each judge is given the text that its pattern found and says what it is, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from stdnum import imsi, luhn

from scanner.filenames import abroad, identity
from scanner.filenames.clock import HOUR_MINUTE, is_loose
from scanner.model import Certainty

Found = tuple[str, str, Certainty] | None    # kind, normalised value, certainty
_NORTH = frozenset({"SE", "DK", "NO", "FI", "IS"})
_HOUR_MINUTE = re.compile(HOUR_MINUTE)


@dataclass(frozen=True, slots=True)
class Around:
    """What a judge knows of the name: where it is at home, and what its words say, with where they end."""

    regions: tuple[str, ...]
    words: dict[str, int] = field(default_factory=dict)

    def at(self, *regions: str) -> bool:
        """Whether one of these is at home here; so is every region where none is told."""
        return not self.regions or any(region in self.regions for region in regions)


@dataclass(frozen=True, slots=True)
class Shaped:
    """Text of one shape."""

    pattern: re.Pattern[str]
    marks: str                               # characters of which a name needs one
    judge: Callable[[str, Around], Found]
    trims: bool = False                      # what is refused may be right without its last group of digits


def _bare(text: str) -> str:
    return re.sub("[^0-9A-Za-z]", "", text)


def _sure(certain: bool) -> Certainty:
    return Certainty.PROBABLE if certain else Certainty.POSSIBLE


def _finnish(text: str, around: Around) -> Found:
    """A digit at the end is ambiguous with Swedish and Danish numbers: then only those at home in Finland count."""
    if not identity.finnish(text):
        return None
    sign, digits = text[6], _bare(text)
    if text[-1].isdigit() and sign in "-+":
        home = around.regions[:1] == ("FI",)
        if "FI" not in around.regions or (not home and identity.swedish(digits)):
            return None
        return "hetu", text, _sure(home and not is_loose(digits))
    return "hetu", text, Certainty.PROBABLE


def _split(text: str, around: Around) -> Found:
    """`YYYYMMDD-NNNN`, `YYMMDD-NNNN` or `DDMMYY-NNNN`: Swedish where Luhn agrees, else a time or Danish."""
    digits = _bare(text)
    if len(digits) == 12:
        return _split_long(digits, around)
    kind, danish = identity.swedish(digits), "-" in text and identity.danish(digits)
    if "IS" in around.regions and "-" in text and (icelandic := abroad.kind("IS", digits)):
        return icelandic, digits, _sure(icelandic == "organisation" or not is_loose(digits))
    if kind and not around.at("SE") and is_loose(digits):
        kind = None
    if kind and not (danish and around.regions[:1] == ("DK",)):
        plain = around.regions[:1] == ("SE",) or (around.at("SE") and not danish)
        return kind, digits, _sure(plain and not is_loose(digits))
    if danish and (around.at("DK") or not _HOUR_MINUTE.fullmatch(digits[6:])):
        return "cpr", digits, Certainty.POSSIBLE
    return ("organisation", digits, Certainty.PROBABLE) if around.at("SE") and identity.organisation(digits) else None


def _split_long(digits: str, around: Around) -> Found:
    century, ten = digits[:2], digits[2:]
    if century == "16":
        return ("organisation", ten, Certainty.PROBABLE) if identity.organisation(ten) else None
    kind = identity.swedish_long(century, ten)
    if kind is None:
        return None
    return kind, digits, Certainty.CERTAIN if kind == "timestamp" else _sure(kind != "undecided" and around.at("SE"))


def _six_five(text: str, around: Around) -> Found:
    digits = _bare(text)
    kind = identity.norwegian(digits)
    if kind and (around.at("NO") or not is_loose(digits)):
        return kind, digits, _sure(around.at("NO") and not is_loose(digits))
    kind = abroad.kind("LV", digits) if "LV" in around.regions else None
    return None if kind is None else (kind, digits, _sure(not is_loose(digits)))


def _american(text: str, _: Around) -> Found:
    return ("ssn", _bare(text), Certainty.POSSIBLE) if identity.american(text) else None


def _british(text: str, _: Around) -> Found:
    kind = identity.british(_bare(text))
    return None if kind is None else (kind, _bare(text), Certainty.POSSIBLE)


def _insured(text: str, around: Around) -> Found:
    told = "insured" in around.words or ("patient" in around.words and "DE" in around.regions)
    return ("kvnr", text, Certainty.PROBABLE) if told and abroad.german_insured(text) else None


def _reserve(text: str, around: Around) -> Found:
    """A Swedish region's number for a patient who has none: letters stand in it, so a word must say what it is."""
    told = ("patient" in around.words or "person" in around.words) and around.at("SE")
    return ("reservnummer", _bare(text), Certainty.POSSIBLE) if told else None


def _abroad(region: str) -> Callable[[str, Around], Found]:
    def judge(text: str, around: Around) -> Found:
        kind = abroad.kind(region, _bare(text)) if region in around.regions else None
        return None if kind is None else (kind, _bare(text), Certainty.PROBABLE)
    return judge


_EDGES = "(?<![0-9A-Za-z])(?:{})(?![0-9A-Za-z])"
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SHAPES = (
    Shaped(re.compile(_EDGES.format("[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y]")), "-+ABCDEFUVWXY", _finnish),
    Shaped(re.compile("(?<![0-9])(?:[0-9]{2})?[0-9]{6}[-+][0-9]{4}(?![0-9]|[A-Za-z]{1,8}[0-9])"), "-+", _split),
    Shaped(re.compile("(?<![0-9])[0-9]{6}[ -][0-9]{5}(?![0-9])"), " -", _six_five),
    Shaped(re.compile("(?<![0-9])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![0-9])"), "-", _american),
    Shaped(re.compile("(?<![0-9])[0-9]{3} [0-9]{3} [0-9]{4}(?![0-9])"), " ", _british),
    Shaped(re.compile(_EDGES.format("[A-Z][0-9]{9}")), _UPPER, _insured),
    Shaped(re.compile(_EDGES.format("(?:18|19|20)[0-9]{6}-?[A-Z][0-9A-Z]{3}")), _UPPER, _reserve),
    *(Shaped(pattern, ".", _abroad(region)) if region == "BE" else Shaped(pattern, _UPPER + " ", _abroad(region))
      for region, pattern in abroad.SHAPES.items() if region not in ("IS", "LV")),
)
"""In the order in which they own their digits."""


def told(digits: str, around: Around) -> Found:
    """What a bare run of digits is by a word in the name, whatever it may be without; None: the words say nothing."""
    words, length = around.words, len(digits)
    if length == 15:
        return _device(digits, words)
    if length == 11 and "tax" in words and abroad.german_tax(digits):
        return "steuer-id", digits, Certainty.PROBABLE
    if length == 9 and "bsn" in words and "NL" in around.regions and abroad.dutch(digits):
        return "bsn", digits, Certainty.PROBABLE
    return _ten(digits, around) if length == 10 else None


def _device(digits: str, words: dict[str, int]) -> Found:
    if "imei" in words and luhn.is_valid(digits):
        return "imei", digits, Certainty.PROBABLE
    return ("imsi", digits, Certainty.PROBABLE) if "imsi" in words and imsi.is_valid(digits) else None


def _ten(digits: str, around: Around) -> Found:
    """A word that may stand beside any file needs the country as well, and yields to an epoch."""
    words = around.words
    if ("nhs" in words or ("patient" in words and "GB" in around.regions)) and (kind := identity.british(digits)):
        return kind, digits, _sure("nhs" in words)
    if "cpr" in words and identity.danish(digits):
        return "cpr", digits, _sure(identity.danish_checked(digits))
    if "person" in words and around.at("SE") and (kind := identity.swedish(digits)):
        return kind, digits, _sure(not is_loose(digits))
    soft = ("person" in words or "patient" in words) and "DK" in around.regions and digits[0] != "1"
    return ("cpr", digits, Certainty.POSSIBLE) if soft and identity.danish(digits) else None
