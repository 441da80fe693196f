"""Removes the sentences that a classifier gives its label."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.batch import Batch, Measure, Measurement
from filters.classifier.model import load_classifier
from filters.classifier.sentence_split import split_sentences
from schemas.steps.classifier import FastTextSentences


def prepare(step: FastTextSentences) -> Measure:
    """Load the model, once in a process. Raises ``SettingError`` where it cannot be used."""
    classifier = load_classifier(step.model, step.label)

    def measure(batch: Batch) -> Measurement:
        sentences = split_sentences(batch.text)
        texts = sentences.texts()
        scores = classifier.score(texts).fill_null(0).to_numpy()
        removed = scores >= np.float32(step.remove_at_least)
        characters = pc.utf8_length(texts).to_numpy()
        signals = _signals(sentences.offsets, scores, characters, removed)
        return Measurement(signals, text=sentences.without(removed) if removed.any() else None)

    return measure


def _signals(
    offsets: np.ndarray, scores: np.ndarray, characters: np.ndarray, removed: np.ndarray
) -> dict[str, pa.Array]:
    """The step's signals from score (float32), length and removal (bool) of every sentence."""
    counts = np.diff(offsets)
    blank = counts == 0
    # A zero at the end stands in for the sentences of documents that have none, which are masked.
    worst = np.maximum.reduceat(np.append(scores, np.float32(0)), offsets[:-1]) if len(counts) else scores
    share = _sums(characters * removed, offsets) / np.maximum(_sums(characters, offsets), 1)
    return {
        "sentences": pa.array(counts, pa.int32()),
        "removed_share": pa.array(share, pa.float32()),
        "max_score": pa.array(worst, pa.float32(), mask=blank),
    }


def _sums(values: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The sum of each document's values (int64)."""
    return np.diff(np.concatenate([[0], np.cumsum(values, dtype=np.int64)])[offsets])
