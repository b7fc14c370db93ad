"""What every signature file may say: facts, conditions, examples, and the verdict they give. Reads no file.

A signature is flat: all of these conditions, none of those. An alternative is a second signature, or `|` in a
pattern. Patterns are RE2's (linear time, no look-around): names come from strangers, signatures may come from users.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.json_schema import WithJsonSchema

from scanner.model import Certainty
from scanner.signature.pattern import compile_pattern, search

FACTS: dict[str, str] = {
    "door.how": "how a stranger was let in",
    "door.software": "what a server calls itself",
    "entry.name": "decoded base name of a file",
    "entry.path": "decoded path of the folder it lies in, from the root of the door, with a slash at both ends",
    "entry.people": "kinds of people that the name was judged to hold, such as `phone`, sorted, one space between",
    "entry.siblings": "extensions of other files of the same stem beside it, lower case, sorted, one space between",
    "ftp.banner": "greeting of the server, without its code",
    "ftp.features": "names of the features that FEAT lists, sorted, one space between",
    "ftp.format": "how the rows of a list are written: `mlsd`, `ls`, `dos`, `eplf`, `names` or a rarer one",
    "ftp.refusal": "what the server said when it let nobody in",
    "ftp.system": "answer to SYST, such as `UNIX Type: L8`",
    "ftp.tls": "`required`, `offered`, `none` or `implicit`: how the server protects a session",
    "ftp.welcome": "what the server said when it let a stranger in",
    "ftp.writable": "`yes` where the server says that a stranger may write into the folder; it is never tried",
    "http.allow": "Allow header",
    "http.authenticate": "WWW-Authenticate header",
    "http.cookie": "names of the cookies that are set, sorted, one space between; their values are never kept",
    "http.dav": "DAV header",
    "http.head": "first 2 KiB of the markup of a page that is no listing, white space squeezed, scripts emptied",
    "http.headers": "names of all headers of the answer, lower case, sorted, one space between",
    "http.location": "Location header, without its query",
    "http.powered-by": "X-Powered-By header",
    "http.server": "Server header",
    "http.status": "status code, three digits",
    "http.text": "the whole answer where it is a sentence in plain text, up to 200 bytes, white space squeezed",
    "http.title": "title of a page that is no listing",
    "http.tls": "`yes` or `no`: whether the door speaks TLS",
    "http.type": "Content-Type header",
    "imap.anonymous": "what came of being nobody: `preauth` (no login wanted), `allowed`, `refused`; only if offered",
    "imap.capabilities": "what a server can do, as it says before a login, upper case, sorted, one space between",
    "imap.greeting": "first line of an IMAP server, without its code",
    "imap.login": "how a password may be sent: `in clear`, `only after TLS`, `by challenge only` or `none`",
    "imap.messages": "number of messages of a mailbox",
    "imap.octets": "bytes of all messages of a mailbox, where the server says it",
    "imap.tls": "`implicit`, `offered` (by STARTTLS), `none`, or `unknown` where it does not say what it can do",
    "listing.columns": "columns from left to right: `name`, `date`, `size`, a comma between",
    "listing.dialect": "what the rows are made of: `table`, `list`, `pre`, `links` or `json`",
    "listing.head": "markup before the first row, white space squeezed, scripts emptied; its beginning and its end",
    "listing.row": "the first row, names as N, digits as 9; of JSON the keys",
    "listing.rows": "number of rows",
    "listing.sort": "form of the links that sort the rows",
    "listing.tail": "markup after the last row, white space squeezed, scripts emptied",
    "listing.title": "title of the listing's page",
    "listing.unreadable": "how many lines or folders of a listing could not be read",
    "nfs.clients": "who may mount an export, as its list says: `*` for everybody, else names and networks",
    "nfs.export": "path of an export",
    "nfs.flavors": "how a client may say who it is: `sys`, `none`, `krb5`, `krb5i`, `krb5p`, a comma between",
    "nfs.mount": "why the mount service could not be asked",
    "nfs.programs": "programs that the portmapper names, sorted, a comma between",
    "nfs.versions": "versions of NFS that are spoken, such as `3, 4.0`",
    "pop3.anonymous": "what came of being nobody: `allowed` or `refused`; only where offered",
    "pop3.capabilities": "lines of CAPA before a login, a comma and a space between",
    "pop3.greeting": "first line of a POP3 server, without +OK",
    "pop3.implementation": "what CAPA says of the software",
    "pop3.login": "how a password may be sent: `in clear`, `only after TLS`, `by challenge only` or `none`",
    "pop3.messages": "number of messages",
    "pop3.octets": "bytes of all messages",
    "pop3.tls": "`implicit`, `offered` (by STLS), `none`, or `unknown` where it does not say what it can do",
    "rsync.access": "what a module says to a stranger: `open`, `login`, `closed`, `absent`, `busy` or `broken`",
    "rsync.comment": "comment of a module",
    "rsync.hidden": "`yes` where the list of modules leaves this one out",
    "rsync.module": "name of a module",
    "rsync.modules": "number of modules on the list",
    "rsync.motd": "what a daemon says before it lists its modules",
    "rsync.unreadable": "how many folders a daemon says that it could not read",
    "rsync.version": "newest protocol that a daemon speaks, such as 31.0",
    "smb.comment": "what a share says of itself, up to 100 characters",
    "smb.dialect": "the dialect that was agreed, such as `3.1.1`; `1` where only SMB 1 is spoken",
    "smb.encryption": "`required` where the server or the share wants every message encrypted",
    "smb.os": "version of the system in the login's challenge: major, minor, build, such as `10.0.20348`",
    "smb.server": "the computer's names in the login's challenge: NetBIOS, then DNS, one space between",
    "smb.session": "what came of each login: `null accepted, guest refused`; `as guest` where the server calls it so",
    "smb.share": "name of the share",
    "smb.shares": "how many shares of which kind are announced, such as `3 disk, 1 ipc, 2 printer`",
    "smb.signing": "`required`, `offered` or `none`",
    "ssh.banner": "first line of the server: `SSH-2.0-`, its software, a comment",
    "ssh.home": "folder that a login begins in",
    "ssh.methods": "ways of logging in that are left once `none` was refused, a comma and a space between",
    "ssh.none": "`yes` or `no`: whether a user is let in without a password; only where leave was given to ask",
    "ssh.notice": "first characters of what is said before a login",
    "ssh.protocol": "version of the protocol in the greeting",
    "ssh.sftp": "`yes` or `no`: whether files can be listed, where a stranger was let in",
    "ssh.software": "software in the greeting, with its comment",
    "ssh.user": "the user who was let in without a password",
}
"""Every fact that a condition may ask for, and what it holds."""

LISTS: dict[str, str] = {
    "cloudcmd": "`api/v1/fs/` before a folder: JSON of its entries",
    "copyparty": "`?ls` after a folder: JSON of its folders and files",
    "dufs": "`?json` after a folder: JSON of its entries",
    "gohttpserver": "`?json=true` after a folder: JSON of its entries",
    "hfs": "`/~/api/get_file_list?uri=` before a folder: JSON of its entries",
    "jupyter": "`api/contents/` before a folder, `?content=1&type=directory` after it: JSON of its entries",
    "webhdfs": "`webhdfs/v1/` before a folder, `?op=LISTSTATUS` after it: JSON of its entries",
}
"""Documented list endpoints that a recognised product is asked for, and what each answers. All are GET."""

_PATH_LIMIT = 200
_CERTAINTIES = {c.label: c for c in Certainty}


class PlaceError(ValueError):
    """What is wrong with a signature as a whole, and the place of the key that says it."""

    def __init__(self, message: str, *place: int | str) -> None:
        super().__init__(message)
        self.place = place


def _known(fact: str) -> str:
    if fact not in FACTS:
        raise ValueError(f"no probe reports '{fact}'; known facts: {', '.join(FACTS)}")
    return fact


def _directory(path: str) -> str:
    if not (path.startswith("/") and path.endswith("/")) or "//" in path or "/../" in path or "?" in path:
        raise ValueError(f"'{path}' is no directory path; begin and end it with one slash")
    if not path.isascii() or not path.isprintable() or " " in path or len(path) > _PATH_LIMIT:
        raise ValueError(f"'{path}' is not quoted; write it as it stands in a URL")
    return path


def _endpoint(name: str) -> str:
    if name not in LISTS:
        raise ValueError(f"no list endpoint is called '{name}'; known ones: {', '.join(LISTS)}")
    return name


def _joined(regex: object) -> object:
    return "".join(regex) if isinstance(regex, list) and all(isinstance(piece, str) for piece in regex) else regex


def _certainty(word: object) -> object:
    if isinstance(word, str) and word in _CERTAINTIES:
        return _CERTAINTIES[word]
    raise ValueError(f"confidence is none of {', '.join(_CERTAINTIES)}; write one of them")


Fact = Annotated[str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": sorted(FACTS)})]
Regex = Annotated[
    str,
    BeforeValidator(_joined),
    Field(min_length=1, max_length=1000),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
Sureness = Annotated[
    Certainty, BeforeValidator(_certainty), WithJsonSchema({"type": "string", "enum": list(_CERTAINTIES)})
]
Endpoint = Annotated[str, AfterValidator(_endpoint), WithJsonSchema({"type": "string", "enum": sorted(LISTS)})]
Directory = Annotated[str, AfterValidator(_directory)]
Extension = Annotated[str, Field(pattern=r"^[A-Za-z0-9]+([.-][A-Za-z0-9]+)*$")]
Word = Annotated[str, Field(pattern=r"^[^\sA-Z]+$", min_length=2)]
Context = Annotated[float, Field(ge=0, le=4)]
"""Data processing context of ENISA's method: 0 nothing personal, 4 sensitive."""


class Form(BaseModel):
    """What all parts of a file share: an unknown key is an error, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Condition(Form):
    """A fact and the pattern that is looked for in it. A long pattern may be written in pieces, one a line."""

    fact: Fact
    regex: Regex

    def search(self, facts: Mapping[str, str]) -> dict[str, str] | None:
        """Named groups where the fact is there and the pattern is found in it, else None."""
        text = facts.get(self.fact)
        return None if text is None else search(compile_pattern(self.regex), text)


class Example(Form):
    """Facts and the verdict they must get. Positive and nearest-neighbour negative are both compulsory."""

    why: Annotated[str, Field(min_length=4)]
    matches: bool = True
    facts: dict[Fact, str]
    groups: dict[str, str] = {}              # what named groups must hold


class Rate(Form):
    """Bytes a second of one extension: the widest plausible span, the best guess within it, and what is no sound."""

    low: Annotated[int, Field(gt=0)]
    best: Annotated[int, Field(gt=0)]
    high: Annotated[int, Field(gt=0)]
    header: Annotated[int, Field(ge=0)] = 0  # bytes

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.best <= self.high:
            raise ValueError("low, best and high are not in this order")
        return self


class Signature(Form):
    """One piece of knowledge, with its proof. `facts` that it asks for are named in `FACTS`."""

    kind: str
    id: Annotated[str, Field(pattern=r"^[a-z]+/[a-z0-9]+(-[a-z0-9]+)*$")]
    title: Annotated[str, Field(min_length=8)]
    confidence: Sureness = Certainty.CERTAIN
    rank: Annotated[int, Field(ge=0, le=999)] = 500      # lower goes first
    also: tuple[str, ...] = ()                           # ids that may claim our examples as well
    remedy: str = ""
    references: tuple[str, ...] = ()
    paths: tuple[Directory, ...] = ()                    # directories worth asking for, most likely first
    all: tuple[Condition, ...] = ()
    none: tuple[Condition, ...] = ()
    example: tuple[Example, ...]

    vocabulary: ClassVar[tuple[str, ...]] = ()           # beginnings of the facts that this kind may ask for

    @model_validator(mode="after")
    def _proved(self) -> Self:
        if not self.id.startswith(self.kind + "/"):
            raise PlaceError(f"a signature of kind '{self.kind}' lies in the folder {self.kind}/; move it there", "id")
        if {e.matches for e in self.example} != {True, False}:
            wanted = "write at least one [[example]] that matches and its nearest neighbour that does not"
            raise PlaceError(wanted, "example", 0)
        for part in ("all", "none"):
            for index, condition in enumerate(getattr(self, part)):
                self._decides(condition.fact, part, index)
        return self

    def _decides(self, fact: str, *place: int | str) -> None:
        if not fact.startswith(self.vocabulary):
            usual = ", ".join(known for known in FACTS if known.startswith(self.vocabulary))
            raise PlaceError(f"kind '{self.kind}' is not decided by '{fact}'; write one of {usual}", *place, "fact")

    def match(self, facts: Mapping[str, str]) -> dict[str, str] | None:
        """Named groups where all conditions hold and none of the others does, else None."""
        found: dict[str, str] = {}
        for condition in self.all:
            groups = condition.search(facts)
            if groups is None:
                return None
            found |= groups
        if any(condition.search(facts) is not None for condition in self.none):
            return None
        return found
