"""What a door said before a scan was cut off is known to the run that goes on with it: comments of shares, and what
the first answer of a web server leads to.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.kill.worlds import puts
from tests.probes.rsync.rsync_served import served
from tests.probes.rsync.test_rsync_scan import module
from tests.probes.smb.smb_server import Scripted, row
from tests.scan.conftest import Serve
from tests.scan.scans import Done, Watching, files, finish, scope_of, session_of, state_in
from tests.scan.sites import Status, calls


async def cut_after_the_first_answer(target: str, folder: Path, **more: Any) -> tuple[Done, Done]:
    """A scan that ends right after one answer, and the one that goes on with it."""
    state = state_in(folder)
    session = session_of(scope_of(target), state=state, **more)

    class Stopping(Watching):
        def asked(self, line: Callable[[], str]) -> None:
            session.stop.set()

    session.watcher = Stopping()
    cut = await finish(session)
    return cut, await finish(session_of(scope_of(target), state=state, **more))


def shares() -> Scripted:
    return Scripted([("data", 0, "Call recordings")], {"": [row(f"{n}.wav", 160_000) for n in range(30)]})


@pytest.mark.parametrize(("scheme", "serving"), [("rsync", lambda: served(module(puts()))), ("smb", shares)])
async def test_what_is_said_of_a_share_outlives_a_scan_that_was_cut_off(
    scheme: str, serving: Callable[[], AbstractAsyncContextManager[Any]], tmp_path: Path) -> None:
    async with serving() as server:
        target = f"{scheme}://127.0.0.1:{server.port}/"
        cut, done = await cut_after_the_first_answer(target, tmp_path)
        whole = await finish(session_of(scope_of(target)))
    assert ((), cut.row.id) == (cut.findings, done.row.id)
    (gone_on,), (undisturbed,) = done.findings, whole.findings
    assert undisturbed.store.words
    assert undisturbed.store.words == gone_on.store.words
    assert undisturbed.score == gone_on.score


async def test_what_the_first_answer_leads_to_is_asked_by_the_run_that_goes_on(serve: Serve, tmp_path: Path) -> None:
    site = await serve(Status(404), hosts={"": calls(30)})
    cut, done = await cut_after_the_first_answer(f"{site.address}:8080", tmp_path)
    whole = await finish(session_of(scope_of(f"{site.address}:8080")))
    assert ([], [30], [30]) == (files(cut.findings), files(done.findings), files(whole.findings))
