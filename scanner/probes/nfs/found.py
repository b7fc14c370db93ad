"""What a host offers by NFS: its versions, its exports and their clients, found by the portmapper, mountd and NFS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from scanner.errors import LocalFault, NetError, NotThisProtocol, ProtocolError
from scanner.model import Doubt, Reason
from scanner.probes.nfs import portmap
from scanner.probes.nfs.export import Export, Path, joined, paired
from scanner.probes.nfs.four import Four
from scanner.probes.nfs.line import Line
from scanner.probes.nfs.portmap import Program
from scanner.probes.nfs.portmapper import programs
from scanner.probes.nfs.procedures import MOUNT, Procedure
from scanner.probes.nfs.rpc import DeniedError, StrangeError, UnavailableError
from scanner.probes.nfs.status import RefusedError, Status, meant
from scanner.probes.nfs.three import LockedError, Three
from scanner.probes.parting import parting

PORT = 2049
_MINORS = (0, 1, 2)                      # 4.0 first: it wants no session
_COMPARED = 64                           # exports of each version
_MOST = 10_000                           # exports of one host


@dataclass(slots=True)
class Found:
    """What was found at a host, and what stays unknown."""

    exports: list[Export] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    programs: Sequence[Program] = ()
    three: Three | None = None
    four: Four | None = None
    three_doubt: Doubt | None = None     # why exports of this version are not known
    four_doubt: Doubt | None = None
    named: bool = False                  # a list of exports was shown, be it empty
    cut: bool = False                    # there are more

    async def leave(self) -> None:
        """Give back what the server keeps for this client. `NetError`."""
        for tree in (self.four, self.three):
            if tree is not None:
                await tree.leave()

    @property
    def doubt(self) -> Doubt | None:
        """Why the exports are not known, or not all."""
        broken = [doubt for doubt in (self.four_doubt, self.three_doubt) if doubt is not None]
        if not self.named:
            return broken[0] if broken else (Reason.NOT_A_LISTING, "speaks no version of NFS that can be asked")
        if self.cut:
            return Reason.CUT, f"shows more than {_MOST} exports: the rest is not looked at"
        told = [doubt for doubt in broken if doubt[0] is not Reason.REFUSED]     # closed to every stranger alike
        if told or self.exports:
            return told[0] if told else None
        return Reason.NOT_A_LISTING, "a file server that shows no export"

    @property
    def facts(self) -> dict[str, str]:
        """What the host says of itself."""
        facts = {"nfs.versions": ", ".join(self.versions)} if self.versions else {}
        if self.programs:
            facts["nfs.programs"] = portmap.said(self.programs)
        if self.four is not None and self.four.software:
            facts["door.software"] = self.four.software
        if self.three_doubt is not None:
            facts["nfs.mount"] = self.three_doubt[1]
        return facts


async def find(line: Line, port: int, told: Sequence[Program] = ()) -> Found:
    """Ask NFS at `port`, then who knows of its exports. `told`: what the portmapper said, if it was asked.

    Raises:
        NetError: NFS is not spoken there, or nothing answers.
    """
    found = Found(programs=told)
    try:
        await _look_round(line, port, found)
    except NetError:
        async with parting():
            await found.leave()
        raise
    return found


async def _look_round(line: Line, port: int, found: Found) -> None:
    spoken = await _four(line, port, found)
    if not await _three(line, port, found) and not spoken and not found.versions:
        raise ProtocolError("speaks RPC, but no NFS")
    three = await _exports_of_three(line, port, found) if "3" in found.versions else []
    four = await _exports_of_four(found, [export.path for export in three])
    exports = joined(three, four)
    exports, found.cut = exports[:_MOST], len(exports) > _MOST
    found.exports = paired(exports, await _same(found, exports))


async def _same(found: Found, exports: Sequence[Export]) -> dict[Path, Path]:
    """Exports that NFS 4 shows under another path than NFS 3: told by what their own folders say of themselves."""
    only_three = [export for export in exports if export.four is None][:_COMPARED]
    only_four = [export for export in exports if export.written is None][:_COMPARED]
    if found.three is None or found.four is None or not only_three or not only_four:
        return {}
    known = {await _identity(found.three, export): export.path for export in only_three}
    pairs = [(export.path, known.get(await _identity(found.four, export) or (-1,))) for export in only_four]
    return {four: three for four, three in pairs if three is not None}


async def _identity(tree: Three | Four, export: Export) -> tuple[int, ...]:
    """Empty where it is not told."""
    try:
        return await tree.identity(export)
    except (ProtocolError, LockedError):
        return ()


async def _four(line: Line, port: int, found: Found) -> bool:
    """Whether version 4 is spoken. It may be, and be of no use."""
    for minor in _MINORS:
        four = Four(line, port, minor)
        try:
            await four.begin()
        except UnavailableError:
            return False
        except (RefusedError, DeniedError) as error:
            if isinstance(error, RefusedError) and error.status == Status.MINOR_VERS_MISMATCH:
                continue
            found.four_doubt = meant(error)
        except (NotThisProtocol, StrangeError):
            raise
        except ProtocolError:            # some servers of version 3 answer any version by the number of the procedure
            return False
        else:
            found.four = four
        found.versions.append(four.version)
        return True
    found.four_doubt = Reason.PROTOCOL, "speaks a version of NFS 4 that is not known here"
    return True


async def _three(line: Line, port: int, found: Found) -> bool:
    try:
        await line.call(port, Procedure.NFS3_NULL)
    except UnavailableError as error:
        if error.high is not None and error.high < 3:
            found.versions.append(str(error.high))
            found.three_doubt = Reason.RECOGNISED, f"NFS: version {error.high} at most, which is not asked"
        return False
    except DeniedError as error:
        found.three_doubt = meant(error)
    found.versions.insert(0, "3")
    return True


async def _exports_of_three(line: Line, port: int, found: Found) -> list[Export]:
    try:
        three = Three(line, port, await _mountd(line, port, found))
    except LocalFault:
        raise
    except NetError as error:
        found.three_doubt = error.reason, str(error)
        return []
    try:
        exports = await three.exports()
    except LocalFault:
        raise
    except UnavailableError as error:
        return _unnamed(found, three, spoken=error.spoken)
    except DeniedError as error:
        found.three_doubt = meant(error)
    except NetError as error:
        found.three_doubt = error.reason, f"the list of exports: {error}"
    else:
        found.three, found.named, found.three_doubt = three, True, None
        return exports
    return []


def _unnamed(found: Found, three: Three, *, spoken: bool) -> list[Export]:
    """A mount service that offers no list: what it serves then is mostly one folder, which goes by `/`."""
    if not spoken:
        found.three_doubt = found.three_doubt or (Reason.NOT_A_LISTING, "names no mount service")
        return []
    found.three, found.three_doubt = three, (Reason.FORBIDDEN, "its mount service offers no list of exports")
    return [Export((), b"/")]


async def _mountd(line: Line, port: int, found: Found) -> int:
    """Where mountd listens; on the port of NFS itself, where nobody tells. `NetError`."""
    if not found.programs:
        try:
            found.programs = await programs(line)
        except LocalFault:
            raise
        except NetError as error:
            found.three_doubt = error.reason, f"where its mount service is, the portmapper does not tell: {error}"
            return port
    told = portmap.port_of(found.programs, MOUNT, 3)
    if told is not None and not portmap.is_port(told):
        raise ProtocolError(f"the portmapper tells port {told} for the mount service, which is none")
    return told or port


async def _exports_of_four(found: Found, known: Sequence[Path]) -> list[Path]:
    if found.four is None:
        return []
    try:
        exports = await found.four.exports(known)
    except (RefusedError, DeniedError) as error:
        found.four_doubt = meant(error)
    except LocalFault:
        raise
    except NetError as error:
        found.four_doubt = error.reason, str(error)
    else:
        found.named = True
        return exports
    return []
