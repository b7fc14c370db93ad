"""NFS versions 3 and 4, by a client of our own. `probe` is where to begin."""

from __future__ import annotations

from scanner.probes.nfs.probe import Nfs

__all__ = ["Nfs"]
