"""Which other ways of listing an answer suggests. Pure: facts in, ways out. Nothing is asked here.

What the answer says counts: a status that refuses, a header, the root element of an XML document. So does a path that
is called after the protocol.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from scanner.model import Asked

_UNABLE = frozenset({"405", "501"})      # GET is not known here: another verb may be
_ABSENT = frozenset({"401", "404", "407", "410", "429", "503"})    # a login, nothing there, or no time
_DAV_NAMED = re.compile(r"/[^/]*dav[^/]*/", re.IGNORECASE)
_UPNP = re.compile(r"\b(?:UPnP/\d|DLNADOC/)", re.IGNORECASE)
_MEDIA_PORTS = frozenset({1900, 8200, 8895, 9000, 32469, 49152, 49153, 49154, 50001, 50002})
_AZURE = frozenset({"x-ms-request-id", "x-ms-version", "x-ms-error-code"})
_AZURE_SERVER = re.compile(r"\bBlob\b", re.IGNORECASE)
_SWIFT = frozenset({"x-trans-id", "x-openstack-request-id"})
_SERVICES = frozenset({"ListAllMyBucketsResult", "ListBucketResult", "ListVersionsResult"})


def other_ways(facts: Mapping[str, str], path: str, *, asked: Asked) -> tuple[str, ...]:
    """The ways worth asking for `path` in; `asked` is why it was asked for."""
    bucket = _bucket(facts, path)
    if bucket is not None:
        return (bucket,)
    if asked is Asked.ROOT and (store_of(facts) == "gcs" or _no_front(facts)):
        return ("gcs",)
    store = store_of(facts) is not None      # what it refuses to a page it refuses to any verb
    return ("dav",) if _says_dav(facts) or (not store and _may_dav(facts, path, asked)) else ()


def is_media(facts: Mapping[str, str], port: int) -> bool:
    """Whether a media server may be here: its Server header says UPnP (UPnP Device Architecture 1.0 section 2.1), or it
    listens where they do, and its root is no page.
    """
    if _UPNP.search(facts.get("http.server", "")):
        return True
    if store_of(facts) is not None:
        return False
    return port in _MEDIA_PORTS and not facts.get("http.status", "").startswith(("2", "3"))


def _says_dav(facts: Mapping[str, str]) -> bool:
    """WebDAV said by a header (RFC 4918 section 10.1, and Microsoft's) or by a document."""
    said = facts.get("http.dav") or "PROPFIND" in facts.get("http.allow", "").upper()
    return bool(said) or "ms-author-via" in facts.get("http.headers", "").split() or (
        facts.get("xml.root") == "multistatus")


def _may_dav(facts: Mapping[str, str], path: str, asked: Asked) -> bool:
    """WebDAV possible: where GET is not known, where a page is refused or empty, where a path is called so.

    What the owner wrote is worth a question whatever a page says of it, and behind a login page too.
    """
    status = facts.get("http.status", "")
    named = _DAV_NAMED.search(path) is not None
    if asked is Asked.TARGET:
        return named or (status.startswith(("4", "5")) and status not in _ABSENT)
    there = status[:1] not in ("3", "") and status not in _ABSENT
    refused = status == "403" or "http.empty" in facts      # a page of nothing tells no more than a refusal
    return status in _UNABLE or (refused and asked is Asked.ROOT) or (named and there)


def store_of(facts: Mapping[str, str]) -> str | None:
    """The dialect of the object store that an answer is of: the way to list its buckets. None: of no store.

    By the document, then by the families of headers that services and those that are like them send.
    """
    element, code = facts.get("xml.root", ""), facts.get("store.code", "")
    headers = set(facts.get("http.headers", "").split())
    families = {name.split("-")[1] for name in headers if name.startswith("x-") and name.count("-") > 1}
    if headers & _AZURE and (element in ("Error", "EnumerationResults") or _AZURE_SERVER.search(
            facts.get("http.server", ""))):
        return "azure"
    if "goog" in families or "x-guploader-uploadid" in headers:
        return "gcs"
    if element in _SERVICES or (element == "Error" and code) or "x-amz-request-id" in headers:
        return "s3"
    return "swift" if headers & _SWIFT else None


def _no_front(facts: Mapping[str, str]) -> bool:
    """Plain text that nothing is at the root, in the words of a server that has endpoints and no pages."""
    return (facts.get("http.status") == "404" and facts.get("http.type", "").startswith("text/plain")
            and "x-content-type-options" in facts.get("http.headers", "").split())


def _bucket(facts: Mapping[str, str], path: str) -> str | None:
    """An object store, by the document it answered with and by its headers."""
    element, headers = facts.get("xml.root", ""), set(facts.get("http.headers", "").split())
    base, name = path.rstrip("/").rpartition("/")[::2]
    base += "/"
    if element == "ListAllMyBucketsResult":
        return "s3" if path == "/" else f"s3:{path}"
    if element in ("ListBucketResult", "ListVersionsResult"):
        return _in("s3", base) if name else "s3-host"
    if element == "EnumerationResults" or (element == "Error" and headers & _AZURE and name):
        return _in("azure", base) if name else "azure"
    return None


def _in(way: str, base: str) -> str:
    return way if base == "/" else f"{way}:{base}"
