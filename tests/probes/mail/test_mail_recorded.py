"""Conversations with a real Dovecot 2.3.19, as they came (S) and as they were sent (C), played again byte by byte."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scanner.model import Access, Ask, Asked, Batch, Observation
from scanner.probes import Imap, Pop3, Probe
from tests.fakes import FakeNet, Talk, endpoint

RECORDED = Path(__file__).parents[3] / "fixtures" / "wire" / "mail"
BOXES = {"/INBOX/": 3, "/R%C3%B6stmeddelanden/": 12, "/Voice%20%221%22%20%7B2%7D/": 0, "/Archive%2F2019/": 1}
IN_ORDER = ("/Voice%20%221%22%20%7B2%7D/", "/Archive%2F2019/", "/R%C3%B6stmeddelanden/", "/INBOX/")     # as listed


def talk(name: str) -> Talk:
    """The conversation: what was said unasked, then what was sent with what came of it."""
    steps: list[bytes | tuple[bytes, bytes]] = []
    sent = b""
    for line in (RECORDED / f"{name}.txt").read_bytes().splitlines(keepends=True):
        who, said = line[:1], line[2:]
        if who == b"C":
            sent = said
        elif sent:
            steps.append((sent, said))
            sent = b""
        elif steps and isinstance(last := steps[-1], tuple):
            steps[-1] = (last[0], last[1] + said)
        else:
            steps.append(said)
    return Talk(steps)


@pytest.mark.parametrize(("probe", "name", "boxes"), [
    (Imap(), "dovecot-imap-anonymous", BOXES), (Imap(), "dovecot-imap-no-list-status", BOXES),
    (Imap(), "dovecot-imap-plain", {}), (Pop3(), "dovecot-pop3-anonymous", {"/INBOX/": 3}),
    (Pop3(), "dovecot-pop3-plain", {})], ids=lambda value: value if isinstance(value, str) else "")
async def test_what_dovecot_said_is_heard_again(probe: Probe, name: str, boxes: dict[str, int]) -> None:
    port = min(probe.ports)
    async with probe.open(replace(endpoint(port), tls=None), FakeNet(talks=[talk(name)])) as door:
        root = [shown async for shown in door.list(Ask("/", Asked.ROOT))]
        shares = {ask.path: [shown async for shown in door.list(ask)] for ask in root if isinstance(ask, Ask)}
    assert boxes == {path: sum(len(batch) for batch in shown if isinstance(batch, Batch))
                     for path, shown in shares.items()}
    told = root[-1]
    assert isinstance(told, Observation)
    assert (Access.NONE if boxes else Access.LOGIN) is told.access
    assert "Dovecot (Debian) ready." == told.facts["door.software"]
