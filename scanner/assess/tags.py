"""Tags of a finding: what is special about it, each with the figures that gave it as evidence. Pure.

A tag says what the listing shows, never what happened: who was here, only the server's log can tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scanner.assess.around import RANSOM, RANSOMED, abused, offers_writing
from scanner.assess.classes import CONTENTS, VOICE
from scanner.assess.parts import Piece
from scanner.assess.said import SERVERS, Said
from scanner.census import Census, StoreSeen
from scanner.filenames import mask_quoted
from scanner.model import Certainty, Evidence
from scanner.signature import Knowledge

CONTENT_NETWORK = "access/content-network"
LIVE_SECONDS = 48 * 3600
"""A store whose newest file is younger than this, by the server's own clock, is live."""

WINDOW_DAYS = 30                             # the longest window that counts as one
_WINDOW_SHARE = 0.95                         # of the dated files that lie within it
_WINDOW_FILES, _WINDOW_SEEN = 20, 5          # files, and days with files, from which a window is believed
_STEADY = 0.5                                # share of a window's days that show files
_BULK = 0.4                                  # share of the files on one day above which they came at once
_DAY = 86_400
_COPIES = frozenset({"machine-backup", "archive", "key", "secret"})      # lie in places for copies by nature
_PERSONS = (CONTENTS - _COPIES) | {"surveillance", "fax"}
_ARCHIVE = frozenset({"archive", "arkiv"})   # recorders call their own folders so


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag that holds, and why, where that takes figures."""

    name: str
    why: str = ""


def tags(store: StoreSeen, found: Sequence[Piece], said: Said, knowledge: Knowledge) -> tuple[Tag, ...]:
    """What holds for a store, in a fixed order."""
    census, doors = store.census, store.doors
    personal = [piece for piece in found if piece.personal]
    told = [
        ("live", live(store)),
        ("http-on-tls-port", any(door.facts.get("http.on-tls-port") for door in doors)),
        ("plain-http", any(door.protocol == "http" and not door.endpoint.tls for door in doors)),
        ("writable-advertised", offers_writing(store)),
        ("shared-hosting", any(CONTENT_NETWORK in door.signatures for door in doors)),
        ("catch-all", any(door.facts.get("http.catch-all") for door in doors)),
        ("at-least", bool(census.cut_by)),
        ("several-doors", len(doors) > 1),
    ]
    judged = (
        ("already-abused", _abused(census)), ("prod-data-in-test", _in_test(personal, said, knowledge)),
        ("rolling-window", _rolling(store, personal)), ("unintelligible", _unintelligible(personal, census)),
        ("many-people", _many(personal, census, knowledge.score.many_people)),
    )
    return (*(Tag(name) for name, holds in told if holds), *(Tag(name, why) for name, why in judged if why))


def evidence(store: StoreSeen, held: Sequence[Tag]) -> Iterator[Evidence]:
    """What the figures were that gave tags."""
    door = store.doors[0]
    url = door.endpoint.url(mask_quoted(door.root))
    yield from (Evidence(url=url, fact=tag.why) for tag in held if tag.why)


def live(store: StoreSeen) -> bool:
    """By the server's own clock where it tells it, else by ours at that moment."""
    last = store.census.last
    return last is not None and any(-LIVE_SECONDS <= clock - last <= LIVE_SECONDS for clock in _clocks(store))


def _clocks(store: StoreSeen) -> list[float]:
    return [(door.server_time or door.seen_at).timestamp() for door in store.doors]


def _abused(census: Census) -> str:
    if not abused(census):
        return ""
    notes, renamed = (census.kinds.get(kind, (0, 0))[0] for kind in (RANSOM, RANSOMED))
    if notes:
        return f"{notes:,} of {census.files:,} files are named like notes of somebody who demands ransom"
    return f"{renamed:,} of {census.files:,} files have an ending behind their own that extortion leaves"


def _in_test(personal: Sequence[Piece], said: Said, knowledge: Knowledge) -> str:
    """Personal data below a word for tests or copies, or at a host that is called so."""
    groups = [name for name, words in knowledge.contexts.items() if words.tag == "prod-data-in-test"]
    for piece in personal:
        if not _of_persons(piece):
            continue
        around = piece.what.said.only(groups) + _by_the_server(said.only(groups))
        words = {word: where for listed in around.words.values() for word, where in listed.items()
                 if not (piece.key.kind in VOICE and word in _ARCHIVE)}
        if words:
            where = ", ".join(f"{word} ({place})" for word, place in sorted(words.items())[:4])
            return f"{piece.count.files:,} {piece.key.kind} files lie in a place for tests or copies: {where}"
    return ""


def _by_the_server(said: Said) -> Said:
    """Without what owners call things: a test of theirs may be of anything."""
    return Said({group: {word: where for word, where in words.items() if where in SERVERS}
                 for group, words in said.words.items()})


def _of_persons(piece: Piece) -> bool:
    named = piece.what.points and piece.key.certainty > Certainty.POSSIBLE
    return named or piece.key.kind in _PERSONS or (piece.key.kind in VOICE and piece.what.recorded)


def _rolling(store: StoreSeen, personal: Sequence[Piece]) -> str:
    """Nearly all dated files of the last days only, some on most of these days: what was older is gone, or never was.

    Only where the files of people are most of the store: logs and packages are rotated everywhere.
    """
    census = store.census
    of_people = sum(piece.count.files for piece in personal if _of_persons(piece))
    if census.timed < _WINDOW_FILES or 2 * of_people <= census.files:
        return ""
    today = int(min(_clocks(store))) // _DAY
    days = {today - day: files for day, files in census.days.items() if -1 <= today - day <= WINDOW_DAYS}
    window = _window(days, census.timed)
    if window is None or len(days) < max(_WINDOW_SEEN, _STEADY * window):
        return ""
    if max(days.values()) > _BULK * census.timed:
        return ""
    return (f"{sum(days.values()):,} of {census.timed:,} dated files are of the last {window} days before the server's "
            f"clock, with new ones on {len(days)} days: the listing shows only these days, and the store may have been "
            "open for longer than is visible here")


def _window(days: dict[int, int], timed: int) -> int | None:
    """The fewest days back that hold enough of the files; None where no month does."""
    seen = 0
    for age in sorted(days):
        seen += days[age]
        if seen >= _WINDOW_SHARE * timed:
            return max(age, 1)
    return None


def _unintelligible(personal: Sequence[Piece], census: Census) -> str:
    """Most of what is personal is encrypted, and no key lies beside it."""
    files = sum(piece.count.files for piece in personal)
    sealed = sum(piece.count.files for piece in personal if piece.key.kind == "encrypted")
    if not sealed or 2 * sealed <= files or "key" in census.kinds:
        return ""
    return f"{sealed:,} of {files:,} files that may be personal are encrypted; where their key lies is not known"


def _many(personal: Sequence[Piece], census: Census, many: int) -> str:
    """More individuals than the method's flag: counted in names, else likely by the number of recordings."""
    kind, seen = max(census.people.items(), key=lambda entry: (entry[1].distinct, entry[0]), default=("", None))
    if seen is not None and seen.distinct > many and seen.certainty > Certainty.POSSIBLE:
        return f"at least {many:,} people: about {seen.distinct:,} different ones by {kind} in the names"
    unnamed = sum(piece.count.files for piece in personal if piece.what.recorded and not piece.what.points)
    sealed = sum(piece.count.files for piece in personal if piece.key.kind == "encrypted")
    if unnamed > many:
        return f"likely more than {many:,} people: {unnamed:,} recordings whose names do not say of whom"
    return f"likely more than {many:,} people: {sealed:,} encrypted files" if sealed > many else ""
