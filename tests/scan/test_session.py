"""A session that is stopped, paused, cut off from its disk or its network: what is left, what is said, what goes on."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sqlite3
import sys
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest

from scanner.discover import Knock, KnockState
from scanner.errors import LocalFault, StateError
from scanner.net import Ledger, Limits, Net, Pace
from scanner.scan import Site as Scan
from scanner.scan import judge, run
from scanner.scan.account import report_of
from scanner.scan.journal import Journal
from scanner.scan.knocking import knock_sweep
from scanner.scan.showing import SHOWN_LIMIT
from scanner.signature import load
from scanner.state import State
from tests.cli.program import ROOT
from tests.kill.runs import SAID, whole
from tests.kill.same import settled
from tests.scan.scans import QUICK, Watching, files, finish, scan, scope_of, session_of, state_in, stop_after
from tests.scan.sites import Front, Page, calls, place

TREE = {
    f"{year}": {f"{month:02}": calls(3, first=year * 10 + month) for month in range(1, 13)}
    for year in range(2010, 2016)
}
SLOW = replace(QUICK, host_rate=100)


async def test_a_stop_drains_says_what_is_left_and_the_next_run_goes_on(serve, tmp_path):
    site = await serve(TREE, delay=0.02)
    state = state_in(tmp_path)
    one = await stop_after(session_of(scope_of(f"{site.address}:8080"), state=state, profile=SLOW), 0.4)
    assert (False, False, None) == (one.outcome.complete, one.outcome.ended, one.report.scan.finished)
    assert "stopped before the end" in one.outcome.why
    assert {"interrupted": 1} == {name: n for name, n in one.report.coverage.gaps.items() if name != "not-tried"}
    two = await finish(session_of(scope_of(f"{site.address}:8080"), state=state, profile=SLOW))
    assert (True, one.row.id, True) == (two.outcome.complete, two.row.id, two.row.finished is not None)
    assert ([216], 0) == (files(two.findings), two.gap("interrupted"))
    assert 1 >= max(site.paths().values()) - 1  # what was under way ended by itself: hardly anything twice
    state.close()


async def test_what_was_not_even_knocked_at_is_a_gap(serve):
    site = await serve(TREE)
    session = session_of(scope_of(f"{site.address}:8080"))
    session.stop.set()
    done = await finish(session)
    assert (0, 1, False) == (site.dialled, done.gap("interrupted"), done.outcome.ended)
    assert any("1 pairs of address and port not tried" in why for why in done.outcome.why)


async def test_a_stop_that_comes_when_all_is_done_leaves_the_scan_complete(serve):
    site = await serve(calls(3))
    session = session_of(scope_of(f"{site.address}:8080"))

    class Stopping(Watching):
        def store(self, row, also):
            session.stop.set()

    session.watcher = Stopping()
    done = await finish(session)
    assert (True, True, True) == (done.outcome.complete, done.outcome.ended, done.row.finished is not None)


async def test_nobody_knocks_while_the_window_is_closed(serve):
    site, closed = await serve(calls(3)), [True]
    session = session_of(scope_of(f"{site.address}:8080"), opening=lambda: 0.05 * len(closed))
    waiting = asyncio.create_task(finish(session))
    await asyncio.sleep(0.4)
    assert 0 == site.dialled
    closed.clear()
    assert [3] == files((await waiting).findings)


async def test_a_window_that_shuts_pauses_the_crawl(serve):
    site, closed = await serve(TREE, delay=0.01), list[bool]()
    session = session_of(scope_of(f"{site.address}:8080"), profile=SLOW, opening=lambda: 0.05 * len(closed))
    waiting = asyncio.create_task(finish(session))
    for _ in range(9000):
        if len(site.asked) >= 20:
            break
        await asyncio.sleep(0.01)
    closed.append(True)
    asked = 0
    while asked < len(site.asked):               # what is under way ends
        asked = len(site.asked)
        await asyncio.sleep(1)
    assert (True, False) == (asked < 72, waiting.done())
    closed.clear()
    assert [216] == files((await waiting).findings)


async def test_a_stop_ends_the_wait_for_the_window(serve):
    site = await serve(calls(3))
    session = session_of(scope_of(f"{site.address}:8080"), opening=lambda: 3600.0)
    before = time.monotonic()
    done = await stop_after(session, 0.2)
    assert (0, False, True) == (site.dialled, done.outcome.ended, time.monotonic() - before < 3)


async def test_a_store_that_was_found_in_an_earlier_run_is_known_again(serve, tmp_path):
    one = await serve(TREE, port=8080)
    two = await serve(TREE, port=8081, address=one.address, delay=3.0)
    state = state_in(tmp_path)
    session = session_of(scope_of(f"{one.address}:8080", f"{one.address}:8081"), state=state)

    class Stopping(Watching):
        def store(self, row, also):
            session.stop.set()

    session.watcher = Stopping()
    stopped = await finish(session)
    assert (False, 1) == (stopped.outcome.ended, len(stopped.findings))
    two._delay = 0.0
    done = await finish(session_of(scope_of(f"{one.address}:8080", f"{one.address}:8081"), state=state))
    assert ([216], [8080, 8081]) == (files(done.findings), [door.port for door in done.findings[0].doors])
    assert 4 == len([path for path in two.paths() if re.fullmatch(r"/(\d{4}/(\d\d/)?)?", path)])
    state.close()


async def test_names_in_another_order_are_the_same_scan_and_nothing_is_left_out(serve, tmp_path):
    one, two = await serve(calls(30)), await serve(calls(40, first=100))
    targets = [f"{one.address}:8080", f"{two.address}:8080"]
    state = state_in(tmp_path)
    session = session_of(scope_of(*targets), state=state)
    session.stop.set()
    stopped = await finish(session)
    done = await finish(session_of(scope_of(*reversed(targets)), state=state))
    assert (stopped.row.id, [40, 30]) == (done.row.id, sorted(files(done.findings), reverse=True))
    assert [1, 1] == [target.findings for target in done.report.coverage.targets]
    state.close()


async def test_an_exclusion_that_was_added_meanwhile_holds(serve, tmp_path):
    site = await serve(TREE, delay=0.02)
    state = state_in(tmp_path)
    one = await stop_after(session_of(scope_of(f"{site.address}:8080"), state=state, profile=SLOW), 0.4)
    dialled = site.dialled
    done = await finish(session_of(scope_of(f"{site.address}:8080", exclude=[site.address]), state=state, profile=SLOW))
    assert (dialled, one.row.id) == (site.dialled, done.row.id)
    assert (1, False) == (done.gap("out-of-scope"), done.findings[0].store.complete)
    assert 0 == state.db.execute("SELECT COUNT(*) FROM ask WHERE path IS NOT NULL").fetchone()[0]
    state.close()


async def test_a_server_that_is_gone_when_the_scan_goes_on_leaves_its_store_cut(serve, tmp_path):
    site = await serve(TREE, delay=0.02)
    state = state_in(tmp_path)
    await stop_after(session_of(scope_of(f"{site.address}:8080"), state=state, profile=SLOW), 0.4)
    await site.stop()
    done = await finish(session_of(scope_of(f"{site.address}:8080"), state=state, profile=SLOW))
    assert ("refused", False) == (done.findings[0].store.cut_by, done.findings[0].store.complete)
    assert (True, 1) == (done.outcome.ended, done.gap("refused"))
    assert 0 == state.db.execute("SELECT COUNT(*) FROM ask WHERE path IS NOT NULL").fetchone()[0]
    state.close()


async def test_a_target_that_never_answers_is_incomplete_and_yet_ended():
    where = place()
    done = await finish(session_of(scope_of("default.example.org:8080", where), names={"default.example.org": where}))
    assert (False, True, True) == (
        done.outcome.complete,
        done.outcome.ended,
        done.row.finished is not None,
    ) or done.outcome.complete


NUMBERS = ("0701740605", "0701740606", "0701740607", "0701740608")


async def test_no_name_that_tells_people_is_left_in_the_state(serve, tmp_path):
    folders, file, root, deep = NUMBERS
    site = await serve(Front(Page([f"/{root}/"]), {root: {folders: {"x": {deep: calls(2)}}, f"{file}.wav": 4}}))
    state = state_in(tmp_path)
    done = await finish(session_of(scope_of(f"{site.address}:8080"), state=state))
    state.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert [3] == files(done.findings)
    assert not [number for number in NUMBERS if number.encode() in kept or number in repr(done.report)]


async def test_names_are_shown_only_with_a_reason_and_then_all_of_them(serve, tmp_path):
    tree = {"0701740607": {"b": calls(2), "a.txt": 4}, "other": {"z.txt": 1}}
    site = await serve(Front(Page(["/0701740607/", "/other/"]), tree))
    state = state_in(tmp_path)
    done = await finish(session_of(scope_of(f"{site.address}:8080"), state=state, show_names="asked for by the owner"))
    expected = ("/0701740607/a.txt", "/0701740607/b/", "/0701740607/b/call-00000.wav", "/0701740607/b/call-00001.wav")
    assert {expected, ("/other/z.txt",)} == {finding.store.entries for finding in done.findings}
    assert "asked for by the owner" == done.report.scan.show_names_reason
    state.close()


async def test_the_entries_of_the_root_come_first_however_large_the_store_is(serve):
    tree = {f"{i}": {f"{i}-{j:04}.wav": 10 for j in range(1_100)} for i in range(10)} | {"zz.txt": 1}
    site = await serve(tree)
    done = await scan(f"{site.address}:8080", show_names="asked for by the owner")
    (entries,) = [finding.store.entries for finding in done.findings]
    assert ((*(f"/{i}/" for i in range(10)), "/zz.txt"), SHOWN_LIMIT) == (entries[:11], len(entries))


async def test_each_of_several_doors_says_what_its_own_root_shows(serve):
    calls_of_a_day = {"calls": {f"070174{i:04}.wav": 10 for i in range(605, 640)}}
    sites = [await serve({**calls_of_a_day, own: 1}) for own in ("one.txt", "two.txt")]
    done = await scan(*(f"{site.address}:8080" for site in sites), show_names="asked for by the owner")
    (finding,) = done.findings
    assert [("/calls/", "/one.txt"), ("/calls/", "/two.txt")] == sorted(door.entries for door in finding.doors)
    assert ("/calls/", "/one.txt", "/two.txt") == finding.store.entries[:3]


# ---- the disk


class Failing(State):
    """A state whose disk is full after some transactions."""

    left = 10**9

    @contextmanager
    def transaction(self):
        self.left -= 1
        with super().transaction():
            yield
            if self.left < 0:
                raise sqlite3.OperationalError("database or disk is full")


@pytest.mark.parametrize("after", [3, 6, 12, 40])
async def test_a_full_disk_ends_the_scan_with_one_plain_error_and_it_goes_on_later(serve, tmp_path, after):
    site = await serve(TREE)
    path = tmp_path / "state.sqlite"
    state = Failing(path)
    state.left = after
    with pytest.raises(StateError, match="disk is full"):
        await session_of(scope_of(f"{site.address}:8080"), state=state).run()
    state.close()
    again = State(path)
    done = await finish(session_of(scope_of(f"{site.address}:8080"), state=again))
    assert ([216], True) == (files(done.findings), done.outcome.complete)
    again.close()


# ---- this machine


class Faulty(Net):
    """A net of a machine that runs out of something, for a while or for good."""

    def __init__(self, scope, *, times: int, error: Exception, after: int = 0) -> None:
        super().__init__(scope, pace=Pace(5000, 5000, 100, 6), ledger=Ledger(), limits=Limits(), identity=None)
        self.times = times
        self.after = after
        self.error = error

    async def connect(self, endpoint, *, protocol=None):
        self.after -= 1
        if self.after < 0 and self.times > 0:
            self.times -= 1
            raise self.error
        return await super().connect(endpoint, protocol=protocol)


async def on(net_of, *targets):
    """Outcome and report of a scan with another net."""
    scope, state = scope_of(*targets), State(None)
    facts = {
        "targets": [{"what": target.what, "label": None, "addresses": 1} for target in scope.targets],
        "profile": "standard",
        "authorisation": {},
        "scope_sha256": "",
        "signatures": {"sha256": "", "count": 0},
        "addresses": 1,
    }
    with state.transaction():
        row = state.begin("x", facts, fresh=False)
    async with Journal(state) as journal:
        site = Scan(
            scope=scope,
            net=net_of(scope),
            journal=journal,
            knowledge=load(),
            profile=QUICK,
            scan=row,
            watcher=Watching(),
            pauses=(0.01, 0.02),
        )
        outcome = await judge(site, await run(site, knock_sweep(site, in_flight=10)))
    return outcome, report_of(state, row.id, load())


async def test_a_fault_of_this_machine_that_passes_is_not_even_mentioned(serve):
    site = await serve({"a": calls(3), "b": calls(4)})
    outcome, report = await on(
        lambda scope: Faulty(scope, times=2, error=LocalFault("too many open files"), after=2), f"{site.address}:8080"
    )
    assert (True, [7]) == (outcome.complete, files(report.findings))
    assert {"not-tried"} == set(report.coverage.gaps)


@pytest.mark.parametrize("after", [0, 1, 4])
async def test_a_fault_of_this_machine_that_stays_is_never_said_of_the_target(serve, after):
    site = await serve({"a": calls(3), "b": calls(4)})
    outcome, report = await on(
        lambda scope: Faulty(scope, times=10**6, error=LocalFault("too many open files"), after=after),
        f"{site.address}:8080",
    )
    assert (False, False, True) == (
        outcome.complete,
        outcome.ended,
        "this machine's fault: too many open files" in outcome.why,
    )
    assert {"interrupted": 1} == dict(report.coverage.gaps)
    assert all(finding.store.cut_by is None for finding in report.findings)


async def test_a_network_that_stays_down_while_knocking_is_this_machines_fault(serve):
    site = await serve(calls(3))

    async def down(pairs):
        list(pairs)
        raise LocalFault("the network is down")
        yield Knock(0, None, 0, KnockState.OPEN, 0.0)

    scope, state = scope_of(f"{site.address}:8080"), State(None)
    with state.transaction():
        row = state.begin("x", {}, fresh=False)
    async with Journal(state) as journal:
        net = Faulty(scope, times=0, error=LocalFault(""))
        it = Scan(scope=scope, net=net, journal=journal, knowledge=load(), profile=QUICK, scan=row, watcher=Watching())
        outcome = await judge(it, await run(it, down))
    assert (False, False) == (outcome.complete, outcome.ended)
    assert "this machine's fault: the network is down" in outcome.why


async def test_a_probe_that_breaks_inside_ends_neither_the_scan_nor_as_clean(serve):
    site = await serve(calls(3))
    outcome, report = await on(
        lambda scope: Faulty(scope, times=10**6, error=RuntimeError("oh [red] no")), f"{site.address}:8080"
    )
    assert (False, True, {"internal-error": 1}) == (outcome.complete, outcome.ended, dict(report.coverage.gaps))
    assert ("1 answers broke a probe",) == outcome.why


# ---- signals


async def test_a_signal_drains_and_the_same_command_goes_on(serve, tmp_path):
    site = await serve(TREE, delay=0.05)
    await serve(calls(3, first=900), port=8081, address=site.address)
    words = ["scan", f"{site.address}:8080", f"{site.address}:8081", "--state", "s.sqlite", "-o", "report.json",
             "--host-rate", "300", "--rate", "300", "-q"]
    run = await whole(words, tmp_path)
    while len(site.asked) < 10:  # noqa: ASYNC110  what another process does
        await asyncio.sleep(0.01)
    run.kill(signal.SIGTERM)
    assert (143, True) == (await run.wait(), "to go on: " in (tmp_path / SAID).read_text())
    assert (0, [216, 3]) == (await (await whole(words, tmp_path)).wait(),
                             [finding["store"]["files"] for finding in settled(tmp_path)["findings"]])


async def test_time_that_runs_out_is_exit_three_and_the_same_command_goes_on(serve, tmp_path):
    site = await serve(TREE, delay=0.05)
    words = [
        sys.executable,
        "-m",
        "scanner",
        "scan",
        f"{site.address}:8080",
        "--state",
        str(tmp_path / "s.sqlite"),
        "-q",
        "-o",
        str(tmp_path / "report.json"),
        "--no-progress",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    codes = []
    for limit in (["--max-duration", "1s"], []):
        process = await asyncio.create_subprocess_exec(
            *words, *limit, cwd=ROOT, env=environment, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
        )
        await process.communicate()
        codes.append(process.returncode)
    assert ([3, 0], 216) == (codes, settled(tmp_path)["findings"][0]["store"]["files"])


async def test_scan_of_nothing_that_answers_is_clean_within_ranges():
    done = await scan(place(), ports=[8080])
    assert (True, (), 0) == (done.outcome.complete, done.findings, sum(done.report.coverage.gaps.values()))
