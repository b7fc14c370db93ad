"""A terminal that the program is run in: everything that it would be sent."""

from __future__ import annotations

import os
import pty
import subprocess

from tests.cli.program import Place, command


def on_terminal(place: Place, *words: str, both: bool = False, **env: str) -> tuple[int, bytes, bytes]:
    """Run to the end: exit code, what the terminal was sent, and standard output where that is another."""
    ours, its = pty.openpty()
    running = subprocess.Popen(command(*words), cwd=place.folder, env=place.environment(COLUMNS="160", **env),
                               stdin=subprocess.DEVNULL, stdout=its if both else subprocess.PIPE, stderr=its)
    os.close(its)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:                  # Linux's word for a terminal that nobody holds any more
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    with running:
        out = b"" if running.stdout is None else running.stdout.read()
    return running.returncode, shown, out
