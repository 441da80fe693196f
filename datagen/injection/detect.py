"""Finds payloads that speak to the model that reads them: instructions and questions (AFM R34).

A logistic model of single sentences; `python -m benchmarks.injection --train` fits and writes it.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from datagen.injection.features import features, values
from datagen.injection.units import Unit, units
from schemas.payload import Payload

WEIGHTS = Path(__file__).with_name("weights.npz")
THRESHOLD = 0.5
"""From which score on a sentence counts as an instruction to the model: the weights are shifted so that 1 % of real
mails reach it."""
KEPT = 1024
"""Texts whose suspicion is remembered: of each payload there are several summaries."""


@dataclass(frozen=True)
class Suspicion:
    """The sentence of a payload that most looks like an instruction to the model."""

    score: float
    """0 to 1; not the probability, which depends on how common attacks are."""
    sentence: str

    @property
    def is_injection(self) -> bool:
        """Whether it counts as one."""
        return self.score >= THRESHOLD


def suspicion(payload: Payload) -> Suspicion:
    """The most suspicious sentence of a payload."""
    return suspicion_of_text("\n".join(text for part in payload.parts for text in (part.title, part.text) if text))


@lru_cache(maxsize=KEPT)
def suspicion_of_text(text: str) -> Suspicion:
    """The most suspicious sentence of a text; score 0 where it has none."""
    weights = _weights()
    found = [(score_of(weights, unit), unit.sentence) for unit in units(text)]
    if not found:
        return Suspicion(0.0, "")
    highest, sentence = max(found)
    return Suspicion(float(1 / (1 + np.exp(-highest))), sentence)


def score_of(weights: np.ndarray, unit: Unit) -> float:
    """The log-odds of one sentence, by float32[2 * PLACES]."""
    places = features(unit)
    return float(weights[places] @ values(places))


@cache
def _weights() -> np.ndarray:
    with np.load(WEIGHTS) as file:
        return file["weights"].astype(np.float32)
