"""The state file: private, whole or not written, resumable, and empty of what is forgotten."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest

from scanner.census import Census
from scanner.errors import StateError
from scanner.model import Access, Ask, Asked, DoorSeen, Endpoint, Gap, Reason, Setting
from scanner.state import AskRow, State, StoreRow

SECRET = "/anna-svensson-0701740605/"
FACTS = {"targets": [], "profile": "standard"}


def opened(tmp_path: Path) -> State:
    return State(tmp_path / "a" / "b" / "state.sqlite")


def begun(state: State, *, fresh: bool = False, identity: str = "same"):
    with state.transaction():
        return state.begin(identity, FACTS, fresh=fresh)


def door_in(state: State, scan: str, port: int = 80) -> int:
    with state.transaction():
        return state.door(scan, Endpoint(address=ip_address("192.0.2.7"), port=port)).id


def ask(path: str, root: str | None = None, depth: int = 1, trail: tuple[str, ...] = ()) -> AskRow:
    return AskRow(path.encode().ljust(16)[:16], Ask(path, Asked.LINK, depth), root, trail)


def store(door: int, root: str = "/") -> StoreRow:
    seen = DoorSeen(
        endpoint=Endpoint(address=ip_address("192.0.2.7"), port=80),
        protocol="http",
        access=Access.ANONYMOUS,
        root=root,
        facts={},
        signatures=(),
        evidence=(),
        seen_at=datetime(2026, 11, 21, tzinfo=UTC),
        server_time=None,
        setting=Setting(),
        target="192.0.2.7",
    )
    return StoreRow(door, root, seen, Census(files=3), {"root": "m"})


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def kept(state: State) -> int:
    """Rows in all tables."""
    tables = [name for (name,) in state.db.execute("SELECT name FROM sqlite_schema WHERE type='table'")]
    return sum(state.db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in tables)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# ---- the file


def test_files_and_folders_are_private_whatever_the_umask(tmp_path):
    old = os.umask(0)
    try:
        state = opened(tmp_path)
        state.lock()
        begun(state)
        modes = {path.name: mode(path) for path in tmp_path.rglob("*")}
    finally:
        os.umask(old)
    state.close()
    assert {
        "a": 0o700,
        "b": 0o700,
        "state.sqlite": 0o600,
        "state.sqlite-wal": 0o600,
        "state.sqlite-shm": 0o600,
        "state.sqlite.lock": 0o600,
    } == modes


def test_a_state_that_others_could_read_is_shut(tmp_path):
    opened(tmp_path).close()
    path = tmp_path / "a" / "b" / "state.sqlite"
    path.chmod(0o644)
    opened(tmp_path).close()
    assert 0o600 == mode(path)


def test_two_scans_on_one_state_do_not_meet(tmp_path):
    one, two = opened(tmp_path), opened(tmp_path)
    one.lock()
    with pytest.raises(StateError, match=r"state\.sqlite: another scan uses this state.*--state FILE"):
        two.lock()
    one.close()
    two.lock()
    two.close()


def test_a_state_of_a_newer_version_is_left_alone(tmp_path):
    state = opened(tmp_path)
    state.db.execute("PRAGMA user_version=99")
    state.close()
    before = everything(tmp_path)
    with pytest.raises(StateError, match="newer earshot, schema 99"):
        opened(tmp_path)
    assert before == everything(tmp_path)


def test_a_database_of_something_else_is_left_alone(tmp_path):
    path = tmp_path / "bookmarks.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE mine (a)")
    db.close()
    path.chmod(0o644)
    before = path.read_bytes()
    with pytest.raises(StateError, match="none of earshot"):
        State(path)
    assert (before, 0o644) == (path.read_bytes(), mode(path))


@pytest.mark.parametrize("content", [b"hello, this is a letter" * 100, b"SQLite format 3\0" + b"\xff" * 4000])
def test_what_is_no_database_is_one_line(tmp_path, content):
    path = tmp_path / "letter.txt"
    path.write_bytes(content)
    with pytest.raises(StateError, match=r"letter\.txt: the state file cannot be used .*--state FILE") as told:
        State(path)
    assert "\n" not in str(told.value)
    assert content == path.read_bytes()


def test_a_folder_in_its_place_is_one_line(tmp_path):
    with pytest.raises(StateError, match="cannot be used"):
        State(tmp_path)


def test_looking_at_a_state_writes_nothing(tmp_path):
    state = opened(tmp_path)
    scan = begun(state)
    state.close()
    before = everything(tmp_path)
    state = opened(tmp_path)
    assert [scan.id] == [row.id for row in state.scans()]
    state.close()
    assert before == everything(tmp_path)


_FULL = """
from pathlib import Path
from scanner.errors import StateError
from scanner.state import State

path = Path("s.sqlite")
state = State(path)
with state.transaction():
    scan = state.begin("one", {"pad": ""}, fresh=False)
rows = 0
try:
    while True:
        with state.transaction():
            state.facts(scan.id, pad="x" * (rows + 1) * 3000)
        rows += 1
except StateError as error:
    print(rows, len(State(path).scan(scan.id).facts["pad"]), error)
"""
_LOOK = """
from pathlib import Path
from scanner.errors import StateError
from scanner.state import State

state = State(Path("state.sqlite"))
print(state.scans()[0].id)

def write():
    with state.transaction():
        state.begin("two", {}, fresh=False)

for work in (state.lock, write):
    try:
        work()
    except StateError as error:
        print(error)
"""


def mounted(mount: str, place: Path, code: str) -> str:
    """What `code` prints in `place`, where `mount` has been done in a namespace of our own."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), "CODE": code}
    script = f'{mount} && cd {place} && exec {sys.executable} -c "$CODE"'
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, timeout=160, check=False,
        env=environment
    )
    if done.returncode and "unshare" in done.stderr:
        pytest.skip(f"no mount namespace here: {done.stderr.strip()}")
    assert 0 == done.returncode, done.stderr
    return done.stdout


@pytest.mark.namespace
def test_a_full_disk_is_one_line_and_what_was_kept_is_there(tmp_path):
    said = mounted(f"mount -t tmpfs -o size=600k t {tmp_path}", tmp_path, _FULL)
    rows, length, told = said.split(" ", 2)
    assert int(rows) > 3
    assert int(rows) * 3000 == int(length)
    assert "cannot be written (database or disk is full); what was kept before is safe" in told
    assert 1 == said.count("\n")


@pytest.mark.namespace
def test_a_state_on_a_medium_that_takes_no_writing_is_readable(tmp_path):
    state = opened(tmp_path)
    scan = begun(state)
    state.close()
    place = tmp_path / "a" / "b"
    name, lock, write = mounted(
        f"mount --bind {place} {place} && mount -o remount,ro,bind {place}", place, _LOOK
    ).splitlines()
    assert (scan.id, True, True) == (name, "Read-only" in lock, "readonly" in write)


# ---- scans


def test_the_same_command_goes_on_and_another_begins_anew(tmp_path):
    state = opened(tmp_path)
    one = begun(state)
    assert (one.id, True, one.key, one.seed) == ((again := begun(state)).id, again.resumed, again.key, again.seed)
    assert one.id != begun(state, identity="another").id
    state.close()


def test_a_fresh_scan_takes_the_place_of_an_unfinished_one(tmp_path):
    state = opened(tmp_path)
    one = begun(state)
    door = door_in(state, one.id)
    with state.transaction():
        state.put_asks(door, [ask(SECRET)])
    two = begun(state, fresh=True)
    assert (False, None, []) == (two.resumed, state.scan(one.id).key, state.waiting(door, 9))
    with state.transaction():
        state.finish(two.id, complete=True)
    three = begun(state)
    assert (False, True) == (three.resumed, three.id not in (one.id, two.id))
    state.close()


@pytest.mark.parametrize(("hours", "resumed"), [(23, True), (25, False)])
def test_an_unfinished_scan_is_gone_on_with_for_a_day(tmp_path, hours, resumed):
    state = opened(tmp_path)
    one = begun(state)
    started = (datetime.now(UTC) - timedelta(hours=hours)).isoformat()
    state.db.execute("UPDATE scan SET started=?", (started,))
    assert state.left_over("same") is not None
    assert (resumed, resumed) == ((again := begun(state)).resumed, again.id == one.id)
    state.close()


def test_pins_of_the_first_run_stay(tmp_path):
    state = opened(tmp_path)
    with state.transaction():
        state.begin("same", {**FACTS, "pins": {"a.example.org": ["192.0.2.1"]}}, fresh=False)
        again = state.begin("same", {**FACTS, "pins": {"a.example.org": ["192.0.2.99"]}}, fresh=False)
    assert {"a.example.org": ["192.0.2.1"]} == again.facts["pins"]
    state.close()


def test_a_scan_that_is_not_there_is_said_by_its_name(tmp_path):
    state = opened(tmp_path)
    with pytest.raises(StateError, match="no scan is called 'x'; `earshot history`"):
        state.scan("x")
    state.close()


def test_the_key_goes_when_the_scan_ends(tmp_path):
    state = opened(tmp_path)
    key = begun(state).key
    assert key is not None
    assert key in everything(tmp_path)
    with state.transaction():
        state.finish(state.scans()[0].id, complete=True)
    state.close()
    assert key not in everything(tmp_path)


def test_forgetting_a_scan_leaves_nothing_of_it(tmp_path):
    state = opened(tmp_path)
    scan = begun(state)
    door = door_in(state, scan.id)
    with state.transaction():
        state.put_asks(door, [ask(SECRET)])
        state.put_alias(door, b"12345678", "m")
        state.put_store(store(door))
        state.put_shown(door, "/", [SECRET], 10)
        state.put_gap(scan.id, Gap(addresses="192.0.2.7", ports="80", probe="http", reason=Reason.LOGIN))
        state.block_done(
            scan.id, 0, {(0, 80, "open"): 1}, [(0, "192.0.2.7")], [Endpoint(address=ip_address("192.0.2.9"), port=81)]
        )
        state.remember(scan.id, "v1:abc", ["http|192.0.2.7|80|"])
    assert kept(state) > 9
    with state.transaction():
        state.forget(scan.id)
    state.shrink()
    assert 0 == kept(state)
    state.close()
    left = everything(tmp_path)
    assert not [word for word in (b"192.0.2", b"svensson", b"v1:abc", scan.id.encode()) if word in left]


def test_forgetting_one_scan_keeps_what_another_has_seen(tmp_path):
    state = opened(tmp_path)
    one, two = begun(state), begun(state, identity="two")
    with state.transaction():
        for scan in (one.id, two.id):
            state.remember(scan, "v1:abc", ["door"])
        state.remember(one.id, "v1:old", ["gone"])
        state.forget(one.id)
    assert (["v1:abc"], []) == (state.known_as(["door"]), state.known_as(["gone"]))
    state.close()


# ---- asks


def test_the_path_of_an_ask_is_gone_once_it_is_answered(tmp_path):
    state = opened(tmp_path)
    door = door_in(state, begun(state).id)
    with state.transaction():
        state.put_asks(door, [ask(SECRET, trail=("marked",))])
    state.close()
    assert SECRET.encode() in everything(tmp_path)
    state = opened(tmp_path)
    with state.transaction():
        state.ask_done(door, ask(SECRET).digest)
    state.close()
    assert SECRET.encode() not in everything(tmp_path)


def test_asks_wait_in_order_shallow_ones_first(tmp_path):
    state = opened(tmp_path)
    door = door_in(state, begun(state).id)
    with state.transaction():
        state.put_asks(door, [ask("/a/", depth=2), ask("/b/", depth=1)])
        state.put_asks(door, [ask("/c/", depth=1), ask("/d/", depth=0)])
    assert ["/d/", "/b/", "/c/", "/a/"] == [row.ask.path for row in state.waiting(door, 9)]
    assert ["/d/", "/b/"] == [row.ask.path for row in state.waiting(door, 2)]
    state.close()


@pytest.mark.parametrize(
    ("first", "done", "second", "expected"),
    [
        (None, False, "/", "/"),  # searched, then met in a store: belongs to the store
        ("/", False, None, "/"),  # and never the other way
        ("/", False, "/a/", "/"),
        (None, False, None, None),
        (None, True, "/", "answered"),  # what is answered stays answered
    ],
    ids=["adopted", "kept", "first store", "still searched", "answered"],
)
def test_an_ask_that_is_known_stays_but_a_store_adopts_what_was_searched(tmp_path, first, done, second, expected):
    state = opened(tmp_path)
    door = door_in(state, begun(state).id)
    with state.transaction():
        state.put_asks(door, [ask("/x/", first, depth=2)])
        if done:
            state.ask_done(door, ask("/x/").digest)
        state.put_asks(door, [ask("/x/", second, depth=1, trail=("m",))])
    found = state.find_ask(door, ask("/x/").digest)
    assert expected == ("answered" if found is None else found.root)
    state.close()


@pytest.mark.parametrize(("root", "expected"), [("/", ["/x/"]), (None, [])], ids=["in a store", "searched again"])
def test_what_searching_left_out_is_asked_when_a_store_shows_it(tmp_path, root, expected):
    state = opened(tmp_path)
    door = door_in(state, begun(state).id)
    with state.transaction():
        state.put_asks(door, [ask("/x/")])
        state.ask_done(door, ask("/x/").digest, asked=False)
        state.put_asks(door, [ask("/x/", root)])
    assert expected == [row.ask.path for row in state.waiting(door, 9)]
    state.close()


def test_asks_of_one_store_can_be_given_up_alone(tmp_path):
    state = opened(tmp_path)
    door = door_in(state, begun(state).id)
    with state.transaction():
        state.put_asks(door, [ask("/a/1/", "/a/"), ask("/a/2/", "/a/"), ask("/b/1/", "/b/"), ask("/c/")])
        assert 2 == state.drop_asks(door, "/a/")
    assert ["/b/1/", "/c/"] == [row.ask.path for row in state.waiting(door, 9)]
    with state.transaction():
        assert 2 == state.drop_asks(door)
    state.close()


def test_an_answer_is_kept_whole_or_not_at_all(tmp_path):
    state = opened(tmp_path)
    scan = begun(state)
    door = door_in(state, scan.id)
    with state.transaction():
        state.put_asks(door, [ask("/a/")])

    def half() -> None:
        with state.transaction():
            state.put_store(store(door))
            state.put_asks(door, [ask("/a/b/", "/a/")])
            state.ask_done(door, ask("/a/").digest)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert ([], ["/a/"]) == (state.stores_of(door), [row.ask.path for row in state.waiting(door, 9)])
    state.close()


# ---- what was seen


def test_a_store_comes_back_as_it_was_kept(tmp_path):
    state = opened(tmp_path)
    scan = begun(state)
    one, two = door_in(state, scan.id, 80), door_in(state, scan.id, 81)
    twin = StoreRow(two, "/", store(two).seen, Census(), {}, (one, "/"), 4)
    with state.transaction():
        state.put_store(store(one))
        state.put_store(twin)
    assert [store(one)] == state.stores_of(one)
    assert [twin] == state.stores_of(two)
    assert [(store(one), [twin.seen])] == list(state.stores(scan.id))
    state.close()


def test_all_stores_are_had_in_as_many_queries_as_one(tmp_path):
    state = opened(tmp_path)
    scan, queries = begun(state), list[str]()
    counts = []
    for port in range(80, 120):
        door = door_in(state, scan.id, port)
        with state.transaction():
            state.put_store(store(door))
        state.db.set_trace_callback(queries.append)
        assert port - 79 == len(list(state.stores(scan.id)))
        state.db.set_trace_callback(None)
        counts.append(len(queries))
        queries.clear()
    assert counts[0] == counts[-1]
    state.close()


def test_the_same_gap_counts_up(tmp_path):
    state = opened(tmp_path)
    scan = begun(state).id
    gap = Gap(addresses="192.0.2.7", ports="80", probe="http", reason=Reason.LOGIN, detail="/a/", count=2)
    with state.transaction():
        state.put_gaps(scan, [gap, gap])
    assert [4] == [one.count for one in state.gaps(scan)]
    state.close()


def test_open_ports_are_on_disk_with_their_block(tmp_path):
    state = opened(tmp_path)
    scan = begun(state).id
    with state.transaction():
        state.block_done(
            scan, 3, {(0, 80, "open"): 1}, [(0, "192.0.2.7")], [Endpoint(address=ip_address("192.0.2.7"), port=80)]
        )
    assert ({3}, [(ip_address("192.0.2.7"), 80)]) == (state.blocks(scan), state.unfinished_doors(scan))
    state.close()


def test_names_as_shown_are_kept_up_to_a_limit(tmp_path):
    state = opened(tmp_path)
    door = door_in(state, begun(state).id)
    with state.transaction():
        state.put_shown(door, "/", ["b", "a"], 3)
        state.put_shown(door, "/", ["c", "d", "e"], 3)
    assert ("a", "b", "c") == state.shown(door, "/")
    state.close()


def test_facts_of_a_scan_are_json(tmp_path):
    state = opened(tmp_path)
    scan = begun(state).id
    with state.transaction():
        state.facts(scan, known={"a": ["b", "new"]})
    assert {**FACTS, "known": {"a": ["b", "new"]}} == json.loads(json.dumps(dict(state.scan(scan).facts)))
    state.close()


@pytest.mark.parametrize(("damage", "read"), [
    ("UPDATE gap SET count='[]'", lambda state, scan: state.gaps(scan)),
    ("UPDATE doorway SET first_seen='[]'", lambda state, scan: state.first_seen("f")),
], ids=["a count", "a time"])
def test_a_number_or_time_that_is_damaged_is_told_as_a_damaged_state(tmp_path, damage, read):
    state = State(tmp_path / "s.sqlite")
    scan = state.begin("damaged", {}, fresh=False).id
    state.put_gap(scan, Gap(addresses="192.0.2.7", ports="80", probe="http", reason=Reason.TIMEOUT, detail="", count=1))
    state.remember(scan, "f", ["http|192.0.2.7|80|"])
    state.db.execute(damage)
    with pytest.raises(StateError, match="what it kept is damaged"):
        read(state, scan)
    state.close()
