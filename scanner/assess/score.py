"""The score: ENISA's SE = DPC × EI + CB for one class of files, each factor with the words it came from. Pure.

Source: ENISA, Recommendations for a methodology of the assessment of severity of personal data breaches, 2013. The
figures are data (`signatures/score.toml`); here is only how they are put together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scanner.census import PartKey
from scanner.model import Certainty, Factors, Setting
from scanner.signature import Identifier, Knowledge, Score

_IDENTITY = frozenset({"personnummer", "samordningsnummer", "cpr", "fodselsnummer", "hetu", "nhs", "ssn", "identity"})
_ADDRESSED = frozenset({"mail", "export", "calendar"})    # name people together with their addresses
VOICE = frozenset({"audio", "transcript", "dictation", "voicemail"})

CONTENTS = frozenset({
    "mail", "database", "machine-backup", "phone-backup", "export", "calendar", "health", "identity", "chat", "key",
    "secret",
})
"""Kinds whose contents name people, whatever the files are called; a key stands for what it opens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """Files of one sort: what they are, and what their names give away."""

    kind: str                            # audio, mail, database …
    identifier: str | None               # phone, personnummer, email, name …; None: nothing
    files: int
    recordings: bool = False             # see `is_recorded`


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What holds for the whole store."""

    setting: Setting
    words: Mapping[str, frozenset[str]]  # word class -> words of paths, titles, host names and the scope
    files: int
    days: int                            # from the first to the last date shown
    write: bool                          # writing is advertised


def is_recorded(key: PartKey) -> bool:
    """Whether sound files are recordings of people: a grammar, a recorder's folder, or numbers in the names say so."""
    return bool(key.identifier) or key.certainty >= Certainty.PROBABLE


def factors(what: Class, around: Circumstances, knowledge: Knowledge) -> Factors:
    """The three factors of one class, with reasons."""
    because: list[str] = []
    dpc = _dpc(what, around, knowledge, because)
    if dpc <= 0:
        return Factors(dpc=0.0, ei=0.0, cb=knowledge.score.cb.vantage[around.setting.vantage],
                       because=("nothing personal is seen in these names",))
    ei = _ei(what, around, knowledge, because, sensitive=dpc >= knowledge.score.dpc.most)
    cb = _cb(around, knowledge.score, because)
    return Factors(dpc=dpc, ei=ei, cb=cb, because=tuple(because))


def _dpc(what: Class, around: Circumstances, knowledge: Knowledge, because: list[str]) -> float:
    table = knowledge.score.dpc
    base = table.classes.get(what.kind, 0.0)
    if what.identifier and base == 0:
        base = table.least
    if _is_harmless(what, around, knowledge):
        return 0.0
    if base == 0:
        return 0.0
    because.append(f"DPC {base:g}: {_what(what)}")
    lifted, word = _lift(around, knowledge)
    if lifted > base:
        because.append(f"DPC raised to {lifted:g}: {word}")
        return min(lifted, table.most)
    long = around.days >= table.long_days and what.files >= knowledge.score.many_people
    if what.recordings and (what.files > table.many_files or long):
        lifted = min(base + table.step, table.most)
        span = f"{what.files:,} files over {max(around.days, 1):,} days"
        because.append(f"DPC raised to {lifted:g}: {span}")
        return lifted
    return base


def _is_harmless(what: Class, around: Circumstances, knowledge: Knowledge) -> bool:
    """Prompts, music on hold and the like: said by the paths, and nothing personal speaks against it."""
    words = any(knowledge.contexts[name].harmless for name in around.words if name in knowledge.contexts)
    return words and what.identifier is None and not what.recordings


def _what(what: Class) -> str:
    if what.recordings:
        return "recorded speech" if what.kind in VOICE else f"recorded {what.kind}"
    return f"files of the class {what.kind}"


def _lift(around: Circumstances, knowledge: Knowledge) -> tuple[float, str]:
    """The highest context that a word stands for."""
    lifts = [
        (words.dpc, f"{name} ({', '.join(sorted(around.words[name])[:4])})")
        for name, words in knowledge.contexts.items() if words.dpc is not None and around.words.get(name)
    ]
    return max(lifts, default=(0.0, ""))


def _ei(what: Class, around: Circumstances, knowledge: Knowledge, because: list[str], *, sensitive: bool) -> float:
    """The easiest way to tell who it is about: by what names carry, or by what lies in files of the kind."""
    table = knowledge.score.ei
    ways = [table[name] for name in (_carried(what, table), _inside(what, table, sensitive=sensitive)) if name in table]
    entry = max(ways or [table["none"]], key=lambda way: way.at(around.setting.regions))
    ei = entry.at(around.setting.regions)
    because.append(f"EI {ei:g}: {entry.because}")
    if what.kind == "encrypted":
        ei *= knowledge.score.encrypted
        because.append(f"EI lowered to {ei:g}: unintelligible without the key")
    return ei


def _carried(what: Class, table: Mapping[str, Identifier]) -> str:
    return "identity" if what.identifier in _IDENTITY and what.identifier not in table else what.identifier or ""


def _inside(what: Class, table: Mapping[str, Identifier], *, sensitive: bool) -> str:
    if what.kind in VOICE:
        return "voice-helpline" if sensitive else "voice"
    if what.kind in _ADDRESSED and "addressed" in table:
        return "addressed"
    return "contents" if what.kind in CONTENTS else ""


def _cb(around: Circumstances, score: Score, because: list[str]) -> float:
    cb = score.cb.vantage[around.setting.vantage]
    because.append(f"CB +{cb:g}: open to anyone on the {_seen_from(around)}")
    if around.write:
        cb += score.cb.write
        because.append(f"CB +{score.cb.write:g}: writing is advertised; it was not tried")
    return cb


def _seen_from(around: Circumstances) -> str:
    return {"internet": "internet"}.get(around.setting.vantage.value, f"{around.setting.vantage.value} network")
