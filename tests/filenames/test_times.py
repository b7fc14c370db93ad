"""Times are nobody: 20,000 of each form, as seen from each country and from none."""

from __future__ import annotations

import random
import time

import pytest

from scanner.filenames import PEOPLE, tokens
from scanner.filenames.runs import reader
from scanner.model import Certainty

COUNTRIES: tuple[tuple[str, ...], ...] = (("SE",), ("DK",), ("NO",), ("FI",), ("GB",), ("US",), ("DE",), ())
FIRST, LAST = 1_356_998_400, 1_830_297_600   # 2013 to 2027
TOTAL = 20_000

BARE = {                                     # form: strftime, digits; %f: milliseconds, %s: epoch
    "YYYYMMDD": ("%Y%m%d", 8), "YYYYMMDDHHMMSS": ("%Y%m%d%H%M%S", 14), "YYYYMMDDHHMM": ("%Y%m%d%H%M", 12),
    "epoch": ("%s", 10), "epoch in milliseconds": ("%s%f", 13), "YYMMDDHHMM": ("%y%m%d%H%M", 10),
    "YYYYMMDD and a digit": ("%Y%m%d%H", 9), "DDMMYYHHMMS": ("%d%m%y%H%M%S", 11),
    "with milliseconds": ("%Y%m%d%H%M%S%f", 17),
    "fifteen digits": ("%Y%m%d%H%M%S%f", 15), "DDMMYYYY": ("%d%m%Y", 8), "MMDDYYYY": ("%m%d%Y", 8),
    "DDMMYYYYHHMM": ("%d%m%Y%H%M", 12), "YYMMDDHHMMSS": ("%y%m%d%H%M%S", 12), "YYYYMMDDHH": ("%Y%m%d%H", 10),
    "DDMMYYHHMMSS": ("%d%m%y%H%M%S", 12),
}
PARTED = (
    "%Y%m%d-%H%M", "%Y%m%d_%H%M%S", "%Y%m%d_%H%M%S%f", "%Y%m%d %H%M%S", "%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%d %H.%M.%S",
    "%Y_%m_%d_%H_%M_%S", "%d-%m-%Y %H-%M-%S", "%d.%m.%Y_%H.%M.%S", "GMT%Y%m%d-%H%M%S", "%d%b%Y_%H%M%S", "%y%m%d-%H%M%S",
    "%y%m%d-%H%M", "%d%m%y-%H%M", "%d%m%y%H%M", "%Y-%m-%d at %H.%M.%S", "%Y%m%d%H%M%S+0100",
)

MOST = {                                     # share that the rules leave possible: chance of a check or of a plan
    "YYYYMMDDHHMM": 0.105, "YYMMDDHHMMSS": 0.03, "DDMMYYHHMMS": 0.3, "DDMMYYHHMMSS": 0.25,
}


def written(form: str, rng: random.Random) -> str:
    at, fraction = rng.randrange(FIRST, LAST), f"{rng.randrange(1000):03}"
    return time.strftime(form.replace("%s", str(at)).replace("%f", fraction), time.gmtime(at))


@pytest.mark.parametrize("form", BARE)
@pytest.mark.parametrize("regions", COUNTRIES, ids=lambda regions: "".join(regions) or "none")
def test_a_bare_time_is_never_probably_somebody(form: str, regions: tuple[str, ...]) -> None:
    rng, (how, length) = random.Random(form), BARE[form]
    times = [written(how, rng)[:length] for _ in range(TOTAL)]
    runs = reader(length, regions).column(times)
    assert [] == [text for text, run in zip(times, runs, strict=True)
                  if run.kind in PEOPLE and run.certainty > Certainty.POSSIBLE]
    possible = sum(run.kind in PEOPLE | {"undecided"} for run in runs)
    assert possible <= MOST.get(form, 0.0) * TOTAL


@pytest.mark.parametrize("form", PARTED)
def test_a_time_in_a_name_is_never_probably_somebody(form: str) -> None:
    rng = random.Random(form)
    for i in range(TOTAL // 8):
        name, regions = f"{written(form, rng)}.wav", COUNTRIES[i % len(COUNTRIES)]
        found = [t for t in tokens(name, regions) if t.kind in PEOPLE and t.certainty > Certainty.POSSIBLE]
        assert [] == found, (name, regions)


@pytest.mark.parametrize("name", [
    "2019-02-18T08:30:12.345+01:00.wav", "20190218T083012Z.wav", "GMT20190218-083012_Recording.m4a", "18.02.2019.pdf",
    "18Feb2019.pdf", "2019Feb18.pdf", "2019-02-18 at 08.30.12.opus", "PXL_20190218_083012345.jpg",
    "2019021808301234.wav",
    "20190218083012345.wav", "1550478612123.wav", "1550478612123456.wav", "02182019.wav", "18022019083012.wav",
    "20190218083012+0100.wav", "2019_02_18_08_30_12.wav", "18-02-2019_083012.wav", "947000000.12.wav",
])
def test_each_spelling_is_one_time(name: str) -> None:
    assert [t.kind in ("timestamp", "date", "epoch", "uniqueid") for t in tokens(name, ("DK", "SE"))] == [True]


@pytest.mark.parametrize(("name", "expected"), [
    ("99990218.wav", "number"), ("20191332.wav", "number"), ("20190230083012.wav", "number"),
    ("946000000.12.wav", "number"),                                # before 2000 no Asterisk ran
    ("2025550123.5.wav", "number"),                                # an American number and a counter
    ("0" * 24 + ".wav", "number"),                                 # digits alone are no hash
])
def test_what_no_clock_says_is_a_number(name: str, expected: str) -> None:
    assert [expected] == [token.kind for token in tokens(name, ("GB",))]
