"""Fits the weights of the negation gate on half of the payloads (even ids); the other half is for `benchmarks.gates`.

python -m benchmarks.summary_gates.fit_negation
"""

import json
import os
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from benchmarks.summary_gates.plant import plant
from benchmarks.summary_gates.references import SETS, is_held_out, load
from datagen.gates.grounding.clauses import Clause, clauses
from datagen.gates.grounding.english import English
from datagen.gates.grounding.evidence import evidence
from datagen.gates.grounding.negation import WEIGHTS
from datagen.gates.grounding.negation_signs import DENIES, signs
from datagen.products.summary import Summary
from schemas.summaries.recipe import SummariesRecipe

SHARED = Path(os.environ.get("ORCHARD_SHARED", Path(__file__).resolve().parents[3] / "shared"))
PLANTED = 1500
RIDGE = 3e-3


def denials(sample: Summary, english: English) -> list[tuple[Clause, dict[str, float]]]:
    doc = english.read(sample.text)
    payload = evidence(english.payload(sample.payload))
    return [(clause, dict(signs(clause, doc, payload))) for clause in clauses(doc) if clause.negated]


def words(clause: Clause) -> str:
    return " ".join(token.text for token in clause.tokens)


def main() -> None:
    english = English(SummariesRecipe.model_fields["language_pipeline"].default)
    samples = [s for name in SETS for s in load(SHARED / "data" / "summarization", name) if not is_held_out(s)]
    humans = [found for s in samples if DENIES.search(s.text) for _, found in denials(s, english)]
    planted = []
    for fault in plant("negation_inserted", samples, PLANTED, 1, english):
        before = {words(clause) for clause, _ in denials(fault.original, english)}
        planted += [found for clause, found in denials(fault.sample, english) if words(clause) not in before]
    names = list(humans[0])
    rows = np.array([[found[name] for name in names] for found in humans + planted])
    truth = np.array([-1] * len(humans) + [1] * len(planted))
    weight = np.where(truth > 0, 0.5 / len(planted), 0.5 / len(humans))

    def loss(w: np.ndarray) -> float:
        return float((weight * np.log1p(np.exp(-truth * (rows @ w[:-1] + w[-1])))).sum() + RIDGE * w[:-1] @ w[:-1])

    fitted = minimize(loss, np.zeros(len(names) + 1)).x
    weights = {name: round(float(value), 3) for name, value in zip([*names, "bias"], fitted, strict=True)}
    WEIGHTS.write_text(json.dumps(weights, indent=2) + "\n", encoding="utf-8")
    print(f"{len(humans)} denials of people, {len(planted)} planted; written: {WEIGHTS}")


if __name__ == "__main__":
    main()
