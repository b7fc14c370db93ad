"""A scan held against the truth: who was found, what of it is true, and what is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scanner.errors import UsageError
from scanner.model import Finding, Report, TargetCoverage
from scanner.report.scoring import Score, Scored, Verdict, score
from scanner.report.truth import Server
from tests.report.sample import CALLS, REPORT

HOST = "192.0.2.7"


def target(what: str, answered: int = 1) -> TargetCoverage:
    return TargetCoverage(label=None, what=what, addresses=1, answered=answered, endpoints=answered, findings=0)


def found(root: str, *entries: str, port: int = 80, doors: tuple[Any, ...] = ()) -> Finding:
    """A store behind one door, or behind several: (port, root, entries of the root)."""
    door = replace(CALLS.doors[0], host=None, address=HOST)
    behind = tuple(
        replace(door, port=port, url=f"http://{HOST}:{port}{root}", entries=own)
        for port, root, own in doors or ((port, root, None),))
    return replace(CALLS, store=replace(CALLS.store, entries=entries), doors=behind)


def report(*findings: Finding, targets: tuple[TargetCoverage, ...] = (target("192.0.2.0/24"),)) -> Report:
    return replace(REPORT, findings=findings, scan=replace(REPORT.scan, show_names_reason="a test"),
                   coverage=replace(REPORT.coverage, targets=targets))


def server(exposed: bool = True, path: str = "/", port: int = 80, protocol: str = "http", flat: bool = False,
           **entries: str) -> Server:
    """`entries`: name -> type, `_` for the dot."""
    true = {name.replace("_", ".").encode(): kind for name, kind in entries.items()}
    return Server(id="one", host=HOST, port=port, path=path, exposed=exposed, entries=true if exposed else None,
                  flat=flat, protocol=protocol)


def scored(made: Report, *truth: Server) -> Score:
    return score(made, truth, {"http", "https"})


def only(made: Report, truth: Server) -> Scored:
    (one,) = scored(made, truth).servers
    return one


OPEN = found("/", "/calls/", "/a.wav", "/calls/b.wav")
MASKED = found("/0701•••605/", "/0701740605/b.wav")


@pytest.mark.parametrize(("finding", "truth", "expected"), [
    (OPEN, server(calls="directory", a_wav="file"), (Verdict.RIGHT, (), (), ())),
    (OPEN, server(calls="", a_wav=""), (Verdict.RIGHT, (), (), ())),
    (OPEN, server(calls="file", a_wav="file"), (Verdict.DIFFERS, (), (), ("calls",))),
    (OPEN, server(calls="directory"), (Verdict.DIFFERS, (), ("a.wav",), ())),
    (OPEN, server(calls="", a_wav="", more=""), (Verdict.DIFFERS, ("more",), (), ())),
    (OPEN, server(port=81, a_wav=""), (Verdict.MISSED, ("a.wav",), (), ())),
    (OPEN, server(exposed=False), (Verdict.ALARM, (), ("a.wav", "calls/"), ())),
    (OPEN, server(exposed=False, port=81), (Verdict.RIGHT, (), (), ())),
    (OPEN, server(path="/calls/", b_wav="file"), (Verdict.RIGHT, (), (), ())),
    (OPEN, server(path="/other/", b_wav="file"), (Verdict.MISSED, ("b.wav",), (), ())),
    (OPEN, server(exposed=False, path="/calls/"), (Verdict.ALARM, (), ("b.wav",), ())),
    (OPEN, server(exposed=False, path="/other/"), (Verdict.RIGHT, (), (), ())),
    (found("/calls/", "/calls/b.wav"), server(path="/calls/", b_wav="file"), (Verdict.RIGHT, (), (), ())),
    (found("/calls/", "/calls/b.wav"), server(calls=""), (Verdict.MISSED, ("calls",), (), ())),
    (found("/calls/", "/calls/b.wav"), server(exposed=False), (Verdict.ALARM, (), ("calls/",), ())),
    (found("/"), server(), (Verdict.RIGHT, (), (), ())),
    (MASKED, server(path="/0701740605/", b_wav=""), (Verdict.RIGHT, (), (), ())),
    (MASKED, server(path="/0701740606/", b_wav=""), (Verdict.MISSED, ("b.wav",), (), ())),
    (found("/", "/x", "/x/"), server(x="file"), (Verdict.DIFFERS, (), (), ("x",))),
])
def test_a_server_is_judged(finding: Finding, truth: Server, expected: tuple[Any, ...]) -> None:
    one = only(report(finding), truth)
    assert expected == (one.verdict, one.missing, one.beyond, one.mistyped)


@pytest.mark.parametrize(("finding", "names", "expected"), [
    (found("/calls/", "/calls/a.wav", "/calls/in/"), {"a_wav": "file", "in": "directory"}, (Verdict.RIGHT, (), ())),
    (found("/srv/calls/", "/srv/calls/a.wav"), {"a_wav": "file"}, (Verdict.RIGHT, (), ())),
    (found("/calls/", "/calls/a.wav", "/calls/b.wav"), {"a_wav": ""}, (Verdict.DIFFERS, (), ("b.wav",))),
    (found("/calls/", "/calls/a.wav"), {"a_wav": "", "b_wav": ""}, (Verdict.DIFFERS, ("b.wav",), ())),
    (found("/calls/", "/calls/a.wav", port=446), {"a_wav": ""}, (Verdict.MISSED, ("a.wav",), ())),
])
@pytest.mark.parametrize("protocol", ["smb", "nfs", "rsync"])
def test_a_server_of_shares_is_judged_by_what_lies_in_them(
        protocol: str, finding: Finding, names: dict[str, str], expected: tuple[Any, ...]) -> None:
    truth = [server(protocol=protocol, **names), server(protocol=protocol, exposed=False)]
    one, closed = score(report(finding), truth, {protocol}).servers
    assert expected == (one.verdict, one.missing, one.beyond)
    assert closed.verdict is (Verdict.RIGHT if one.verdict is Verdict.MISSED else Verdict.ALARM)


def test_each_door_is_judged_by_what_it_shows_itself() -> None:
    both = found("/", "/a.wav", "/b.wav", doors=((80, "/", ("/a.wav", "/b.wav")), (81, "/x/", ("/x/a.wav",))))
    names = {"a_wav": "file", "b_wav": "file"}
    right, wrong = scored(report(both), server(**names), server(port=81, path="/x/", **names)).servers
    assert (Verdict.RIGHT, Verdict.DIFFERS, ("b.wav",)) == (right.verdict, wrong.verdict, wrong.missing)


def test_keys_of_an_object_store_are_held_against_files_at_any_depth() -> None:
    store = found("/box/", "/box/2019/", "/box/top.wav", "/box/2019/a.wav")
    truth = replace(server(path="/box/", flat=True), entries={b"2019/a.wav": "", b"top.wav": ""})
    more = replace(truth, entries={**(truth.entries or {}), b"2019/b.wav": ""})
    assert Verdict.RIGHT is only(report(store), truth).verdict
    assert ("2019/b.wav",) == only(report(store), more).missing


@pytest.mark.parametrize(("targets", "protocol", "expected"), [
    ((target("192.0.2.0/24"),), "http", Verdict.MISSED), ((target("192.0.2.7:80"),), "http", Verdict.MISSED),
    ((target("http://192.0.2.7:80/x/"),), "http", Verdict.MISSED),
    ((target("192.0.2.7:80", 0),), "http", Verdict.SILENT), ((target("192.0.2.7:81"),), "http", Verdict.NOT_SCANNED),
    ((target("192.0.2.0/24"),), "ftp", Verdict.NOT_SCANNED),
])
def test_a_server_that_was_not_asked_is_not_judged(targets: Any, protocol: str, expected: Verdict) -> None:
    assert expected is only(report(targets=targets), server(protocol=protocol, a_wav="")).verdict


def test_a_closed_server_that_did_not_answer_is_not_right() -> None:
    assert Verdict.SILENT is only(report(targets=(target("192.0.2.7:80", 0),)), server(exposed=False)).verdict


def test_the_totals_are_over_all_entries_of_those_judged() -> None:
    made = report(found("/", "/a", "/b", "/c"), found("/", "/x", port=81))
    apart = server(protocol="ftp", f="")
    whole = scored(made, server(a="", b="", c="", d=""), server(port=81), server(port=82, e=""), apart)
    assert (3, 0, 3 / 4, 3 / 5) == (len(whole.judged), whole.right, whole.precision, whole.recall)
    assert [(1.0, 0.75), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)] == [(one.precision, one.recall) for one in whole.servers]


def test_a_scan_without_names_cannot_be_scored() -> None:
    made = replace(report(OPEN), scan=replace(REPORT.scan, show_names_reason=None))
    with pytest.raises(UsageError, match="--show-names REASON"):
        scored(made, server(a_wav=""))
    assert Verdict.RIGHT is only(made, server(exposed=False, port=81)).verdict
