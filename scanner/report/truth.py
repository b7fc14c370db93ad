"""The truth about servers, as somebody wrote it down: what a scan is held against. Reads text; judges nothing.

A JSON array, one object a server; keys that are not named here are passed over:

    id            text, unlike every other
    url           http://192.0.2.7:8080/calls/   or `host` or `address` with `port`, or in the second file, by id
    path          where the listing is, as in a URL, default /; a query is passed over
    expected      open_listing, no_listing or auth_required; or `exposed`, true or false
    list_entries  names in that folder, decoded; or objects with `name` and `type` (file, directory). Names with a
                  slash inside are keys of an object store: held against all files below the path
    entry_types   name -> type, where list_entries holds names only
    protocol      what stands before :// in its URLs, such as https, ftp or smb; default http

The second file says where each server stands: id -> "host:port", or an object with `address` (or `addr`, `host`)
and `port`. Names that are no UTF-8 are written as in a report (entries.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

from scanner.errors import UsageError
from scanner.model.octets import octets
from scanner.model.schemes import SCHEMES
from scanner.report import entries
from scanner.report.show import show

EXPECTED = {"open_listing": True, "no_listing": False, "auth_required": False}
TYPES = ("file", "directory")
_PORTS = {name: scheme.port for name, scheme in SCHEMES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One server, and what is true of it."""

    id: str
    host: str                                # name or address, in one spelling
    port: int
    path: str                                # as `entries` has paths: decoded, a slash at both ends
    exposed: bool
    entries: Mapping[bytes, str] | None      # name -> file, directory or "" where not said; None: none are given
    flat: bool                               # whether names are paths of files at any depth
    protocol: str

    @property
    def authority(self) -> str:
        """`host:port`."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class TruthError(UsageError):
    """A truth file with a mistake: which server, what, and what to write."""


def load(text: str | bytes, there: Mapping[str, Any] | None = None) -> tuple[Server, ...]:
    """The servers of a truth file; `there` as `places` reads it. Raises TruthError."""
    rows = _parsed(text)
    if not isinstance(rows, list) or not rows:
        raise TruthError("not a truth file: write a JSON array with an object for each server")
    servers = tuple(_server(row, number, there or {}) for number, row in enumerate(rows, 1))
    ids = [server.id for server in servers]
    if twice := next((name for name in ids if ids.count(name) > 1), None):
        raise TruthError(f"{show(twice)} stands there twice; give each server an id of its own")
    return servers


def places(text: str | bytes) -> Mapping[str, Any]:
    """The second file. Raises TruthError."""
    there = _parsed(text)
    if not isinstance(there, dict):
        raise TruthError('not a file of places: write a JSON object such as {"one": "192.0.2.7:8080"}')
    return there


def _parsed(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TruthError(f"not JSON: {show(str(error))}") from None


def _server(row: Any, number: int, there: Mapping[str, Any]) -> Server:
    if not isinstance(row, dict) or not isinstance(row.get("id"), str) or not row["id"]:
        raise TruthError(f"server {number} has no id; write an object with `id`, where it stands, and `expected`")
    url = _url(row)
    host, port = _place(row, there.get(row["id"]))
    protocol = (_text(row, "protocol") or url.scheme or "http").lower()
    listed = _entries(row)
    return Server(
        id=row["id"], host=host, port=port, path=_path(_text(row, "path") or url.path), exposed=_exposed(row),
        entries=None if listed is None else {entries.read(name.rstrip("/")): kind for name, kind in listed.items()},
        flat=any("/" in name.rstrip("/") for name in listed or ()), protocol=protocol)


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _wrong(row, f"`{key}` must be a text")
    return value


def _url(row: Mapping[str, Any]) -> SplitResult:
    try:
        return urlsplit(_text(row, "url"))
    except ValueError:
        raise _wrong(row, "`url` is none; write such as http://192.0.2.7:8080/calls/") from None


def _wrong(row: Mapping[str, Any], what: str) -> TruthError:
    return TruthError(f"{show(row['id'])}: {what}")


def _place(row: Mapping[str, Any], given: Any) -> tuple[str, int]:
    """Where it stands: by the second file, by its own keys, by its URL."""
    for place in (given, row):
        if isinstance(place, dict) and "port" in place:
            host = next((place[key] for key in ("host", "address", "addr") if place.get(key)), None)
            if isinstance(host, str) and isinstance(place["port"], int) and 0 < place["port"] < 65_536:
                return normal(host), place["port"]
            raise _wrong(row, "`host` must be a text and `port` a number from 1 to 65535")
    text = given if isinstance(given, str) else _text(row, "url")
    found = authority(text)
    if found is None:
        raise _wrong(row, "where it stands is not said; write `host` and `port`, a `url`, or give the file of places")
    return found


def authority(text: str) -> tuple[str, int] | None:
    """Host and port of `host:port` or of a URL; None where there is no port to be had."""
    try:
        parts = urlsplit(text if "://" in text else f"//{text}")
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    return (normal(parts.hostname), port) if parts.hostname and port and "/" not in parts.netloc else None


def normal(host: str) -> str:
    """A name or an address in one spelling."""
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        return host.rstrip(".").lower()


def _path(written: str) -> str:
    plain = written.partition("?")[0].partition("#")[0].strip("/")
    return entries.path(unquote_to_bytes(octets(f"/{plain}/" if plain else "/")))


def _exposed(row: Mapping[str, Any]) -> bool:
    exposed, expected = row.get("exposed"), _text(row, "expected")
    if exposed is None and expected in EXPECTED:
        return EXPECTED[expected]
    if not isinstance(exposed, bool):
        raise _wrong(row, f"write `expected` ({', '.join(EXPECTED)}) or `exposed` (true or false)")
    if expected in EXPECTED and EXPECTED[expected] is not exposed:
        raise _wrong(row, f"`exposed` and `expected` contradict each other: {str(exposed).lower()} and {expected}")
    return exposed


def _entries(row: Mapping[str, Any]) -> Mapping[str, str] | None:
    listed, types = row.get("list_entries"), row.get("entry_types") or {}
    if listed is None:
        return None
    if not isinstance(listed, Sequence) or isinstance(listed, str) or not isinstance(types, dict):
        raise _wrong(row, "`list_entries` must be a list, `entry_types` an object")
    return dict(_typed(row, listed, types))


def _typed(row: Mapping[str, Any], listed: Sequence[Any], types: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for entry in listed:
        name = entry.get("name") if isinstance(entry, dict) else entry
        if not isinstance(name, str) or not name.strip("/"):
            raise _wrong(row, "each of `list_entries` must be a name, or an object with `name` and `type`")
        kind = entry.get("type") if isinstance(entry, dict) else types.get(name)
        if kind not in (None, *TYPES):
            raise _wrong(row, f"the type of {show(name, 60)} must be file or directory")
        yield name, kind or ("directory" if name.endswith("/") else "")
