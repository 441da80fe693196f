"""The account of a generation: from prompts to kept samples, with what it cost."""

from collections.abc import Mapping

from pydantic import Field

from schemas.strict import StrictModel
from schemas.waterfall import GateCount, Waterfall


class Spending(StrictModel):
    """What was spent, over all runs in the folder."""

    requests: int = Field(ge=0)
    """Requests that were answered or refused for good; each is paid once."""
    prompt_tokens: int = Field(ge=0)
    """Tokens read."""
    completion_tokens: int = Field(ge=0)
    """Tokens written."""
    cost: float | None = Field(default=None, ge=0)
    """In the currency of the recipe's price; null: no price is known."""


class GenerationReport(StrictModel):
    """What came of a generation."""

    teacher: str
    """Model and revision."""
    payloads: int = Field(default=0, ge=0)
    """Records of the inputs that were read."""
    waterfall: Waterfall
    """Generated, parsed, each gate, repetitions, kept."""
    failures: Mapping[str, int]
    """Requests without a usable answer, by reason."""
    dead_letters: Mapping[str, int] = {}
    """Records of the input that were no payload, by class of error."""
    skipped: Mapping[str, int] = {}
    """Payloads that nothing was asked about, by the reason."""
    instructions: GateCount | None = None
    """Payloads that carry instructions to the model; null: the recipe does not look for them."""
    twins: int = Field(default=0, ge=0)
    """Attacked twins that were asked about."""
    corrected: int = Field(ge=0)
    """Samples that took a second turn."""
    spending: Spending
    """Over all runs."""
    tokens_per_kept: float | None
    """Tokens for each kept sample, those of all others included; null: nothing was kept."""
    cost_per_kept: float | None
    """The same in money; null: nothing was kept, or no price is known."""


class ShardAccount(StrictModel):
    """What one shard adds to the report."""

    waterfall: Waterfall
    failures: Mapping[str, int]
    instructions: GateCount | None
    twins: int = Field(ge=0)
    corrected: int = Field(ge=0)
