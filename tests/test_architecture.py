"""The rooms of the house, read off the imports: which may know which, and who may touch the network."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import scanner

HOUSE = Path(scanner.__file__).parent

# What each room may import of ours. A room is a module or package directly below scanner/.
MAY = {
    "model": set(),
    "aside": set(),
    "errors": {"model"},
    "targets": {"model", "errors"},
    "scope": {"model", "errors", "targets"},
    "net": {"model", "errors", "scope"},
    "discover": {"model", "errors", "scope", "net"},
    "listing": {"model", "errors"},
    "filenames": {"model", "errors"},
    "signature": {"model", "errors"},
    "census": {"model", "errors", "signature", "filenames"},
    "assess": {"model", "errors", "signature", "filenames", "census"},
    "report": {"model", "errors"},
    "probes": {"model", "errors", "scope", "net", "listing", "aside"},
    "state": {"model", "errors", "census"},
    "scan": {"model", "errors", "aside", "scope", "net", "discover", "probes", "listing", "filenames", "signature",
             "census", "assess", "state", "report"},
    "demo": {"model", "errors"},
    "cli": {"model", "errors", "targets", "scope", "net", "discover", "probes", "signature", "census", "assess",
            "state", "scan", "report", "demo"},
    "__main__": {"cli"},
}
# Rooms within the room of listings, and which of its other rooms each may import; all may what stands beside them.
LISTINGS = {"text": set(), "json": set(), "xml": {"json"}, "html": {"text"}, "stores": {"json", "xml"}}
CHOOSERS = {"__init__.py", "roots.py"}       # they choose a reader, so they know every room
PURE = {"model", "errors", "targets", "scope", "listing", "filenames", "signature", "census", "assess", "report"}
IMPURE = {"socket", "ssl", "asyncio", "httpx", "httptools", "uvloop", "subprocess", "threading", "time", "select"}
OPENS_SOCKETS = {"socket", "ssl", "asyncio_throttle", "httptools", "httpx"}
DOWNLOADERS = {"urllib.request", "http.client", "requests", "ftplib", "smbclient"}
# Protocols with a room of their own within the room of probes: the files that talk. All others there are pure.
TALKERS = {
    "ftp": {"__init__", "door", "ladder", "pool", "session"},
    "mail": {"__init__", "contact", "door", "imap", "imap_session", "pop3", "pop3_session"},
    "nfs": {"__init__", "door", "folder", "found", "four", "line", "portmapper", "probe", "three"},
    "rsync": {"__init__", "door", "talk"},
    "smb": {"__init__", "announced", "door", "entrance", "exchange", "line", "listing"},
    "ssh": {"__init__", "door", "folders", "login"},
}
SHARED = {"base", "foreign", "parting", "paths"}     # what stands beside these rooms and is there for all of them
CHANCE = {"os", "random", "secrets", "uuid"}
ROOMS_OF_SOCKETS = ("net", "demo")


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(HOUSE.rglob("*.py")):
        if path != HOUSE / "__init__.py":
            yield path.relative_to(HOUSE).parts[0].removesuffix(".py"), path


def imports(path: Path) -> set[str]:
    """Every module that `path` imports while the program runs."""
    found: set[str] = set()
    for node in _running(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that are there for the type checker only."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        yield child
        yield from _running(child)


def ours(names: set[str]) -> set[str]:
    return {name.split(".")[1] for name in names if name.startswith("scanner.")} - {"__version__"}


@pytest.mark.parametrize(("room", "path"), list(modules()), ids=lambda value: str(value).removeprefix(str(HOUSE)))
def test_imports_point_one_way(room: str, path: Path) -> None:
    assert room in MAY, f"{room} has no room in the design"
    assert ours(imports(path)) - {room} <= MAY[room]


@pytest.mark.parametrize("path", sorted((HOUSE / "listing").rglob("*.py")), ids=lambda path: str(path))
def test_imports_between_the_rooms_of_listings_point_one_way(path: Path) -> None:
    room = path.relative_to(HOUSE / "listing").parts[0]
    known = {name.split(".")[2] for name in imports(path) if name.startswith("scanner.listing.")} & LISTINGS.keys()
    assert room in CHOOSERS or known - {room} <= LISTINGS.get(room, set())


@pytest.mark.parametrize(("room", "path"), [entry for entry in modules() if entry[0] in PURE], ids=str)
def test_a_pure_room_knows_no_network_no_clock_and_no_event_loop(room: str, path: Path) -> None:
    assert {name.split(".")[0] for name in imports(path)} & IMPURE == set()


def protocols() -> Iterator[tuple[str, Path]]:
    """Each file of a protocol's room."""
    for name in TALKERS:
        for path in sorted((HOUSE / "probes" / name).rglob("*.py")):
            yield name, path


def test_every_protocol_with_a_room_is_named() -> None:
    rooms = {path.parent.name for path in (HOUSE / "probes").glob("*/__init__.py")} - {"ways"}
    assert rooms == TALKERS.keys()
    assert [] == [f"{name}/{file}" for name, files in TALKERS.items() for file in files
                  if not (HOUSE / "probes" / name / f"{file}.py").is_file()]


@pytest.mark.parametrize(("protocol", "path"), list(protocols()), ids=lambda value: str(value))
def test_no_protocol_knows_another(protocol: str, path: Path) -> None:
    known = {name.split(".")[2] for name in imports(path) if name.startswith("scanner.probes.")}
    assert known <= {protocol} | SHARED


@pytest.mark.parametrize(("protocol", "path"), [
    (protocol, path) for protocol, path in protocols() if path.stem not in TALKERS[protocol]], ids=str)
def test_what_reads_and_writes_a_protocol_knows_no_network_no_clock_and_no_chance(protocol: str, path: Path) -> None:
    names = imports(path)
    assert {name.split(".")[0] for name in names} & (IMPURE | CHANCE) == set()
    assert [name for name in names if name.startswith("scanner.net")] == []
    talkers = {f"scanner.probes.{protocol}.{file}" for file in TALKERS[protocol]}
    assert {".".join(name.split(".")[:4]) for name in names} & talkers == set()


@pytest.mark.parametrize(("room", "path"), [entry for entry in modules() if entry[0] not in ROOMS_OF_SOCKETS], ids=str)
def test_only_net_can_open_a_socket(room: str, path: Path) -> None:
    names = imports(path)
    assert {name.split(".")[0] for name in names} & OPENS_SOCKETS == set()
    text = path.read_text()
    for call in ("open_connection", "create_connection", "sock_connect", "start_server"):
        assert call not in text


@pytest.mark.parametrize(("room", "path"), list(modules()), ids=lambda value: str(value))
def test_nobody_imports_a_client_that_downloads(room: str, path: Path) -> None:
    assert imports(path) & DOWNLOADERS == set()


def test_one_module_imports_httpx() -> None:
    importers = [path.name for _, path in modules() if any(name.split(".")[0] == "httpx" for name in imports(path))]
    assert importers == ["transport.py"]


def test_one_module_imports_asyncssh_and_nobody_imports_that_before_it_is_needed() -> None:
    importers = [path for _, path in modules() if any(name.split(".")[0] == "asyncssh" for name in imports(path))]
    assert [HOUSE / "probes" / "ssh" / "login.py"] == importers
    for _, path in modules():
        early = {name for node in ast.parse(path.read_text()).body
                 if isinstance(node, ast.ImportFrom) and node.module for name in (node.module,)}
        assert "scanner.probes.ssh.login" not in early


@pytest.mark.parametrize("path", [path for _, path in modules()], ids=lambda value: str(value))
def test_every_file_says_first_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text())) or path.name == "__init__.py"
