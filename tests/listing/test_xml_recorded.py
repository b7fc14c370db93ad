"""Answers of real servers in XML, recorded: every entry and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.listing import Reader, Verdict, reader
from scanner.listing.stores import AzurePage, S3Page, access
from scanner.listing.xml.didl import Didl, description
from scanner.listing.xml.multistatus import Multistatus
from scanner.net.gates import sniff
from tests.listing.cuts_of_xml import alike, fed, rows
from tests.listing.recorded import FILES, FOLDERS, ODD

WIRE = Path(__file__).parents[2] / "fixtures" / "wire" / "stores"
HOST = "192.0.2.1:8080"
NAMES = {name.encode(): 2000 + i for i, name in enumerate(ODD)}
READERS = {"nginx-xml": lambda name: reader("xml", f"/{name}/", host=HOST),
           "apache-dav": lambda name: Multistatus(f"/{name}/", HOST),
           "rclone-dav": lambda name: Multistatus(f"/{name}/", HOST),
           "wsgidav": lambda name: Multistatus(f"/{name}/", HOST),
           "azurite": lambda name: AzurePage(b"calls/"),
           "moto": lambda name: S3Page(b"" if name in ("flat", "service") else b"calls/"),
           "minidlna": lambda name: Didl()}


def load(name: str) -> tuple[int, bytes]:
    """Status and body of a recorded answer."""
    _, _, raw = (WIRE / f"{name}.http").read_bytes().partition(b"\n")
    head, _, body = raw.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), body


def made(name: str) -> Reader:
    product = next(product for product in READERS if name.startswith(product))
    return READERS[product](name[len(product) + 1:])


def shown(name: str) -> tuple[Reader, list[tuple[object, ...]]]:
    one, batches = fed(made(name), load(name)[1])
    return one, rows(batches)


RECORDED = sorted(path.stem for path in WIRE.glob("*.http"))


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_answers_are_sniffed_as_xml_and_read_the_same_however_they_are_cut(name: str) -> None:
    body = load(name)[1]
    assert sniff(body[:1024]).kind == "xml"
    if not name.endswith("description"):
        alike(lambda: made(name), body)


@pytest.mark.parametrize("name", ["nginx-xml-calls", "apache-dav-calls", "rclone-dav-calls"])
def test_every_entry_of_a_folder_is_read_and_no_other(name: str) -> None:
    one, entries = shown(name)
    assert one.verdict is Verdict.LISTING
    expected: dict[bytes, tuple[object, ...]] = {**FILES, **dict.fromkeys(FOLDERS, ("dir",))}
    if name == "rclone-dav-calls":
        expected["tab\u2409here.wav".encode()] = expected.pop(b"tab\there.wav")      # it shows control characters so
    assert {row[1]: row[2:] if row[2] != "dir" else ("dir",) for row in entries} == expected


@pytest.mark.parametrize("name", [
    "apache-dav-empty", "rclone-dav-empty", "wsgidav-empty", "azurite-empty", "moto-empty"])
def test_empty_folders_are_listings_without_rows(name: str) -> None:
    one, entries = shown(name)
    assert (one.verdict, entries) == (Verdict.LISTING, [])


def test_an_empty_folder_of_nginx_is_known_after_one_with_rows() -> None:
    one, _ = shown("nginx-xml-calls")
    assert shown("nginx-xml-empty")[0].verdict is Verdict.NOT
    again, batches = fed(reader("xml", "/empty/", dialect=one.dialect), load("nginx-xml-empty")[1])
    assert (again.verdict, batches) == (Verdict.LISTING, [])


@pytest.mark.parametrize("name", ["moto-v1", "moto-v2", "moto-v2-encoded"])
def test_every_object_of_a_bucket_is_read_however_it_is_asked_for(name: str) -> None:
    one, entries = shown(name)
    if name == "moto-v1":                                           # it says that prefixes are escaped, and are not
        entries = [(row[0], b"a&b+c%20d" if row[1] == b"a&b c d" else row[1], row[2]) for row in entries]
    assert {row[1]: row[2] for row in entries} == {**NAMES, **dict.fromkeys(FOLDERS, "dir")}
    assert isinstance(one, S3Page)
    assert (one.next, one.strays, one.facts["store.name"]) == ({}, 0, "calls")


def test_first_pages_of_a_bucket_say_how_the_next_ones_are_asked_for() -> None:
    for name, word, count in (("moto-v1-first", "marker", 10), ("moto-v2-first", "continuation-token", 7)):
        one, entries = shown(name)
        assert isinstance(one, S3Page)
        assert (len(entries), list(one.next), one.more) == (count, [word], True)


def test_a_bucket_without_delimiter_gives_all_folders_at_once() -> None:
    entries = shown("moto-flat")[1]
    assert {row[0] for row in entries} == {"calls/", "calls/2013/", "calls/dir%20with%20space%20%C3%A5/"}
    assert {row[1] for row in entries if row[0] == "calls/"} == {*NAMES, b"a&b+c%20d"}


def test_a_service_lists_its_buckets() -> None:
    assert [row[1:3] for row in shown("moto-service")[1]] == [(b"calls", "dir"), (b"empty", "dir")]


@pytest.mark.parametrize(("name", "meaning", "code"), [
    ("moto-absent", "absent", "NoSuchBucket"), ("azurite-closed", "closed", "AuthorizationFailure"),
    ("azurite-absent", "closed", "AuthorizationFailure")])
def test_refusals_say_who_may_list(name: str, meaning: str, code: str) -> None:
    one, entries = shown(name)
    assert (one.verdict, entries, one.facts["store.code"]) == (Verdict.NOT, [], code)
    assert access(load(name)[0], one.facts) == meaning


def test_every_blob_of_a_container_is_read() -> None:
    expected: dict[bytes, object] = {**NAMES, b"2013": "dir", b"back": "dir"}
    del expected[b"back\\slash.wav"]                                # this server takes it for a folder
    assert {row[1]: row[2] for row in shown("azurite-calls")[1]} == expected
    one, entries = shown("azurite-first")
    assert isinstance(one, AzurePage)
    assert (len(entries), list(one.next)) == (7, ["marker"])


def test_a_media_server_lists_titles_with_sizes_and_durations() -> None:
    one, entries = shown("minidlna-folders")
    assert entries == [("", b"070-1740605.wav", 16044, None), ("", b"070-1740606.wav", 48044, None),
                       ("", b"2013", "dir", "2013;64$2"), ("", b"R&B <live>.wav", 32044, None)]
    assert isinstance(one, Didl)
    assert (one.returned, one.total, one.facts["dlna.seconds"]) == (4, 4, "6")
    assert [row[3] for row in shown("minidlna-root")[1]] == ["Browse%20Folders;64", "Music;1", "Pictures;3", "Video;2"]
    assert shown("minidlna-none")[0].facts["dlna.error"] == "701"


def test_a_media_server_describes_itself() -> None:
    control, facts = description(load("minidlna-description")[1], "/rootDesc.xml", HOST)
    assert (control, facts["dlna.name"], facts["dlna.version"]) == ("/ctl/ContentDir", "den", "1.3.0")
