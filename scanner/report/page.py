"""What every page of ours is made with: the template engine, its guards, and the policy in the page's head.

Foreign text has three guards, each enough alone: `show` on every value in the template, jinja2's escaping after it, and
a policy under which nothing runs and nothing looks like anything but what the page itself names by its hash.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scanner.report.show import show, uncut
from scanner.report.view import TEXT

if TYPE_CHECKING:
    from jinja2 import Template

HERE = Path(__file__).parent


def policy(style: str, script: str | None = None) -> str:
    """The Content-Security-Policy of a page: nothing but the style and the script with these texts."""
    running = f"'sha256-{_hash(script)}'" if script is not None else "'none'"
    return (
        f"default-src 'none'; style-src 'sha256-{_hash(style)}'; script-src {running}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


@cache
def own(name: str) -> str:
    """A file that ships with this room, by its path below it."""
    return (HERE / name).read_text(encoding="utf-8")


def markup(text: str) -> Any:
    """`text` as markup that is not escaped again: our own style and script, and the escaped island, nothing else."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704  # see the docstring: no foreign text comes here unescaped


def whole(text: str) -> Any:
    """`text`, escaped like every value and cut nowhere: of a command that is cut the shell would read on."""
    from markupsafe import escape

    return escape(show(text, uncut(text)))


@cache
def template(name: str) -> Template:
    """A template of ours, by its path below this room."""
    from jinja2 import DictLoader, Environment, StrictUndefined  # 0.1 s that only a report in HTML pays

    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=DictLoader({name: own(name)}),
    )
    return environment.get_template(name)


def _harmless(value: Any) -> Any:
    """What jinja2 does to each value before it escapes it."""
    return show(value, TEXT) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
