"""What holds for a whole store when it is scored: to whom it lies open, what its doors say, how much it holds. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.assess.classes import VOICE, is_recorded
from scanner.assess.said import FOLDER, NOTHING, Said, at
from scanner.assess.score import Around, Step
from scanner.census import Census, StoreSeen
from scanner.model import Access, DoorSeen, Vantage
from scanner.signature import Knowledge, Score

OFFERS_WRITING = frozenset({"access/http-write", "access/upload-form"})
RANSOM, RANSOMED = "ransom", "ransomed"
_HARMLESS_SHARE = 0.9
_DAY = 86_400
_FROM = {Vantage.INTERNET: "the internet", Vantage.PARTNER: "a partner's network", Vantage.INTERNAL: "the own network"}


def around(store: StoreSeen, said: Said, knowledge: Knowledge) -> Around:
    """For the store's files, `said` at its doors."""
    census, score = store.census, knowledge.score
    return Around(
        breach=tuple(_breach(store, score)), said=said,
        regions=tuple(dict.fromkeys(region for door in store.doors for region in door.setting.regions)),
        recordings=sum(part.files for key, part in census.parts.items() if key.kind in VOICE and is_recorded(key)),
        days=span(census), keys="key" in census.kinds,
        mirror=(at(census.words, FOLDER) + said).harmless(knowledge) if _mostly_harmless(census, score) else NOTHING)


def _breach(store: StoreSeen, score: Score) -> Iterator[Step]:
    yield max(map(_reach, store.doors, [score] * len(store.doors)), key=lambda step: (step.value, step.entry))
    if offers_writing(store):
        yield Step(score.cb.write, "writing is advertised; it was not tried", "cb.write")
    if abused(store.census):
        yield Step(score.cb.ransom, "somebody meant harm: what lies there looks like ransom", "cb.ransom")
        yield Step(score.cb.lost, "the data may be lost to their owner", "cb.lost")


def _reach(door: DoorSeen, score: Score) -> Step:
    """To whom one door shows the store; the widest open of a store's doors counts."""
    if door.access in (Access.LOGIN, Access.NONE):
        return Step(score.cb.login, "behind a login; a title or a count shows", "cb.login")
    vantage = door.setting.vantage
    known = "an unknown number of people" if vantage is Vantage.INTERNET else "a number of known people"
    return Step(score.cb.vantage[vantage], f"open without a login from {_FROM[vantage]}, to {known}",
                f"cb.vantage.{vantage.value}")


def offers_writing(store: StoreSeen) -> bool:
    """Advertised only: nothing was tried."""
    return any(not OFFERS_WRITING.isdisjoint(door.signatures) for door in store.doors)


def abused(census: Census) -> bool:
    """Notes of somebody who demands ransom, or the endings that extortion leaves on more than half of the files."""
    return RANSOM in census.kinds or 2 * census.kinds.get(RANSOMED, (0, 0))[0] > census.files


def span(census: Census) -> int:
    """Days from the first to the last file, by the times shown or by what names say, whichever is longer."""
    shown = ((census.first, census.last), (census.named_first, census.named_last))
    return max([(last - first) // _DAY for first, last in shown if first is not None and last is not None], default=0)


def _mostly_harmless(census: Census, score: Score) -> bool:
    meant = sum(files for kind, (files, _) in census.kinds.items() if not score.dpc.classes.get(kind, 0.0))
    return bool(census.files) and meant >= _HARMLESS_SHARE * census.files
