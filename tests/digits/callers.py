"""Telephone numbers of seven countries for generated names: ranges kept for fiction, or shapes of the plan.

Sweden: the five ranges that PTS keeps for fiction. Great Britain: Ofcom's numbers for drama, of mobiles, of fifteen
areas and of no area. Germany: Bundesnetzagentur's numbers for media, of five cities and a block of mobiles. United
States: 555-0100 to 555-0199 of every area. Denmark, Norway and Finland keep none: numbers are drawn from the plan at
run time and never written down.
"""

from __future__ import annotations

from random import Random

COUNTRY = {"SE": "46", "DK": "45", "NO": "47", "FI": "358", "GB": "44", "US": "1", "DE": "49"}
TRUNK = {"SE": "0", "FI": "0", "GB": "0", "DE": "0", "DK": "", "NO": "", "US": ""}
REGIONS = tuple(COUNTRY)

# (the beginning of the national number without the trunk prefix, first and last of what follows, its digits)
FICTION = {
    "SE": (("701740", 605, 699, 3), ("846500", 400, 499, 3), ("313900", 600, 699, 3), ("406280", 400, 499, 3),
           ("980319", 200, 299, 3)),
    "GB": (*(("7700900", 0, 999, 3),) * 6, ("1632960", 0, 999, 3), ("2079460", 0, 999, 3), ("1914980", 0, 999, 3),
           ("2896496", 0, 999, 3), ("2920180", 0, 999, 3),
           *((area + "4960", 0, 999, 3) for area in ("113", "114", "115", "116", "117", "118", "121", "131", "141",
                                                     "151", "161"))),
    "DE": (*(("1713920", 0, 99, 3),) * 3, ("3023125", 0, 999, 3), ("6990009", 0, 999, 3), ("4066969", 0, 999, 3),
           ("2214710", 0, 999, 3), ("8999998", 0, 999, 3)),
    "US": tuple((area + "5550", 100, 199, 3) for area in (
        "201", "202", "206", "212", "213", "214", "215", "303", "305", "312", "313", "314", "404", "408", "415",
        "503", "510", "512", "602", "612", "617", "619", "702", "703", "713", "718", "720", "801", "808", "860")),
}
PLAN = {                                     # the beginning of the national number and how many digits follow
    "DK": (*((p, 6) for p in ("20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "40", "41", "42",
                              "50", "51", "52", "53", "60", "61", "71", "81", "91", "92", "93")),
           *((p, 6) for p in ("33", "35", "38", "39", "43", "44", "45", "48", "49", "54", "56", "58", "62", "65", "66",
                              "74", "75", "76", "86", "87", "89", "96", "97", "98", "99"))),
    "NO": (*((p, 6) for p in ("40", "41", "45", "46", "47", "48", "90", "91", "92", "93", "95", "97", "98", "99")),
           *((p, 6) for p in ("22", "23", "32", "33", "35", "37", "38", "51", "52", "55", "61", "63", "67", "69", "73",
                              "74", "75", "77"))),
    "FI": (*((p, 7) for p in ("40", "41", "44", "45", "50", "46")), ("9", 7), ("2", 7), ("3", 7), ("8", 7)),
}                                            # Finland's subscribers' numbers do not begin with 9: 029 is for companies


def national(region: str, rng: Random) -> str:
    """A national significant number: no trunk prefix, digits only."""
    if region in FICTION:
        head, first, last, width = rng.choice(FICTION[region])
        return head + str(rng.randint(first, last)).zfill(width)
    head, digits = rng.choice(PLAN[region])
    return head + str(rng.randint(2, 8)) + "".join(rng.choices("0123456789", k=digits - 1))


def written(number: str, region: str, form: str) -> str:
    """A national number as networks deliver it: `national`, `plus`, `zeros` or `bare` with the country's code."""
    if form == "national":
        return TRUNK[region] + number
    return {"plus": "+", "zeros": "00", "bare": ""}[form] + COUNTRY[region] + number


FORMS = ("national", "plus", "national", "bare", "national", "zeros")


def forms(rng: Random) -> tuple[str, ...]:
    """The forms of one directory: a trunk delivers one; an older one beside it, now and then, another."""
    first = rng.choice(FORMS)
    return (first, first, first, rng.choice(FORMS)) if rng.random() < 0.25 else (first,)
