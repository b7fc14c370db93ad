"""The published list: what is asked for though it is no directory, each with its reason. Nothing else ever is.

A form is a path with a query that can only list: the path names a container, an account or an endpoint, the query says
that it is to be listed, and no answer to it is what lies in a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_VALUE = r"[^&#\s]*"
_AZURE = r"[A-Za-z0-9$][A-Za-z0-9_-]*"       # a container or an account; with a dot it might be a file


@dataclass(frozen=True, slots=True)
class Form:
    """Paths of one shape."""

    shown: str                            # how `plan` shows it
    why: str
    pattern: re.Pattern[str]              # of path and query, whole


def _form(shown: str, why: str, path: str, query: str, *more: str) -> Form:
    """`path` is a pattern; `query` stands first in this order; `more` are parameters that may follow."""
    rest = rf"(?:&(?:{'|'.join(more)})={_VALUE})*" if more else ""
    return Form(shown, why, re.compile(path + re.escape(f"?{query}") + rest))


PUBLISHED: Mapping[str, str] = MappingProxyType({
    "/robots.txt": "names directories that its owner wants kept out of sight",
    "/sitemap.xml": "names pages; their directories are asked for",
    "/rootDesc.xml": "a media server's description of itself (UPnP Device Architecture 2.0 section 2)",
    "/description.xml": "a media server's description of itself",
    "/DeviceDescription.xml": "a media server's description of itself",
})
"""Whole paths."""

TEXT = frozenset({"/robots.txt"})
"""Those whose answer is plain text of any form."""

FORMS: tuple[Form, ...] = (
    _form("/CONTAINER?restype=container&comp=list", "lists a container of Azure Blob Storage (REST API, List Blobs)",
          rf"/(?:[^/?#\s]+/)*{_AZURE}", "restype=container&comp=list", "delimiter", "prefix", "marker", "maxresults"),
    _form("/ACCOUNT?comp=list", "lists the containers of an account of Azure Blob Storage (REST API, List Containers)",
          rf"/{_AZURE}", "comp=list", "marker", "maxresults"),
    _form("/storage/v1/b/BUCKET/o?delimiter=%2F", "lists a bucket of Google Cloud Storage (JSON API, Objects: list)",
          r"/storage/v1/b/[^/?#\s]+/o", "delimiter=%2F", "prefix", "pageToken", "maxResults", "fields"),
    _form("/storage/v1/b?maxResults=1000", "lists the buckets of a project of Google Cloud Storage (Buckets: list)",
          r"/storage/v1/b", "maxResults=1000", "pageToken"),
    _form("/v1/ACCOUNT?format=json", "lists an account or a container of OpenStack Swift (Object Storage API)",
          r"(?:/swift)?/v1(?:\.\d)?/[^/?#\s]+(?:/[^/?#\s]+)?", "format=json", "delimiter", "prefix", "marker", "limit"),
    Form("/~/api/get_file_list?uri=%2FFOLDER%2F", "lists a folder of HFS 3 (its API); a file is refused",
         re.compile(r"/(?:[^?#\s]+/)?~/api/get_file_list\?uri=%2F(?:[^&#\s]*%2F)?")),
    Form("/api/contents/FOLDER?content=1&type=directory", "lists a folder of Jupyter (REST API, contents); a file is "
         "refused", re.compile(r"/(?:[^?#\s]+/)?api/contents/[^?#\s]*\?content=1&type=directory")),
)
"""Paths with a query."""


def is_published(path: str) -> bool:
    """Whether a quoted path with its query stands on the list."""
    return path in PUBLISHED or any(form.pattern.fullmatch(path) for form in FORMS)


def listed() -> list[tuple[str, str]]:
    """All of it, (how it looks, why), for people."""
    return [*PUBLISHED.items(), *((form.shown, form.why) for form in FORMS)]
