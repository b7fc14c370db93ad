"""The score table: the figures of ENISA's method as data, so that an organisation can lay its own beside them.

Source: ENISA, Recommendations for a methodology of the assessment of severity of personal data breaches, 2013.
Holds figures only; they are applied where findings are judged.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from scanner.errors import SignatureError
from scanner.model import Severity, Vantage
from scanner.signature.form import Context, Form

Share = Annotated[float, Field(ge=0, le=1)]


class Levels(Form):
    """Least severity of each level; below `medium` is low."""

    medium: float
    high: float
    very_high: float

    def level(self, severity: float, *, personal: bool = True) -> Severity:
        """The level of SE; `info` where nothing personal is seen."""
        if not personal:
            return Severity.INFO
        reached = [(self.very_high, Severity.VERY_HIGH), (self.high, Severity.HIGH), (self.medium, Severity.MEDIUM)]
        return next((level for least, level in reached if severity >= least), Severity.LOW)


class Urgency(Form):
    """Least severity for each word of urgency; below `this_week` is `plan`."""

    stop_now: float
    today: float
    this_week: float


class Identifier(Form):
    """Ease of identification: in general, and in countries where the public can look it up (ISO 3166 alpha-2)."""

    ei: Share
    countries: dict[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], Share] = Field(default={})
    because: str

    def at(self, regions: tuple[str, ...]) -> float:
        """The highest value over the home countries."""
        return max([self.ei, *(self.countries[r] for r in regions if r in self.countries)])


class Breach(Form):
    """Circumstances of the breach, added up."""

    vantage: dict[Vantage, float]            # confidentiality: to whom it lies open
    login: float                             # a login stands before it
    write: float                             # writing is offered: integrity
    ransom: float                            # a ransom note: malicious intent
    lost: float                              # and availability


class Processing(Form):
    """Data processing context: fallbacks by class of file, and what raises them."""

    least: Context
    most: Context
    classes: dict[str, Context]
    many_files: int                          # recordings; above it the context rises by `step`
    long_days: int                           # span of a store; from it on the context rises by `step`
    step: float


class Score(Form):
    """SE = DPC × EI + CB, each in figures."""

    name: str
    levels: Levels
    urgency: Urgency
    dpc: Processing
    ei: dict[str, Identifier]                # by kind of people seen in names, and `voice`, `voice-helpline`, `none`
    encrypted: Share                         # factor on EI where the data are unintelligible
    cb: Breach
    many_people: int                         # flagged above it


def read_score(path: Path) -> Score:
    """The table in `path`. Raises `SignatureError` with file and mistakes."""
    try:
        return Score.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SignatureError(f"{path}:1: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SignatureError(f"{path}:1: {error}") from error
    except ValidationError as error:
        told = [f"{path}:1: '{'.'.join(map(str, e['loc']))}': {e['msg']}" for e in error.errors(include_url=False)]
        raise SignatureError("\n".join(told)) from error
