"""The incident pack: what it says of a finding, and what it leaves blank."""

from __future__ import annotations

import re
import tracemalloc
from dataclasses import replace

import pytest
from packs import LAYOUT, one, page, plain
from reading import Page
from sample import CALLS, DICTATIONS, EMPTY, EXPORTS, MIRROR, REPORT, many

from scanner.model import Certainty, Owner, People, Report, Tally
from scanner.report import WRITERS
from scanner.report.incident import meaning


@pytest.mark.parametrize(
    "line",
    [
        "- **Severity:** very high, 4.5",
        "- **First seen:** 2026-11-21 20:03 UTC",
        "On 2026-11-21 20:03 UTC a list of 2,700,000 files in 2,190 folders was found open to anyone on the internet",
        "By their sizes they hold about 170,000 hours of sound.",
        "57,000 file names carry a telephone number, about 41,000 different ones (certain).",
        "- **By, if the clock started at detection:** not later than 2026-11-24 20:03 UTC; "
        "**Who may have to tell whom:** the controller: the supervisory authority",
        "the controller: Integritetsskyddsmyndigheten (IMY), by its e-service",
        "1. Before changing anything, copy the logs of each server",
        "Switch off the listing and move the files out of the served folder as well",
        "**Server, as it calls itself:** Apache 2.4.7",
        "plain HTTP on a port meant for TLS",
        "- **Folders read:** 2,190",
        "- **Entries seen:** 2,702,190, of them 2,700,000 files",
        "- **Cut short:** no: every list was read to its end",
        "- **Hours of sound:** about 170,000 hours, between 122,000 hours and 245,000 hours",
        "- **Estimated from:** MP3 at 16 to 32 kbit/s, WAV by its frames",
        "- **Empty recordings:** 4,210 sound files of less than a second, counted apart",
        "- **Dates that the listing shows:** 2013-04-12 to 2026-11-21",
        "- **Dates that names say:** 2013-04-12 to 2026-11-21",
        "- **Newest file:** 2026-11-21: 0 days before it was last seen",
        "856 a day on average over the newest 3 days that show any; 2026-11-19: 940, 2026-11-20: 1,015, ",
        "- **Number of people:** at least about 41,000 by different identifiers in names; how many more is not known",
        "patients, clients and people who seek care; **Suggested by:** words of the class health: helpline, vård",
        "**Categories of data, possibly:** voices and what was said",
        "**Example, masked:** `0701•••605`",
        "**Taken for:** phone; **Certainty:** certain; **Names:** 57,000 of 57,000; **Different:** 41,000; "
        "**Because:** all are telephone numbers of Sweden",
        "- **Level:** very high: 4.5 = 4 × 1 + 0.5",
        "table: ENISA 2013",
        "- **Folder:** `/old/`; **Class of files:** other; **Score:** 4.5; **Files:** 57,000; "
        "**Factors:** 4 × 1 + 0.5; "
        "**Words around it:** –; **Because:** telephone numbers are the file names",
        "- Health becomes known to strangers",
        "`earshot/0.1.0 (+security@example.org; authorised listing scan)`",
        "- **Its addresses:** `198.51.100.20`",
        "- **The scan, to subtract:** 2026-11-21 20:00 UTC to 2026-11-21 20:41 UTC",
        "- Who looked at the list or fetched files: only the servers' logs can tell.",
        "- What the files contain: none was opened, and names may mislead.",
        "- Hosting: nobody is recorded.",
        "- **Controller:** Region Example",
        "- **Sub-processor:** Recording contractor",
        "- **Hosting:** **\\[not recorded\\]**",
        "- **File contents requested:** 0",
        "- **Requests:** GET 9,204, OPTIONS 4, PROPFIND 6",
        "this is not legal advice",
    ],
)
def test_a_pack_says(line: str) -> None:
    assert line in one(CALLS)


def test_the_page_says_what_the_text_says() -> None:
    unmarked = re.sub(r"\\(.)|\*\*|`", r"\1", plain(REPORT))
    seen = Page(page(REPORT)).text
    assert set() == {word for word in re.findall(r"\w{4,}", unmarked) if word not in seen}


def test_findings_that_show_nothing_personal_have_no_draft_and_are_counted() -> None:
    made = plain(REPORT)
    assert MIRROR.title not in made
    assert "- **Left out:** 1 finding of severity info" in made
    assert ["1", "2", "3"] == re.findall(r"^## (\d)\. ", made, re.MULTILINE)


@pytest.mark.parametrize("report", [EMPTY, replace(REPORT, findings=(MIRROR,))])
def test_a_pack_without_findings_says_so(report: Report) -> None:
    assert "No finding shows anything personal." in plain(report)
    assert "No finding shows anything personal." in page(report)


def test_an_unfinished_scan_is_said_first() -> None:
    assert "**The scan is not complete: what is missing here may be open.**" in plain(EMPTY)


def test_what_a_limit_cut_is_at_least_and_what_lies_beyond_is_not_known() -> None:
    made = one(EXPORTS)
    assert "a list of at least 1,912 files" in made
    assert "- **Cut short:** `depth`" in made
    assert "- What lies beyond the limit that cut the count: depth." in made


def test_blanks_are_shown_as_blanks() -> None:
    bare = replace(CALLS, owner=Owner(), first_seen=None, last_seen=None, regions=(),
                   store=replace(CALLS.store, first=None, last=None, named_first=None, named_last=None, inflow={},
                                 people=(), columns=(), words={}))
    made = one(bare)
    for line in ("- **Controller:** **\\[not recorded\\]**", "- **First seen:** not recorded",
                 "- **Country:** **\\[the scope names no region for this target: no rule was chosen\\]**",
                 "- **Dates that the listing shows:** **\\[none shown\\]**",
                 "- **Dates that names say:** **\\[none found\\]**", "- **Newest file:** **\\[not known\\]**",
                 "- **Number of people:** **\\[not known: no names of files tell people apart\\]**",
                 "- Controller: nobody is recorded.", "- Processor: nobody is recorded."):
        assert line in made


def test_a_rolling_window_says_that_the_exposure_lasted_longer() -> None:
    made = one(replace(CALLS, tags=("rolling-window",)))
    assert "may have lasted far longer than the dates show" in made
    assert "so that more people may be concerned than are listed now." in made
    assert "Rolling window" not in one(CALLS)


def test_a_server_with_a_clock_of_its_own_is_live_by_that_clock() -> None:
    old = replace(CALLS, store=replace(CALLS.store, last="2019-02-18"))
    assert "2019-02-18: 2,833 days before it was last seen, yet recent by the server's own clock" in one(old)


def test_keys_are_to_be_changed_where_keys_were_listed() -> None:
    keys = replace(CALLS, store=replace(CALLS.store, kinds={"key": Tally(files=2, bytes=4_000)}))
    assert "change every key and password that they may hold" in one(keys)
    assert "change every key" not in one(CALLS)


def test_names_that_were_allowed_to_be_shown_stay_out() -> None:
    shown = replace(CALLS, store=replace(CALLS.store, entries=("/old/0701740605.mp3",)))
    report = replace(REPORT, findings=(shown,), scan=replace(REPORT.scan, show_names_reason="audit 7"))
    assert "0701740605" not in page(report) + plain(report)


def test_memory_does_not_grow_with_the_drafts() -> None:
    report = many(250)
    tracemalloc.start()
    for form in ("incident.html", "incident.md"):
        for _ in WRITERS[form](report, replace(LAYOUT, by_owner=True)):
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6_000_000


def test_consequences_follow_from_kinds_words_and_names() -> None:
    named = replace(DICTATIONS.store, people=(
        People(kind="personnummer", files=3, distinct=3, certainty=Certainty.CERTAIN, example="19900101-••••"),))
    found = meaning.consequences(replace(DICTATIONS, store=named))
    assert ["What people said", "Identity numbers"] == [" ".join(line.split()[:len(start.split())]) for line, start in
                                                        zip(found, ("What people said", "Identity numbers"),
                                                            strict=True)]


@pytest.mark.parametrize(("kind", "category", "theft"), [
    ("dni", "identity numbers (dni)", True), ("reservnummer", "identity numbers (reservnummer)", True),
    ("nhs", "identity numbers (nhs)", True), ("imei", "numbers of devices", False),
    ("phone", "telephone numbers", False),
])
def test_whatever_number_an_authority_gave_allows_identity_theft(kind: str, category: str, theft: bool) -> None:
    seen = People(kind=kind, files=3, distinct=3, certainty=Certainty.CERTAIN, example="1990•••")
    finding = replace(DICTATIONS, store=replace(DICTATIONS.store, people=(seen,)))
    assert (category, "3 file names, certain") in list(meaning.data(finding))
    assert theft == any("identity theft" in line for line in meaning.consequences(finding))


@pytest.mark.parametrize(("files", "distinct", "said"), [
    (1, 1, "1 file name carries a telephone number (certain)."),
    (3, 1, "3 file names carry a telephone number, one and the same (certain)."),
    (3, 2, "3 file names carry a telephone number, about 2 different ones (certain)."),
])
def test_few_names_are_counted_in_plain_words(files: int, distinct: int, said: str) -> None:
    seen = People(kind="phone", files=files, distinct=distinct, certainty=Certainty.CERTAIN, example="0701•••605")
    assert said in one(replace(CALLS, store=replace(CALLS.store, people=(seen,))))


def test_unknown_classes_of_files_say_nothing_and_break_nothing() -> None:
    odd = replace(CALLS, store=replace(CALLS.store, kinds={"spreadsheet": Tally(files=1, bytes=1)}, people=(),
                                       words={"weather": ("rain",)}))
    assert ([], [], []) == (meaning.consequences(odd), list(meaning.persons(odd)), list(meaning.data(odd)))
    assert "None can be told from the classes of files" in one(odd)
