"""Exports: what a host shows by NFS, under which path, to whom, and by which versions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scanner.probes.nfs.mount import Listed
from scanner.probes.paths import is_plain

Path = tuple[bytes, ...]                 # segments
EVERYBODY = frozenset({b"*", b"0.0.0.0/0", b"::/0", b"(everyone)", b"0.0.0.0/0.0.0.0"})
_SAID = 120                              # characters of clients
_DEEPEST = 64                            # segments


@dataclass(frozen=True, slots=True)
class Export:
    """One export. At least one version shows it."""

    path: Path
    written: bytes | None = None         # as MNT wants it; None: NFS 3 does not show it
    clients: tuple[bytes, ...] | None = None     # who may mount it; None: not told
    four: Path | None = None             # where NFS 4 shows it; None: it does not

    @property
    def for_everybody(self) -> bool:
        """Whether its list says that everybody may mount it."""
        return self.clients is not None and (not self.clients or not EVERYBODY.isdisjoint(self.clients))

    @property
    def said(self) -> str:
        """Who may mount it, for facts: `*`, or names and networks."""
        if self.clients is None:
            return ""
        if self.for_everybody:
            return "*"
        text = ", ".join(client.decode(errors="replace") for client in self.clients[:20])
        return text if len(text) <= _SAID and len(self.clients) <= 20 else f"{text[:_SAID]} …"

    def holds(self, path: Path) -> bool:
        """Whether a path lies in it, or is its own."""
        return path[:len(self.path)] == self.path

    def shows(self, other: Export) -> bool:
        """Whether another lies in it, by a version that shows both."""
        both = (self.written is not None and other.written is not None) or \
            (self.four is not None and other.four is not None)
        return both and self.holds(other.path)


def segments(written: bytes) -> Path | None:
    """The segments of a path; None where it is no plain absolute path."""
    parts = tuple(part for part in written.split(b"/") if part)
    usable = written.startswith(b"/") and len(parts) <= _DEEPEST and all(map(is_plain, parts))
    return parts if usable else None


def listed(rows: Iterable[Listed]) -> list[Export]:
    """Exports of an export list: rows of one path are one export. Rows whose path is none are left out."""
    written: dict[Path, bytes] = {}
    clients: dict[Path, list[bytes] | None] = {}         # None: everybody
    for row in rows:
        path = segments(row.path)
        if path is None:
            continue
        written.setdefault(path, row.path)
        known = clients.setdefault(path, [])
        if not row.clients:
            clients[path] = None
        elif known is not None:
            known += row.clients
    return [Export(path, text, tuple(clients[path] or ())) for path, text in written.items()]


def joined(three: Sequence[Export], four: Sequence[Path]) -> list[Export]:
    """Both versions' exports, each path once, the shallower first."""
    found = {export.path: export for export in three}
    for path in four:
        found[path] = replace(found.get(path, Export(path)), four=path)
    return sorted(found.values(), key=lambda export: (len(export.path), export.path))


def paired(exports: Sequence[Export], same: Mapping[Path, Path]) -> list[Export]:
    """With those of NFS 4 that are `same` as one of NFS 3 told as that: its path is the owner's own."""
    other = {three: four for four, three in same.items()}
    kept = [replace(export, four=other.get(export.path, export.four)) for export in exports if export.path not in same]
    return sorted(kept, key=lambda export: (len(export.path), export.path))


def covering(exports: Mapping[Path, Export], path: Path) -> list[Export]:
    """Those that a path lies in, the deepest first."""
    ends = (path[:end] for end in range(len(path), -1, -1))
    return [exports[above] for above in ends if above in exports]


def leading(paths: Iterable[Path]) -> frozenset[Path]:
    """All folders above these."""
    return frozenset(path[:end] for path in paths for end in range(len(path)))
