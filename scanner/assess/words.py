"""Words of a finding: what it is called, and what to do about it. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TypedDict

from scanner.assess.classes import VOICE, grammar_of, is_recorded
from scanner.census import Census, StoreSeen
from scanner.model import DoorSeen
from scanner.signature import Knowledge, Recording

_NOUNS = {
    "audio": "audio file{s}", "video": "video file{s}", "mail": "mail file{s}", "database": "database{s}",
    "machine-backup": "machine backup{s}", "key": "key file{s}", "secret": "file{s} with secrets",
    "export": "exported list{s}", "identity": "identity document{s}", "archive": "archive{s}",
    "health": "health record{s}", "phone-backup": "phone backup{s}", "calendar": "calendars and contacts",
    "chat": "chat{s}", "log": "log{s}",
    "surveillance": "surveillance recording{s}", "fax": "faxes and scans", "transcript": "transcript{s}",
    "accounting": "file{s} of accounts and pay", "photo": "private photograph{s}",
    "social-legal": "paper{s} of social services and courts",
    "dictation": "dictation{s}", "voicemail": "voice message{s}", "encrypted": "encrypted file{s}",
    "source": "source control", "capture": "captured call{s}",
}
_SPOKEN = {
    "call": "call recording{s}", "transcript": "call recording{s}", "meeting": "meeting recording{s}",
    "dictation": "dictation{s}", "voicemail": "voice message{s}", "camera": "call recording{s}",
}
_CLOSE = "Switch off the listing, and move the files out of the served folder or put a login before it."
_SHUT = "Let nobody in without a login, and move the files out of the folder that is shared."
_ALL = "Close each of its {} doors ({}): the files stay open as long as one of them is."
_PLAIN = "Plain HTTP answers on a port meant for TLS: whoever is on the way can read along. Put TLS there, or close it."
_LOGS = "Keep the server's access log from before you change anything: it alone tells who was here."
_EVERY_LOG = "Keep the logs of each of these servers from before you change anything: they alone tell who was here."


class Remedies(TypedDict):
    """What to do, and where it is told."""

    remedy: tuple[str, ...]
    references: tuple[str, ...]


def title(census: Census, knowledge: Knowledge, *, personal: bool) -> str:
    """One line that says what lies open."""
    least = "at least " if census.cut_by else ""
    if not census.files and not census.directories:
        return "An open folder without entries"
    if not census.files:
        return f"{least}{_counted(census.directories, 'folder{s}')} listed to anyone, without files".capitalize()
    if not personal:
        return f"{least}{_files(census.files)} listed to anyone, nothing personal seen".capitalize()
    voice = _voice(census, knowledge)
    if voice:
        what = ", ".join(_counted(files, noun) for noun, files in voice.items())
        return f"{least}{what} open to anyone{_named(census)}".capitalize()
    named = {key.kind for key in census.parts if key.kind in _NOUNS}
    kinds = sorted(named, key=lambda kind: (-census.kinds[kind][0], kind))
    nouns = [_counted(census.kinds[kind][0], _NOUNS[kind]) for kind in kinds[:2] if kind in census.kinds]
    return f"{least}{_files(census.files)} open to anyone: {', '.join(nouns)}".capitalize() if nouns else \
        f"{least}{_files(census.files)} open to anyone".capitalize()


def _voice(census: Census, knowledge: Knowledge) -> dict[str, int]:
    """What was spoken and what was written down of it, as noun -> files, most first."""
    kinds: dict[str, int] = {}
    for key, part in census.parts.items():
        if key.kind in VOICE:
            kinds[key.kind] = kinds.get(key.kind, 0) + part.files
    nouns = _NOUNS
    if any(key.kind == "audio" and is_recorded(key) for key in census.parts):
        grammar = grammar_of("audio", census, knowledge)
        nouns = {**_NOUNS, "audio": _SPOKEN[grammar.what if grammar is not None else "call"]}
    return {nouns[kind]: files for kind, files in sorted(kinds.items(), key=lambda one: (-one[1], one[0]))}


def _files(count: int) -> str:
    return _counted(count, "file{s}")


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun.format(s='' if count == 1 else 's')}"


def _named(census: Census) -> str:
    """What most of the names of sound give away."""
    found = Counter[str]()
    for key, part in census.parts.items():
        if key.kind in VOICE:
            found.update({kind: count.files for kind, count in part.people.items()})
    kind, files = max(found.items(), key=lambda entry: (entry[1], entry[0]), default=("", 0))
    return f", {files:,} named by {_KIND.get(kind, kind)}" if files else ""


_KIND = {"phone": "telephone number", "email": "mail address", "name": "a person's name"}


def remedies(store: StoreSeen, knowledge: Knowledge) -> Remedies:
    """What to do now, most urgent first, each once; of several doors that which most people reach goes first."""
    reach = knowledge.score.cb.vantage
    doors = sorted(store.doors, key=lambda door: (-reach[door.setting.vantage], not _is_web(door)))
    ids = [signature for door in doors for signature in door.signatures] + sorted(store.census.signatures)
    known = [knowledge.by_id[name] for name in ids if name in knowledge.by_id]
    protocols = list(dict.fromkeys(door.protocol for door in doors))
    alike = all(map(_is_web, doors))
    plain = any(door.facts.get("http.on-tls-port") for door in store.doors)
    steps = [
        *(signature.remedy for signature in known if not isinstance(signature, Recording)),
        _CLOSE if any(map(_is_web, doors)) else _SHUT,
        *([_ALL.format(len(doors), ", ".join(protocols))] if len(protocols) > 1 else []),
        _LOGS if alike else _EVERY_LOG,
        *(signature.remedy for signature in known if isinstance(signature, Recording)),
        *([_PLAIN] if plain else []),
    ]
    references = [reference for signature in known for reference in signature.references]
    wanted = dict.fromkeys(step for step in steps if step)
    return Remedies(remedy=tuple(wanted), references=tuple(dict.fromkeys(references)))


def _is_web(door: DoorSeen) -> bool:
    """Whether a browser opens it: such a door most people can walk through. Ways over HTTP are named by their form."""
    return door.endpoint.scheme in (None, "http", "https")
