"""One store by several protocols: the same tree, a part of a tree, and what only looks like one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.assess.joining import joined
from scanner.model import DoorSeen
from tests.assess.stores import calls, counted, door, store
from tests.assess.stores import judged as found_in

CALLS = {"/": calls(60), "/2018/": calls(40, 1000)}


def at(protocol: str, port: int, root: str = "/", *, address: str = "192.0.2.7", host: str | None = None,
       controller: str | None = None) -> DoorSeen:
    return door(protocol=protocol, port=port, root=root, address=address, host=host, controller=controller)


def below(folder: str, tree: dict[str, list[str]] = CALLS) -> dict[str, list[str]]:
    return {f"/{folder}{path}": names for path, names in tree.items()}


def test_one_tree_by_three_protocols_is_one_finding_with_three_doors() -> None:
    (found,) = found_in(
        store(CALLS, at("ftp", 21)), store(CALLS, at("http", 80)), store(below("calls"), at("smb", 445, "/calls/")))
    assert ["ftp", "http", "smb"] == [one.protocol for one in found.doors]
    assert 100 == found.store.files


def test_a_share_joins_what_shows_all_shares_and_stands_behind_it() -> None:
    everything = {**below("calls"), **below("music", {"/": [f"a long song of summer {i:03}.mp3" for i in range(80)]})}
    (found,) = found_in(
        store(below("recordings"), at("smb", 445, "/recordings/")), store(everything, at("nfs", 2049, "/srv/")),
        store(below("music", {"/": [f"a long song of summer {i:03}.mp3" for i in range(80)]}),
              at("rsync", 873, "/music/")))
    assert ["nfs", "smb", "rsync"] == [one.protocol for one in found.doors]
    assert 180 == found.store.files


@pytest.mark.parametrize(("small", "large"), [
    (at("smb", 445, "/calls/"), at("ftp", 21, address="192.0.2.8")),                         # another machine
    (at("smb", 445, "/calls/", controller="One"), at("ftp", 21, controller="Two")),          # another's
    (at("smb", 445, "/calls/"), at("smb", 445, "/all/")),                                    # a copy beside it
])
def test_a_part_is_joined_at_one_machine_of_one_controller_and_by_another_protocol_only(
        small: DoorSeen, large: DoorSeen) -> None:
    more = {**below("calls"), "/more/": calls(200, 5000)}
    assert 2 == len(found_in(store(CALLS, small), store(more, large)))


@pytest.mark.parametrize("tree", [{"/": []}, {"/": ["menu.pdf"]}])
@pytest.mark.parametrize(("other", "findings"), [
    (at("smb", 445, "/empty/"), 1),
    (at("smb", 445, "/other/"), 2),
    (at("smb", 445, "/empty/", address="192.0.2.8"), 2),
    (at("smb", 10445, "/empty/"), 2),
    (at("smb", 445, "/empty/", controller="Two"), 2),
])
def test_a_share_with_next_to_nothing_in_it_is_one_finding_at_both_ports_of_smb(
        tree: dict[str, list[str]], other: DoorSeen, findings: int) -> None:
    assert findings == len(found_in(store(tree, at("smb", 139, "/empty/")), store(tree, other)))


def test_a_server_of_four_thousand_shares_is_joined_in_the_time_of_one_after_the_other() -> None:
    """Each compared with each took an hour for as many as a list may name."""
    small = store({"/": ["a.wav", "b.wav"]})
    shares = [replace(small, doors=(at("smb", 445, f"/share number {number}/"),)) for number in range(4_000)]
    assert 4_000 == len(joined(shares))


def test_stores_that_share_a_name_that_all_have_are_joined_no_slower() -> None:
    alike = store({"/": [f"{number}.wav" for number in range(40)]})
    stores = [replace(alike, doors=(at("smb", 445, f"/{number}/", controller=f"No. {number}"),))
              for number in range(2_000)]
    assert 2_000 == len(joined(stores))


def test_machines_are_the_same_by_name_as_well() -> None:
    more = {**below("calls"), "/more/": calls(200, 5000)}
    named = at("ftp", 21, address="192.0.2.8", host="files.example.org")
    assert 1 == len(found_in(store(CALLS, at("smb", 445, "/calls/", host="files.example.org")), store(more, named)))


def test_a_share_of_which_a_tenth_is_elsewhere_is_its_own_store() -> None:
    more = {"/calls/": calls(80), "/more/": calls(400, 5000)}
    assert 2 == len(found_in(store({"/": calls(100)}, at("smb", 445, "/calls/")), store(more, at("ftp", 21))))


def test_short_names_that_every_folder_has_join_nothing() -> None:
    mailboxes = {f"/{box}/INBOX/": [f"msg{i:04}.wav" for i in range(50)] for box in (100, 101)}
    other = {f"/{box}/Old/": [f"msg{i:04}.wav" for i in range(40)] for box in (200, 201)}
    assert 2 == len(found_in(store(mailboxes, at("ftp", 21)), store(other, at("smb", 445, "/vm/"))))


def test_a_large_store_that_was_cut_still_takes_its_part_in() -> None:
    more = counted({**below("calls"), "/more/": calls(2000, 5000)}, cut_by="directories")
    (found,) = found_in(store(more, at("ftp", 21)), store(CALLS, at("smb", 445, "/calls/")))
    assert 2100 == found.store.files


def test_a_share_too_small_beside_the_whole_to_be_looked_for_stays_apart() -> None:
    shares = {f"share{i:03}": {"/": calls(30, i * 100)} for i in range(120)}
    whole = {path: names for folder, tree in shares.items() for path, names in below(folder, tree).items()}
    smb = [store(tree, at("smb", 445, f"/{folder}/")) for folder, tree in shares.items()]
    assert 121 == len(found_in(store(whole, at("ftp", 21)), *smb))


def test_a_small_share_is_known_by_its_root_among_the_folders_of_the_whole() -> None:
    whole = replace(store({"/": calls(9000)}, at("ftp", 21)), tops=frozenset({"of calls", "of music"}))
    share = replace(store({"/": ["a.wav", "b.wav", "c.wav"]}, at("smb", 445, "/recordings/")), root="of calls")
    other = replace(store({"/": ["a.wav", "b.wav", "c.wav"]}, at("smb", 445, "/else/")), root="of else")
    tiny = replace(store({"/": ["a.wav"]}, at("smb", 445, "/tiny/")), root="of music")
    found = found_in(whole, share, other, tiny)
    assert [["/", "/recordings/"], ["/else/"], ["/tiny/"]] == sorted(
        [door.url.partition("192.0.2.7:")[2].lstrip("0123456789") for door in one.doors] for one in found)


def test_what_differs_by_hidden_names_alone_is_one_store_with_the_fuller_count() -> None:
    few = {"/": ["a.wav", "b.wav"]}
    web = replace(store(few, at("http", 80)), visible="the same")
    more = replace(store({"/": ["a.wav", "b.wav", ".c.wav"]}, at("ftp", 21)), visible="the same")
    beside = replace(store(few, at("ftp", 21, "/else/")), visible="the same")          # one door: filled alike
    other = replace(store(few, at("smb", 445, "/a/", address="192.0.2.8")), visible="the same")
    found = found_in(web, more, other)
    assert [(2, ["smb"]), (3, ["ftp", "http"])] == sorted(
        (one.store.files, [door.protocol for door in one.doors]) for one in found)
    assert 2 == len(found_in(replace(web, doors=(at("ftp", 21, "/one/"),)), beside))


def test_what_is_known_of_folders_outlasts_the_joining_of_two_doors() -> None:
    whole = {"/": calls(9000)}
    both = [replace(store(whole, at(protocol, port)), root="of all", tops=frozenset({top}))
            for protocol, port, top in (("ftp", 21, "of calls"), ("http", 80, "of music"))]
    share = replace(store({"/": ["a.wav", "b.wav", "c.wav"]}, at("smb", 445, "/calls/")), root="of calls")
    assert [3] == [len(found.doors) for found in found_in(*both, share)]
