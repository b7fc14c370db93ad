"""Bytes -> entries: what a listing looks like, whatever printed it. Pure: nothing is opened, asked for or timed."""

from __future__ import annotations

from scanner.listing.dialect import Dialect
from scanner.listing.html.page import Page
from scanner.listing.json.page import JsonPage
from scanner.listing.reader import LITTLE, Reader, Verdict
from scanner.listing.roots import XmlPage
from scanner.listing.text.page import TextPage

__all__ = ["LITTLE", "Dialect", "Reader", "Verdict", "reader"]


def reader(kind: str | None, path: str, *, host: str | None = None, now: int | None = None,
           dialect: Dialect | None = None) -> Reader:
    """A reader for one answer.

    `kind` is what the answer looks like: html, json, xml, text or None. `path` is the quoted path that was asked for.
    `host` is the authority that it was asked from, such as `files.example.org:8080`: links written with it count as
    links to here; without it absolute links lead elsewhere. `now`, seconds since 1970, gives the year to dates that
    show none; without it they stay unknown. `dialect` is what the reader of an earlier page of the same server knew at
    its end: what is printed alike is read at once, and is a listing with one row or none as well.
    """
    if kind == "json":
        return JsonPage(dialect, host)
    if kind == "text":
        return TextPage(now, dialect)
    if kind == "xml":
        return XmlPage(path, host=host, now=now, dialect=dialect)
    return Page(path, host=host, now=now, dialect=dialect)
