"""The waterfall of a generation: how many samples each gate let pass, and why it rejected the others."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from schemas.strict import StrictModel

EXAMPLES = 3
"""Examples kept of each reason."""
EXAMPLE_CHARACTERS = 300
"""Of what an example shows."""


class Example(StrictModel):
    """A sample that a gate rejected or marked."""

    reason: str = Field(min_length=1)
    """The reason's code."""
    detail: str
    """What explains it."""
    score: float
    """The measured value."""
    bound: str
    """The bound that it breaks."""
    text: str
    """The sample, cut."""


class GateCount(StrictModel):
    """What one gate did."""

    gate: str = Field(min_length=1)
    """Its name."""
    mode: Literal["on", "mark"]
    """Whether it rejects, or only marks."""
    judged: int = Field(ge=0)
    """Samples that came to it."""
    failed: int = Field(ge=0)
    """Samples that it rejected or marked."""
    reasons: Mapping[str, int] = {}
    """Those by reason."""
    examples: tuple[Example, ...] = ()
    """Some of each reason."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.failed > self.judged or sum(self.reasons.values()) != self.failed:
            raise ValueError(f"{self.gate}: {self.judged} judged, {self.failed} failed, reasons {dict(self.reasons)}")
        return self


class Waterfall(StrictModel):
    """From generated to kept. Every step's sum is checked: what a gate that is on fails does not reach the next."""

    generated: int = Field(ge=0)
    """Answers of the teacher."""
    parsed: int = Field(ge=0)
    """Answers of the form that was asked for."""
    gates: tuple[GateCount, ...]
    """In the order in which they ran."""
    kept: int = Field(ge=0)
    """Samples that no gate rejected."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.parsed > self.generated:
            raise ValueError(f"{self.parsed} parsed of {self.generated} generated")
        left = self.parsed
        for gate in self.gates:
            if gate.judged != left:
                raise ValueError(f"{gate.gate} judged {gate.judged} of {left} samples")
            left -= gate.failed if gate.mode == "on" else 0
        if left != self.kept:
            raise ValueError(f"{self.kept} kept, but {left} passed all gates")
        return self
