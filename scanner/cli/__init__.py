"""The command line: reads options, builds the parts, prints, exits. No decisions; a module a command.

`app` has the commands. Nothing that takes time is imported before `main` has made the program stoppable.
"""

from __future__ import annotations

import os
import sys

from scanner.cli import signals


def main() -> None:
    """Run the command line; ends the process with a code of the contract."""
    signals.end_at_once()
    from scanner.cli.app import app
    from scanner.cli.exits import run

    code = run(app)
    if code == signals.INTERRUPTED:
        os._exit(code)                    # all is written; CPython still dies of a KeyboardInterrupt that exec() saw
    sys.exit(code)
