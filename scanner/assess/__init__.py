"""The judgement: stores that were counted become findings, ranked, each with its score and the reasons for it. Pure."""

from __future__ import annotations

from scanner.assess.findings import findings

__all__ = ["findings"]
