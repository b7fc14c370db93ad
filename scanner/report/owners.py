"""Findings by who answers for them. It judges nothing and invents no owner: a blank is a group of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scanner.model import Finding, Owner, Severity

NOBODY = "no controller recorded"

ROLES = (
    ("controller", "Controller"), ("processor", "Processor"), ("sub_processor", "Sub-processor"),
    ("hosting", "Hosting"),
)  # fmt: skip
"""Members of an owner and their words, from who decides to who keeps the machine."""


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one controller, in their rank. `controller` is None where the scope records none."""

    controller: str | None
    findings: tuple[Finding, ...]

    @property
    def name(self) -> str:
        """Whose they are, for a heading."""
        return self.controller or NOBODY

    @property
    def complete(self) -> bool:
        """Whether every store was counted to its end; else all sums are "at least"."""
        return all(finding.store.complete for finding in self.findings)

    @property
    def files(self) -> int:
        """Files in all stores."""
        return sum(finding.store.files for finding in self.findings)

    @property
    def hours(self) -> float:
        """Hours of sound in all stores, as best estimated."""
        return sum(finding.store.hours.best for finding in self.findings if finding.store.hours)

    @property
    def people(self) -> int:
        """File names that carry an identifier."""
        return sum(people.files for finding in self.findings for people in finding.store.people)

    @property
    def worst(self) -> Finding:
        """The finding that ranks first."""
        return self.findings[0]

    @property
    def severity(self) -> Severity:
        """The level of the worst."""
        return max(finding.severity for finding in self.findings)


def groups(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """By controller; the group with the worst finding first, as `findings` are ranked."""
    found: dict[str | None, list[Finding]] = {}
    for finding in findings:
        found.setdefault(controller(finding.owner), []).append(finding)
    return tuple(Group(name, tuple(members)) for name, members in found.items())


def arranged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, those of one controller together."""
    return tuple(finding for group in groups(findings) for finding in group.findings)


def controller(owner: Owner) -> str | None:
    """The controller as written, without spaces around it; None where there is none."""
    return (owner.controller or "").strip() or None


def blanks(owner: Owner) -> list[str]:
    """The roles that nobody is recorded for."""
    return [word for member, word in ROLES if not (getattr(owner, member) or "").strip()]
