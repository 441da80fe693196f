"""What the detector is fitted on: only sets whose licence permits it, and texts that are made up here."""

import gzip
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xxhash

from benchmarks.prompt_injection.requests import requests
from datagen.injection.families import TRAINING, attack_text, canary
from datagen.injection.features import CONCEPTS, WORD, units

DATA = Path(os.environ.get("ORCHARD_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "data"
PER_FAMILY = 400
NEGATIVES, REQUESTS = 30_000, 10_000
INSTRUCTIONS = {
    "decontam/arena_hard": "Apache-2.0",
    "decontam/ifeval": "Apache-2.0",
    "decontam/mt_bench": "Apache-2.0",
    "safety/advbench": "MIT",
    "safety/do_not_answer_en": "Apache-2.0",
    "safety/harmbench_behaviors": "MIT",
    "safety/jailbreak_inthewild": "MIT",
}
"""Sets of prompts: of those, the sentences that say what the answer should be."""
TEXTS = {
    "summarization/sms_uci": "CC-BY-4.0",
    "summarization/cnn_dailymail": "Apache-2.0; articles of third parties",
}
"""Sets of texts that nobody wrote to a model."""


def says_what_to_answer(sentence: str) -> bool:
    """Whether a sentence speaks of the answer: "use three words in your response"; most of a prompt does not."""
    words = {word.lower() for word in WORD.findall(sentence)}
    return not (CONCEPTS["product"].isdisjoint(words) or CONCEPTS["control"].isdisjoint(words))


@dataclass(frozen=True)
class Training:
    """Sentences, and the card of where they come from."""

    positive: list[str]
    negative: list[str]
    data: dict[str, int]
    """A source with its licence, and how many texts of it."""


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


def planted_attacks(families: Iterable[str], purpose: str, count: int) -> list[tuple[str, str]]:
    return [
        (family, attack_text(family, f"{purpose}/{number}", canary(f"{purpose}/{family}/{number}")))
        for family in families
        for number in range(count)
    ]


def training() -> Training:
    bipia = rows("safety/prompt_injection_bipia")
    deepset = [row for row in rows("safety/prompt_injection_deepset") if not is_test(row["id"])]
    attacks = sorted({attack_of(row) for row in bipia if attack_of(row) and not is_test(attack_of(row))})
    clean = [row["text"] for row in bipia if row["label"] == "safe" and not is_test(row["id"])]
    bad = [row["text"] for row in deepset if row["label"] != "safe"]
    safe = [row["text"] for row in deepset if row["label"] == "safe"]
    planted = [attack for _, attack in planted_attacks(TRAINING, "train", PER_FAMILY)]
    data = {
        "BIPIA, half of the attacks (MIT)": len(attacks),
        "BIPIA, half of the clean texts (MIT)": len(clean),
        "deepset/prompt-injections, half of the items (Apache-2.0)": len(bad) + len(safe),
        "attacks of datagen/injection/families.py (our own)": len(planted),
        "requests of benchmarks/prompt_injection/requests.py (our own)": REQUESTS,
    }
    # An attack counts several times: there are few kinds, and each is what is looked for.
    positive = 4 * attacks + [unit for text in bad + planted for unit in units(text)]
    for name, licence in INSTRUCTIONS.items():
        texts = [row["text"] for row in rows(name) if not is_test(row["text"])]
        data[f"{name} ({licence})"] = len(texts)
        positive += [unit for text in texts for unit in units(text) if says_what_to_answer(unit)]
    negative = [unit for text in clean + safe for unit in units(text)]
    others: list[str] = []
    for name, licence in TEXTS.items():
        texts = [row["text"] for row in rows(name) if not is_test(row["text"])]
        data[f"{name} ({licence})"] = len(texts)
        others += [unit for text in texts for unit in units(text)]
    rng = np.random.default_rng(0)
    chosen = [others[at] for at in rng.permutation(len(others))[:NEGATIVES]]
    return Training(positive, negative + chosen + requests(REQUESTS, 0), data)
