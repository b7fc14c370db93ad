"""Words in a file name that may be a person's name. Never more than possible: no rule is reliable here.

Counted are the contact that telephones and 3CX write into its own field, and two or three capitalised words beside a
time, a number or an id. Words of the stop list name months, products and things that recorders write.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_BEYOND = [chr(c) for c in range(0xC0, 0x180)]           # Latin-1 and Latin Extended-A
_UPPER = "A-Z" + "".join(c for c in _BEYOND if unicodedata.category(c) == "Lu")
_LOWER = "a-z" + "".join(c for c in _BEYOND if unicodedata.category(c) == "Ll")
_PART = f"(?:Ma?c|[{_UPPER}]['\u2019])?[{_UPPER}][{_LOWER}]{{1,19}}"     # Testsson, O'Brien, McDonald
_WORD = f"{_PART}(?:-{_PART})?"
_PARTICLE = "(?:[ _](?:von|van|de|der|den|del|della|da|di|du|af|av|al|el|bin|ben|la|le|ten|ter|zu|zur|of)){0,2}"
_NAME = re.compile(
    f"(?<![{_UPPER}{_LOWER}])(?:{_WORD})(?:{_PARTICLE}(?:[ _]|, ?)(?:[{_UPPER}]\\.?[ _])?(?:{_WORD})){{1,2}}"
    f"(?![{_UPPER}{_LOWER}])"
)
_FIELDS = tuple(                             # a pattern with the contact as group 1, and a mark that a name needs
    (re.compile(pattern), mark) for pattern, mark in (
        (r"\[([^\[\]/]{1,80})\]_[^_]{0,40}-[^_]{0,40}_[0-9]{14}\(", "["),                       # 3CX
        (r"([^/]{1,80}?)\(\+?[0-9*#]{3,20}\)_[0-9]{14}(?![0-9])", "("),                         # Xiaomi
        (r"([^/]{1,80}?)@\+?[0-9*# ]{3,20}_[0-9]{14}(?![0-9])", "@"),                           # Huawei, Honor
        (r"(?:[A-Z][a-z]+ recording|Samtalsinspelning|Anrufaufzeichnung|Opkaldsoptagelse|Samtaleopptak"
         r"|Puhelun tallenne)[ _]([^/]{1,80}?)_[0-9]{6}_[0-9]{6}(?![0-9])", "_"),                         # Samsung
        (r"[0-9]{8}_[0-9]{6}\.[0-9]{3}[+-][0-9]{4}(?:_(?:in|out|conference))?(?:_sim[0-9])?(?:_\+?[0-9*#]{2,20})"
         r"_([^/]{1,80})\.[0-9a-z]{3,4}$", "."),                                                # Basic Call Recorder
        (r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}\.[0-9]{2}\.[0-9]{2} ([^/]{1,80}?)(?:'s|s)? Zoom ", "Z"),    # Zoom
    )
)
_LETTERS = re.compile(f"[{_UPPER}{_LOWER}]{{2,}}")
_SPLIT = re.compile("[ _,]+")
_ANY = re.compile(r"[A-Z]{2,}(?![a-z])|[^\W\d_][^\WA-Z\d_]*")       # AnnaKarlsson is two
_ENDING = re.compile(r"(?:\.[A-Za-z0-9]{1,5}(?=\.(?:gz|xz|bz2|zst|gpg|asc|sig|bak|enc|part)$))?\.[A-Za-z0-9]{1,5}$")
_WORDS = """
january february march april may june july august september october november december januari februari mars maj juni
juli augusti oktober jan feb mar apr jun jul aug sep oct okt nov dec dez januar februar märz mai dezember desember
monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun
call calls recording recordings record recorded recorder audio video voice memo message voicemail meeting conference
webinar interview internal external inbound outbound incoming outgoing callback transfer conversation phone mobile
unknown anonymous private number new final copy draft test open read screen shot screenshot image picture photo camera
channel front back left right main sub event motion alarm snapshot track disc part chapter episode season volume album
report invoice order statement export import backup dump data file document scan page list log error system server
database monthly weekly daily annual total year month week day morning evening night project version release update
general assembly minutes agenda budget plan summary notes results queue sales support service customer office reception
samtal inspelning okänt okänd dolt nummer skyddat intern extern röstmeddelande rapport faktura kopia bilaga möte
optagelse samtale opkald ukendt ukjent skjult opkalds opkaldsoptagelse opkaldet møde bilag kopi opkopi opptak
tallenne puhelu puhelun tuntematon kokous lasku liite anruf aufnahme gespräch unbekannt rechnung bericht anlage
besprechung samtalsinspelning anrufaufzeichnung samtaleopptak the and for with from
microsoft google zoom teams webex skype whatsapp facebook windows linux android samsung apple iphone sony canon nikon
bad request not found forbidden unauthorized allowed welcome ready login server debian ubuntu
asterisk freepbx pbx yeastar grandstream cisco avaya genesys
"""
_STOP = frozenset(_WORDS.split())


def spans(name: str, *, company: bool) -> Iterator[tuple[int, int]]:
    """Where a name may stand, spans that may overlap. `company`: a time, number or id stands beside it."""
    yield from _contacts(name)
    for match in _NAME.finditer(name):
        bracketed = name[match.start() - 1:match.start()] == "[" and name[match.end():match.end() + 1] == "]"
        if (company or bracketed) and not _stopped(match.group(), any_word=True):
            yield match.span()


def _contacts(name: str) -> Iterator[tuple[int, int]]:
    """The field that a telephone or telephone system keeps for the contact's name, whatever it is written in."""
    for pattern, mark in _FIELDS:
        found = pattern.match(name) if mark in name else None
        if found and _LETTERS.search(found[1]) and not _stopped(found[1], any_word=False):
            yield found.span(1)


def _stopped(text: str, *, any_word: bool) -> bool:
    known = [word.lower() in _STOP for word in _SPLIT.split(text) if word]
    return any(known) if any_word else all(known)


def unknown(name: str) -> Iterator[tuple[int, int]]:
    """Words of a file's name that no list knows: two or more side by side, however they are joined and written, and
    each that is not in Latin letters. Many are nobody; they are for hiding, never for counting. Spans do not overlap.
    """
    run: list[tuple[int, int]] = []
    ending = _ENDING.search(name)
    words = _ANY.finditer(name, 0, ending.start() if ending else len(name))
    for start, end in [*(word.span() for word in words), (-1, -1)]:
        if run and (start < 0 or start - run[-1][1] > 1):
            yield from _hidden(name, run)
            run = []
        if start >= 0 and name[start:end].lower() not in _STOP:
            run.append((start, end))


def _hidden(name: str, run: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    if len(run) > 1 and any(end - start > 2 for start, end in run):
        yield run[0][0], run[-1][1]
    else:
        yield from ((start, end) for start, end in run if end - start > 1 and name[start] > "\u024f")


def normal(text: str) -> str:
    """The same for `Testsson, Tolvan` and `Tolvan_Testsson`."""
    return " ".join(sorted(word.lower() for word in _SPLIT.split(text) if word))
