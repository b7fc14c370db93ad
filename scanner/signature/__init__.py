"""Signatures: knowledge as data, loaded, proved and asked. Pure but for reading its files."""

from __future__ import annotations

from scanner.signature.check import check, schema
from scanner.signature.deadlines import deadlines, read_deadlines
from scanner.signature.file import home
from scanner.signature.form import FACTS, LISTS, Condition, Rate, Signature
from scanner.signature.grammar import Grammar
from scanner.signature.kinds import Files, Product, Recording, Words
from scanner.signature.knowledge import Knowledge, load
from scanner.signature.score import Identifier, Processing, Score
from scanner.signature.table import Table

__all__ = [
    "FACTS", "LISTS", "Condition", "Files", "Grammar", "Identifier", "Knowledge", "Processing", "Product", "Rate",
    "Recording", "Score", "Signature", "Table", "Words", "check", "deadlines", "home", "load",
    "read_deadlines", "schema",
]
