"""Words in paths, in six languages: whole, plain, hyphenated, grown together; and the false friends of each."""

from __future__ import annotations

import pytest

from scanner.signature import Words, load
from scanner.signature.words import Lexicon, Meaning, spellings

KNOWLEDGE = load()
LISTED = [s for s in KNOWLEDGE.signatures if isinstance(s, Words)]

GROWN = [
    ("patientjournaler", "health"), ("Patientregister2019", "health"), ("patientenakten", "health"),
    ("potilastiedot", "health"), ("potilasasiakirjat", "health"), ("pasientjournaler", "health"),
    ("sjukvårdsrådgivningen", "health"), ("sjukvardsradgivningen", "health"), ("hudkliniken", "health"),
    ("öronmottagningen", "health"), ("ungdomspsykiatrin", "health"), ("lægevagten", "health"),
    ("laegevagten", "health"), ("sundhedsplejen", "health"), ("legesenteret", "health"), ("helsetjenesten", "health"),
    ("terveyskeskukset", "health"), ("hammaslääkäri", "health"), ("krankenakten", "health"), ("impfzentrum", "health"),
    ("samtalsinspelningar2019", "recording"), ("kundsamtal", "recording"), ("telefonsamtalen", "recording"),
    ("samtaleopptakene", "recording"), ("lydoptagelser", "recording"), ("puhelutallenteet", "recording"),
    ("Gesprächsaufzeichnungen", "recording"), ("Gespraechsaufzeichnung", "recording"), ("callrecorder", "recording"),
    ("orosanmälningarna", "social-legal"), ("polisförhör", "social-legal"), ("barneverntjenesten", "social-legal"),
    ("lastensuojeluilmoitukset", "social-legal"), ("Jugendamtsakten", "social-legal"), ("dommeravhør", "social-legal"),
    ("lönespecifikationer", "finance"), ("palkkalaskelmat", "finance"), ("Lohnabrechnungen", "finance"),
    ("kundfakturor", "finance"), ("körkortskopior", "identity"), ("henkilötunnukset", "identity"),
    ("jobbansökningar", "hr"), ("Bewerbungsunterlagen", "hr"), ("barnpsykiatri", "minors"),
    ("päiväkotilapset", "minors"), ("Kindertagesstätte", "minors"), ("folkeskolen", "minors"),
    ("sjukhus", "health"), ("sygehuset", "health"), ("äldreomsorgen", "health"), ("elevhälsa", "minors"),
    ("skolhälsan", "minors"), ("Psychotherapy", "health"), ("psychologist", "health"), ("Terapisamtal", "health"),
    ("psykoterapi", "health"), ("Therapiegespräche", "health"), ("Apotheke", "health"), ("apotekets", "health"),
    ("äldreboende", "health"), ("Seniorenheim", "health"), ("Rettungsleitstelle", "health"),
    ("hätäkeskus", "health"), ("larmcentralen", "health"), ("ambulanssi", "health"), ("fackförbund", "social-legal"),
    ("Gewerkschaft", "social-legal"), ("fagforeninger", "social-legal"), ("ammattiliitto", "social-legal"),
    ("fackföreningen", "social-legal"), ("hakemukset", "hr"),
    ("testmiljön", "test-environment"), ("säkerhetskopior", "test-environment"),
]


@pytest.mark.parametrize(("word", "group"), GROWN)
def test_words_that_grew_together_are_found(word: str, group: str) -> None:
    assert group in KNOWLEDGE.words_in(f"/{word}/")


FRIENDS = [
    "journalctl", "journald", "labrador", "laboratories", "parkering", "parking", "kindle", "kindness", "pasta",
    "passat", "compass", "rusty", "rustic", "legend", "legendary", "college", "patientia", "patience",
    "hospitality", "barnacle", "barnes", "navigation", "navbar", "social", "society", "offers", "unions",
    "bankruptcy", "taxonomy", "politics", "polish", "policies", "kortfilm", "panorama", "swiftui", "helsinki",
    "helsingborg", "imp", "clinician", "monitoring", "recorder", "voiced", "elevator", "elevation", "muse",
    "museum", "cvs", "hrms", "person", "personas", "applications", "latest", "contest", "attestation",
    "developmental", "older", "accessories", "labels", "stages", "intern", "altar", "copyright", "lon",
    "san-francisco",
]


@pytest.mark.parametrize("word", FRIENDS)
def test_a_false_friend_says_nothing_of_people(word: str) -> None:
    found = KNOWLEDGE.words_in(f"/{word}/")
    assert [] == [group for group in found if KNOWLEDGE.contexts[group].dpc is not None]


@pytest.mark.parametrize(("path", "group"), [
    ("/child-protection/", "social-legal"), ("/ChildProtection/", "social-legal"),
    ("/child protection/", "social-legal"),
    ("/social_services/", "social-legal"), ("/lab.results/", "health"), ("/au-bescheinigung/", "health"),
    ("/client-privileged/", "social-legal"), ("/pre-prod/", "test-environment"), ("/voice-logger/", "recording"),
    ("/qa_calls/", "recording"), ("/id-kort/", "identity"), ("/call-log/", "recording"),
])
def test_a_word_of_two_tokens_is_found_however_they_are_joined(path: str, group: str) -> None:
    assert group in KNOWLEDGE.words_in(path)


@pytest.mark.parametrize("signature", LISTED, ids=lambda s: s.group)
def test_every_listed_word_is_found_in_company(signature: Words) -> None:
    words = {word for listed in signature.words.values() for word in listed}
    lost = {word for word in words if signature.group not in KNOWLEDGE.words_in(f"/{word}/", company=True)}
    assert set() == lost


@pytest.mark.parametrize("signature", LISTED, ids=lambda s: s.group)
def test_a_doubtful_word_alone_says_nothing(signature: Words) -> None:
    found = {word: KNOWLEDGE.words_in(f"/{word}/") for word in signature.doubtful}
    assert [] == [word for word, groups in found.items() if list(groups) == [signature.group]]


@pytest.mark.parametrize(("group", "dpc"), [
    ("health", 4.0), ("social-legal", 4.0), ("minors", 4.0), ("finance", 3.0), ("identity", 3.0), ("hr", 2.0),
    ("recording", None), ("harmless", None), ("test-environment", None),
])
def test_a_class_of_words_raises_what_the_method_says(group: str, dpc: float | None) -> None:
    assert dpc == KNOWLEDGE.contexts[group].dpc


def test_a_plain_spelling_of_few_letters_needs_company() -> None:
    lexicon = Lexicon([Meaning("finance", "lön"), Meaning("health", "patient")])
    assert {} == lexicon.find("/lon/")
    assert {"finance": {"lön"}} == lexicon.find("/lön/")
    assert {"finance": {"lön"}, "health": {"patient"}} == lexicon.find("/patient/lon/")


def test_a_stem_needs_three_letters_more_unless_it_is_long_and_stands_alone_or_bent() -> None:
    lexicon = Lexicon([Meaning("health", "patient", place="start"), Meaning("health", "impf", place="start"),
                       Meaning("health", "klinik", place="end")])
    words = ("patient", "patienter", "patientia", "patientkort", "impf", "impfen", "impfung", "klinik", "xyklinik",
             "hudklinik", "klinikx")
    found = [word for word in words if lexicon.find(f"/{word}/")]
    assert ["patient", "patienter", "patientkort", "impfung", "klinik", "hudklinik"] == found


def test_the_name_of_a_folder_is_read_once() -> None:
    lexicon = Lexicon([Meaning("health", "patient")])
    for _ in range(1000):
        assert lexicon.find("/arkiv/patient/arkiv/")
    assert 3 == lexicon._kept.cache_info().misses            # arkiv, patient, and nothing at the ends


@pytest.mark.parametrize(("word", "groups"), [
    ("health", {"health"}), ("minors", {"minors"}), ("social-legal", {"social-legal"}),
    ("Social_Legal", {"social-legal"}),
    ("helpline", {"health", "recording"}), ("1177", {"health"}), ("journal", {"health"}),
    ("Patientregister", {"health"}),
    ("zzyzx", set()), ("", set()),
])
def test_a_word_of_a_scope_file_may_be_listed_or_the_name_of_a_class(word: str, groups: set[str]) -> None:
    assert groups == KNOWLEDGE.says(word)


WORDS = [
    ("/RECORDINGS/", {"recording": {"recordings"}}),
    ("/CallRecordings/", {"recording": {"call-recordings", "callrecordings", "recordings"}}),
    ("/Patienter/journal/", {"health": {"patienter", "journal"}}),
    ("/journal/", {}),
    ("/lon/2019/", {}),
    ("/lön/2019/", {"finance": {"lön"}}),
    ("/v\u0061\u030ard/", {"health": {"vård"}}),
    ("/STRASSE/", {}),
    ("/1177/", {}),
    ("/vård/x1177x/", {"health": {"vård", "1177"}}),
    ("/11779/", {}),
    ("", {}),
]


@pytest.mark.parametrize(("path", "words"), WORDS, ids=[p for p, _ in WORDS])
def test_words_are_found_in_any_spelling(path: str, words: dict[str, set[str]]) -> None:
    found = KNOWLEDGE.words_in(path)
    assert words == {group: set(listed) for group, listed in found.items() if group in words or not words}


def test_doubtful_words_count_in_the_callers_company() -> None:
    assert {"health": frozenset({"journal"})} == KNOWLEDGE.words_in("/journal/", company=True)


def test_spellings_of_a_word() -> None:
    assert {"røntgen", "rontgen", "roentgen"} == spellings("røntgen")
    assert {"id-kort"} == spellings("id-kort")
    assert {"café", "cafe"} == spellings("café")


def test_a_word_may_say_two_things() -> None:
    both = Lexicon([Meaning("health", "bup"), Meaning("minors", "bup")])
    assert {"health": frozenset({"bup"}), "minors": frozenset({"bup"})} == both.find("/bup/")


def test_an_endless_path_is_looked_at_up_to_a_limit() -> None:
    assert KNOWLEDGE.words_in("/" + "a-" * 100_000) == {}
