"""What words around files say of them, and where each word stood. Pure; decides no score.

Words of the host name, of a page's title, of the root, of the target's label, of the parties and of the scope hold for
the whole store; words of a folder hold for the files in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from urllib.parse import unquote

from scanner.census import Census, PartCount, PartKey, StoreSeen
from scanner.model import DoorSeen
from scanner.signature import Knowledge, Words

FOLDER = "folder"
SERVERS = frozenset({"root path", "host name", "page title", "share's comment"})
"""Places whose words the server shows itself."""

_COMPANY = frozenset({"audio", "transcript", "dictation", "voicemail", "mail", "health", "export", "calendar",
                      "identity", "chat"})
_COMMENTS = ("smb.comment", "rsync.comment")
_SHOWN = 4                                   # words of a class that a reason names


@dataclass(frozen=True, slots=True)
class Said:
    """Word class -> word as listed -> where it stood."""

    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __add__(self, other: Said) -> Said:
        """Both together; where a word stands twice, the first place is named."""
        return Said({group: {**other.words.get(group, {}), **self.words.get(group, {})}
                     for group in sorted({*self.words, *other.words})})

    def only(self, groups: Iterable[str]) -> Said:
        """What was said in words of these classes."""
        wanted = frozenset(groups)
        return Said({group: words for group, words in self.words.items() if group in wanted})

    def harmless(self, knowledge: Knowledge) -> Said:
        """What was said in words that excuse."""
        return self.only(name for name, words in knowledge.contexts.items() if words.harmless)

    def shown(self, group: str) -> str:
        """`helpline (scope), 1177 (folder)`: the first few words of a class and where they stood."""
        words = sorted(self.words.get(group, {}).items(), key=lambda item: (item[1] == FOLDER, item))
        more = f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
        return ", ".join(f"{word} ({where})" for word, where in words[:_SHOWN]) + more

    def listed(self) -> dict[str, frozenset[str]]:
        """Word class -> words, without their places."""
        return {group: frozenset(words) for group, words in self.words.items() if words}


NOTHING = Said()


def at(words: Mapping[str, Iterable[str]], where: str) -> Said:
    """Words that all stood in one place."""
    return Said({group: dict.fromkeys(listed, where) for group, listed in words.items() if listed})


def of_store(store: StoreSeen, knowledge: Knowledge) -> Said:
    """What holds for every file of a store. Words that are doubtful alone count beside files of people."""
    company = any(key.kind in _COMPANY or key.identifier for key in store.census.parts)
    said = Said()
    for where, text in chain.from_iterable(map(_texts, store.doors)):
        said += at(knowledge.words_in(text, company=company), where)
    for door in store.doors:
        said += _of_owner(door, knowledge) + _of_scope(door, knowledge)
    return said + _of_an_older_census(store.census, knowledge)


def _texts(door: DoorSeen) -> Iterator[tuple[str, str]]:
    yield "root path", unquote(door.root, errors="replace")
    yield "host name", door.endpoint.host or ""
    yield "page title", door.facts.get("http.title", "")
    yield "share's comment", " ".join(door.facts.get(fact, "") for fact in _COMMENTS)
    yield "label", door.setting.owner.label or ""


def _of_owner(door: DoorSeen, knowledge: Knowledge) -> Said:
    """A clinic's store is a clinic's, whatever it is called. That the owner is harmless excuses nothing."""
    owner = door.setting.owner
    said = Said()
    for role in ("controller", "processor", "sub_processor"):
        words = knowledge.words_in(getattr(owner, role) or "")
        said += at({group: words[group] for group in words if _raises(knowledge.contexts[group])},
                   role.replace("_", "-"))
    return said


def _of_scope(door: DoorSeen, knowledge: Knowledge) -> Said:
    """What the owner wrote needs no company, and may be the name of a word class, or a part of it."""
    said = Said()
    for word in door.setting.context:
        said += at(knowledge.words_in(word, company=True), "scope")
        named = [group for group, words in knowledge.contexts.items()
                 if _raises(words) and word.casefold() in (group, *group.split("-"))]
        said += at({group: [word.casefold()] for group in named}, "scope")
    return said


def _raises(words: Words) -> bool:
    return words.dpc is not None


def _of_an_older_census(census: Census, knowledge: Knowledge) -> Said:
    """Before parts kept the words of their folders, those of all paths stood for all files."""
    raising = {group for group in census.words if group in knowledge.contexts and _raises(knowledge.contexts[group])}
    if not raising or any(key.context or part.words for key, part in census.parts.items()):
        return Said()
    return at(census.words, FOLDER)


def of_part(key: PartKey, part: PartCount, knowledge: Knowledge) -> Said:
    """What the folders of a part say. What excuses must hold for all of them: the key says so, or the common folder."""
    above = knowledge.words_in(part.folder)      # of an older census
    excusing = {group for group, words in knowledge.contexts.items()
                if words.harmless and group not in key.context}
    own = {group: words for group, words in part.words.items() if group not in excusing}
    return at(own, FOLDER) + at({group: above[group] for group in above if group in excusing}, FOLDER)
