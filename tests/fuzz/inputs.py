"""Targets of fuzzing: what users hand in, and what is read back: targets, scope, knowledge, reports, state."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from ipaddress import ip_address
from pathlib import Path

from scanner.census import Census
from scanner.discover.nmap import Run, states
from scanner.errors import LocalFault, ScopeError, SignatureError, StateError, TargetError, UsageError
from scanner.model import Access, Ask, Asked, DoorSeen, Endpoint, Setting
from scanner.report import json as reports
from scanner.report import truth
from scanner.signature import file as signatures
from scanner.signature.check import check
from scanner.signature.deadlines import read_deadlines
from scanner.signature.table import laid_over
from scanner.state import AskRow, State, StoreRow
from scanner.targets import file as scope_file
from scanner.targets.numbers import ports
from scanner.targets.quantities import Window, duration, size
from scanner.targets.target import Exclusion, FormError
from scanner.targets.target import Target as Wanted
from scanner.targets.text import parse, parse_exclusion, read_list
from tests.fuzz.target import Form, Target

ROOT = Path(__file__).parents[2]
TODAY = date(2019, 2, 18)
_USAGE = (UsageError,)
_TOLD = 50_000                               # steps that telling the first mistakes of a file costs
_SEED = 3000                                 # bytes of a file that is a seed


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _told(error: Exception) -> None:
    """A mistake is told in one line for each, without what could move a terminal."""
    assert str(error).replace("\n", "").isprintable(), f"not printable: {error!r}"


def _printable(read: Callable[[bytes], object]) -> Callable[[bytes], object]:
    """The same; what it says of a mistake can be shown."""
    def one(data: bytes) -> object:
        try:
            return read(data)
        except UsageError as error:
            _told(error)
            raise
    return one


def _target(data: bytes) -> object:
    return _sound(parse(_text(data), where="targets.txt:1"))


def _sound(found: Wanted | Exclusion) -> object:
    """A target's path is a directory in plain ASCII, its host is one word in lower case."""
    assert bool(found.networks) != bool(found.host), "neither or both of address and name"
    assert found.host is None or (found.host.isascii() and found.host == found.host.lower())
    if isinstance(found, Wanted):
        assert found.path is None or (found.path.startswith("/") and found.path.endswith("/") and found.path.isascii())
        assert all(0 < port < 65536 for port in found.ports or ())
    return found.host, [str(span) for span in found.networks]


def _excluded(data: bytes) -> object:
    return _sound(parse_exclusion(_text(data), where="targets.txt:1"))


def _list(data: bytes) -> object:
    return [_sound(one) for one in read_list(data.splitlines(keepends=True), where="targets.txt")]


def _quantity(data: bytes) -> object:
    text, shown = _text(data), list[object]()
    for read in (ports, duration, size, Window.read):
        try:
            shown.append(read(text))
        except (UsageError, FormError, ValueError) as error:
            shown.append(type(error).__name__)
    return shown


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="earshot-fuzz-", ignore_cleanup_errors=True)


def _of_file(name: str, read: Callable[[Path], object], raises: tuple[type[Exception], ...]) -> Form:
    """A reader of a file, which is written for it."""
    def one(data: bytes) -> object:
        path = Path(_folder().name) / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        return read(path)
    return Form(_printable(one), raises=raises, growth=64, once=_TOLD)


def _nmap(data: bytes) -> object:
    """What the child that calls nmap hands over."""
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    return states(Run((ip_address("192.0.2.7"),), (80, 443)), said)


@cache
def _state() -> tuple[State, str, int]:
    """A state with one scan, one door and one store."""
    state = State(None)
    with state.transaction():
        scan = state.begin("fuzz", {"targets": []}, fresh=True).id
        there = Endpoint(address=ip_address("192.0.2.7"), port=80)
        door = state.door(scan, there).id
        state.put_asks(door, [AskRow(b"d" * 16, Ask("/a/", Asked.LINK), "/", ("x",))])
        seen = DoorSeen(endpoint=there, protocol="http", access=Access.ANONYMOUS, root="/", facts={}, signatures=(),
                        evidence=(), seen_at=datetime(2019, 2, 18, tzinfo=UTC), server_time=None, setting=Setting(),
                        target="192.0.2.7")
        state.put_store(StoreRow(door, "/", seen, Census(), {}))
    return state, scan, door


_COLUMNS = {"facts": "scan", "totals": "scan", "started": "scan", "trail": "ask", "reason": "ask", "seen": "store",
            "census": "store", "marks": "store"}


def _row(column: str) -> Form:
    """A value that stands damaged in one column of the state, read as a scan that goes on reads it."""
    table = _COLUMNS[column]

    def read(data: bytes) -> object:
        state, scan, door = _state()
        kept = state.db.execute(f"SELECT {column} FROM {table}").fetchone()[0]
        state.db.execute(f"UPDATE {table} SET {column}=?", (data.decode("utf-8", "replace"),))
        try:
            return [str(state.scan(scan))[:99], len(state.waiting(door, 9)), len(list(state.stores(scan)))]
        finally:
            state.db.execute(f"UPDATE {table} SET {column}=?", (kept,))
    return Form(read, raises=(StateError,), growth=64)


def _targets() -> Iterator[tuple[str, bytes]]:
    for text in ("192.0.2.0/24", "192.0.2.1-40", "2001:db8::1-2001:db8::f", "files.example.org:8080",
                 "[2001:db8::7]:8443",
                 "https://files.example.org/calls/", "ftp://192.0.2.7/a%20b/", "smb://files.example.org/share/x",
                 "s3://bucket@192.0.2.7:9000", "azure://$web@account.blob.core.windows.net", "bücher.example",
                 "swift://AUTH_a/c@192.0.2.7:8080", "::ffff:192.0.2.1", "fe80::1%eth0", "0300.1", "nfs://192.0.2.7/srv/"):
        yield "target", text.encode()
        yield "excluded", text.encode()
    yield "list", "﻿# ours\n192.0.2.0/24\n!192.0.2.9\n- b.example.org # not\n\nhttps://a.example.org/\n".encode()
    for text in ("80,443,8000-8100", "10m", "64MiB", "22:00-06:00", "1.5h"):
        yield "quantity", text.encode()
    yield "nmap", b'{"scan": {"192.0.2.7": {"80": ["open", "syn-ack"], "443": ["filtered", "no-response"]}}}'


_SCOPE = b'''[authorisation]
organisation = "Example"
authorised_by = "A. Example"
reference = "1"
valid_from = 2019-01-01
valid_until = 2019-12-31
[[target]]
what = ["192.0.2.0/24", "files.example.org"]
exclude = ["192.0.2.9"]
ports = [80, "8000-8010"]
label = "x"
region = ["SE"]
[limits]
rate = 50
[scan]
profile = "standard"
'''


def _scopes() -> Iterator[tuple[str, bytes]]:
    yield "scope", _SCOPE
    yield "scope", b"[[target]]\nwhat = ['192.0.2.7']\n[score]\ntable = 'score.toml'\n"


def _knowledge() -> Iterator[tuple[str, bytes]]:
    for path in sorted((ROOT / "signatures").glob("*/*.toml"))[::25]:
        yield "signature", path.read_bytes()[:_SEED]
    score = (ROOT / "signatures" / "score.toml").read_bytes()
    yield "score", b'name = "own"\n' + score[:_SEED].rpartition(b"\n\n")[0]
    deadlines = (ROOT / "signatures" / "deadlines.toml").read_bytes()
    entries = deadlines[deadlines.find(b"[[deadline]]"):][:1500].rpartition(b"\n\n")[0]
    yield "deadlines", b"[areas]\nXA = ['SE']\n" + entries


def _reports() -> Iterator[tuple[str, bytes]]:
    value = json.loads((ROOT / "reports" / "sample.json").read_text(encoding="utf-8"))
    value |= {"findings": value["findings"][:1], "suppressed": [], "gaps": value["gaps"][:1]}
    yield "report", json.dumps(value).encode()
    yield "truth", (b'[{"id": "a", "url": "http://192.0.2.7:8080/calls/", "expected": {"entries": ["a.wav", "b/"]}},'
                    b'{"id": "b", "protocol": "ftp", "host": "192.0.2.7", "port": 21, "expected": "nothing"}]')
    yield "places", b'{"a": "192.0.2.7:8080"}'


def _states() -> Iterator[tuple[str, bytes]]:
    state, _, _ = _state()
    for column, table in _COLUMNS.items():
        yield column, str(state.db.execute(f"SELECT {column} FROM {table}").fetchone()[0]).encode()


def _deep(data: bytes) -> object:
    found = truth.load(data)
    return found, [server.authority for server in found]


TARGETS = (
    Target("targets", {
        "target": Form(_printable(_target), raises=(TargetError,)),
        "excluded": Form(_printable(_excluded), raises=(TargetError,)),
        "list": Form(_printable(_list), raises=(TargetError,)), "quantity": Form(_quantity, growth=1 << 20),
        "nmap": Form(_nmap, raises=(LocalFault,))}, _targets,
           ("targets/text.py", "targets/url.py", "targets/numbers.py", "targets/clouds.py")),
    Target("scope", {"scope": _of_file("scope.toml", lambda path: scope_file.load(path, today=TODAY),
                                       (ScopeError, TargetError))}, _scopes, ("targets/file.py", "targets/form.py")),
    Target("knowledge", {
        "signature": _of_file("product/own.toml", signatures.read, (SignatureError,)),
        "proved": _of_file("product/own.toml", check, (SignatureError,)),
        "score": _of_file("score.toml", laid_over, (SignatureError,)),
        "deadlines": _of_file("deadlines.toml", read_deadlines, (SignatureError,))}, _knowledge,
           ("signature/form.py", "signature/kinds.py", "signature/score.py")),
    Target("report", {
        "report": Form(_printable(reports.load), raises=_USAGE), "truth": Form(_printable(_deep), raises=_USAGE),
        "places": Form(_printable(truth.places), raises=_USAGE)}, _reports, ("model", "report/truth.py")),
    Target("state", {column: _row(column) for column in _COLUMNS}, _states, ("state", "model/words.py")),
)
