"""Exit codes of the contract: every command ends with one of them, and tells its mistakes in one line each."""

from __future__ import annotations

import functools
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import typer

from scanner.cli import signals, streams
from scanner.cli.signals import INTERRUPTED, TERMINATED
from scanner.errors import EarshotError, StateError, UsageError
from scanner.report.show import show

OK, FOUND, USAGE, INCOMPLETE, INTERNAL = 0, 1, 2, 3, 4
_LINE = 2000


def exits(command: Callable[..., int | None]) -> Callable[..., None]:
    """A typer command whose returned number is the exit code."""

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        raise typer.Exit(command(*args, **kwargs) or OK)

    return wrapped


def run(app: Callable[..., Any]) -> int:
    """Run the whole command line; the exit code."""
    streams.prepare()
    code = _code(app)
    signals.end_at_once()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            streams.give_up(stream)
        except (OSError, ValueError) as error:
            streams.give_up(stream)
            code = code or say(f"standard output: cannot be written: {error}", INCOMPLETE)
    return code


def _code(app: Callable[..., Any]) -> int:
    try:
        signals.end_cleanly()
        return int(app(prog_name="earshot", standalone_mode=False) or OK)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except SystemExit as end:                         # SIGTERM, or rich, whose reader has gone
        return TERMINATED if end.code == TERMINATED else OK
    except (UsageError, StateError) as wrong:         # a scan that has begun tells its own trouble with the state
        return say(str(wrong), USAGE)
    except EarshotError as wrong:
        return say(str(wrong), INCOMPLETE)
    except BrokenPipeError:
        streams.give_up(sys.stdout)                   # whoever read has gone: nothing more to say
        return OK
    except Exception as error:  # noqa: BLE001  a crash must not look like findings
        if (signalled := _signalled(error)) is not None:
            return signalled
        return _of_parser(error) if hasattr(error, "format_message") else _crash(error)


def _signalled(error: BaseException | None) -> int | None:
    """The code, where an error only wraps that of a signal, as the making of a class does."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return INTERRUPTED
        if isinstance(error, SystemExit) and error.code == TERMINATED:
            return TERMINATED
        error = error.__cause__ or error.__context__
    return None


def _of_parser(error: Any) -> int:
    """What the parser of the command line refuses: one line, and where to read on."""
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(error.format_message())            # empty where the help has been printed already
        return USAGE
    told = " ".join(error.format_message().split()).rstrip(".")
    variable = getattr(getattr(error, "param", None), "envvar", None)
    if variable and os.environ.get(variable):
        told += f" ({variable} is set)"
    return say(f"{told}; see {context.command_path if context else 'earshot'} --help", USAGE)


def _crash(error: BaseException) -> int:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if os.environ.get("EARSHOT_TRACEBACK"):
        traceback.print_exc()
    if isinstance(error, OSError):
        return say(f"this machine's fault: {show(str(error), _LINE)}", INCOMPLETE)
    what = show(str(error), _LINE)                   # may hold what a stranger said, line ends included
    return say(f"internal error: {type(error).__name__}: {what} (EARSHOT_TRACEBACK=1 shows where)", INTERNAL)


def say(text: str, code: int) -> int:
    """An error to standard error, harmless to look at; the code it ends with."""
    streams.put("\n".join(show(line, _LINE) for line in f"earshot: {text}".split("\n")), sys.stderr)
    return code
