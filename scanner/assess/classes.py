"""Classes of files as the score sees them: what each may hold of people, and what of it words can excuse. Pure.

Holds no figures; those stand in the table of the score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scanner.assess.said import NOTHING, Said
from scanner.census import Census, PartKey
from scanner.filenames import INDIRECT
from scanner.model import Certainty
from scanner.signature import Knowledge, Recording

VOICE = frozenset({"audio", "transcript", "dictation", "voicemail"})
"""People speaking, or what they said."""

ADDRESSED = frozenset({"mail", "export", "calendar"})
"""They name people together with their addresses."""

CONTENTS = frozenset({
    "mail", "database", "machine-backup", "phone-backup", "export", "calendar", "health", "identity", "chat", "key",
    "secret", "accounting", "social-legal",
})
"""Kinds whose contents name people, whatever the files are called; a key stands for what it opens."""

OPENERS = frozenset({"key", "secret", "machine-backup", "database", "archive", "phone-backup"})
"""One step leads from them to more than is listed."""

SILENT = frozenset({"other", "text"})
"""Kinds that say nothing of themselves: a name that only may be a person's counts there, in a package it does not."""

_LIGHT = frozenset({"audio", "video", "transcript", "document", "encrypted"})
_MEANT = frozenset({"database", "archive", "source", "log", "capture"})
_PICTURES = frozenset({"video", "surveillance"})
_NOBODY = INDIRECT | {"", "extension", "uuid"}
_FAMILY = {"camera": _PICTURES, "meeting": VOICE | {"video"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """Files of one sort: what they are, what their names give away, what their folders say."""

    kind: str                            # audio, mail, database …
    identifier: str = ""                 # phone, personnummer, email, name …; empty: nothing
    certainty: Certainty = Certainty.CERTAIN                 # of the identifier; of sound files: that they are recorded
    files: int = 0
    recorded: bool = False               # see `is_recorded`
    said: Said = NOTHING                 # words of their own folders
    grammar: Recording | None = None     # that most files of the kind follow

    @property
    def points(self) -> bool:
        """Whether the names point at people by themselves, not only for those who hold the register."""
        return self.identifier not in _NOBODY

    @property
    def filmed(self) -> bool:
        """Whether it is a camera's film: people are seen in it, and few of them say who they are."""
        return self.kind == "video" and self.grammar is not None and self.grammar.what == "camera"


def is_recorded(key: PartKey) -> bool:
    """Whether sound files are recordings of people: a grammar, a recorder's folder, or numbers in the names say so.

    What only may be somebody's name does not: songs have such names.
    """
    return key.certainty >= Certainty.PROBABLE or key.identifier not in ("", "name")


def excused(what: Class, *, harmless: Said, mirror: Said) -> Said:
    """The words for prompts, music or software that tell all there is to tell of these files; nothing where none do.

    Words of their own folders do of sound and pictures that nobody recorded; words of a store that is nearly all meant
    for everybody (`mirror`) also of a database or an archive in it. Mail, keys or lists of people stay what they are
    wherever they lie.
    """
    if what.recorded or (what.points and what.certainty > Certainty.POSSIBLE):
        return NOTHING
    return harmless + mirror if what.kind in _LIGHT else mirror if what.kind in _MEANT else NOTHING


def grammar_of(kind: str, census: Census, knowledge: Knowledge) -> Recording | None:
    """The grammar that says most of the files of `kind`: followed by more than half of them, the gravest first."""
    known = [knowledge.by_id.get(name) for name in census.signatures]
    fit = [one for one in known if isinstance(one, Recording) and kind in _FAMILY.get(one.what, VOICE)]
    gravest = sorted(fit, key=lambda one: (-one.dpc, one.id))
    enough = census.kinds.get(kind, (0, 0))[0] / 2
    return next((one for one in gravest if _followed(one, fit, census.signatures) > enough), None)


def _followed(least: Recording, fit: list[Recording], files: Mapping[str, int]) -> int:
    """Files whose grammar is as grave as `least` or graver."""
    return sum(files[one.id] for one in fit if one.dpc >= least.dpc)
