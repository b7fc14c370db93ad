"""Folders of names and sizes, and whether they are taken for a recorder's whose product is unknown."""

from __future__ import annotations

import pytest

from scanner.census import Census, Folder
from scanner.census.voices import told
from scanner.model import Batch
from scanner.signature import load

KNOWLEDGE = load()
UNEVEN = [60_000 + 29_777 * (i * i % 97) for i in range(40)]
EVEN = [5_000_000 + 10_000 * i for i in range(40)]


def census(names: list[str], sizes: list[int], path: str) -> Census:
    folder = Folder(KNOWLEDGE, regions=("SE",), key=b"\1" * 32, path=path)
    encoded = [name.encode() for name in names]
    folder.add(Batch(names=encoded, sizes=[sizes[i % len(sizes)] for i in range(len(names))], times=None))
    return folder.close()


def forty(form: str) -> list[str]:
    """Names by a number that has no meaning."""
    return [form.format(i=i, n=1_000 + 7 * i) for i in range(40)]


@pytest.mark.parametrize(("names", "sizes", "path", "expected"), [
    (forty("x{n}.mp3"), UNEVEN, "/2019/02/18/", {"sounds", "dated", "tree", "uneven"}),
    (forty("x{n}.mp3"), UNEVEN, "/samtal/", {"sounds", "uneven", "words"}),
    (forty("x{n}.wma"), UNEVEN, "/samtal/", {"sounds", "uneven", "words", "telephony"}),
    (forty("x{n}.gsm"), UNEVEN, "/x/", {"sounds", "uneven", "telephony"}),
    (forty("x{n}.WAV"), [60 + n // 65 * 65 for n in UNEVEN], "/x/", {"sounds", "uneven", "telephony", "codec"}),
    (forty("20190218_0830{i:02}_x.mp3"), UNEVEN, "/x/", {"sounds", "uneven", "stamped"}),
    (forty("x_1550478{i:03}.mp3"), UNEVEN, "/x/", {"sounds", "uneven", "stamped", "epochs"}),
    (forty("x{n}.mp3"), UNEVEN, "/x/", set()),
    (forty("x{n}.mp3"), EVEN, "/2019/02/18/", set()),
    (forty("{i:02} - Title.mp3"), UNEVEN, "/samtal/", set()),                              # an album
    ([*forty("x{n}.mp3"), "cover.jpg"], UNEVEN, "/samtal/", set()),
    ([*forty("x{n}.mp3"), "all.m3u"], UNEVEN, "/2019/02/18/", set()),
    (forty("x{n}.gsm"), UNEVEN, "/sounds/", set()),
    ([*forty("x{n}.gsm"), *[f"vm-goodbye-{'abcdefgh'[i % 8] * (i + 1)}.gsm" for i in range(40)]], UNEVEN, "/x/",
     {"sounds", "uneven", "telephony"}),                                                   # its own voice lies there
    (forty("vm-goodbye-{n}.gsm".replace("{n}", "ab")), UNEVEN, "/samtal/", set()),
])
def test_a_folder_is_taken_for_a_recorders(names: list[str], sizes: list[int], path: str, expected: set[str]) -> None:
    found = census(names, sizes, path)
    assert expected == set(found.looks) - {"files"}
    assert (40 if expected else 0) == found.looks.get("sounds", 0)


def test_why_it_is_taken_for_one_is_kept_and_adds_up() -> None:
    both = census(forty("x{n}.gsm"), UNEVEN, "/a/").merge(census(forty("x{n}.gsm"), UNEVEN, "/2019/02/18/"))
    assert Census.from_json(both.to_json()) == both
    assert (
        "80 of 80 files are sound", "80 are in formats that telephony and dictation write",
        "lengths are as uneven as those of talk", "the folders of 40 are dates",
    ) == told(both.looks)


def test_a_recognised_product_needs_no_likeness() -> None:
    found = census(forty("20190218-0830{i:02}_0701740605-all.mp3"), UNEVEN, "/x/")
    assert {"recording/vicidial": 40} == found.signatures
    assert {} == found.looks


@pytest.mark.parametrize(("path", "signature"), [
    ("/var/spool/asterisk/monitor/", "recording/folder-asterisk"),
    ("/monitor/2019/02/18/", "recording/folder-asterisk"),
    ("/voicemail/default/1001/INBOX/", "recording/folder-voicemail"), ("/RECORDINGS/MP3/", "recording/folder-vicidial"),
    ("/recordings/pbx.example.org/archive/2019/Feb/18/", "recording/folder-freeswitch"),
    ("/3cxpbx/Instance1/Data/Recordings/100/", "recording/folder-3cx"),
    ("/autorecords/", "recording/folder-autorecord"),
    ("/MIUI/sound_recorder/call_rec/", "recording/folder-phone"),
    ("/voipmonitor/2019-02-18/08/30/AUDIO/", "recording/folder-capture"),
    ("/wazo/sounds/tenants/9d2b8c1e-1111-4222-8333-abcdefabcdef/monitor/", "recording/folder-wazo"),
])
def test_a_products_tree_is_enough_with_any_sound_below(path: str, signature: str) -> None:
    assert {signature: 40} == census(forty("x{n}.mp3"), EVEN, path).signatures
