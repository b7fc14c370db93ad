"""The score: ENISA's SE = DPC × EI + CB for one class of files, every step with what it came from. Pure.

Source: ENISA, Recommendations for a methodology of the assessment of severity of personal data breaches, 2013. The
figures are data (`signatures/score.toml`); here is only how they are put together.

Reasons have one form, so that a reader can work the score out again from them alone:

    DPC 2: what the files are (table: dpc.classes.audio)
    DPC 2 raised to 4: which words, and where they stood (context/health)
    EI 1 × 0.25 = 0.25: why (table: encrypted)
    CB 0.5 + 0.25 = 0.75: why (table: cb.write)
    SE 4 × 0.75 + 0.5 = 3.5
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scanner.assess.classes import ADDRESSED, CONTENTS, SILENT, VOICE, Class, excused
from scanner.assess.said import NOTHING, Said
from scanner.filenames import IDENTITIES
from scanner.model import Certainty, Factors
from scanner.signature import Identifier, Knowledge, Processing, Score

_UNKNOWN = frozenset({"archive", "capture"})
_PICTURES = frozenset({"surveillance", "photo"})
_PAPERS = frozenset({"fax"})


@dataclass(frozen=True, slots=True)
class Step:
    """One addend of the circumstances."""

    value: float
    why: str
    entry: str                           # of the table


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What holds for the whole store."""

    breach: tuple[Step, ...]             # to whom it lies open, and what makes that worse
    said: Said = NOTHING                 # words of its doors and of the scope
    regions: tuple[str, ...] = ()        # ISO 3166 alpha-2
    recordings: int = 0                  # files of recorded people in it
    days: int = 0                        # from the first to the last date shown
    keys: bool = False                   # key files lie in it
    mirror: Said = NOTHING               # harmless words of a store of which nearly all is meant for everybody


@dataclass(frozen=True, slots=True)
class Reasoned:
    """A figure, and the steps that led to it."""

    value: float
    because: tuple[str, ...]

    def then(self, value: float, how: str, why: str) -> Reasoned:
        """The next step."""
        return Reasoned(value, (*self.because, f"{how}: {why}"))


def factors(what: Class, around: Around, knowledge: Knowledge) -> Factors:
    """The three factors of one class, with reasons."""
    dpc = context(what, around, knowledge)
    ei = identification(what, around, knowledge.score, sensitive=dpc.value >= knowledge.score.dpc.most)
    if dpc.value <= 0:
        ei = Reasoned(0.0, ("EI 0: there is nobody to tell",))
    cb = circumstances(around.breach)
    made = Factors(dpc=dpc.value, ei=ei.value, cb=cb.value, because=())
    return Factors(dpc=dpc.value, ei=ei.value, cb=cb.value,
                   because=(*dpc.because, *ei.because, *cb.because, formula(made)))


def formula(made: Factors) -> str:
    """The score, worked out: `SE 4 × 0.75 + 0.5 = 3.5`."""
    exact = made.dpc * made.ei + made.cb
    rounded = "" if abs(exact - made.score) < 1e-9 else f", rounded to quarters {figure(made.score)}"
    return f"SE {figure(made.dpc)} × {figure(made.ei)} + {figure(made.cb)} = {figure(exact)}{rounded}"


def figure(value: float) -> str:
    """A number with all the digits that another table may give it."""
    return f"{value:.10g}"


def context(what: Class, around: Around, knowledge: Knowledge) -> Reasoned:
    """Data processing context: by class, raised by volume and by words."""
    said = what.said + around.said
    harmless = excused(what, harmless=said.harmless(knowledge), mirror=around.mirror)
    base = _base(what, knowledge)
    if base.value and harmless.words:
        words = ", ".join(map(harmless.shown, harmless.words))
        return Reasoned(0.0, (f"DPC 0: {what.kind} files where words say that they are for everybody: {words}",))
    if not base.value:
        return base
    return _lifted(_of_volume(base, what, around, knowledge.score), what, said, knowledge)


def _base(what: Class, knowledge: Knowledge) -> Reasoned:
    score = knowledge.score
    by_class, entry = _of_class(what.kind, knowledge)
    if what.grammar and what.grammar.dpc > by_class:
        return _stated(what.grammar.dpc, what.grammar.title, what.grammar.id)
    if by_class:
        return _stated(by_class, _described(what), entry)
    if what.points and (what.certainty > Certainty.POSSIBLE or what.kind in SILENT):
        return _stated(score.dpc.least, f"files whose names point at people ({what.identifier})", "table: dpc.least")
    return _stated(0.0, f"files of the class {what.kind}: nothing personal is seen", entry)


def _of_class(kind: str, knowledge: Knowledge) -> tuple[float, str]:
    """As the table says; a class that it does not know, as its own signature says."""
    own = knowledge.gravest.get(kind)
    if own is None or kind in knowledge.score.dpc.classes:
        return knowledge.score.dpc.classes.get(kind, 0.0), f"table: dpc.classes.{kind}"
    return own.dpc, own.id


def _stated(value: float, why: str, entry: str) -> Reasoned:
    return Reasoned(value, (f"DPC {figure(value)}: {why} ({entry})",))


def _described(what: Class) -> str:
    if what.recorded:
        return "recorded speech" if what.kind in VOICE else f"recorded {what.kind}"
    return f"files of the class {what.kind}"


def _of_volume(found: Reasoned, what: Class, around: Around, score: Score) -> Reasoned:
    """Much of one's life lies in many recordings, or in those of years."""
    table = score.dpc
    if not what.recorded or found.value >= table.most:
        return found
    many = around.recordings > table.many_files
    long = around.days >= table.long_days and around.recordings >= score.many_people
    if not (many or long):
        return found
    value = min(found.value + table.step, table.most)
    why = (f"{around.recordings:,} recordings, more than {table.many_files:,} (table: dpc.many_files, dpc.step)" if many
           else f"{around.recordings:,} recordings over {around.days:,} days, at least {table.long_days:,} "
                "(table: dpc.long_days, dpc.step)")
    how = f"DPC {figure(found.value)} + {figure(table.step)} = {figure(found.value + table.step)}"
    return found.then(value, how + ("" if value == found.value + table.step else f", at most {figure(value)}"), why)


def _lifted(found: Reasoned, what: Class, said: Said, knowledge: Knowledge) -> Reasoned:
    """Raised to the highest that a word stands for; of two classes the one that more words tell of is named."""
    raised = [(_raised(group, found.value, what, said, knowledge), group) for group in said.words
              if group in knowledge.contexts]
    value, group = max(raised, key=lambda one: (one[0], len(said.words[one[1]]), one[1]), default=(0.0, ""))
    if value <= found.value:
        return found
    table = knowledge.score.dpc
    entry = f"table: dpc.words.{group}" if group in table.words else f"context/{group}"
    most = _by_words(group, what, table)
    if most and value == found.value + table.by_words[most]:
        entry += f", table: dpc.by_words.{most}"
    return found.then(value, f"DPC {figure(found.value)} raised to {figure(value)}",
                      f"words of {group}: {said.shown(group)} ({entry})")


def _raised(group: str, found: float, what: Class, said: Said, knowledge: Knowledge) -> float:
    table = knowledge.score.dpc
    stands_for = table.words.get(group, knowledge.contexts[group].dpc)
    seen_as = "surveillance" if what.filmed else what.kind
    if stands_for is None or seen_as not in table.only.get(group, (seen_as,)):
        return 0.0
    most = _by_words(group, what, table)
    if most and not said.words[group].keys() & set(table.grave):
        stands_for = min(stands_for, found + table.by_words[most])
    return min(stands_for, table.most)


def _by_words(group: str, what: Class, table: Processing) -> str:
    """The entry that says how far words of `group` raise files of this class; empty where nothing holds them."""
    entries = (f"{group}/{what.kind}", what.kind)
    return next((entry for entry in entries if entry in table.by_words), "")


def identification(what: Class, around: Around, score: Score, *, sensitive: bool) -> Reasoned:
    """Ease of identification: the easiest of what names carry and of what lies in files of the kind.

    An identifier that is only possible counts no higher than the table's `possible`: most names that look like a
    person's are none, and one that is none identifies nobody. How sure the rest is stands in the confidence.
    """
    ways = list(_ways(what, around, score, sensitive=sensitive)) or [_way("none", score, around.regions)]
    found = max(ways, key=lambda way: way.value)
    if what.kind != "encrypted":
        return found
    if around.keys:
        return found.then(found.value, f"EI {figure(found.value)} stays", "key files lie in the same store")
    value = found.value * score.encrypted
    return found.then(value, f"EI {figure(found.value)} × {figure(score.encrypted)} = {figure(value)}",
                      "unintelligible without the key (table: encrypted)")


def _ways(what: Class, around: Around, score: Score, *, sensitive: bool) -> Iterator[Reasoned]:
    carried = "identity" if what.identifier in IDENTITIES - score.ei.keys() else what.identifier
    if carried in score.ei:
        way = _way(carried, score, around.regions)
        doubtful = what.certainty is Certainty.POSSIBLE and way.value > score.possible
        yield way.then(score.possible, f"EI {figure(way.value)} lowered to {figure(score.possible)}",
                       "it is only possible that the names say so (table: possible)") if doubtful else way
    if inside := _inside(what, sensitive=sensitive):
        yield _way(inside, score, around.regions)


def _way(name: str, score: Score, regions: tuple[str, ...]) -> Reasoned:
    entry: Identifier = score.ei[name]
    value = entry.at(regions)
    looked_up = next((region for region in regions if entry.countries.get(region) == value != entry.ei), None)
    where = f"ei.{name}.countries.{looked_up}" if looked_up else f"ei.{name}"
    why = entry.because + (f", and can be looked up in {looked_up}" if looked_up else "")
    return Reasoned(value, (f"EI {figure(value)}: {why} (table: {where})",))


def _inside(what: Class, *, sensitive: bool) -> str:
    """The entry for what lies in files of the kind; empty where nothing is known of it."""
    if what.filmed:
        return "picture"
    if what.kind in VOICE or (what.recorded and what.kind == "video"):
        if what.kind == "dictation" or (what.grammar is not None and what.grammar.what == "dictation"):
            return "dictation"
        return "voice-helpline" if sensitive else "voice"
    if what.kind in ADDRESSED:
        return "addressed"
    if what.kind == "identity":
        return "holder"
    if what.kind in _PAPERS:
        return "contents" if sensitive else "paper"
    if what.kind in CONTENTS:
        return "contents"
    return "picture" if what.kind in _PICTURES else "unknown" if what.kind in _UNKNOWN else ""


def circumstances(breach: Sequence[Step]) -> Reasoned:
    """Circumstances of the breach, added up."""
    first, *others = breach
    found = Reasoned(first.value, (f"CB {figure(first.value)}: {first.why} (table: {first.entry})",))
    for step in others:
        value = round(found.value + step.value, 10)
        how = f"CB {figure(found.value)} + {figure(step.value)} = {figure(value)}"
        found = found.then(value, how, f"{step.why} (table: {step.entry})")
    return found
