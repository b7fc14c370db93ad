"""What may stand in a scope file: the tables, their keys and their types. Shapes only.

Scan options live in `[scan]`, what bounds a scan in `[limits]`; each has the name of its flag, with underscores.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from scanner.errors import UsageError
from scanner.model.contact import sayable
from scanner.targets.numbers import ports_of
from scanner.targets.quantities import Window, duration, size


def _region(code: str) -> str:
    if len(code) != 2 or not (code.isascii() and code.isalpha() and code.isupper()) or code == "UK":
        raise ValueError("write the two capital letters of ISO 3166, such as SE or GB")
    return code


def _user(text: str) -> str:
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise ValueError("a user of SSH is one word of plain ASCII letters and signs")
    return text


def _seconds(value: object) -> int:
    try:
        return duration(value if isinstance(value, str | int) else repr(value))
    except UsageError as error:
        raise ValueError(str(error)) from None


def _bytes(value: object) -> int:
    try:
        return size(value if isinstance(value, str | int) else repr(value))
    except UsageError as error:
        raise ValueError(str(error)) from None


def _ports(value: list[int | str]) -> list[int | str]:
    try:
        ports_of(value)
    except UsageError as error:
        raise ValueError(str(error)) from None
    return value


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Region = Annotated[str, AfterValidator(_region)]
Ports = Annotated[list[int | str], Field(min_length=1), AfterValidator(_ports)]
Rate = Annotated[float, Field(gt=0, le=1_000_000)]
Count = Annotated[int, Field(ge=1)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class AuthorisationTable(_Table):
    """`[authorisation]`: who allowed it. Printed on the report's first page."""

    organisation: Text
    authorised_by: Text
    reference: Text | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    contact: Annotated[Text, AfterValidator(sayable)] | None = None


class TargetTable(_Table):
    """`[[target]]`: what may be contacted, and what its owner says of it."""

    what: list[str]
    exclude: list[str] = []
    label: Text | None = None
    controller: Text | None = None
    processor: Text | None = None
    sub_processor: Text | None = None
    hosting: Text | None = None
    context: list[Text] = []
    vantage: Literal["internet", "partner", "internal"] = "internet"
    region: Annotated[list[Region], BeforeValidator(_listed)] = []
    resolve: Literal["follow", "listed"] = "follow"
    ports: Ports | None = None
    ssh_user: Annotated[Text, AfterValidator(_user)] = "anonymous"     # asked for with `ssh_none`, without a password


class Limits(_Table):
    """`[limits]`: what bounds the scan. None: the profile says."""

    rate: Rate | None = None                 # connections or requests a second, all hosts
    host_rate: Rate | None = None            # the same, one host
    window: str | None = None                # HH:MM-HH:MM
    zone: str | None = None                  # IANA name; None: local time
    max_duration: Annotated[int, BeforeValidator(_seconds)] | None = None        # seconds
    max_listing_bytes: Annotated[int, BeforeValidator(_bytes)] | None = None     # bytes a page
    max_depth: Count | None = None
    max_pages: Count | None = None

    @model_validator(mode="after")
    def _check_hours(self) -> Limits:
        try:
            _ = self.hours
        except UsageError as error:
            raise ValueError(f"no usable window: {error}") from None
        return self

    @property
    def hours(self) -> Window | None:
        """When it may be sent; None: always."""
        zone = _zone(self.zone) if self.zone is not None else None
        return None if self.window is None else Window.read(self.window, zone)


class ScanOptions(_Table):
    """`[scan]`: options that may stand in the file. None: the flag's default."""

    profile: Literal["gentle", "standard", "thorough"] | None = None
    ports: Ports | None = None
    discover: Literal["connect", "nmap"] | None = None
    fail_on: Literal["info", "low", "medium", "high", "very-high", "none"] | None = None
    fail_on_gaps: bool | None = None
    ssh_none: bool | None = None
    output: list[Text] = []                  # as -o takes them
    signatures: list[Text] = []              # folders that add to the built-in ones
    state: Text | None = None


class ScoreTable(_Table):
    """`[score]`: a table laid beside the built-in one."""

    table: Text


class ScopeTable(_Table):
    """The whole file."""

    authorisation: AuthorisationTable | None = None
    target: list[TargetTable] = []
    limits: Limits = Limits()
    scan: ScanOptions = ScanOptions()
    score: ScoreTable | None = None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        raise ValueError(f"a zone {name!r} that this machine does not know; write such as Europe/Stockholm") from None
