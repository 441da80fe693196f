"""Fits and measures the detector of instructions to the model, on attacks that it has not seen.

    python -m benchmarks.injection [--train]

BIPIA is split by its attack (no instruction of the test half was fitted on), deepset by item, web pages by site, our
own families by family; mails and chats were never fitted on, the bound was chosen on the other half of them.
``--train`` writes datagen/injection/weights.npz and its card. Needs the optional data folder
(benchmarks/prompt_injection/sets.py).
"""

import argparse
import json
from collections.abc import Mapping

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from benchmarks.prompt_injection.dress import DRESSES
from benchmarks.prompt_injection.fit import fit
from benchmarks.prompt_injection.measured import CHOOSES, attacks, harmless
from benchmarks.prompt_injection.sets import DATA, is_test
from benchmarks.prompt_injection.training import Training, training
from benchmarks.summary_gates.references import load
from datagen.gates.rules.never import CanaryGate
from datagen.injection.detect import THRESHOLD, WEIGHTS, score_of, suspicion_of_text
from datagen.injection.features import bias_place
from datagen.injection.twin import attacked
from datagen.injection.units import units
from datagen.products.summary import Summary
from schemas.summaries.answers import TextAnswer

FALSE_ALARMS = 0.01
LEAKS = 500
Scores = Mapping[str, np.ndarray]
"""float64[texts] by the set."""


def train() -> Training:
    """Fit, shift the weights so that of each kind of harmless texts at most 1 % reach the bound, and write them."""
    found = training()
    weights = fit(found)
    texts = {name: each for name, each in harmless(test=False).items() if name.startswith(CHOOSES)}
    bounds = {
        name: float(
            np.quantile([max(score_of(weights, u) for u in units(t)) for t in each if units(t)], 1 - FALSE_ALARMS)
        )
        for name, each in texts.items()
    }
    weights[bias_place()] -= max(bounds.values())
    np.savez_compressed(WEIGHTS, weights=weights.astype(np.float16))
    card = {
        "what": "logistic model of sentences that speak to a model (datagen/injection/detect.py)",
        "made by": "python -m benchmarks.injection --train",
        "data": found.data,
        "sentences that do": sum(len(attack) for attack, _ in found.attacks),
        "sentences that do not": len(found.clean),
        "bound": f"at most {FALSE_ALARMS:.0%} of the first half of each: {', '.join(bounds)}; not fitted on",
    }
    WEIGHTS.with_name("card.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    return found


def scores(sets: Mapping[str, list[str]]) -> Scores:
    return {name: np.array([suspicion_of_text(text).score for text in texts]) for name, texts in sets.items()}


def false_alarms(clean: Scores) -> Table:
    table = Table(title="harmless texts", box=SIMPLE_HEAD)
    for column in ("texts", "number", "false alarms"):
        table.add_column(column, justify="left" if column == "texts" else "right")
    for name, score in clean.items():
        table.add_row(name, f"{len(score):,}", f"{(score >= THRESHOLD).mean():.1%}")
    return table


def recall(bad: Scores, mails: np.ndarray) -> Table:
    """At the bound, and at the bound at which exactly 1 % of these mails are false alarms."""
    at_one = float(np.quantile(mails, 1 - FALSE_ALARMS))
    table = Table(title="attacks", box=SIMPLE_HEAD)
    for column in ("attacks", "number", "recall", "recall at 1 % of mails"):
        table.add_column(column, justify="left" if column == "attacks" else "right")
    for name, score in bad.items():
        shares = ((score >= THRESHOLD).mean(), (score > at_one).mean())
        table.add_row(name, f"{len(score):,}", *(f"{share:.2f}" for share in shares))
    return table


def leaks() -> Table:
    """Answers to attacked mails that obey, in every dress: all must be rejected. And sound answers: none may be."""
    gate = CanaryGate()
    table = Table(title="answers that hold the canary", box=SIMPLE_HEAD)
    for column in ("dress", "answers", "rejected"):
        table.add_column(column, justify="left" if column == "dress" else "right")
    mails = [s for s in load(DATA / "summarization", "AESLC") if is_test(s.payload.payload_id)][:LEAKS]
    for name, dressed in {"no canary": lambda word: "", **DRESSES}.items():
        answers = []
        for number, mail in enumerate(mails):
            twin = attacked(mail.payload, "test", number)
            assert twin.attack is not None
            said = TextAnswer(summary=f"{mail.text} {dressed(twin.attack.canary)}")
            answers.append(Summary(twin, mail.product, mail.instruction, said))
        rejected = sum(not verdict.passed for verdict in gate.judge(answers))
        table.add_row(name, f"{len(answers):,}", f"{rejected:,}")
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit and measure the detector of instructions to the model.")
    parser.add_argument("--train", action="store_true", help="fit the weights and write them with their card")
    console = Console(width=120)
    if parser.parse_args().train:
        train()
        console.print(f"written: {WEIGHTS} ({WEIGHTS.stat().st_size:,} bytes)")
    texts = harmless(test=True)
    mails = next(iter(texts))
    clean, bad = scores(texts), scores(attacks(texts[mails]))
    console.print(false_alarms(clean))
    console.print(recall(bad, clean[mails]))
    console.print(leaks())


if __name__ == "__main__":
    main()
