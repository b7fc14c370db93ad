"""Words in a file name that may be a person's name. Never more than possible: no rule is reliable here.

Counted are a contact in brackets, as 3CX writes it, and two or three capitalised words beside a time, a number or an
id. Words of the stop list name months, products and things that recorders write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_UPPER, _LOWER = "A-ZÀ-ÖØ-Þ", "a-zß-öø-ÿ"
_WORD = f"[{_UPPER}][{_LOWER}]{{1,19}}(?:-[{_UPPER}][{_LOWER}]{{1,19}})?"
_NAME = re.compile(f"(?<![{_UPPER}{_LOWER}])(?:{_WORD})(?:(?:[ _]|, ?)(?:{_WORD})){{1,2}}(?![{_UPPER}{_LOWER}])")
_SPLIT = re.compile("[ _,]+")
_WORDS = """
january february march april may june july august september october november december januari februari mars maj juni
juli augusti oktober jan feb mar apr jun jul aug sep oct okt nov dec dez monday tuesday wednesday thursday friday
saturday sunday mon tue wed thu fri sat sun
call calls recording recordings record recorded audio video voice memo message voicemail meeting conference webinar
interview internal external inbound outbound incoming outgoing callback transfer conversation phone mobile unknown
anonymous private number new final copy draft test open read screen shot screenshot image picture photo camera channel
front back left right main sub event motion alarm snapshot track disc part chapter episode season volume album
report invoice order statement export import backup dump data file document scan page list log error system server
database monthly weekly daily annual total year month week day morning evening night project version release update
general assembly minutes agenda budget plan summary notes results samtal inspelning rapport faktura kopia bilaga
optagelse samtale opkald opptak tallenne puhelu anruf aufnahme gespräch rechnung bericht the and for with from
microsoft google zoom teams webex skype whatsapp facebook windows linux android samsung apple iphone sony canon nikon
"""
_STOP = frozenset(_WORDS.split())


def spans(name: str, *, company: bool) -> Iterator[tuple[int, int]]:
    """Where a name may stand. `company`: a time, number or id stands beside it; without, only brackets count."""
    for match in _NAME.finditer(name):
        bracketed = name[match.start() - 1:match.start()] == "[" and name[match.end():match.end() + 1] == "]"
        words = _SPLIT.split(match.group())
        if (company or bracketed) and not any(word.lower() in _STOP for word in words):
            yield match.span()


def normal(text: str) -> str:
    """The same for `Testsson, Tolvan` and `Tolvan_Testsson`."""
    return " ".join(sorted(word.lower() for word in _SPLIT.split(text)))
