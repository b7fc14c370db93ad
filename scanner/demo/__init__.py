"""The founding case on loopback, with a scope of its own: `with Replica() as replica: …`. Fictional throughout."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from scanner.demo.replica import Replica

__all__ = ["Replica", "scope_text", "three_lines"]

_SCOPE = """# The demo's own scope: three doors on this machine, of which one stands open.
[authorisation]
organisation = "Region Example"
authorised_by = "Chief information security officer (fictional: the demo touches only this machine)"
reference = "DEMO-1"
valid_from = {today}
valid_until = {until}
contact = "security@example.org"

[[target]]
what = ["{address}"]
ports = [{store}, {mirror}, {website}]
label = "Helpline, demo"
controller = "Region Example"
processor = "Helpline contractor"
sub_processor = "Recording contractor"
hosting = "Machine hall north"
context = ["helpline", "health"]
vantage = "internet"
region = "SE"

[limits]
rate = 5000
host_rate = 5000
"""


def scope_text(replica: Replica, *, today: date | None = None) -> str:
    """The scope file (TOML) that permits the scan of a running replica; `today` is when its authorisation begins."""
    begins = today or date.today()
    return _SCOPE.format(today=begins, until=begins + timedelta(days=30), address=replica.address,
                         store=replica.store, mirror=replica.mirror, website=replica.website)


def three_lines(report: Path) -> str:
    """What to look at in the demo's report, after its path."""
    return f"""{report}
  1. The first finding: a helpline's calls since 2013, still being added to, in clear on a port meant for TLS.
  2. Its part /gammalt/: a forgotten folder where the callers' numbers are the names. It scores higher than the whole.
  3. Conduct, on the first page: what was asked for. No recording was, and the neighbours are at most a remark.
"""
