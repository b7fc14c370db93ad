"""What to look for in a server's access log: commands for the door of a finding. Runs nothing.

Lines are taken to be in the combined form (host, identity, user, time, "VERB /path HTTP/x", status, bytes, referrer,
User-Agent), as Apache httpd and nginx write them. The scan asks for folders and for a few published paths, such as
/robots.txt; its lines are left out by its address and User-Agent together, so that nobody hides behind either of them.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from scanner.model import Doorway, Report

LONGEST = 2_000                              # characters of an address that a command is made of
METHODS = "GET|HEAD"
LOOKING = "GET|HEAD|POST|PROPFIND|OPTIONS"
_FETCHED = "(200|206|304)"
_SPECIAL = re.compile(r"([.\[\]{}()\\*+?^$|])")
_REWRITTEN = ".{1,4}"                        # what a server makes of a quote or a backslash in its log


def prefix(door: Doorway) -> str | None:
    """The path under which the store lies at this door, as a log writes it; None where it was masked or is none."""
    path = written(door)
    return path if path.startswith("/") and path.isascii() else None


def written(door: Doorway) -> str:
    """The path of a door's URL as it stands there; empty where no command could hold it or it is no URL."""
    try:
        return urlsplit(door.url).path if door.url.isprintable() and len(door.url) <= LONGEST else ""
    except ValueError:
        return ""


def commands(doors: Sequence[Doorway], report: Report) -> Iterator[str]:
    """Lines for a shell: files that others fetched, folders that others looked at, and what the scan asked for."""
    below = dict.fromkeys(found for door in doors if (found := prefix(door)) and door.protocol in ("http", "https"))
    ours = own(report)
    less = f" | grep -vE {shlex.quote(ours)}" if ours else ""
    for path in below:
        place = shlex.quote(path)            # some shells run what stands behind a # as well
        yield f"# files fetched from below {place}{' by others than the scan' if ours else ''}"
        yield f"grep -E {shlex.quote(fetched(path))} access.log{less}"
        yield f"# folders below {place} looked at{' by others than the scan' if ours else ''}"
        yield f"grep -E {shlex.quote(looked(path))} access.log{less}"
    if below and ours:
        yield "# the scan itself: folders, and published paths such as /robots.txt"
        yield f"grep -E {shlex.quote(ours)} access.log"


def fetched(below: str) -> str:
    """An extended regular expression of lines that fetched a file: a path that ends in no slash."""
    return f'"({METHODS}) {escaped(below)}[^ ?"]*[^/ ?"]([?][^ "]*)? HTTP/[0-9.]+" {_FETCHED} '


def looked(below: str) -> str:
    """One of lines that asked for a folder."""
    return f'"({LOOKING}) {escaped(below)}([^ ?"]*/)?([?][^ "]*)? HTTP/[0-9.]+" '


def own(report: Report) -> str:
    """One of lines of the scan itself: its address and its User-Agent, both; empty where either is not recorded."""
    sources, agent = report.conduct.source_addresses, report.scan.user_agent
    if not sources or not agent:
        return ""
    logged = "".join(_REWRITTEN if sign in '"\\' else escaped(sign) for sign in agent)
    return f"^({'|'.join(map(escaped, sources))}) .*{logged}"


def escaped(text: str) -> str:
    """`text` as an extended regular expression that matches it letter by letter."""
    return _SPECIAL.sub(r"\\\1", text)
