"""The nouns, frozen. No behaviour beyond what a value can say of itself; imports nothing of ours."""

from __future__ import annotations

from scanner.model.finding import Column, Doorway, Factors, Finding, Hours, Part, People, Store, Tally
from scanner.model.report import (
    Authorisation,
    Conduct,
    Coverage,
    Deadline,
    Pack,
    Report,
    ScanInfo,
    TargetCoverage,
    Tool,
)
from scanner.model.scanning import (
    Address,
    Ask,
    Batch,
    DoorSeen,
    Doubt,
    Endpoint,
    Entry,
    Evidence,
    Gap,
    Kind,
    Observation,
    Owner,
    Setting,
)
from scanner.model.words import Access, Asked, Certainty, Reason, Severity, Vantage

__all__ = [
    "Access", "Address", "Ask", "Asked", "Authorisation", "Batch", "Certainty", "Column", "Conduct", "Coverage",
    "Deadline", "DoorSeen", "Doorway", "Doubt", "Endpoint", "Entry", "Evidence", "Factors", "Finding", "Gap", "Hours",
    "Kind", "Observation", "Owner", "Pack", "Part", "People", "Reason", "Report", "ScanInfo", "Setting", "Severity",
    "Store", "Tally", "TargetCoverage", "Tool", "Vantage",
]
