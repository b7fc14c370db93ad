"""What the owner asked for, as written and as understood. Values only: no permission is decided here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from scanner.errors import TargetError
from scanner.model import Setting
from scanner.targets import clouds
from scanner.targets.spans import Span

Resolve = Literal["follow", "listed"]


class FormError(ValueError):
    """Text that is not what it should be; becomes a TargetError where the place is known."""

    def __init__(self, why: str, right: str) -> None:
        super().__init__(why)
        self.why, self.right = why, right

    def at(self, where: str, text: str) -> TargetError:
        """The error the user sees: place, text, what is wrong, what would be right."""
        return TargetError(f"{where}: {shown(text)} {self.why}; {self.right}")


def shown(text: str, limit: int = 80) -> str:
    """Foreign text in quotes, harmless in a message: what is not printable stands as `\\u{..}`."""
    cut = text if len(text) <= limit else text[:limit] + "…"
    return "'" + "".join(c if c.isprintable() and c != "'" else f"\\u{{{ord(c):x}}}" for c in cut) + "'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One thing that somebody handed in."""

    what: str                                # as written
    networks: tuple[Span, ...] = ()          # empty when it is a name
    host: str | None = None                  # lower-case A-labels, no trailing dot
    ports: tuple[int, ...] | None = None     # None: those of the scan
    tls: bool | None = None                  # a URL says it
    path: str | None = None                  # quoted directory path; None: no path was written
    bucket: str | None = None
    scheme: str | None = None                # one that `scanner.model.schemes` knows
    single: bool = False                     # written with a port of its own
    setting: Setting = field(default_factory=Setting)
    ssh_user: str = "anonymous"              # who is asked for where `--ssh-none` allows it
    resolve: Resolve = "follow"
    typed: bool = False                      # typed together with --authorised-by
    granted: bool = False                    # covered by the [authorisation] table of a scope file
    note: str | None = None                  # how it was understood, where that is not plain
    where: str = field(default="", compare=False)

    @property
    def named(self) -> bool:
        """Written as a name, URL or host:port: its silence counts as work left."""
        return self.host is not None or self.single

    @property
    def way(self) -> str:
        """How its path is listed: "" as pages; a bucket in its store's way, with what stands before it in the path."""
        if self.bucket is None:
            return ""
        if self.path == "/":
            return "s3-host"
        name = {"gs": "gcs"}.get(self.scheme or "", self.scheme or "")
        base = (self.path or "/").rstrip("/").rpartition("/")[0] + "/"
        return name if base == "/" else f"{name}:{base}"

    @property
    def written(self) -> tuple[str, str] | None:
        """(quoted directory path, way to list it) that it names; None where it names none."""
        if self.path:
            return self.path, self.way
        return ("/", "s3-host") if self.host is not None and clouds.is_bucket(self.host) else None

    @property
    def only_written(self) -> bool:
        """Whether nothing may be asked for but what it names: a bucket, or whatever lies at a cloud's store."""
        return self.bucket is not None or (self.host is not None and clouds.is_store(self.host))

    @property
    def permits_its_addresses(self) -> bool:
        """Whether being named here is enough for an address; those of a `listed` name must be listed as well."""
        return self.host is None or self.resolve == "follow"

    @property
    def asks(self) -> tuple[object, ...]:
        """What it asks for, in a form that does not depend on how it was written or labelled."""
        return (self.host or "", *map(str, self.networks), self.ports or (), self.scheme or "", self.path or "",
                self.bucket or "", self.resolve if self.host else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """What must not be touched, whatever else is asked for."""

    what: str
    networks: tuple[Span, ...] = ()
    host: str | None = None
    where: str = field(default="", compare=False)
