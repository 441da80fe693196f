"""Fits the weights of the negation gate on texts whose licences permit it, and writes them with their card.

python -m benchmarks.summary_gates.fit_negation
"""

import json
import os
import random
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from benchmarks.summary_gates.documentation import documented
from benchmarks.summary_gates.plant import plant
from benchmarks.summary_gates.references import is_held_out, load
from datagen.gates.grounding.clauses import Clause, clauses
from datagen.gates.grounding.english import English
from datagen.gates.grounding.evidence import evidence
from datagen.gates.grounding.negation import WEIGHTS
from datagen.gates.grounding.negation_signs import DENIES, signs
from datagen.products.summary import Summary
from schemas.summaries.recipe import SummariesRecipe

SHARED = Path(os.environ.get("ORCHARD_SHARED", Path(__file__).resolve().parents[3] / "shared"))
PLANTED, DOCUMENTED, SEED = 1000, 500, 1
ARTICLES_WEIGH = 3
"""Prose about people is nearer to what is summarised than documentation."""
RIDGE = 3e-3

Found = list[tuple[dict[str, float], float]]
"""The signs of denials and how much each counts."""


def denials(sample: Summary, english: English) -> list[tuple[Clause, dict[str, float]]]:
    doc = english.read(sample.text)
    payload = evidence(english.payload(sample.payload))
    return [(clause, dict(signs(clause, doc, payload))) for clause in clauses(doc) if clause.negated]


def words(clause: Clause) -> str:
    return " ".join(token.text for token in clause.tokens)


def weigh(sample: Summary) -> float:
    return ARTICLES_WEIGH if sample.payload.kind == "article" else 1.0


def of_people(samples: list[Summary], english: English) -> Found:
    return [(found, weigh(s)) for s in samples if DENIES.search(s.text) for _, found in denials(s, english)]


def of_faults(samples: list[Summary], english: English) -> Found:
    result: Found = []
    for fault in plant("negation_inserted", samples, PLANTED, SEED, english):
        before = {words(clause) for clause, _ in denials(fault.original, english)}
        result += [
            (found, weigh(fault.sample))
            for clause, found in denials(fault.sample, english)
            if words(clause) not in before
        ]
    return result


def fit(people: Found, planted: Found) -> dict[str, float]:
    """A logistic model; people's denials and planted ones weigh the same in all."""
    names = list(people[0][0])
    rows = np.array([[found[name] for name in names] for found, _ in people + planted])
    truth = np.array([-1] * len(people) + [1] * len(planted))
    weight = np.array([w for _, w in people + planted])
    for side in (truth < 0, truth > 0):
        weight[side] *= 0.5 / weight[side].sum()

    def loss(w: np.ndarray) -> float:
        return float((weight * np.log1p(np.exp(-truth * (rows @ w[:-1] + w[-1])))).sum() + RIDGE * w[:-1] @ w[:-1])

    fitted = minimize(loss, np.zeros(len(names) + 1)).x
    return {name: round(float(value), 3) for name, value in zip([*names, "bias"], fitted, strict=True)}


def main() -> None:
    english = English(SummariesRecipe.model_fields["language_pipeline"].default)
    folder = SHARED / "data" / "summarization"
    articles = load(folder, "CNN") + [sample for sample in load(folder, "XSum") if not is_held_out(sample)]
    denying, others = documented(DENIES)
    rng = random.Random(SEED)
    denying, others = rng.sample(denying, min(DOCUMENTED, len(denying))), rng.sample(others, DOCUMENTED)
    people = of_people(articles + denying, english)
    planted = of_faults(articles + denying + others, english)
    card = {
        "what": "logistic model of the doubt about a denial (datagen/gates/grounding/negation.py)",
        "made by": "python -m benchmarks.summary_gates.fit_negation",
        "seed": SEED,
        "data": {
            "CNN/DailyMail references (Apache-2.0; articles of third parties)": len(load(folder, "CNN")),
            "XSum references, the half that is not judged on (MIT; articles of third parties)": len(articles)
            - len(load(folder, "CNN")),
            **{
                f"docstrings of {package} ({license})": count
                for (package, license), count in sorted(
                    Counter((s.payload.source, s.payload.license or "") for s in denying + others).items()
                )
            },
        },
        "denials of people": len(people),
        "denials planted": len(planted),
    }
    WEIGHTS.write_text(json.dumps({"card": card, "weights": fit(people, planted)}, indent=2) + "\n", encoding="utf-8")
    print(f"{len(people)} denials of people, {len(planted)} planted; written: {WEIGHTS}")


if __name__ == "__main__":
    main()
