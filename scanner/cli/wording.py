"""Words of a scope file that are in no list: they are told of, because the score cannot use them. Sends nothing."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from scanner.report.show import show

if TYPE_CHECKING:
    from scanner.scope import Scope
    from scanner.signature import Knowledge


def unlisted(scope: Scope, known: Knowledge) -> Iterator[str]:
    """A line for each word under `context` that says nothing to the score, with the place of its target."""
    told: set[str] = set()
    for target in scope.targets:
        for word in target.setting.context:
            if word not in told and not known.says(word):
                told.add(word)
                yield f"{target.where}: {_why(word, known)}"


def _why(word: str, known: Knowledge) -> str:
    classes = [name for name, words in known.contexts.items() if words.dpc is not None]
    listed = {each for name in classes for words in known.contexts[name].words.values() for each in words}
    near = get_close_matches(word.casefold(), sorted({*listed, *classes}), n=1)
    right = f"'{near[0]}' is meant? " if near else ""
    return (f"the context '{show(word, 60)}' is in no list of words, and the score will not use it; {right}"
            f"write a listed word or one of the classes {', '.join(classes)}")
