"""Held-out precision and recall of classifiers trained on real texts, and what scoring costs.

Run from the repository: ``python -m benchmarks.classifier [--shared DIR]``; it needs the optional data folder.
"""

import argparse
import gzip
import json
import os
import resource
import tempfile
import time
from pathlib import Path

import pyarrow as pa

from filters.batch import Batch, Measure
from filters.classifier import document, sentences
from filters.classifier.model import load_classifier
from pipelines.train.classifier import train_classifier
from pipelines.train.request import training_request
from schemas.model_card import ModelCard
from schemas.steps.classifier import FastTextClassifier, FastTextSentences

REPOSITORY = Path(__file__).resolve().parent.parent
BATCH = 128
ROUNDS = 3


def requests(data: Path) -> dict[str, dict]:
    positives, web = str(data / "quality/positives.jsonl.gz"), str(data / "quality/web_weak.jsonl.gz")
    tweets = [str(data / "safety/davidson_hate.jsonl.gz"), str(data / "safety/olid.jsonl.gz")]
    return {
        "quality: answers and articles against web pages": {"positive": [positives], "negative": [web]},
        "quality: articles against other page types": {"labelled": [web], "positive_labels": ["positive_weak"]},
        "toxicity: offensive or hateful against other tweets": {
            "labelled": tweets, "positive_labels": ["hate", "offensive", "OFF"], "lowercase": True,
        },
    }  # fmt: skip


def show(name: str, card: ModelCard, seconds: float) -> None:
    (metrics,) = card.metrics
    size = card.model_bytes / 1e6
    print(f"\n{name}: {card.counts.trained}, {card.settings.epoch} passes, {seconds:.1f} CPU s, {size:.0f} MB")
    print(
        f"  held out {metrics.positives} + {metrics.negatives}: ROC AUC {metrics.roc_auc:.4f}, average precision",
        end=" ",
    )
    print(f"{metrics.average_precision:.4f}, calibration error {metrics.calibration_error:.3f}")
    wanted = [row for row in metrics.by_threshold if row.threshold in (0.1, 0.4, 0.5, 0.9)]
    for row in [*wanted, *metrics.by_percentile]:
        precision = "    -" if row.precision is None else f"{row.precision:.3f}"
        by = f"p{row.percentile:g}" if row.percentile is not None else "value"
        kept = f"kept {row.kept:6.1%}  precision {precision}  recall {row.recall:.3f}"
        print(f"  {by:>6} >= {row.threshold:<11.7g} {kept}")


def batches(data: Path) -> list[Batch]:
    with gzip.open(data / "quality/web_weak.jsonl.gz", "rt", encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    nothing = pa.nulls(BATCH, pa.string())
    parts = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    return [Batch(pa.array(part, pa.large_string()), nothing[: len(part)], nothing[: len(part)]) for part in parts]


def cost(name: str, measure: Measure, pages: list[Batch]) -> None:
    measure(pages[0])
    count = sum(map(len, pages))
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for batch in pages:
            measure(batch)
        best = min(best, time.process_time() - start)
    size = sum(batch.text.nbytes for batch in pages)
    print(f"  {name}: {best / count * 1000:.3f} ms CPU a page, {size / best / 1e6:.0f} MB/s (best of {ROUNDS})")


def memory() -> float:
    """Resident memory of this process in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=os.environ.get("ORCHARD_SHARED", REPOSITORY.parent / "shared"))
    data = Path(parser.parse_args().shared) / "data"
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, values) in enumerate(requests(data).items()):
            start = time.process_time()
            out = Path(folder, str(number))
            card = train_classifier(training_request({**values, "out": out}), lambda message: None)
            show(name, card, time.process_time() - start)
        quality, toxicity = Path(folder, "0/model.bin"), Path(folder, "2/model.bin")
        pages = batches(data)
        print(f"\nscoring {sum(map(len, pages))} web pages in batches of {BATCH}")
        before, start = memory(), time.process_time()
        load_classifier(toxicity, "negative")
        print(f"  loading {toxicity.stat().st_size / 1e6:.0f} MB: {time.process_time() - start:.2f} CPU s, "
              f"{memory() - before:+.0f} MB (0 where the training has loaded it already)")  # fmt: skip
        cost("documents", document.prepare(FastTextClassifier(name="quality", model=quality)), pages)
        cost("sentences", sentences.prepare(FastTextSentences(name="toxic", model=toxicity)), pages)


if __name__ == "__main__":
    main()
