"""A report in shares: to each controller what is theirs, with a name for its file. It must not mix two of them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from zlib import crc32

from scanner.model import Report, Severity
from scanner.report.owners import groups

_OTHER = re.compile(r"[^a-z0-9]+")
_LONGEST = 60                                # characters of a file's name, without its ending
_DEVICE = re.compile("|con|prn|aux|nul|(?:com|lpt)[0-9]")      # what Windows takes for no file, and an empty name
EMPTY = "no-drafts"


def shares(report: Report) -> Iterator[tuple[str, Report]]:
    """Names of files, without their endings, and the report of each controller. Without any draft: one that says so.

    Controllers whose names become alike have a mark of their own behind them, the same in every scan.
    """
    told = [group for group in groups(report.findings) if group.severity > Severity.INFO]
    alike = Counter(_name(group.name) for group in told)
    for group in told:
        name = _name(group.name)
        mark = f"-{crc32(group.name.encode('utf-8', 'replace')):08x}" if alike[name] > 1 else ""
        yield name + mark, replace(report, findings=group.findings)
    if not told:
        yield EMPTY, report


def _name(controller: str) -> str:
    """Letters and digits that every file system takes."""
    plain = unicodedata.normalize("NFKD", controller.lower()).encode("ascii", "ignore").decode()
    name = _OTHER.sub("-", plain).strip("-")[:_LONGEST].strip("-")
    return f"controller-{name}".strip("-") if _DEVICE.fullmatch(name) else name
