"""Measures a document's probability of one label."""

from filters.batch import Batch, Measure, Measurement
from filters.classifier.model import load_classifier
from schemas.steps.classifier import FastTextClassifier


def prepare(step: FastTextClassifier) -> Measure:
    """Load the model, once in a process. Raises ``SettingError`` where it cannot be used."""
    classifier = load_classifier(step.model, step.label)

    def measure(batch: Batch) -> Measurement:
        return Measurement({"score": classifier.score(batch.text)})

    return measure
