"""The usual form of a gate: a function from one summary to its verdict."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from datagen.gates.gate import Cost, Verdict
from datagen.products.summary import Summary


class EachSummary(ABC):
    """A gate that judges each summary by itself."""

    name: str
    cost: Cost = "rules"

    def judge(self, samples: Sequence[Summary]) -> list[Verdict]:
        """One verdict a summary, in their order."""
        return [self.verdict(sample) for sample in samples]

    @abstractmethod
    def verdict(self, sample: Summary) -> Verdict:
        """What the gate says of one summary."""

    def passed(self, score: float, bound: str) -> Verdict:
        """A verdict that finds nothing wrong."""
        return Verdict(self.name, passed=True, score=score, bound=bound)

    def failed(self, score: float, bound: str, reason: str, detail: str = "") -> Verdict:
        """A verdict with a reason."""
        return Verdict(self.name, passed=False, score=score, bound=bound, reason=reason, detail=detail)
