"""A scope file to paste, for the targets somebody typed. Pure text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta

_VALID = timedelta(days=30)

_HEAD = """\
[authorisation]
organisation = ""                     # whose systems these are
authorised_by = ""                    # who there allowed the scan
reference = "none"                    # ticket or contract
valid_from = {today}
valid_until = {end}
contact = ""                          # a mail address: whom to ask to stop it
"""


def scope_file(what: Iterable[str], exclude: Iterable[str] = (), *, today: date) -> str:
    """Valid TOML that names the targets and leaves blank what only the owner can say; blanks are refused."""
    excluded = list(exclude)
    lines = [_HEAD.format(today=today, end=today + _VALID), "[[target]]", f"what = {_list(what)}"]
    if excluded:
        lines.append(f"exclude = {_list(excluded)}")
    return "\n".join([*lines, ""])


def _list(texts: Iterable[str]) -> str:
    """A TOML array; JSON's string escapes are TOML's."""
    quoted = [json.dumps(text, ensure_ascii=False) for text in texts]
    return f"[{quoted[0]}]" if len(quoted) == 1 else "[\n" + "".join(f"  {text},\n" for text in quoted) + "]"
