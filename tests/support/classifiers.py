"""A real classifier, trained in about a second, for tests that need one."""

import gzip
import json
import random
from pathlib import Path

from pipelines.train.classifier import train_classifier
from pipelines.train.request import TrainingRequest
from schemas.model_card import FastTextSettings, ModelCard

GOOD = ("careful", "evidence", "chapter", "theorem", "history", "method")
BAD = ("casino", "jackpot", "cheap", "pills", "click", "winner")
BOTH = ("the", "a", "of", "and", "we", "this", "with", "in")

TINY = FastTextSettings(dim=8, bucket=1000, lr=0.5, epoch=20)


def sentence(words: tuple[str, ...], seed: int, length: int = 12) -> str:
    """A sentence of made-up prose: half of its words from ``words``."""
    choice = random.Random(seed)
    found = [choice.choice(words if position % 2 else BOTH) for position in range(length)]
    return " ".join(found).capitalize() + "."


def write_jsonl(path: Path, rows: list[dict]) -> Path:
    """Write rows as gzipped JSON lines."""
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def train_tiny(folder: Path, **changes: object) -> tuple[Path, ModelCard]:
    """Train on 200 good and 200 bad sentences; returns ``folder/model/model.bin`` (or .ftz) and its card."""
    folder.mkdir(parents=True, exist_ok=True)
    good = write_jsonl(folder / "good.jsonl.gz", [{"text": sentence(GOOD, seed)} for seed in range(200)])
    bad = write_jsonl(folder / "bad.jsonl.gz", [{"text": sentence(BAD, seed)} for seed in range(200)])
    values = {"positive": (str(good),), "negative": (str(bad),), "out": folder / "model", "settings": TINY, **changes}
    card = train_classifier(TrainingRequest.model_validate(values), lambda message: None)
    return folder / "model" / card.model, card
