"""Words of a finding: which words around a store raise its context, what it is called, what to do about it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict
from urllib.parse import unquote

from scanner.assess.score import VOICE, is_recorded
from scanner.census import Census, StoreSeen
from scanner.signature import Knowledge, Recording

_NOUNS = {
    "audio": "audio file{s}", "video": "video file{s}", "mail": "mail file{s}", "database": "database{s}",
    "machine-backup": "machine backup{s}", "key": "key file{s}", "secret": "file{s} with secrets",
    "export": "exported list{s}", "identity": "identity document{s}", "archive": "archive{s}",
    "health": "health record{s}", "phone-backup": "phone backup{s}", "calendar": "calendars and contacts",
    "chat": "chat{s}", "log": "log{s}",
    "surveillance": "surveillance recording{s}", "fax": "faxes and scans", "transcript": "transcript{s}",
    "dictation": "dictation{s}", "source": "source control", "capture": "captured call{s}",
}
_CLOSE = "Switch off the listing, and move the files out of the served folder or put a login before it."
_PLAIN = "Plain HTTP answers on a port meant for TLS: whoever is on the way can read along. Put TLS there, or close it."
_LOGS = "Keep the server's access log from before you change anything: it alone tells who was here."


class Remedies(TypedDict):
    """What to do, and where it is told."""

    remedy: tuple[str, ...]
    references: tuple[str, ...]


def at_store(store: StoreSeen, knowledge: Knowledge) -> Mapping[str, frozenset[str]]:
    """Word class -> words of the paths listed, the doors' names and titles, and what the owner wrote."""
    found: dict[str, set[str]] = {group: set(words) for group, words in store.census.words.items()}
    company = any(key.kind in VOICE for key in store.census.parts)
    for text in _texts(store):
        for group, words in knowledge.words_in(text, company=company).items():
            found.setdefault(group, set()).update(words)
    return {group: frozenset(words) for group, words in found.items()}


def _texts(store: StoreSeen) -> set[str]:
    texts = set()
    for door in store.doors:
        owner = door.setting.owner
        texts |= {unquote(door.root, errors="replace"), door.endpoint.host or ""}
        texts |= {door.facts.get("http.title", ""), owner.label or ""}
        texts |= {f"/{word}/" for word in door.setting.context}
    return texts - {""}


def title(census: Census, *, personal: bool) -> str:
    """One line that says what lies open."""
    least = "at least " if census.cut_by else ""
    if not census.files and not census.directories:
        return "An open folder without entries"
    if not personal:
        return f"{least}{_files(census.files)} listed to anyone, nothing personal seen".capitalize()
    voice = sum(part.files for key, part in census.parts.items() if key.kind in VOICE)
    if voice:
        recorded = any(key.kind in VOICE and is_recorded(key) for key in census.parts)
        what = _counted(voice, "call recording{s}" if recorded else "audio file{s}")
        return f"{least}{what} open to anyone{_named(census)}".capitalize()
    named = {key.kind for key in census.parts if key.kind in _NOUNS}
    kinds = sorted(named, key=lambda kind: (-census.kinds[kind][0], kind))
    nouns = [_counted(census.kinds[kind][0], _NOUNS[kind]) for kind in kinds[:2] if kind in census.kinds]
    return f"{least}{_files(census.files)} open to anyone: {', '.join(nouns)}".capitalize() if nouns else \
        f"{least}{_files(census.files)} open to anyone".capitalize()


def _files(count: int) -> str:
    return _counted(count, "file{s}")


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun.format(s='' if count == 1 else 's')}"


def _named(census: Census) -> str:
    """What most of the names give away."""
    kind, count = max(census.people.items(), key=lambda entry: (entry[1].files, entry[0]), default=("", None))
    return f", {count.files:,} named by {_KIND.get(kind, kind)}" if count is not None else ""


_KIND = {"phone": "telephone number", "email": "mail address", "name": "a person's name"}


def remedies(store: StoreSeen, knowledge: Knowledge) -> Remedies:
    """What to do now, most urgent first, each once."""
    ids = [signature for door in store.doors for signature in door.signatures] + sorted(store.census.signatures)
    known = [knowledge.by_id[name] for name in ids if name in knowledge.by_id]
    plain = any(door.facts.get("http.on-tls-port") for door in store.doors)
    steps = [
        *(signature.remedy for signature in known if not isinstance(signature, Recording)), _CLOSE, _LOGS,
        *(signature.remedy for signature in known if isinstance(signature, Recording)),
        *([_PLAIN] if plain else []),
    ]
    references = [reference for signature in known for reference in signature.references]
    wanted = dict.fromkeys(step for step in steps if step)
    return Remedies(remedy=tuple(wanted), references=tuple(dict.fromkeys(references)))
