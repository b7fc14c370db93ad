"""Buckets as targets, and the clouds at which nothing but what is written is asked for."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from scanner.errors import TargetError
from scanner.scope import Scope
from scanner.targets import clouds, parse

ADDRESS = ip_address("8.8.8.8")       # names may be pinned to it; nothing is sent


@pytest.mark.parametrize(("text", "host", "ports", "path", "way"), [
    ("s3://calls@192.0.2.7:9000", None, (9000,), "/calls/", "s3"),
    ("s3://calls@192.0.2.7", None, (443, 80), "/calls/", "s3"),
    ("S3://calls@[2001:db8::7]:9000/", None, (9000,), "/calls/", "s3"),
    ("s3://calls@s3.eu-north-1.amazonaws.com", "s3.eu-north-1.amazonaws.com", (443, 80), "/calls/", "s3"),
    ("s3://calls@calls.s3.eu-north-1.amazonaws.com", "calls.s3.eu-north-1.amazonaws.com", (443, 80), "/", "s3-host"),
    ("s3://calls@calls.example.org", "calls.example.org", (443, 80), "/calls/", "s3"),
    ("gs://calls@storage.googleapis.com", "storage.googleapis.com", (443, 80), "/calls/", "gcs"),
    ("gs://calls@192.0.2.7:4443", None, (4443,), "/calls/", "gcs"),
    ("azure://calls@acme.blob.core.windows.net", "acme.blob.core.windows.net", (443, 80), "/calls/", "azure"),
    ("azure://$web@acme.blob.core.windows.net", "acme.blob.core.windows.net", (443, 80), "/$web/", "azure"),
    ("azure://devstoreaccount1/calls@192.0.2.7:10000", None, (10000,), "/devstoreaccount1/calls/",
     "azure:/devstoreaccount1/"),
    ("swift://AUTH_pbx/calls@192.0.2.7:8080", None, (8080,), "/v1/AUTH_pbx/calls/", "swift:/v1/AUTH_pbx/"),
])
def test_a_bucket_says_where_it_lies_and_how_it_is_listed(text, host, ports, path, way):
    target = parse(text, where="list:1")
    assert (host, ports, path, way) == (target.host, target.ports, target.path, target.way)
    assert ((path, way), True) == (target.written, target.only_written)


@pytest.mark.parametrize(("text", "why"), [
    ("azure://calls@192.0.2.7:10000", "in which account.*write azure://container@account.*or azure://account/container@"),
    ("swift://calls@storage.example.org", "in which account.*write swift://AUTH_account/container@host:port"),
    ("azure://a/b/calls@storage.example.org", "'a/b' for an account"),
    ("swift://AUTH:x/calls@storage.example.org", "'AUTH:x' for an account"),
    ("azure:///calls@storage.example.org", "'' for an account"),
    ("s3://calls/2019/@storage.example.org", "for a bucket"),
    ("s3://calls/2019@storage.example.org", "'calls/2019' for a bucket; write the bucket alone"),
    ("gs://calls", "write gs://bucket@host:port"),
    ("s3://$web@storage.example.org", "'\\$web' for a bucket"),
    ("s3://..@storage.example.org", "for a bucket"),
])
def test_anything_else_is_an_error_that_says_what_would_be_right(text, why):
    with pytest.raises(TargetError, match=why):
        parse(text, where="list:1")


@pytest.mark.parametrize(("host", "store", "bucket"), [
    ("s3.amazonaws.com", True, False), ("s3.eu-west-1.amazonaws.com", True, False),
    ("s3-eu-west-1.amazonaws.com", True, False), ("s3.dualstack.eu-west-1.amazonaws.com", True, False),
    ("s3.cn-north-1.amazonaws.com.cn", True, False), ("calls.s3.amazonaws.com", True, True),
    ("acme.calls.s3.eu-west-1.amazonaws.com", True, True), ("storage.googleapis.com", True, False),
    ("calls.storage.googleapis.com", True, True), ("acme.blob.core.windows.net", True, False),
    ("fra1.digitaloceanspaces.com", True, False), ("calls.fra1.digitaloceanspaces.com", True, True),
    ("calls.s3.eu-central-003.backblazeb2.com", True, True), ("s3.wasabisys.com", True, False),
    ("0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com", True, False),
    ("calls.oss-cn-hangzhou.aliyuncs.com", True, True), ("calls-1250000000.cos.ap-beijing.myqcloud.com", True, True),
    ("objectstorage.eu-frankfurt-1.oraclecloud.com", True, False), ("us-east-1.linodeobjects.com", True, False),
    ("s3.fr-par.scw.cloud", True, False), ("s3.gra.io.cloud.ovh.net", True, False),
    ("ec2-192-0-2-7.eu-west-1.compute.amazonaws.com", False, False), ("acme.azurewebsites.net", False, False),
    ("www.googleapis.com", False, False), ("s3.example.org", False, False), ("amazonaws.com", False, False),
    ("s3.amazonaws.com.example.org", False, False), ("evils3.amazonaws.com", False, False),
])
def test_a_public_cloud_is_known_by_the_form_of_its_name(host, store, bucket):
    assert (store, bucket) == (clouds.is_store(host), clouds.is_bucket(host))


def scope(*texts: str) -> Scope:
    written = Scope(targets=tuple(parse(text, where="test") for text in texts))
    return written.pinned(dict.fromkeys(written.hosts, (ADDRESS,)))


@pytest.mark.parametrize(("texts", "host", "port", "only", "paths"), [
    (["s3://aa@8.8.8.8:9000", "s3://bb@8.8.8.8:9000"], None, 9000, True, (("/aa/", "s3"), ("/bb/", "s3"))),
    (["s3://aa@8.8.8.8:9000", "8.8.8.8"], None, 9000, False, (("/aa/", "s3"),)),
    (["s3://aa@8.8.8.8:9000", "http://8.8.8.8:8080/x/"], None, 9000, True, (("/aa/", "s3"),)),
    (["s3://aa@8.8.8.8:9000", "http://8.8.8.8:8080/x/"], None, 8080, False, (("/x/", ""),)),
    (["s3://aa@store.example.org"], "store.example.org", 443, True, (("/aa/", "s3"),)),
    (["s3://aa@store.example.org"], None, 443, True, ()),
    (["s3://aa@store.example.org", "store.example.org"], "store.example.org", 443, False, (("/aa/", "s3"),)),
    (["s3://aa@store.example.org", "www.example.org"], None, 443, False, ()),
    (["https://storage.googleapis.com/calls/"], "storage.googleapis.com", 443, True, (("/calls/", ""),)),
    (["storage.googleapis.com"], "storage.googleapis.com", 443, True, ()),
    (["calls.s3.amazonaws.com"], "calls.s3.amazonaws.com", 443, True, (("/", "s3-host"),)),
    (["calls.s3.amazonaws.com"], None, 443, True, ()),
    (["8.8.8.0/28"], None, 443, False, ()),
])
def test_where_only_buckets_are_written_only_these_are_asked_for(texts, host, port, only, paths):
    ours = scope(*texts)
    assert (only, paths) == (ours.only_buckets(ADDRESS, port, host), ours.paths_at(ADDRESS, port, host))
