"""The world of the demo holds what the case held: counts, hours, dates and names."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from scanner.demo.recording import NUMBERS, Recording
from scanner.demo.world import NOW, STILL, World

NUMBERED = re.compile(r"(0\d{8,9})(?:_\d{1,3})?\.(?:wav|mp3)")
DATED = re.compile(r"20\d{6}_\d{6}_[A-Z]{4}\.(?:wav|mp3)")
SET_ASIDE = {
    *(f"070{n}" for n in range(1740605, 1740700)), *(f"08{n}" for n in range(46500400, 46500500)),
    *(f"031{n}" for n in range(3900600, 3900700)), *(f"040{n}" for n in range(6280400, 6280500)),
    *(f"0980{n}" for n in range(319200, 319300)),
}


def everything(world: World, elapsed: float = 0.0) -> dict[str, list[Recording]]:
    return {path: world.recordings(path, elapsed=elapsed) for path in world.folders()}


@pytest.fixture(scope="module")
def files() -> dict[str, list[Recording]]:
    return everything(World())


def seconds(file: Recording) -> float:
    return (file.size - 44) / 16_000 if file.name.endswith("wav") else file.size / 4_000


def test_there_are_27_000_recordings_in_some_2_200_folders(files):
    assert (sum(map(len, files.values())), len(files)) == (27_000, 2_219)


def test_they_last_1_700_hours_within_one_percent(files):
    hours = sum(seconds(file) for folder in files.values() for file in folder) / 3600
    assert hours == pytest.approx(1_700, rel=0.01)


def test_570_of_them_are_named_by_numbers_set_aside_for_fiction(files):
    names = [file.name for file in files["/gammalt/"]]
    assert len(set(names)) == 570
    assert set(NUMBERS) == SET_ASIDE == {NUMBERED.fullmatch(name)[1] for name in names}


def test_no_other_name_holds_a_number(files):
    others = [file.name for path, folder in files.items() if path != "/gammalt/" for file in folder]
    assert sum(bool(DATED.fullmatch(name)) for name in others) == 27_000 - 570


def test_wav_and_mp3_are_mixed(files):
    wav = sum(file.name.endswith(".wav") for folder in files.values() for file in folder)
    assert 0.35 < wav / 27_000 < 0.45


def test_they_reach_from_april_2013_to_now(files):
    times = [file.modified for folder in files.values() for file in folder]
    assert datetime(2013, 4, 12, tzinfo=UTC).date() == datetime.fromtimestamp(min(times), UTC).date()
    assert max(times) == NOW


def test_a_name_tells_the_start_and_the_folder_the_day(files):
    for path in ("/2013/04/12/", "/2016/02/29/", "/2019/02/18/"):
        for file in files[path]:
            start = datetime.strptime(file.name[:15], "%Y%m%d_%H%M%S").replace(tzinfo=UTC)
            assert path == f"/{start:%Y/%m/%d}/"
            assert file.modified - start.timestamp() == pytest.approx(seconds(file), abs=1.1)


def test_names_within_a_folder_differ_and_are_sorted(files):
    for folder in files.values():
        names = [file.name for file in folder]
        assert sorted(set(names)) == names


def test_every_folder_is_reached_from_the_root(files):
    def below(path: str) -> list[str]:
        return [path, *(deep for name in world.children(path) for deep in below(f"{path}{name}/"))]
    world = World()
    assert sorted(files) == sorted(below("/"))


def test_the_same_world_comes_out_every_time(files):
    assert everything(World()) == files


@pytest.mark.parametrize("elapsed", [0, 1, 299.5, STILL - 0.01])
def test_the_count_stays_for_ten_minutes(elapsed):
    assert len(World().recordings("/2019/02/18/", elapsed=elapsed)) == 13


def test_meanwhile_the_newest_files_grow():
    before, after = (World().recordings("/2019/02/18/", elapsed=t) for t in (0, 100))
    grown = [new.size - old.size for old, new in zip(before, after, strict=True) if new != old]
    assert grown == [1_600_000] * 3


def test_then_new_ones_arrive_every_minute():
    world = World()
    assert [len(world.recordings("/2019/02/18/", elapsed=STILL + t)) for t in (0, 59, 60, 3_599)] == [14, 14, 15, 73]


def test_the_full_world_has_one_hundred_times_as_many_in_each_folder(files):
    world = World(full=True)
    assert (world.calls, len({file.name for file in world.recordings("/gammalt/")})) == (2_700_000, 57_000)
    for path in ("/2013/04/12/", "/2017/12/24/", "/2019/02/18/"):
        names = {file.name for file in world.recordings(path)}
        assert len(files[path]) * 100 == len(names)


def test_a_folder_that_is_none_has_nothing():
    world = World()
    assert (world.children("/2012/"), world.recordings("/2012/01/01/")) == (None, [])
