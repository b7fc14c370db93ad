"""Our exceptions. Foreign errors are translated at the border, once.

    EarshotError
    ├── UsageError              what was typed or written is not right: exit 2, nothing was sent
    │   ├── TargetError         a target that is none of the known forms
    │   ├── ScopeError          a scope file that cannot be used
    │   └── SignatureError      a signature file with a mistake
    ├── StateError              the state file cannot be opened, written or is in use
    ├── OutputError             a report cannot be written
    └── NetError                one contact went wrong; becomes a gap
        ├── OutOfScope          never dialled
        ├── ConnectTimeout      nobody answered
        ├── ConnectRefused      the port is closed
        ├── Unreachable         the network says that there is no way
        ├── Reset               cut off by the other side, or closed too early
        ├── TlsError            no TLS here
        │   └── ClientCertificateWanted
        ├── ProtocolError       not the protocol asked for, or broken beyond use
        │   └── NotThisProtocol from its first bytes on
        ├── Recognised          a service that lists no files: known by what it says, and left alone
        ├── DeadlineError       took longer than it may
        ├── BudgetError         would read more than it may
        └── LocalFault          this machine's files, ports or network ran out: never said of the target

Each tells the user what can be done, in one line.
"""

from __future__ import annotations

from scanner.model import Reason


class EarshotError(Exception):
    """Base of all that is raised on purpose."""


class UsageError(EarshotError):
    """What was typed or written is not right. Exit 2; nothing was sent."""


class TargetError(UsageError):
    """A target that is none of the known forms."""


class ScopeError(UsageError):
    """A scope file that cannot be used."""


class SignatureError(UsageError):
    """A signature file with a mistake."""


class StateError(EarshotError):
    """The state file cannot be opened or written, or another scan uses it."""


class OutputError(EarshotError):
    """A report cannot be written."""


class NetError(EarshotError):
    """One contact went wrong. `reason` is what the gap will say. `in_tls`: the other side spoke TLS before it did."""

    reason = Reason.PROTOCOL
    in_tls = False


class OutOfScope(NetError):
    """The scope says no; nothing was dialled."""

    reason = Reason.OUT_OF_SCOPE


class ConnectTimeout(NetError):
    """Nobody answered the connection in time."""

    reason = Reason.TIMEOUT


class ConnectRefused(NetError):
    """The port is closed."""

    reason = Reason.REFUSED


class Unreachable(NetError):
    """The network says that there is no way there."""

    reason = Reason.UNREACHABLE


class Reset(NetError):
    """Cut off by the other side, or closed before the answer was whole."""

    reason = Reason.RESET


class TlsError(NetError):
    """TLS failed. `said`: what came in its stead, where that was no TLS."""

    reason = Reason.TLS

    def __init__(self, message: str, said: bytes = b"") -> None:
        super().__init__(message)
        self.said = said


class ClientCertificateWanted(TlsError):
    """The server wants to see a certificate of ours: closed to strangers."""

    reason = Reason.CLIENT_CERTIFICATE


class ProtocolError(NetError):
    """What came is not the protocol asked for, or is broken beyond use."""

    reason = Reason.PROTOCOL


class NotThisProtocol(ProtocolError):
    """From its first bytes on something else than what the port is for. `said`: these bytes, as far as they came."""

    reason = Reason.NOT_THIS_PROTOCOL

    def __init__(self, message: str, said: bytes = b"") -> None:
        super().__init__(message)
        self.said = said


class Recognised(NetError):
    """A service that lists no files: known by what it says, named, and asked no more."""

    reason = Reason.RECOGNISED


class DeadlineError(NetError):
    """The answer took longer than it may."""

    reason = Reason.TIMEOUT


class BudgetError(NetError):
    """Going on would read more than is allowed."""

    reason = Reason.CUT


class LocalFault(NetError):
    """This machine ran out of files, ports or network. Never a statement about the target."""

    reason = Reason.LOCAL_FAULT
