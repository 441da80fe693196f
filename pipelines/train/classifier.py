"""From a request to a fastText model with its card."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa

from filters.classifier.model import file_digest, load_classifier
from pipelines.engine.version import code_version
from pipelines.train.errors import TrainingError
from pipelines.train.fasttext_training import train, write_training_file
from pipelines.train.metrics import evaluate
from pipelines.train.read import find_training_inputs
from pipelines.train.request import POSITIVE, TrainingRequest
from pipelines.train.texts import Report, TrainingTexts, collect_texts
from schemas.model_card import CARD_NAME, FastTextSettings, LabelMetrics, ModelCard

NOTES = (
    "Training runs on 12 threads that race, so the same request gives a slightly different model each time; sample and "
    "split are the same.",
    "Precision depends on the share of positives among the held-out texts; a corpus has another.",
)


def train_classifier(request: TrainingRequest, report: Report) -> ModelCard:
    """Train, measure on held-out texts, and write the model and its card.

    Raises ``InputError`` or ``TrainingError`` where files, texts or hyper-parameters give no model; nothing is
    written then.
    """
    _check_out(request)
    texts = collect_texts(find_training_inputs(request), request, report)
    request.out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=request.out, prefix=".training-") as folder:
        settings = request.settings.with_epochs(len(texts.trained))
        report(f"training on {len(texts.trained):,} texts, {settings.epoch} times")
        lines, model = Path(folder, "texts.txt"), Path(folder, "model.ftz" if request.quantize else "model.bin")
        write_training_file(lines, texts.trained)
        train(lines, model, settings, request.quantize)
        report(f"measuring on {len(texts.held_out):,} held-out texts")
        card = _card(request, texts, model, settings)
        card_file = Path(folder, CARD_NAME)
        card_file.write_text(card.model_dump_json(indent=2) + "\n", encoding="utf-8")
        model.replace(request.out / model.name)
        card_file.replace(request.out / CARD_NAME)
    return card


def _check_out(request: TrainingRequest) -> None:
    if request.out.exists() and not request.out.is_dir():
        raise TrainingError(f"{request.out} is a file; --out names a folder")
    if (request.out / CARD_NAME).exists() and not request.overwrite:
        raise TrainingError(f"{request.out} already has a model; give another --out, or --overwrite")


def _card(request: TrainingRequest, texts: TrainingTexts, model: Path, settings: FastTextSettings) -> ModelCard:
    label = POSITIVE if POSITIVE in texts.labels else None
    return ModelCard(
        model=model.name,
        model_bytes=model.stat().st_size,
        model_digest=file_digest(model),
        labels=texts.labels,
        label=label,
        lowercase=request.lowercase,
        settings=settings,
        quantized=request.quantize,
        seed=request.seed,
        held_out_share=request.held_out,
        files=texts.files,
        counts=texts.counts,
        metrics=_measure(model, texts, (label,) if label else texts.labels),
        code_version=code_version(),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        notes=NOTES,
    )


def _measure(model: Path, texts: TrainingTexts, labels: tuple[str, ...]) -> tuple[LabelMetrics, ...]:
    """The metrics of each label's probability. The texts are normalised already, and once more changes nothing."""
    lines = pa.array([sampled.line for sampled in texts.held_out], pa.large_string())
    truth = np.array([sampled.label for sampled in texts.held_out])
    return tuple(
        evaluate(label, load_classifier(model, label).score(lines).to_numpy().astype(np.float64), truth == label)
        for label in labels
    )
