"""A gate: a pure check on generated samples that says what is wrong with each, or that nothing is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

SampleT_contra = TypeVar("SampleT_contra", contravariant=True)

Mode = Literal["on", "mark", "off"]
"""``on`` rejects; ``mark`` only records its verdict, so that a gate's worth can be studied; ``off`` does not run."""

Cost = Literal["rules", "model", "teacher"]
"""What a gate spends on a sample, from microseconds to a request; cheaper ones run first."""

COSTS: tuple[Cost, ...] = ("rules", "model", "teacher")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one gate says of one sample."""

    gate: str
    """The gate's name."""
    passed: bool
    score: float
    """The measured value that the bound is on."""
    bound: str
    """The bound as text: ``<= 25 words``."""
    reason: str = ""
    """A stable code that waterfalls count by, such as ``number_not_in_payload``; empty where it passed."""
    detail: str = ""
    """What explains the score, such as the number that the payload does not have."""


class Gate(Protocol[SampleT_contra]):
    """A check on samples of one kind. It holds settings and models only: the same sample, the same verdict."""

    @property
    def name(self) -> str:
        """What verdicts and reports call it."""
        ...

    @property
    def cost(self) -> Cost:
        """What it spends."""
        ...

    def judge(self, samples: Sequence[SampleT_contra]) -> list[Verdict]:
        """One verdict a sample, in their order. A batch is only for speed: no verdict depends on another sample."""
        ...
