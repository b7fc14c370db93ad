"""Time limits that a detection may have set going, and the moments that follow from it. It decides nothing.

Arithmetic only: the moment of detection plus the hours of the rule, in UTC. Whether a rule applies, and when its clock
began, is for the controller to decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scanner.model import Deadline, Finding

_ALIKE = {"UK": "GB"}                        # people write it so; ISO 3166 keeps it for that
KINDS = {"law": "text of the rule", "authority": "page of the authority", "other": "somebody else's page"}


@dataclass(frozen=True, slots=True)
class Clock:
    """A rule that may apply to a finding, and until when if its clock began at detection."""

    deadline: Deadline
    regions: tuple[str, ...]                 # of the finding, that the rule covers
    until: datetime | None                   # None: the rule counts in no hours


def clocks(finding: Finding, deadlines: Sequence[Deadline]) -> list[Clock]:
    """Those of the finding's countries, in the order of the file."""
    seen = detected(finding)
    regions = [_ALIKE.get(region.upper(), region.upper()) for region in finding.regions]
    found = [
        Clock(deadline, tuple(region for region in regions if region in deadline.countries),
              seen + timedelta(hours=deadline.hours) if seen and deadline.hours else None)
        for deadline in deadlines
    ]
    return [clock for clock in found if clock.regions]


def uncovered(finding: Finding, deadlines: Sequence[Deadline]) -> list[str]:
    """The finding's countries that no rule is recorded for."""
    covered = {country for deadline in deadlines for country in deadline.countries}
    return [region for region in finding.regions if _ALIKE.get(region.upper(), region.upper()) not in covered]


def detected(finding: Finding) -> datetime | None:
    """The first moment that a scan which is kept saw it, in UTC."""
    return moment(finding.first_seen)


def moment(text: str | None) -> datetime | None:
    """A moment as reports write it; None where it is none."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC) if text else None
    except ValueError:
        return None


def said(when: datetime | None) -> str:
    """`2026-11-21 20:00 UTC`."""
    return "not recorded" if when is None else when.strftime("%Y-%m-%d %H:%M UTC")
