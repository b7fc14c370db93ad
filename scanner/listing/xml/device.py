"""A UPnP device's description of itself -> where its ContentDirectory is asked, and its names. It asks nothing.

Form: UPnP Device Architecture 1.0 §2.1.
"""

from __future__ import annotations

import re
from urllib.parse import quote_from_bytes, urljoin

from scanner.listing.hrefs import SAFE
from scanner.listing.row_reader import told
from scanner.listing.xml.trees import Tree, Trees

_SERVICE = re.compile(rb"urn:[^:\s]{1,64}:service:ContentDirectory:\d+")
_FACTS = {"friendlyName": "dlna.name", "manufacturer": "dlna.manufacturer", "modelName": "dlna.model",
          "modelNumber": "dlna.version", "deviceType": "dlna.type"}
_WANTED = frozenset(_FACTS) | {"service", "URLBase"}
_AUTHORITY = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)


def description(data: bytes, path: str = "/", host: str | None = None) -> tuple[str | None, dict[str, str]]:
    """The control path of the ContentDirectory, and `dlna.*` facts; None where there is none on this host.

    `path` is where the description was read, `host` the authority that it was asked from: a URL of another one is
    no path of this host. Whatever the bytes, nothing rises.
    """
    trees = Trees(_WANTED)
    found = trees.feed(data) + trees.close()
    facts: dict[str, str] = {}
    control = None
    for tree in found:
        if tree.name in _FACTS and tree.text.strip():
            facts.setdefault(_FACTS[tree.name], told(tree.text.strip()))
        elif tree.name == "service" and control is None and _SERVICE.fullmatch(tree.value("serviceType")):
            control = tree.value("controlURL")
    if trees.root != "root" or control is None:
        return None, facts if trees.root == "root" else {}
    return _path(control, _base(found, path, host), host), facts


def _base(found: list[Tree], path: str, host: str | None) -> str:
    """What relative URLs are relative to."""
    said = next((_path(tree.text.strip(), path, host) for tree in found if tree.name == "URLBase"), None)
    return said or path


def _path(url: bytes, base: str, host: str | None) -> str | None:
    """The quoted path and query of a URL on this host; None where it leads elsewhere."""
    text = quote_from_bytes(url, safe=SAFE + "/%?#[]")
    authority = _AUTHORITY.match(text)
    if authority is not None:
        if host is None or authority[1].lower() != host.lower():
            return None
        text = text[authority.end():] or "/"
    if not text or text.startswith("//") or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text):
        return None
    try:
        whole = urljoin(f"http://device{base}", text)
    except ValueError:
        return None
    return whole.removeprefix("http://device").partition("#")[0] if whole.startswith("http://device/") else None
