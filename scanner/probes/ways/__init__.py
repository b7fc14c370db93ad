"""The ways to list a folder over HTTP other than as a page, one a file; `WAYS` is the one list."""

from __future__ import annotations

from scanner.probes.ways.azure import Azure
from scanner.probes.ways.base import Talk, Way, argument, named
from scanner.probes.ways.dav import Dav
from scanner.probes.ways.dlna import Dlna
from scanner.probes.ways.endpoints import ENDPOINTS
from scanner.probes.ways.gcs import Gcs
from scanner.probes.ways.s3 import S3, S3Host
from scanner.probes.ways.swift import Swift

WAYS: tuple[Way, ...] = (Dav(), Dlna(), S3(), S3Host(), Gcs(), Azure(), Swift(), *ENDPOINTS)


def is_known(name: str) -> bool:
    """Whether `Ask.way` may say this."""
    return any(way.name == named(name) for way in WAYS)


def any_name(way: str) -> bool:
    """Whether a folder listed in this way may have any name: it stands in a query, not in a path."""
    return is_known(way) and way_of(way).any_name


def way_of(name: str) -> Way:
    """The way that `Ask.way` names. LookupError where there is none."""
    for way in WAYS:
        if way.name == named(name):
            return way
    raise LookupError(f"no way is called {name!r}")


__all__ = ["WAYS", "Talk", "Way", "any_name", "argument", "is_known", "way_of"]
