"""Words with one meaning everywhere: how a door let somebody in, how sure, how grave, why something is not known."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Access(StrEnum):
    """How a door let a stranger in."""

    ANONYMOUS = "anonymous"
    GUEST = "guest"
    LOGIN = "login"
    NONE = "none"


class Severity(IntEnum):
    """Levels of the ENISA method; `INFO` where nothing personal is seen."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    VERY_HIGH = 4

    @property
    def label(self) -> str:
        """The word used in reports and on the command line, such as `very-high`."""
        return self.name.lower().replace("_", "-")


class Certainty(IntEnum):
    """How sure a judgement is."""

    POSSIBLE = 0
    PROBABLE = 1
    CERTAIN = 2

    @property
    def label(self) -> str:
        """The word used in reports, such as `certain`."""
        return self.name.lower()


class Vantage(StrEnum):
    """What a target is, seen from where the scan runs."""

    INTERNET = "internet"
    PARTNER = "partner"
    INTERNAL = "internal"


class Reason(StrEnum):
    """Why something is not known. Every endpoint and ask ends as seen or as a gap with one of these."""

    TIMEOUT = "timeout"                      # no answer in time
    REFUSED = "refused"                      # the port is closed: an answer, counted as coverage
    UNREACHABLE = "unreachable"              # the network said that there is no way
    RESET = "reset"                          # cut off by the other side
    TLS = "tls"                              # no TLS handshake, and nothing in clear
    CLIENT_CERTIFICATE = "client-certificate"
    PROTOCOL = "protocol"                    # what came is not the protocol asked for, or is broken beyond use
    NOT_THIS_PROTOCOL = "not-this-protocol"  # what answers is not what the port is for, and does not say what it is
    RECOGNISED = "recognised"                # a service that lists no files: named, and asked no more
    OUT_OF_SCOPE = "out-of-scope"            # met on the way; not contacted
    NAME = "name"                            # a name that does not resolve
    LOGIN = "login"                          # wants a login
    FORBIDDEN = "forbidden"                  # says no
    SERVER_ERROR = "server-error"            # 5xx: the folder is unknown, not closed
    SLOW_DOWN = "slow-down"                  # 429 or 503 until patience ended
    NOT_A_LISTING = "not-a-listing"
    REFUSED_BODY = "refused-body"            # the answer was not a listing's: at most 1 KiB of it was read
    CUT = "cut"                              # a budget ended it: counts are "at least"
    LOOP = "loop"                            # the same content again, below itself
    NOT_TRIED = "not-tried"                  # known, but left out by a budget
    EXCLUDED = "excluded"
    INTERRUPTED = "interrupted"              # left over: the scan ended first
    LOCAL_FAULT = "local-fault"              # this machine's fault, never the target's
    INTERNAL_ERROR = "internal-error"        # a probe broke inside


class Asked(StrEnum):
    """Why a path is asked for. Shown by `plan` and in the evidence."""

    CONTROL = "control"
    ROOT = "root"
    TARGET = "target"                        # the path that the owner wrote
    LINK = "link"
    ROBOTS = "robots"
    SITEMAP = "sitemap"
    SIGNATURE = "signature"
    PRODUCT = "product"                      # another way to list, which an answer suggested
    SHARE = "share"                          # named by the server itself: a share, an export, a module, a mailbox
