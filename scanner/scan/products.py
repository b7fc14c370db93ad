"""Recognised products: where their list endpoints are asked, and what is said of those that give nothing away."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scanner.model import Ask, Asked
from scanner.signature import Knowledge, Product

# A public link as its owner wrote it, and where its product serves the same by WebDAV to whoever has the link:
# https://docs.nextcloud.com/server/latest/developer_manual/client_apis/WebDAV/basic.html (public shares) and
# https://doc.owncloud.com/server/next/developer_manual/webdav_api/public_files.html
_LINK = re.compile(r"(?P<base>/(?:[^/]+/)*?)(?:index\.php/)?s/(?P<token>[A-Za-z0-9]{6,64})/")
_SHARED = {"product/nextcloud": "public.php/dav/files/", "product/owncloud": "remote.php/dav/public-files/"}
_NEEDS = {"post": "by a POST", "token": "with a token", "login": "after a login"}


def asks(knowledge: Knowledge, ask: Ask, facts: Mapping[str, str]) -> list[Ask]:
    """The folder once more, at the documented endpoint of each product that a page without a listing shows.

    Where the product lies below a path of its own, its root there is asked for. A public link that the scope names is
    asked for by WebDAV; no other is ever tried.
    """
    if ask.way or "listing.rows" in facts:
        return []
    link = _LINK.fullmatch(ask.path) if ask.reason is Asked.TARGET else None
    if link is not None and (shared := _shared(knowledge, facts)):
        return [Ask(f"{link['base']}{shared}{link['token']}/", Asked.PRODUCT, ask.depth, "dav")]
    ways = [(way, way.partition(":")[2] or ask.path) for way in knowledge.ways(facts)]
    return [Ask(path, Asked.PRODUCT, ask.depth, way) for way, path in ways]


def _shared(knowledge: Knowledge, facts: Mapping[str, str]) -> str:
    return next((_SHARED[one.id] for one in knowledge.products(facts) if one.id in _SHARED), "")


def told(knowledge: Knowledge, facts: Mapping[str, str]) -> list[str]:
    """A sentence for each product that was recognised: its name, and what its names would take."""
    return [_told(one, facts) for one in knowledge.products(facts) if one.kind == "product"]


def _told(product: Product, facts: Mapping[str, str]) -> str:
    needs = f"; its names are given away {_NEEDS[product.needs]} only, which is not tried" if product.needs else ""
    return f"{product.named(facts)}: recognised{needs}"
