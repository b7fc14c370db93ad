"""What people hand in, read into targets. Reads text; decides no permission and contacts nobody."""

from __future__ import annotations

from scanner.targets.numbers import DEFAULT_PORTS, TLS_PORTS, ports
from scanner.targets.spans import Span
from scanner.targets.target import Exclusion, Target
from scanner.targets.text import parse, parse_exclusion, read_list

__all__ = [
    "DEFAULT_PORTS", "TLS_PORTS", "Exclusion", "Span", "Target", "parse", "parse_exclusion", "ports", "read_list",
]
