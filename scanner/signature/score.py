"""The score table: the figures of ENISA's method as data, each with what it is for and within which bounds.

Source: ENISA, Recommendations for a methodology of the assessment of severity of personal data breaches, 2013.
Holds figures only; they are applied where findings are judged.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core.core_schema import ValidationInfo

from scanner.model import Severity, Vantage
from scanner.signature.form import Form

Share = Annotated[float, Field(ge=0, le=1, strict=True)]
Severeness = Annotated[float, Field(ge=0, le=6, strict=True)]
"""SE: at most 4 × 1 + 2."""
Addend = Annotated[float, Field(ge=0, le=2, strict=True)]
Weight = Annotated[float, Field(ge=0, le=4, strict=True)]
"""Data processing context: 0 nothing personal, 4 sensitive."""
Count = Annotated[int, Field(ge=1, strict=True)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S[^\x00-\x1f]*$")]


class Rising(Form):
    """Figures that must not fall from one field to the next."""

    @field_validator("*")
    @classmethod
    def _above(cls, value: float, info: ValidationInfo) -> float:
        below = [name for name in info.data if info.data[name] > value]
        if below:
            least = max(info.data[name] for name in below)
            raise ValueError(f"'{info.field_name}' is {value:g}, below '{below[-1]}' ({least:g}); write them rising")
        return value


class Levels(Rising):
    """Least severity of each level; below `medium` is low."""

    medium: Severeness
    high: Severeness
    very_high: Severeness

    def level(self, severity: float, *, personal: bool = True) -> Severity:
        """The level of SE; `info` where nothing personal is seen."""
        if not personal:
            return Severity.INFO
        reached = [(self.very_high, Severity.VERY_HIGH), (self.high, Severity.HIGH), (self.medium, Severity.MEDIUM)]
        return next((level for least, level in reached if severity >= least), Severity.LOW)


class Urgency(Rising):
    """Least severity for each word of urgency; below `this_week` is `plan`."""

    this_week: Severeness
    today: Severeness
    stop_now: Severeness


class Identifier(Form):
    """Ease of identification: in general, and in countries where the public can look it up (ISO 3166 alpha-2)."""

    ei: Share
    countries: dict[Country, Share] = Field(default={})
    because: Text

    def at(self, regions: tuple[str, ...]) -> float:
        """The highest value over the home countries."""
        return max([self.ei, *(self.countries[r] for r in regions if r in self.countries)])


class Breach(Form):
    """Circumstances of the breach, added up."""

    vantage: dict[Vantage, Addend]           # confidentiality: to whom it lies open
    login: Addend                            # a login stands before it
    write: Addend                            # writing is offered: integrity
    ransom: Addend                           # a ransom note: malicious intent
    lost: Addend                             # and availability


class Processing(Form):
    """Data processing context: by class of file, and what raises it."""

    least: Weight
    most: Weight
    classes: dict[str, Weight]
    many_files: Count                        # recordings in a store; above it the context rises by `step`
    long_days: Count                         # span of a store; from it on the context rises by `step`
    step: Weight
    words: dict[str, Weight] = Field(default={})             # word class -> what it raises to, for what it says itself
    only: dict[str, tuple[str, ...]] = Field(default={})     # word class -> classes of files that alone it raises
    by_words: dict[str, Weight] = Field(default={})          # class of files -> how far words raise it at most …
    grave: tuple[str, ...] = ()                              # … but for these, which raise it all the way

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.least > self.most:
            raise ValueError(f"'least' is {self.least:g}, above 'most' ({self.most:g}); write them rising")
        return self


class Score(Form):
    """SE = DPC × EI + CB, each in figures."""

    name: Text
    levels: Levels
    urgency: Urgency
    dpc: Processing
    ei: dict[str, Identifier]                # by kind of people seen in names, and by what lies in files
    possible: Share                          # the most that an identifier gives which is only possible
    encrypted: Share                         # factor on EI where the data are unintelligible
    cb: Breach
    many_people: Count                       # flagged above it
    unsupported: dict[str, Annotated[str, Field(pattern=r"^\d+(\.\d+)*$")]] = Field(default={})
    # product -> the oldest series that its makers still mend
