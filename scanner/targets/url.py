"""URLs that name a target: http://, ftp://, smb:// …, and buckets as s3://bucket@host:port. Splits text; asks nobody.

Written out instead of `urllib.parse`, which drops tabs and line ends in silence and reads hosts unlike HTTP clients.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes

from scanner.model.schemes import SCHEMES, WEB, known
from scanner.targets import clouds, hosts, numbers
from scanner.targets.spans import Span
from scanner.targets.target import FormError, Target, shown

_HOSTED = frozenset({"s3", "gs"})            # a bucket has no account in its path; the host may be the bucket
_BASES = {"swift": "/v1/"}                   # what stands before the account
_BUCKET_PORTS = (443, 80)                    # where none is written
_FORMS = {"s3": "s3://bucket@host:port", "gs": "gs://bucket@host:port",
          "azure": "azure://container@account.blob.core.windows.net or azure://account/container@host:port",
          "swift": "swift://AUTH_account/container@host:port"}
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,254}")
_SYSTEM = re.compile(rf"{_BUCKET.pattern}|\$(?:root|web|logs)")   # Azure: containers of a fixed name
_FILE = re.compile(r"[^/]+\.[A-Za-z0-9]{1,8}")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_NO_NAME = re.compile(r"%0[0AD]", re.IGNORECASE)     # NUL and line ends, which no command can hold
_DOT_SEGMENT = re.compile(r"/(?:\.|%2e){1,2}(?=/|$)", re.IGNORECASE)
_LONGEST_PATH = 2000
_NOTES = {"sftp": "an SFTP server is asked for its files with --ssh-none only, else its greeting is read"}


def url(text: str) -> Target:
    """A target written as a URL. Raises FormError."""
    scheme, _, rest = text.partition("://")
    scheme = scheme.lower()
    if scheme in SCHEMES:
        return _door_and_path(text, scheme, rest)
    if scheme in _FORMS:
        return _bucket(text, scheme, rest)
    raise FormError(f"has the scheme {shown(scheme)}, which is not known", f"write {known()}, or host:port")


def door(text: str) -> tuple[Span | None, str | None, int | None]:
    """`host`, `host:port`, `[v6]:port` as (span or None, name or None, port or None). Raises FormError."""
    host, _, port = _split(text)
    number = numbers.port(port) if port is not None else None
    bracketed = text.startswith("[")
    span = numbers.single(host)
    if bracketed != (span is not None and span.first.version == 6):
        raise FormError("needs brackets around an IPv6 address, and only there", "write such as [2001:db8::7]:8443")
    return (span, None, number) if span else (None, hosts.host_name(host), number)


def _split(text: str) -> tuple[str, str, str | None]:
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise FormError("has a bracket that is not closed before the port", "write such as [2001:db8::7]:8443")
    else:
        host, colon, rest = text.partition(":")
        rest = colon + rest
    return host, rest[:1], rest[1:] if rest else None


def _door_and_path(text: str, scheme: str, rest: str) -> Target:
    meant = SCHEMES[scheme]
    for sign, what in (("?", "a query"), ("#", "a fragment"), ("\\", "a backslash")):
        if sign in rest:
            raise FormError(f"has {what}, which no directory has", f"write it without the {sign!r} and what follows")
    authority, slash, path = rest.partition("/")
    if "@" in authority:
        raise FormError("carries a user name: a stranger has none", "write it without what stands before the '@'")
    span, host, port = door(authority)
    directory, note = _directory(slash + path, shares=meant.shares)
    if scheme not in WEB:
        directory = _in_full(directory)
    return Target(what=text, networks=(span,) if span else (), host=host, ports=(port or meant.port,),
                  tls=scheme == "https" if scheme in WEB else meant.tls, path=directory, scheme=scheme, single=True,
                  note="; ".join(filter(None, (note, _NOTES.get(scheme)))) or None)


def _directory(path: str, *, shares: bool = False) -> tuple[str, str | None]:
    """The quoted directory path that a URL's path means, and what to say where that is another path.

    `shares`: its first segment is a share, and no file.
    """
    if _BROKEN_ESCAPE.search(path):
        raise FormError("has a '%' without two hexadecimal digits", "write the '%' itself as %25")
    if _DOT_SEGMENT.search(path):
        raise FormError("has '.' or '..' between slashes", "write the path that is meant")
    quoted = quote(path, safe="/%:@!$&'()*+,;=~-._")
    if len(quoted) > _LONGEST_PATH:
        raise FormError(f"has a path of more than {_LONGEST_PATH} characters", "write a shorter one")
    parent, _, last = quoted.rpartition("/")
    if not last:
        return quoted or "/", None
    if _FILE.fullmatch(last) and not (shares and not parent):
        return f"{parent}/", f"{shown(path)} looks like a file: its directory {parent}/ is asked for, files never are"
    return f"{quoted}/", None


def _in_full(path: str) -> str:
    """A quoted path with each segment quoted as the doors of file servers quote names."""
    if _NO_NAME.search(path):
        raise FormError("has a NUL or a line end in a name", "write the path without it")
    named = [quote(unquote_to_bytes(segment), safe="") for segment in path.strip("/").split("/") if segment]
    return f"/{'/'.join(named)}/" if named else "/"


def _bucket(text: str, scheme: str, rest: str) -> Target:
    named, at, authority = rest.removesuffix("/").partition("@")
    if not at:
        raise FormError("does not say at which host the bucket lies", f"write {_FORMS[scheme]}")
    span, host, port = door(authority)
    account, bucket = _split_account(named, scheme, host)
    path = f"{_BASES.get(scheme, '/')}{account}/{bucket}/" if account else f"/{bucket}/"
    if scheme in _HOSTED and host is not None and clouds.is_bucket_of(host, bucket):
        path = "/"
    return Target(what=text, networks=(span,) if span else (), host=host, ports=(port,) if port else _BUCKET_PORTS,
                  path=path, bucket=bucket, scheme=scheme, single=True)


def _split_account(named: str, scheme: str, host: str | None) -> tuple[str, str]:
    """The account, empty where the host is the account, and the bucket, both quoted as they are."""
    account, slash, bucket = named.rpartition("/")
    if not (_SYSTEM if scheme == "azure" else _BUCKET).fullmatch(bucket):
        raise FormError(f"has {shown(bucket)} for a bucket", "write letters, digits, '.', '_' and '-', two at least")
    if scheme in _HOSTED:
        if slash:
            raise FormError(f"has {shown(named)} for a bucket", "write the bucket alone: it is looked at as a whole")
        return "", bucket
    if slash and not _BUCKET.fullmatch(account):
        raise FormError(f"has {shown(account)} for an account", f"write {_FORMS[scheme]}")
    if not slash and (scheme == "swift" or host is None):
        raise FormError("does not say in which account the bucket lies", f"write {_FORMS[scheme]}")
    return account, bucket
