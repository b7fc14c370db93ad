"""The worlds hold what they say, the same every time, and nobody who exists."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime

import pytest

from scanner.demo.recording import NUMBERS
from tests.worlds.pages import site
from tests.worlds.rule import FIRST, LAST
from tests.worlds.world import World, load

DIGITS = re.compile(r"(?<!\d)\d{9,10}(?!\d)")
EPOCH = re.compile(r"15[0-9]{8}")


def world(name: str) -> World:
    return load(name, scale=100 if name == "1177" else 1)


NAMES = ("1177", "mailbox", "clinic", "harmless")


@pytest.mark.parametrize("name", NAMES)
def test_no_two_files_of_a_folder_share_a_name_and_none_is_newer_than_the_clock(name: str) -> None:
    made = world(name)
    for door in made.doors:
        files = list(door.files())
        assert [] == [key for key, count in Counter((path, file.name) for path, file in files).items() if count > 1]
        assert [] == [file for _, file in files if file.modified > made.clock]


@pytest.mark.parametrize("name", NAMES)
def test_a_world_comes_out_the_same_every_time(name: str) -> None:
    one, other = world(name), world(name)
    assert [list(door.files()) for door in one.doors] == [list(door.files()) for door in other.doors]


@pytest.mark.parametrize("name", NAMES)
def test_every_folder_is_reached_from_the_root(name: str) -> None:
    for door in world(name).doors:
        reached, waiting = set(), ["/"] if door.folders() else []
        while waiting:
            path = waiting.pop()
            reached.add(path)
            waiting += [f"{path}{child}/" for child in door.children(path) or ()]
        assert set(door.folders()) == reached


@pytest.mark.parametrize("name", NAMES)
def test_every_number_is_set_aside_for_fiction(name: str) -> None:
    names = [file.name for door in world(name).doors for _, file in door.files()]
    found = {number for text in names for number in DIGITS.findall(text) if not EPOCH.fullmatch(number)}
    assert set() == found - set(NUMBERS)


def test_the_helpline_holds_what_the_case_held() -> None:
    door, = load("1177").doors
    assert [2_643_000, 57_000] == [rule.count for rule in door.rules]
    door, = load("1177", scale=100).doors
    files = list(door.files())
    seconds = sum((file.size - 44) / 16_000 if file.name.endswith("wav") else file.size / 4_000 for _, file in files)
    assert pytest.approx(1_700, rel=0.01) == seconds / 3600
    assert {"wav", "mp3"} == {file.name[-3:] for _, file in files}
    assert 570 == sum(path == "/gammalt/" for path, _ in files)


def test_the_mailbox_holds_nine_days_of_mail_for_220_people() -> None:
    made = load("mailbox")
    files = [file for _, file in made.doors[0].files()]
    assert made.clock - min(file.modified for file in files) < 9 * 86_400
    assert 220 == len({file.name.partition("@")[0] for file in files if file.name.endswith(".eml")})
    assert 220 == len({f"{first} {last}" for first in FIRST for last in LAST})


def test_a_name_with_a_colon_is_linked_as_apache_links_it() -> None:
    door, = load("mailbox").doors
    page = b"".join(site(door).page("/testmail/Maildir/cur/", 0.0).body).decode()
    assert "%3A2%2CS" in page
    held = load("mailbox").doors[0]
    apache = type(held)(product="Apache/2.4.7 (Unix)", page="apache", ports=(), rules=held.rules)
    rows = b"".join(site(apache).page("/testmail/Maildir/cur/", 0.0).body).decode()
    assert '<a href="./1528193100.M000001P2137.mail.example.org,S=1900:2,S">1528193100.M000001P2137' in rows


def test_a_date_in_a_name_is_the_start_of_the_call() -> None:
    door, = load("1177", scale=1_000).doors
    for path, file in door.files():
        if path != "/gammalt/":
            start = datetime.strptime(file.name[:15], "%Y%m%d_%H%M%S").replace(tzinfo=UTC)
            assert f"/{start:%Y/%m/%d}/" == path
            assert 0 <= file.modified - start.timestamp() <= 1_940
