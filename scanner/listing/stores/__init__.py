"""Answers of object stores -> entries, the next page, and what a refusal means. Knows the readers in `json` and `xml`.

A reader for each dialect; whoever asks a store takes them from here.
"""

from __future__ import annotations

from scanner.listing.stores.access import StoreAccess, access
from scanner.listing.stores.azure import AzurePage
from scanner.listing.stores.gcs import GcsPage
from scanner.listing.stores.s3 import S3Page
from scanner.listing.stores.swift import SwiftPage

__all__ = ["AzurePage", "GcsPage", "S3Page", "StoreAccess", "SwiftPage", "access"]
