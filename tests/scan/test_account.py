"""The account: what a report says of scans that came before, of coverage, and of what was asked."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

from scanner.scan.account import report_of
from scanner.signature import load
from tests.scan.scans import files, finish, scope_of, session_of, state_in
from tests.scan.sites import Page, Status, calls

NAMED = "files.example.org"


async def again(state, site, *targets, **more):
    return await finish(session_of(scope_of(*targets), state=state, names={NAMED: site.address}, **more))


async def test_a_finding_is_new_once(serve, tmp_path):
    site, state = await serve(calls(30)), state_in(tmp_path)
    one = await again(state, site, f"{site.address}:8080")
    two = await again(state, site, f"{site.address}:8080")
    assert one.row.id != two.row.id
    assert (one.findings[0].id, "new", "open") == (two.findings[0].id, one.findings[0].status, two.findings[0].status)
    state.close()


async def test_losing_a_door_does_not_make_a_finding_new(serve, tmp_path):
    site, state = await serve(calls(30)), state_in(tmp_path)
    one = await again(state, site, f"{site.address}:8080", f"{NAMED}:8080")
    two = await again(state, site, f"{site.address}:8080")
    three = await again(state, site, f"{site.address}:8080", f"{NAMED}:8080")
    assert {one.findings[0].id} == {done.findings[0].id for done in (one, two, three)}
    assert ["new", "open", "open"] == [done.findings[0].status for done in (one, two, three)]
    state.close()


async def test_a_store_that_came_apart_keeps_its_name_once(serve, tmp_path):
    site, state = await serve(calls(30)), state_in(tmp_path)
    await serve(calls(30), port=8081, address=site.address)
    one = await again(state, site, f"{site.address}:8080", f"{site.address}:8081")
    site.tree = calls(25, first=900)
    two = await again(state, site, f"{site.address}:8080", f"{site.address}:8081")
    assert ([30], [25, 30]) == (files(one.findings), sorted(files(two.findings)))
    assert one.findings[0].id in {finding.id for finding in two.findings}
    assert 2 == len({finding.id for finding in two.findings})
    assert ["open", "open"] == [finding.status for finding in two.findings]
    state.close()


async def test_a_report_that_is_written_again_says_the_same(serve, tmp_path):
    site, state = await serve({"a": calls(30), "shut": Status(500)}), state_in(tmp_path)
    done = await again(state, site, f"{site.address}:8080")
    assert done.report == report_of(state, done.row.id, load())
    state.close()


async def test_the_table_of_the_score_is_named_with_what_differs(serve, tmp_path):
    site = await serve(calls(30))
    table = tmp_path / "ours.toml"
    table.write_text('name = "Ours"\n[dpc.classes]\naudio = 3\n', encoding="utf-8")
    done = await finish(session_of(scope_of(f"{site.address}:8080"), knowledge=load().scored_by(table)))
    told = done.report.scan
    assert ("Ours", ("dpc.classes.audio: 3, built in 2",)) == (told.score_table, told.score_differs)
    assert sha256(table.read_bytes()).hexdigest() == told.score_sha256


async def test_forgetting_scans_forgets_what_was_known_of_findings(serve, tmp_path):
    site, state = await serve(calls(30)), state_in(tmp_path)
    one = await again(state, site, f"{site.address}:8080")
    with state.transaction():
        state.forget(one.row.id)
    two = await again(state, site, f"{site.address}:8080")
    assert "new" == two.findings[0].status
    state.close()


async def test_coverage_and_conduct_are_counted(serve):
    site = await serve({"a": calls(3), "page": Page()})
    done = await finish(session_of(scope_of(f"{site.address}", ports=[8080, 8081])))
    coverage, conduct = done.report.coverage, done.report.conduct
    assert (1, 2, 1, 1) == (coverage.addresses, coverage.ports_tried, coverage.ports_open, coverage.endpoints)
    assert Counter(one.verb for one in site.asked) == dict(conduct.requests)
    assert (1, 0) == (conduct.addresses_contacted, conduct.file_contents_requested)
    (target,) = coverage.targets
    assert (1, 1, 1) == (target.answered, target.endpoints, target.findings)


async def test_the_ledger_goes_on_over_runs(serve, tmp_path):
    site, state = await serve({"a": calls(3), "b": calls(4)}, delay=0.05), state_in(tmp_path)
    session = session_of(scope_of(f"{site.address}:8080"), state=state)
    import asyncio

    asyncio.get_running_loop().call_later(0.3, session.stop.set)
    await finish(session)
    done = await again(state, site, f"{site.address}:8080")
    assert Counter(one.verb for one in site.asked) == dict(done.report.conduct.requests)
    state.close()


async def test_what_is_not_known_alike_at_two_ports_stands_once(serve, tmp_path):
    site, state = await serve({"shut": Status(500)}), state_in(tmp_path)
    await serve({"shut": Status(500)}, port=8081, address=site.address)
    done = await again(state, site, f"{site.address}:8080", f"{site.address}:8081", f"http://{site.address}:8080/shut/",
                       f"http://{site.address}:8081/shut/")
    assert ["8080,8081"] == [gap.ports for gap in done.report.gaps if "shut" in gap.detail]
    state.close()


async def test_an_address_that_two_targets_name_has_answered_for_both(serve, tmp_path):
    site, state = await serve(calls(30)), state_in(tmp_path)
    done = await again(state, site, f"{NAMED}:8080", f"{site.address}:8080", f"{site.address}/32")
    assert [1, 1, 1] == [target.answered for target in done.report.coverage.targets]
    state.close()
