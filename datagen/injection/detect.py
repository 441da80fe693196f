"""Finds payloads that speak to the model that reads them: instructions and questions (AFM R34).

A logistic model over hashed words of single sentences; `python -m benchmarks.injection --train` fits and writes it.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from datagen.injection.features import features, units
from schemas.payload import Payload

WEIGHTS = Path(__file__).with_name("weights.npz")
THRESHOLD = 0.5
"""From which probability on a sentence counts as an instruction to the model."""


@dataclass(frozen=True)
class Suspicion:
    """The sentence of a payload that most looks like an instruction to the model."""

    score: float
    """Its probability, 0 to 1."""
    sentence: str

    @property
    def is_injection(self) -> bool:
        """Whether it counts as one."""
        return self.score >= THRESHOLD


def suspicion(payload: Payload) -> Suspicion:
    """The most suspicious sentence of a payload."""
    return suspicion_of_text("\n".join(text for part in payload.parts for text in (part.title, part.text) if text))


def suspicion_of_text(text: str) -> Suspicion:
    """The most suspicious sentence of a text; score 0 where it has none."""
    weights = _weights()
    found = [(float(weights[features(unit)].sum()), unit) for unit in units(text)]
    if not found:
        return Suspicion(0.0, "")
    highest, sentence = max(found)
    return Suspicion(float(1 / (1 + np.exp(-highest))), sentence)


@cache
def _weights() -> np.ndarray:
    """float32[2^BITS]."""
    with np.load(WEIGHTS) as file:
        return file["weights"].astype(np.float32)
