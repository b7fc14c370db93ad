"""The worked checks of the ENISA method, through real censuses, and what raises and lowers each factor."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from scanner.model import Access, Severity, Vantage
from tests.assess.reasons import worked_out
from tests.assess.stores import calls, counted, door, judged, known, numbers, store

UUIDS = [f"{uuid.UUID(int=i << 64 | 0x4000_8000_0000_0000_0000, version=4)}.wav" for i in range(1, 201)]
HELPLINE = {"context": ("helpline", "health")}

def dated(i: int) -> str:
    return f"20190218-12{i // 60:02}{i % 60:02}"


WORKED = [                                   # what it is, its files, its door, (DPC, EI, CB), SE, level
    (
        "all calls of a helpline",
        {"/2018/02/": [f"{i:08x}.mp3" for i in range(50)]},
        HELPLINE,
        (4.0, 0.75, 0.5), 3.5, Severity.HIGH,
    ),
    (
        "its calls that are named by number",
        {"/gammalt/": numbers(90)},
        HELPLINE,
        (4.0, 1.0, 0.5), 4.5, Severity.VERY_HIGH,
    ),
    (
        "mails of patients in an unprotected mailbox",
        {"/maildir/": [f"Re KBT {i}.eml" for i in range(50)]},
        {"context": ("psychiatry",)},
        (4.0, 1.0, 0.5), 4.5, Severity.VERY_HIGH,
    ),
    (
        "the same mails where only a partner gets",
        {"/maildir/": [f"Re KBT {i}.eml" for i in range(50)]},
        {"context": ("psychiatry",), "vantage": Vantage.PARTNER},
        (4.0, 1.0, 0.25), 4.25, Severity.VERY_HIGH,
    ),
    (
        "a psychiatric clinic's list, to known recipients",
        {"/psykiatri/": ["adresslista.csv"]},
        {"context": ("psychiatry",), "vantage": Vantage.PARTNER},
        (4.0, 1.0, 0.25), 4.25, Severity.VERY_HIGH,
    ),
    (
        "sales calls with American numbers",
        {"/calls/": [f"{dated(i)}_212555{i + 100:04}_a-all.mp3" for i in range(50)]},
        {"regions": ("US",)},
        (2.0, 0.75, 0.5), 2.0, Severity.MEDIUM,
    ),
    ("recordings under random names", {"/recordings/": UUIDS}, {}, (2.0, 0.5, 0.5), 1.5, Severity.LOW),
    (
        "an encrypted archive",
        {"/a/": [f"{dated(i)}_0701740{i + 605}_a-all.mp3.gpg" for i in range(50)]},
        {},
        (2.0, 0.25, 0.5), 1.0, Severity.LOW,
    ),
    (
        "identity documents, which tell who their holders are",
        {"/mieter/": [f"Personalausweis_{i}.jpg" for i in range(50)]},
        {},
        (3.0, 1.0, 0.5), 3.5, Severity.HIGH,
    ),
    (
        "a list of a school",
        {"/x/": ["elevregister.csv"]},
        {"context": ("primary-school",)},
        (3.0, 1.0, 0.5), 3.5, Severity.HIGH,
    ),
    (
        "who is in a trade union",
        {"/x/": ["medlemsregister.csv"]},
        {"context": ("trade-union",)},
        (4.0, 1.0, 0.5), 4.5, Severity.VERY_HIGH,
    ),
    ("scanned letters", {"/in/": [f"scan{i:04}.pdf" for i in range(50)]}, {}, (2.0, 0.5, 0.5), 1.5, Severity.LOW),
    (
        "letters that a clinic scanned",
        {"/in/": [f"scan{i:04}.pdf" for i in range(50)]},
        {"context": ("clinic",)},
        (4.0, 0.75, 0.5), 3.5, Severity.HIGH,
    ),
    (
        "film of people, in which nobody says who he is",
        {"/kamera/": [f"{i // 60:02}.{i % 60:02}.00-{i // 60:02}.{i % 60:02}.59[M][0@0][0].dav" for i in range(50)]},
        {"context": ("clinic",)},
        (4.0, 0.5, 0.5), 2.5, Severity.MEDIUM,
    ),
    (
        "a camera's film where nobody expects one",
        {"/sovrum/": [f"{i // 60:02}.{i % 60:02}.00-{i // 60:02}.{i % 60:02}.59[M][0@0][0].dav" for i in range(50)]},
        {},
        (4.0, 0.5, 0.5), 2.5, Severity.MEDIUM,
    ),
    (
        "an index of software",
        {"/maven2/org/example/": ["lib-1.0.jar", "lib-1.0.pom", "maven-metadata.xml"]},
        {},
        (0.0, 0.0, 0.5), 0.5, Severity.INFO,
    ),
]


@pytest.mark.parametrize(
    ("tree", "said", "expected", "total", "level"), [case[1:] for case in WORKED], ids=[case[0] for case in WORKED]
)
def test_a_worked_check_comes_out_as_it_was_worked(tree, said, expected, total, level):
    (finding,) = judged(store(tree, door(**said)))
    factors = finding.factors
    assert (expected, total, level) == ((factors.dpc, factors.ei, factors.cb), finding.score, finding.severity)


@pytest.mark.parametrize("case", [1, 6, 7])
def test_the_flags_of_the_method_stand_beside_the_worked_checks(case):
    flags = {1: set(), 6: {"many-people"}, 7: {"unintelligible"}}
    (finding,) = judged(store(WORKED[case][1], door(**WORKED[case][2])))
    assert flags[case] == {"many-people", "unintelligible"} & set(finding.tags)


KINDS = (
    "a.eml", "a.sql", "a.vhdx", "a.ics", "a.dcm", "kunder.csv", "korkort.jpg", "a.log", "a.zip", "id_rsa", ".env",
    "a.pdf", "fax001.tiff", "a.ds2", "a.vtt", "a.mp4", "NVR_ch1_main_20190218083012_20190218084012.dav", "a.pcap",
    "!!!.txt", "msgstore.db.crypt14", "a.p7m", "a.jar", "a.html", "Tolvan Testsson.pdf", "19900101-9802.pdf", "HEAD",
)  # fmt: skip
DOORS = (
    {}, HELPLINE, {"regions": ("US",)}, {"vantage": Vantage.PARTNER, "context": ("bank",)}, {"regions": ()},
    {"signatures": ("access/http-write",)}, {"host": "klinik.example.org", "controller": "Psykiatri Example"},
    {"context": ("music",)}, {"access": Access.LOGIN},
)  # fmt: skip


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """Knowledge with a table whose figures are no quarters."""
    path = tmp_path_factory.mktemp("odd") / "odd.toml"
    path.write_text(
        'name = "Odd"\nencrypted = 0.13\npossible = 0.37\n[dpc]\nstep = 1.35\nmany_files = 100\n'
        "[dpc.classes]\naudio = 2.17\nmail = 2.9\n[dpc.words]\nhealth = 3.7\n[ei.voice]\nei = 0.333333333\n"
        "[ei.phone]\nei = 0.71\n[cb]\nwrite = 0.1\nransom = 0.2\n[cb.vantage]\ninternet = 0.7\n")
    return known().scored_by(path)


@pytest.mark.parametrize("table", ["built in", "odd"])
@pytest.mark.parametrize("said", DOORS)
def test_every_score_can_be_worked_out_by_hand_from_what_is_printed(said, table, odd):
    kinds = {f"/{i}/": [name] for i, name in enumerate(KINDS)}
    trees = [case[1] for case in WORKED] + [kinds, *[{"/x/": [name]} for name in KINDS], {"/calls/": calls(150)}]
    censuses = [counted(tree, regions=said.get("regions", ("SE",)), days=500) for tree in trees]
    for finding in (found for census in censuses for found in judged(
            store(census, door(**said)), knowledge=odd if table == "odd" else None)):
        whole = finding.overall_factors
        assert whole is not None
        scored = [(finding.factors, finding.score), (whole, finding.overall_score)]
        scored += [(part.factors, part.score) for part in finding.parts]
        for factors, score in scored:
            assert (factors.dpc, factors.ei, factors.cb, score) == worked_out(factors.because)
        assert finding.score == max(score for _, score in scored)


@pytest.mark.parametrize(("files", "days", "dpc"), [
    (150, 10, 2.0), (150, 364, 2.0), (150, 365, 3.0), (5, 900, 2.0), (10_001, 3, 3.0)])
def test_many_recordings_or_a_long_time_raise_the_context(files, days, dpc):
    census = counted({"/recordings/": calls(files)}, days=days)
    assert dpc == judged(store(census))[0].factors.dpc


@pytest.mark.parametrize(
    ("names", "ei"),
    [
        ([f"anna.svensson{i}@example.org.eml" for i in range(30)], 1.0),  # what lies inside tells more than an address
        ([f"20190218-1200{i:02}_0701740{i + 605}_a-all.mp3" for i in range(30)], 1.0),
    ],
)
def test_the_easiest_way_to_tell_people_apart_counts(names, ei):
    assert ei == judged(store({"/x/": names}))[0].factors.ei


def test_names_that_tell_little_do_not_hide_what_voices_tell():
    tree = {"/calls/": [f"agent{100 + i}_ext{200 + i}.wav" for i in range(30)]}
    assert judged(store(tree, door(**HELPLINE)))[0].factors.ei >= 0.75


@pytest.mark.parametrize(
    ("vantage", "cb"), [(Vantage.INTERNET, 0.5), (Vantage.PARTNER, 0.25), (Vantage.INTERNAL, 0.25)]
)
def test_who_can_reach_it_counts(vantage, cb):
    assert cb == judged(store({"/": calls(3)}, door(vantage=vantage)))[0].factors.cb


def test_writing_that_is_advertised_counts_and_is_said_not_to_have_been_tried():
    (finding,) = judged(store({"/": calls(3)}, door(signatures=("access/http-write",))))
    assert (0.75, True) == (finding.factors.cb, "writable-advertised" in finding.tags)
    assert any("not tried" in why for why in finding.factors.because)


def test_music_on_hold_is_harmless_unless_a_number_speaks_against_it():
    quiet, loud = judged(store({"/mohmp3/": ["a.wav", "b.wav"]})), judged(store({"/mohmp3/": numbers(30)}))
    assert (0.0, True) == (quiet[0].factors.dpc, loud[0].factors.dpc >= 2)


def test_more_than_a_hundred_people_are_flagged():
    assert (
        "many-people"
        in judged(store({"/": numbers(300)}))[0].tags
    )
    assert "many-people" not in judged(store({"/": numbers(20)}))[0].tags


def test_what_is_said_of_a_store_that_was_cut_is_said_so():
    (finding,) = judged(store(replace(counted({"/": calls(30)}), cut_by=frozenset({"depth", "bytes"}))))
    assert ("bytes, depth", True, False) == (
        finding.store.cut_by,
        finding.title.startswith("At least"),
        finding.store.complete,
    )
