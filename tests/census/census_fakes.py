"""As much knowledge as counting asks for, without a file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scanner.model import Certainty

AUDIO = frozenset(["wav", "WAV", "mp3", "gsm", "ulaw", "ogg", "oga", "m4a"])
TELEPHONY = frozenset(["gsm", "ulaw", "WAV"])


@dataclass(frozen=True)
class FakeRate:
    low: int
    best: int
    high: int
    header: int = 0


@dataclass(frozen=True)
class FakeClass:
    group: str
    telephony: bool = False
    path: str = ""

    def confirmed(self, facts: Mapping[str, str]) -> bool:
        return self.path in facts["entry.path"]


@dataclass(frozen=True)
class FakeGrammar:
    id: str
    pattern: str
    needs: str | None = None
    condition: tuple[str, str] = ("entry.path", "")
    mask: frozenset[str] = frozenset({"phone"})
    speech: bool = True
    certainty: Certainty = Certainty.CERTAIN

    def match(self, name: str) -> Mapping[str, str] | None:
        found = re.fullmatch(self.pattern, name)
        return None if found is None else {k: v for k, v in found.groupdict().items() if v is not None}

    def confirmed(self, facts: Mapping[str, str]) -> bool:
        return re.search(self.condition[1], facts.get(self.condition[0], "")) is not None


GRAMMARS = (
    FakeGrammar("recording/freepbx", r"[a-z]+-\w+-\w+-\d{8}-\d{6}-\d{9,10}\.\d+\.(?:wav|WAV)"),
    FakeGrammar("recording/vicidial", r"\d{8}-\d{6}_(?P<phone>\d{3,15})(?:_\w+)*(?:-(?:all|in|out))?\.(?:wav|mp3)"),
    FakeGrammar("recording/uuid", r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.wav", "path",
                ("entry.path", "/archive/")),
    FakeGrammar("recording/transcript", r".*\.vtt", "sibling", ("entry.siblings", r"\b(?:wav|mp3)\b")),
    FakeGrammar("recording/number-only", r"(?:\+|00)?\d{7,15}(?:_\d{1,4})?\.(?:wav|mp3|gsm)", "number",
                ("entry.people", r"\bphone\b")),
    FakeGrammar("recording/tracking", r"\d{8}_\d{6}_[A-Z]{4}\.(?:wav|mp3)"),
)
RATES = {
    "wav": FakeRate(8000, 16000, 176400, 44), "mp3": FakeRate(1000, 4000, 24000), "gsm": FakeRate(1650, 1650, 1650),
}


@dataclass(frozen=True)
class FakeContext:
    dpc: float | None = None
    harmless: bool = False


CONTEXTS = {"health": FakeContext(4.0), "recording": FakeContext(2.0), "harmless": FakeContext(harmless=True)}


@dataclass(frozen=True)
class FakeKnowledge:
    grammars: Sequence[FakeGrammar] = GRAMMARS
    contexts: Mapping[str, FakeContext] = field(default_factory=lambda: CONTEXTS)
    rates: Mapping[str, FakeRate] = field(default_factory=lambda: RATES)

    def recordings(self, name: str) -> list[tuple[FakeGrammar, Mapping[str, str]]]:
        found = [(grammar, grammar.match(name)) for grammar in self.grammars]
        return [(grammar, groups) for grammar, groups in found if groups is not None]

    def sort(self, name: str) -> str:
        return name

    def classes_of(self, name: str) -> Sequence[FakeClass]:
        extension = name.rpartition(".")[2] if "." in name else ""
        if extension in AUDIO:
            return FakeClass("prompt", path="/prompts/"), FakeClass("audio", extension in TELEPHONY)
        if extension == "vtt":
            return (FakeClass("transcript"),)
        return (FakeClass("document"),) if extension in ("pdf", "docx") else ()

    def rate(self, extension: str, signature: str | None = None) -> FakeRate | None:
        if extension == "WAV" and signature == "recording/freepbx":
            return FakeRate(1625, 1625, 1625, 60)
        return self.rates.get(extension) or self.rates.get(extension.lower())

    def words_in(self, path: str, *, company: bool = False) -> Mapping[str, frozenset[str]]:
        found = {g: frozenset(w for w in words if w in path.lower()) for g, words in WORDS.items()}
        return {group: words for group, words in found.items() if words}


WORDS = {"health": ("1177", "patient"), "recording": ("inspelningar", "recordings"), "harmless": ("music", "sounds")}
