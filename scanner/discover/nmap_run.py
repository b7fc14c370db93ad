"""The child that runs python-nmap: a plan in as JSON, its result out as JSON. Imports nothing of ours.

python-nmap waits for nmap without a way to stop it, and its constructor without any limit. In a process of its own
it can be ended together with the nmap that it started.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import nmap

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_NEVER = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind", "socket.getaddrinfo", "os.exec",
                    "os.posix_spawn", "os.spawn", "os.system", "os.fork", "os.forkpty", "pty.spawn"})


def wall(program: str) -> Callable[[str, tuple[Any, ...]], None]:
    """An audit hook (PEP 578): nothing is started but this program, nobody contacted, nothing written from here."""
    def judge(event: str, given: tuple[Any, ...]) -> None:
        started = event == "subprocess.Popen" and given[1][0] != program
        written = event == "open" and isinstance(given[0], str) and given[0] != os.devnull and given[2] & _WRITES
        if started or written or event in _NEVER:
            raise PermissionError(f"{event}: not a thing that is done here")
    return judge


def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Scan as planned: with this `nmap`; `hosts`, `ports`, `arguments` as python-nmap takes them; `seconds` at most.

    Gives {"scan": …} or {"error": one line}.
    """
    try:
        scanner = nmap.PortScanner((plan["nmap"],))
        found = scanner.scan(plan["hosts"], plan["ports"], plan["arguments"], timeout=plan["seconds"])
    except nmap.PortScannerTimeout:
        return {"error": "it did not end in time"}
    except nmap.PortScannerError as error:
        return {"error": _line(error.value) or "it said nothing that can be read"}
    except (TypeError, ValueError, AttributeError, KeyError, AssertionError, OSError) as error:
        return {"error": f"its answer cannot be read ({type(error).__name__})"}
    said = found["nmap"]["scaninfo"].get("error", [])
    return {"scan": {host: _ports(seen) for host, seen in found["scan"].items()}, "said": _line(" ".join(said))}


def _ports(seen: dict[str, Any]) -> dict[str, list[str]]:
    return {str(port): [at["state"], at["reason"]] for port, at in seen.get("tcp", {}).items()}


def _line(said: str | bytes) -> str:
    """Foreign text, made one short line of printable characters."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:200]


if __name__ == "__main__":
    planned = json.load(sys.stdin)
    sys.addaudithook(wall(planned["nmap"]))
    json.dump(run(planned), sys.stdout)
