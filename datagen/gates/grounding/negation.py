"""Denials: a summary that says "not" where nothing in the payload does."""

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.grounding.clauses import clauses
from datagen.gates.grounding.english import English, tells_in_english
from datagen.gates.grounding.evidence import evidence
from datagen.gates.grounding.negation_signs import signs
from datagen.products.summary import Summary

WEIGHTS = Path(__file__).with_name("negation_weights.json")
"""Of a logistic model, with a card of its data; `python -m benchmarks.summary_gates.fit_negation` writes it."""


class NegationGate(EachSummary):
    """Rejects summaries with a denial that the payload gives no ground for. English only; others pass.

    The signs are lexical: a denial put on another of two denied things is not seen. Lost ones: `AffirmationGate`.
    """

    name = "negation"

    def __init__(self, english: English, max_doubt: float) -> None:
        self._english, self._max_doubt = english, max_doubt

    def verdict(self, sample: Summary) -> Verdict:
        """The score is the doubt (0 to 1) about the least grounded denial; 0 without any."""
        bound = f"<= {self._max_doubt:g}"
        if not tells_in_english(sample):
            return self.passed(0.0, bound)
        found = doubts(sample, self._english)
        worst = max(found, default=(0.0, ""))
        if worst[0] > self._max_doubt:
            return self.failed(worst[0], bound, "denial_not_in_payload", worst[1])
        return self.passed(worst[0], bound)


def doubts(sample: Summary, english: English) -> list[tuple[float, str]]:
    """Each denial of a summary: how doubtful, and its words."""
    doc = english.read(sample.text)
    denied = [clause for clause in clauses(doc) if clause.negated]
    if not denied:
        return []
    payload = evidence(english.payload(sample.payload))
    return [
        (doubt(signs(clause, doc, payload)), " ".join(token.text for token in clause.tokens).strip())
        for clause in denied
    ]


def doubt(found: Mapping[str, float]) -> float:
    """The logistic model's word on the signs of one clause."""
    weights = _weights()
    total = weights["bias"] + sum(weights[name] * value for name, value in found.items())
    return 1 / (1 + math.exp(-total))


@cache
def _weights() -> Mapping[str, float]:
    return json.loads(WEIGHTS.read_text(encoding="utf-8"))["weights"]
