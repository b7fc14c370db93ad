"""File servers as targets: ftp://, smb:// and the like, and what the scope says of their doors."""

from __future__ import annotations

from datetime import date
from ipaddress import ip_address

import pytest

from scanner.errors import TargetError
from scanner.model.schemes import SCHEMES
from scanner.probes import PROBES
from scanner.scope import Scope, build
from scanner.targets import parse

HOME = ip_address("10.0.0.7")


def scope(*texts: str) -> Scope:
    """A scope of typed targets, their names pinned to one address."""
    targets = [parse(text, where="typed") for text in texts]
    built = build(targets=targets, authorised_by="the owner", today=date(2026, 11, 22))
    return built.pinned({name: [HOME] for name in built.hosts})


@pytest.mark.parametrize(("text", "host", "port", "path", "tls"), [
    ("ftp://files.example.org", "files.example.org", 21, "/", None),
    ("ftp://192.0.2.7:2121/pub/2019/", None, 2121, "/pub/2019/", None),
    ("FTPS://192.0.2.7/pub", None, 990, "/pub/", True),
    ("smb://nas.example.org/calls/2019/", "nas.example.org", 445, "/calls/2019/", None),
    ("smb://nas.example.org/calls$", "nas.example.org", 445, "/calls%24/", None),
    ("smb://nas.example.org/old.files", "nas.example.org", 445, "/old.files/", None),
    ("nfs://[2001:db8::7]/srv/calls/", None, 2049, "/srv/calls/", None),
    ("nfs://192.0.2.7/%2fsrv%2Fcalls/x/", None, 2049, "/%2Fsrv%2Fcalls/x/", None),
    ("rsync://192.0.2.7/calls", None, 873, "/calls/", None),
    ("rsync://192.0.2.7//calls//2019/", None, 873, "/calls/2019/", None),
    ("sftp://files.example.org:2222/upload/", "files.example.org", 2222, "/upload/", None),
    ("imap://mail.example.org", "mail.example.org", 143, "/", None),
    ("imaps://mail.example.org/Shared%20folders/", "mail.example.org", 993, "/Shared%20folders/", True),
    ("pop3://mail.example.org", "mail.example.org", 110, "/", None),
    ("pop3s://mail.example.org", "mail.example.org", 995, "/", True),
    ("ftp://192.0.2.7/a(b)&c=d+e/å%e5/", None, 21, "/a%28b%29%26c%3Dd%2Be/%C3%A5%E5/", None),
])
def test_a_url_says_host_port_path_and_protocol(text, host, port, path, tls):
    target = parse(text, where="list:1")
    assert (host, (port,), path, tls, True) == (target.host, target.ports, target.path, target.tls, target.single)
    assert (text.partition(":")[0].lower(), (path, ""), False) == (target.scheme, target.written, target.only_written)


@pytest.mark.parametrize(("text", "why"), [
    ("ftp://anonymous@files.example.org/", "carries a user name: a stranger has none; write it without"),
    ("ftp://user:word@files.example.org/", "before the '@'"),
    ("smb://guest@nas.example.org/calls/", "before the '@'"),
    ("imap://;AUTH=ANONYMOUS@mail.example.org/", "before the '@'"),
    ("ftp:///pub/", "empty"),
    ("ftp://files.example.org/a/../b/", "'.' or '..' between slashes"),
    ("smb://nas.example.org/calls/%2e%2E/", "'.' or '..' between slashes"),
    ("ftp://files.example.org/pub/;type=i?x", "has a query"),
    ("ftp://files.example.org/a%0d%0aDELE%20b/", "a NUL or a line end"),
    ("nfs://files.example.org/a%00b/", "a NUL or a line end"),
    ("ftp://files.example.org/%zz/", "write the '%' itself as %25"),
    ("ftp://files.example.org:0/", "write a number from 1 to 65535"),
    ("tftp://files.example.org/", "scheme 'tftp', which is not known; write http://, https://, ftp://, .* or swift://"),
    ("afp://files.example.org/", "smb://, nfs://, rsync://, sftp://, imap://, imaps://, pop3://, pop3s://"),
])
def test_anything_else_is_an_error_that_says_what_would_be_right(text, why):
    with pytest.raises(TargetError, match=f"^list:7: '.*{why}"):
        parse(text, where="list:7")


@pytest.mark.parametrize(("text", "note"), [
    ("ftp://192.0.2.7/pub/", None),
    ("ftp://192.0.2.7/pub/call.wav",
     "'/pub/call.wav' looks like a file: its directory /pub/ is asked for, files never are"),
    ("rsync://192.0.2.7/calls/call.wav",
     "'/calls/call.wav' looks like a file: its directory /calls/ is asked for, files never are"),
    ("sftp://192.0.2.7/",
     "an SFTP server is asked for its files with --ssh-none only, else its greeting is read"),
])
def test_how_it_was_understood_is_said_where_that_is_not_plain(text, note):
    assert note == parse(text, where="list:1").note


@pytest.mark.parametrize(("texts", "port", "probe", "tls"), [
    (["ftp://10.0.0.7:8021/"], 8021, "ftp", None),
    (["ftps://10.0.0.7/"], 990, "ftp", True),
    (["sftp://files.example.org/"], 22, "ssh", None),
    (["imaps://10.0.0.7/"], 993, "imap", True),
    (["http://10.0.0.7:21/"], 21, "http", None),
    (["s3://calls@10.0.0.7:445"], 445, "http", None),
    (["10.0.0.7:21"], 21, None, None),
    (["10.0.0.0/24"], 21, None, None),
    (["10.0.0.0/24", "rsync://10.0.0.7:21/"], 21, "rsync", None),
    (["ftp://10.0.0.7/"], 80, None, None),
    (["10.0.0.7", "ftp://10.0.0.7/"], 80, None, None),
])
def test_the_scope_says_which_protocol_is_meant_at_a_door(texts, port, probe, tls):
    ours = scope(*texts)
    assert (probe, tls) == (ours.scheme_at(HOME, port), ours.tls_at(HOME, port))


@pytest.mark.parametrize(("texts", "port", "host", "paths"), [
    (["ftp://10.0.0.7/pub/"], 21, None, ("/pub/",)),
    (["ftp://files.example.org/pub/"], 21, "files.example.org", ("/pub/",)),
    (["ftp://files.example.org/pub/"], 80, "files.example.org", ()),
    (["smb://10.0.0.7/calls%24/", "smb://nas.example.org/x/"], 445, "nas.example.org", ("/x/", "/calls%24/")),
    (["smb://10.0.0.7/calls%24/", "nas.example.org"], 445, "nas.example.org", ("/calls%24/",)),
    (["smb://nas.example.org/calls%24/", "10.0.0.7"], 445, None, ("/calls%24/",)),
    (["http://10.0.0.7:445/a/", "nas.example.org"], 445, "nas.example.org", ()),
])
def test_written_paths_are_given_by_every_name_where_names_do_not_matter(texts, port, host, paths):
    assert tuple((path, "") for path in paths) == scope(*texts).paths_at(HOME, port, host)


def test_a_typed_url_lies_within_the_scope_file_that_allows_its_port(tmp_path):
    file = tmp_path / "scope.toml"
    file.write_text('[[target]]\nwhat = ["10.0.0.0/24"]\nports = [21, 445]\nlabel = "Files"\n')
    typed = [parse("ftp://10.0.0.7/pub/", where="typed")]
    ours = build(file=file, targets=typed, authorised_by="the owner", today=date(2026, 11, 22))
    assert ("Files", (21,)) == (ours.targets[0].setting.owner.label, ours.targets[0].ports)
    assert ("ftp", len(ours)) == (ours.scheme_at(HOME, 21), 1)


def test_its_silence_counts_as_work_left():
    assert all(parse(f"{scheme}://10.0.0.7/", where="typed").named for scheme in SCHEMES)


def test_every_probe_has_a_scheme():
    assert {probe.name for probe in PROBES} <= {scheme.protocol for scheme in SCHEMES.values()}
