"""What came of a mixture: requested and read tokens, repeats, cuts, padding, lengths; `mixture.json` of a run."""

from collections.abc import Mapping
from typing import Final, Literal, Self

from pydantic import NonNegativeInt

from schemas.strict import StrictModel

LENGTH_BINS: Final = 40
"""Documents of 2^b to 2^(b+1) - 1 tokens are counted in bin b."""


class Sums(StrictModel):
    """Counts that are added field by field."""

    def __add__(self, other: Self) -> Self:
        """The sums of both."""
        mine, theirs = dict(self), dict(other)
        return type(self)(**{name: _added(mine[name], theirs[name]) for name in mine})


class Readings(Sums):
    """Documents as a stage reads them; one that is read twice counts twice. Tokens around documents count."""

    documents: NonNegativeInt = 0
    tokens: NonNegativeInt = 0
    repeated_documents: NonNegativeInt = 0
    """Of these, those that the run had read before."""
    repeated_tokens: NonNegativeInt = 0
    lengths: tuple[NonNegativeInt, ...] = (0,) * LENGTH_BINS
    """Documents by length, see ``LENGTH_BINS``."""


class CutCounts(Sums):
    """What a way of packing does to documents."""

    documents: NonNegativeInt = 0
    longer: NonNegativeInt = 0
    """Longer than a sequence: they are in several whatever is done."""
    cut: NonNegativeInt = 0
    """In more than one sequence."""
    cut_though_fitting: NonNegativeInt = 0
    """Of these, no longer than a sequence."""
    sequences: NonNegativeInt = 0
    tokens: NonNegativeInt = 0
    padding: NonNegativeInt = 0

    @property
    def padding_rate(self) -> float:
        """Padding as a part of all positions."""
        return self.padding / max(1, self.padding + self.tokens)


class FileLayout(StrictModel):
    """What is in a file of packed sequences."""

    part: str
    """The stage or sample."""
    readings: Mapping[str, Readings]
    """By ``source/collection``."""
    packings: Mapping[str, CutCounts]
    """By way of packing: the one that was chosen, and the other to compare with."""


class SourceReport(StrictModel):
    """A source of a stage: what was requested, and what is read."""

    source: str
    requested_share: float
    share: float
    """Of the tokens of the stage."""
    requested_tokens: float
    tokens: NonNegativeInt
    documents: NonNegativeInt
    available_tokens: NonNegativeInt
    """Each counted once."""
    passes: float
    """``tokens / available_tokens``."""
    passes_so_far: float
    """The same with the stages before."""
    repeated_documents: NonNegativeInt
    repeated_tokens: NonNegativeInt
    ran_out: bool
    """Less than requested, since it has no more, even repeated as often as allowed."""


class PartReport(StrictModel):
    """A stage, or a sample of one."""

    name: str
    sample_of: str | None
    sequence_length: int
    packing: str
    budget: NonNegativeInt
    tokens: NonNegativeInt
    sequences: NonNegativeInt
    files: NonNegativeInt
    largest_deviation: float
    """Of a source's tokens from what was requested, as a part of the budget."""
    sources: tuple[SourceReport, ...]
    packings: Mapping[str, CutCounts]
    lengths: tuple[NonNegativeInt, ...]
    """Documents by length, see ``LENGTH_BINS``."""


class MixReport(StrictModel):
    """All stages and samples, in the recipe's order."""

    version: Literal[1] = 1
    recipe: str
    seed: int
    tokenizer: str
    """Fingerprint."""
    unused: tuple[str, ...]
    """``source/collection`` that nothing reads."""
    parts: tuple[PartReport, ...]


def _added(first: object, second: object) -> object:
    if isinstance(first, tuple) and isinstance(second, tuple):
        return tuple(a + b for a, b in zip(first, second, strict=True))
    if isinstance(first, int) and isinstance(second, int):
        return first + second
    raise TypeError(f"{first!r} and {second!r} are no counts")
