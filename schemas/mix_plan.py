"""What each stage of a mixture reads: decided once, before a token moves."""

from typing import Literal

from pydantic import Field, NonNegativeInt

from schemas.strict import StrictModel


class ReadStratum(StrictModel):
    """What a stage reads of one collection of a source class: documents by their place on its ring (uint63)."""

    stratum: str
    """``source/collection``."""
    start: NonNegativeInt
    """Where it begins to read."""
    turns: NonNegativeInt
    """Whole passes."""
    span: NonNegativeInt
    """How far it reads besides: documents at places from start to before start + span."""
    skipped: tuple[int, ...]
    """Places in the span that are left out, since the document did not fit what was left of the budget."""
    fraction: float
    """The tokens of the span as a part of the stratum's."""
    longest: NonNegativeInt | None
    """Longer documents of the span are left out, with the tokens around them; null: there is no limit."""
    tokens: NonNegativeInt
    """Read in all; what is read twice counts twice. The ids around documents count."""
    documents: NonNegativeInt


class PlannedSource(StrictModel):
    """A source of a stage."""

    source: str
    """As the recipe names it."""
    share: float = Field(ge=0, le=1)
    """Of the stage's tokens, as requested."""
    requested: float
    """Tokens, as requested."""
    available: NonNegativeInt
    """Tokens that the source has, each counted once."""
    most: float
    """Tokens that it may give: what it has, times the recipe's ``epochs``."""
    tokens: NonNegativeInt
    """Tokens that are read."""
    strata: tuple[ReadStratum, ...]

    @property
    def ran_out(self) -> bool:
        """Whether it has less than was requested."""
        return self.requested > self.most


class PlannedPart(StrictModel):
    """A stage, or a sample of one."""

    name: str
    sample_of: str | None
    """The stage that it is a sample of; null for a stage."""
    budget: NonNegativeInt
    """Tokens, as requested."""
    tokens: NonNegativeInt
    """Tokens that are read."""
    files: NonNegativeInt
    windows: NonNegativeInt
    """Parts of the reading order, documents of each of which are packed together; a file has some whole ones."""
    sources: tuple[PlannedSource, ...]


class MixPlan(StrictModel):
    """All stages and samples in the recipe's order."""

    version: Literal[1] = 1
    strata: tuple[str, ...]
    """All ``source/collection`` that there are, sorted."""
    unused: tuple[str, ...]
    """Of these, those that nothing reads."""
    parts: tuple[PlannedPart, ...]
