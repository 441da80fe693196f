"""Trains a fastText model from normalised texts."""

from collections.abc import Iterable
from pathlib import Path

import fasttext

from filters.classifier.normalisation import LABEL_PREFIX
from pipelines.train.errors import TrainingError
from pipelines.train.sample import Sampled
from schemas.model_card import FastTextSettings

ATTEMPTS = 5
"""Trainings before NaN is final. It is a race between threads (0 of 24 runs with 12 threads), so trying again helps."""


def write_training_file(path: Path, texts: Iterable[Sampled]) -> None:
    """Write one line a text: its label, then the text."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{LABEL_PREFIX}{sampled.label} {sampled.line}\n" for sampled in texts)


def train(training_file: Path, model_file: Path, settings: FastTextSettings, quantize: bool) -> None:
    """Train with settled passes and save a model, quantized with the product quantizer of fastText if wanted.

    Raises ``TrainingError`` where every attempt ends in NaN, or where there are too few features to quantize.
    """
    model = _train(training_file, settings)
    if quantize:
        try:
            model.quantize(qnorm=True)
        except (RuntimeError, ValueError) as error:
            raise TrainingError(f"the model cannot be quantized: {error}; train without --quantize") from error
    model.save_model(str(model_file))


def _train(training_file: Path, settings: FastTextSettings) -> fasttext.FastText._FastText:
    for _ in range(ATTEMPTS):
        try:
            return fasttext.train_supervised(
                input=str(training_file),
                lr=settings.lr,
                dim=settings.dim,
                wordNgrams=settings.word_ngrams,
                epoch=settings.epoch,
                minCount=settings.min_count,
                minn=settings.minn,
                maxn=settings.maxn,
                bucket=settings.bucket,
                thread=settings.threads,
                verbose=0,
            )
        except RuntimeError as error:
            if "NaN" not in str(error):
                raise
    raise TrainingError(f"training ended in NaN {ATTEMPTS} times; choose a learning rate below --lr {settings.lr:g}")
