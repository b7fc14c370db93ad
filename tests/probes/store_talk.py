"""Conversations with object stores for tests: recorded from real products, or scripted by request line."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from scanner.errors import NetError
from scanner.model import Ask, Asked, Batch, Observation
from scanner.net import Limits
from scanner.probes.door import HttpDoor
from scanner.scan import paths
from tests.fakes import FakeNet, endpoint

WIRE = Path(__file__).parents[2] / "fixtures" / "wire" / "stores" / "talks"
Rows = dict[bytes, int | None]               # key below what was asked for -> size; folders end with a slash


def recorded(product: str) -> dict[str, bytes]:
    """Request line -> answer, of all that was recorded of a product."""
    found = {}
    for path in sorted(WIRE.glob(f"{product}-*.http")):
        said, _, raw = path.read_bytes().partition(b"\n")
        found[said.decode().removeprefix("# ").partition(" | ")[0]] = raw
    return found


def answer(body: str | bytes, status: int = 200, *headers: str, kind: str = "application/xml") -> bytes:
    """An HTTP answer."""
    raw = body.encode() if isinstance(body, str) else body
    head = [f"HTTP/1.1 {status} X", f"Content-Type: {kind}", f"Content-Length: {len(raw)}", *headers]
    return "\r\n".join([*head, "", ""]).encode() + raw


def door(net: FakeNet) -> HttpDoor:
    """The door of a conversation."""
    return HttpDoor(endpoint(9000), net)


def net_of(answers: dict[str, bytes], **limits: int) -> FakeNet:
    """A net on the other side of which these answers are."""
    return FakeNet(answers, limits=Limits(**limits))


async def listed(here: HttpDoor, path: str, way: str) -> tuple[Rows, Observation | None, NetError | None]:
    """What one ask shows."""
    rows: Rows = {}
    seen, error = None, None
    try:
        async for thing in here.list(Ask(path, Asked.TARGET, way=way)):
            if isinstance(thing, Batch):
                _take(rows, thing)
            elif isinstance(thing, Observation):
                seen = thing
    except NetError as raised:
        error = raised
    return rows, seen, error


async def walked(here: HttpDoor, path: str, way: str) -> Rows:
    """All files below a path, as a crawl would find them."""
    found: Rows = {}
    waiting = [(path, b"")]
    while waiting:
        place, above = waiting.pop()
        rows, _, error = await listed(here, place, way)
        assert error is None
        for name, size in rows.items():
            if not name.endswith(b"/"):
                found[above + name] = size
                continue
            below = paths.below(place, quote(name[:-1], safe=""), any_name=True)
            assert below is not None
            waiting.append((below, above + name))
    return found


def _take(rows: Rows, batch: Batch) -> None:
    under = unquote_to_bytes(batch.under)
    for entry in batch.entries():
        key = under + entry.name + b"/" * (entry.kind.value == "directory")
        assert key not in rows
        rows[key] = entry.size
