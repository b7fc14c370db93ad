"""The corpus: every hostile behaviour that is known, in one list. A module a line."""

from __future__ import annotations

from tests.hostile import (
    dns_names,
    file_servers,
    http_bodies,
    http_framing,
    http_leading,
    http_moods,
    http_names,
    http_pages,
    http_stores,
    http_trees,
    http_waiting,
    system_limits,
    system_nmap,
    system_signals,
    system_surroundings,
    tls_broken,
    tls_odd,
    tls_slow,
    tls_spoken,
)
from tests.hostile.behaviour import Behaviour

HTTP = (http_waiting, http_framing, http_bodies, http_leading, http_pages, http_names, http_trees, http_moods,
        http_stores)
TLS = (tls_spoken, tls_slow, tls_broken, tls_odd)
DNS = (dns_names,)
SYSTEM = (system_limits, system_signals, system_surroundings, system_nmap)
ALL: list[Behaviour] = [one for group in (*HTTP, *TLS, *DNS, *SYSTEM, file_servers) for one in group.BEHAVIOURS]
