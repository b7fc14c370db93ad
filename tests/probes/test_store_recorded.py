"""Real object stores, replayed: every key with its size, and what is closed or not there."""

from __future__ import annotations

import pytest

from tests.probes.store_talk import door, listed, net_of, recorded, walked

CALLS = {b"070-1740605.wav": 8044, b"070-1740606.wav": 8044, b"e%20f.wav": 8044, b"readme.txt": 8044,
         "monitor/2026/out 607+å.wav".encode(): 8044}
EMPTY = {b"a//deep.wav": 8044}               # a folder without a name
DOT = {b"./dot.wav": 8044}
LINE = {b"nl\nline.wav": 8044}
PLAIN = {b"a/deep.wav": 8044, b"dot.wav": 8044}    # what a file system makes of these
GOOGLE = {b"070-1740605.wav": 8044, b"070-1740606.wav": 8044, b"readme.txt": 2,
          "monitor/2026/out 607+å.wav".encode(): 4044}


@pytest.mark.parametrize(("product", "path", "way", "keys"), [
    ("moto", "/recordings/", "s3", CALLS | EMPTY | DOT),
    ("gofakes3", "/recordings/", "s3", CALLS | EMPTY | DOT | LINE),
    ("versitygw", "/recordings/", "s3", CALLS | PLAIN | LINE),
    ("azurite", "/devstoreaccount1/recordings/", "azure:/devstoreaccount1/", CALLS | EMPTY),
    ("fakegcs", "/recordings/", "gcs", GOOGLE)])
async def test_every_key_of_a_bucket_is_found_with_its_size(product, path, way, keys):
    assert keys == await walked(door(net_of(recorded(product))), path, way)


@pytest.mark.parametrize(("product", "way", "buckets"), [
    ("moto", "s3", {b"recordings/", b"private/"}), ("gofakes3", "s3", {b"recordings/", b"private/"}),
    ("fakegcs", "gcs", {b"recordings/"})])
async def test_a_service_shows_its_buckets(product, way, buckets):
    rows, seen, error = await listed(door(net_of(recorded(product))), "/", way)
    assert (buckets, None) == (set(rows), error)
    assert ("open", "anonymous") == (seen.facts["store.access"], seen.access)


@pytest.mark.parametrize(("product", "path", "way", "access", "code"), [
    ("versitygw", "/", "s3", "closed", "AccessDenied"), ("versitygw", "/private/", "s3", "closed", "AccessDenied"),
    ("versitygw", "/nosuch/", "s3", "absent", "NoSuchBucket"), ("moto", "/nosuch/", "s3", "absent", "NoSuchBucket"),
    ("gofakes3", "/nosuch/", "s3", "absent", "NoSuchBucket"), ("fakegcs", "/nosuch/", "gcs", "absent", "notFound"),
    ("azurite", "/devstoreaccount1/", "azure:/devstoreaccount1/", "closed", "AuthorizationFailure"),
    ("azurite", "/devstoreaccount1/private/", "azure:/devstoreaccount1/", "closed", "AuthorizationFailure")])
async def test_what_is_not_open_costs_one_request(product, path, way, access, code):
    net = net_of(recorded(product))
    rows, seen, error = await listed(door(net), path, way)
    assert ({}, None, 1) == (rows, error, len(net.asked))
    assert (access, code) == (seen.facts["store.access"], seen.facts["store.code"])
