"""The text by which someone who is scanned recognises the scan and learns whom to ask. Pure text.

RFC 9511 section 2: a probe description file at /.well-known/probing.txt of the scanning machine, in the line format
of RFC 9116 section 4, with Canonical, Contact, Expires, Preferred-Languages and Description.
"""

from __future__ import annotations

from datetime import date

from scanner.errors import UsageError
from scanner.model import Authorisation
from scanner.targets.target import shown

PLACE = "/.well-known/probing.txt"


def probing_text(authorisation: Authorisation, *, expires: date, canonical: str | None = None,
                 source: str | None = None) -> str:
    """The file's text. `canonical`: the URL it will stand at; `source`: the scanning address or network, as text.

    Raises UsageError without a contact: the file is there for it.
    """
    if not authorisation.contact:
        raise UsageError("the probe description needs a contact; write it under [authorisation] or use --contact")
    fields = [
        ("Canonical", canonical),
        ("Contact", _uri(authorisation.contact)),
        ("Expires", f"{min(authorisation.valid_until or '9999-12-31', expires.isoformat())}T23:59:59Z"),
        ("Preferred-Languages", "en"),
        ("Description", _description(authorisation, source)),
    ]
    return "".join(f"{name}: {_line(value)}\n" for name, value in fields if value)


def _uri(contact: str) -> str:
    if contact.lower().startswith(("mailto:", "https://", "tel:")):
        return contact
    if "@" in contact:
        return f"mailto:{contact}"
    if contact.removeprefix("+").replace("-", "").isdigit():
        return f"tel:{contact}"
    raise UsageError(f"{shown(contact)} is no contact; write a mail address, a telephone number or an https:// page")


def _description(authorisation: Authorisation, source: str | None) -> str:
    allowed = [name for name in (authorisation.authorised_by, authorisation.organisation) if name]
    said = [
        "earshot looks for recordings and files that anyone can list. It reads listings only, never a file.",
        f"From {source}." if source else "",
        f"Allowed by {' of '.join(allowed)}." if allowed else "",
        f"Reference {authorisation.reference}." if authorisation.reference else "",
        "Write to the contact to have it stopped.",
    ]
    return " ".join(part for part in said if part)


def _line(value: str) -> str:
    """One line of visible characters: a line end would begin a field of its own."""
    return "".join(c if c.isprintable() else " " for c in value)
