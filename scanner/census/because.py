"""Why a column is taken for what it is, in plain words with the numbers. Holds no name and no digit of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

from scanner.census.origin import origin
from scanner.census.times import Times

LOOKED = 64                                  # values whose countries are told
_PEOPLE = {
    "personnummer": "Swedish identity numbers", "samordningsnummer": "Swedish coordination numbers",
    "cpr": "Danish identity numbers", "fodselsnummer": "Norwegian identity numbers",
    "hetu": "Finnish identity numbers", "nhs": "British NHS numbers", "ssn": "American social security numbers",
    "email": "mail addresses", "name": "possible names", "phone": "telephone numbers",
}
_CHANCE = {                                  # of digits of the right shape, how many pass by chance
    "personnummer": "one in ten", "samordningsnummer": "one in ten", "undecided": "one in ten",
    "fodselsnummer": "one in a hundred", "hetu": "one in thirty", "nhs": "one in eleven",
}
_TIMES = {"timestamp": "times", "date": "days", "epoch": "seconds since 1970", "uniqueid": "unique ids with a time"}


def people(kind: str, numbers: Sequence[str] = ()) -> str:
    """What they are, such as `Swedish mobile numbers`."""
    return origin(numbers) if kind == "phone" else _PEOPLE.get(kind, kind)


def share(files: int, names: int, what: str, distinct: int) -> str:
    """`41,204 of 57,000 are Swedish mobile numbers, 38,912 different ones`."""
    counted = f"all {files:,}" if files >= names else f"{files:,} of {names:,}"
    different = "one and the same" if distinct == 1 else f"{distinct:,} different ones"
    return f"{counted} are {what}, {different}"


def time(kind: str, files: int, names: int, days: tuple[int | None, int | None], times: Times | None) -> str:
    """`all 512 are days between 2018-01-02 and 2019-02-18, 60 of 64 within 31 days of the files' own times`."""
    first, last = (day(each) for each in days)
    between = "" if first is None else f" of {first}" if first == last else f" between {first} and {last}"
    counted = f"all {files:,}" if files >= names else f"{files:,} of {names:,}"
    text = f"{counted} are {_TIMES[kind]}{between}"
    if times is None or not times.whole:
        return text
    if times.path:
        text += ", as the folder's path has it"
    if times.shown:
        text += f", {times.near:,} of {times.shown:,} looked at within 31 days of the file's own time"
    return text + (", in the order of the files' times" if times.ordered else "")


def agreement(agreeing: int, looked: int) -> str:
    """What the date beside an epoch says of it."""
    if not looked:
        return ""
    if 2 * agreeing < looked:
        return f"; only {agreeing:,} of {looked:,} looked at within a day of the date beside it: the product is doubted"
    return f"; {agreeing:,} of {looked:,} looked at within a day of the date beside it"


def clock(looked: int, names: int) -> str:
    """Times of day."""
    return f"all {looked:,}{_of(looked, names)} are times of day"


def constant(looked: int, names: int) -> str:
    """`the same in all 300 names`."""
    return f"the same in all {looked:,}{_of(looked, names)} names"


def counter(likely: int) -> str:
    """A running number. `likely`: how many of its values could be people's, one by one."""
    return "counts by one" + (f", so the {likely:,} that could be numbers of people are none" if likely else "")


def number(distinct: int, looked: int, names: int, times: Times | None) -> str:
    """A number of which nothing is known. `times`: what all of it could be, though nothing beside it says so."""
    about = "about " if looked < names else ""
    values = f"{about}{distinct:,} different values in {names:,} names"
    if times is not None and times.whole:
        return f"{values}; they could be {_TIMES[times.kind]}, and nothing beside them says so"
    return f"{values}; no time, no identity, no telephone number"


def own(distinct: int, files: int) -> str:
    """Lines of the company."""
    if distinct == 1:
        return f"the same telephone number in all {files:,}: one of the company's own"
    return f"only {distinct:,} different telephone numbers in {files:,} names: lines of the company"


def rejected(kind: str, files: int, names: int, distinct: int) -> str:
    """Why they are nobody."""
    text = f"{files:,} of {names:,} could be {_PEOPLE.get(kind, 'Swedish identity numbers')}, {distinct:,} different"
    if kind in _CHANCE:
        return text + f"; by chance {_CHANCE[kind]} passes the check, so the column is not believed"
    return text + "; as a column they do not look like people's"


@lru_cache(maxsize=4096)
def day(second: int | None) -> str | None:
    """YYYY-MM-DD."""
    return None if second is None else datetime.fromtimestamp(second, UTC).date().isoformat()


def ends(moments: Sequence[int | None]) -> tuple[int | None, int | None]:
    """The earliest and the latest."""
    known = [moment for moment in moments if moment is not None]
    return min(known, default=None), max(known, default=None)


def _of(looked: int, names: int) -> str:
    return "" if looked >= names else f" looked at, of {names:,},"
