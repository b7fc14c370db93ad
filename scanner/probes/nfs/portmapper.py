"""The portmapper, asked by the oldest way that it knows. It only tells where programs are."""

from __future__ import annotations

from scanner.probes.nfs import portmap
from scanner.probes.nfs.line import Line
from scanner.probes.nfs.portmap import Program
from scanner.probes.nfs.procedures import MOUNT, NFS, Procedure
from scanner.probes.nfs.rpc import DeniedError, UnavailableError


async def programs(line: Line) -> list[Program]:
    """What the portmapper tells; of NFS and mountd alone, where it does not tell all. `NetError`."""
    try:
        return portmap.dumped(await line.call(portmap.PORT, Procedure.PORTMAP_DUMP))
    except UnavailableError as error:
        if error.low is not None and error.low > 2:
            return portmap.bound(await line.call(portmap.PORT, Procedure.RPCBIND_DUMP))
    except DeniedError:
        pass
    wanted = [(NFS, 4), (NFS, 3), (MOUNT, 3)]
    told = [Program(number, version, portmap.TCP, await _port(line, number, version)) for number, version in wanted]
    return [program for program in told if program.port]


async def _port(line: Line, number: int, version: int) -> int:
    return (await line.call(portmap.PORT, Procedure.PORTMAP_GETPORT, portmap.wanted(number, version))).word()
