"""How well scores tell positives from negatives, and what each threshold keeps."""

import numpy as np
import pyarrow as pa

from filters.percentile import ScoreHistogram
from schemas.model_card import LabelMetrics, Operating

THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
PERCENTILES = (10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0)
CALIBRATION_BINS = 10


def evaluate(label: str, scores: np.ndarray, truth: np.ndarray) -> LabelMetrics:
    """The metrics of ``scores`` (float, 0 to 1) against ``truth`` (bool), which must have both values."""
    histogram = ScoreHistogram.of(pa.array(scores))
    return LabelMetrics(
        label=label,
        positives=int(truth.sum()),
        negatives=int((~truth).sum()),
        roc_auc=roc_auc(scores, truth),
        average_precision=average_precision(scores, truth),
        calibration_error=calibration_error(scores, truth),
        by_threshold=tuple(operate(scores, truth, threshold, None) for threshold in THRESHOLDS),
        by_percentile=tuple(operate(scores, truth, histogram.percentile(p), p) for p in PERCENTILES),
    )


def operate(scores: np.ndarray, truth: np.ndarray, threshold: float, percentile: float | None) -> Operating:
    """What keeping scores of at least ``threshold`` keeps."""
    kept = scores >= threshold
    right = int((kept & truth).sum())
    return Operating(
        percentile=percentile,
        threshold=threshold,
        kept=float(kept.mean()),
        precision=right / int(kept.sum()) if kept.any() else None,
        recall=right / int(truth.sum()),
    )


def roc_auc(scores: np.ndarray, truth: np.ndarray) -> float:
    """Chance that a random positive scores above a random negative, ties counting half (Mann-Whitney U)."""
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(counts) - (counts - 1) / 2
    positives, negatives = int(truth.sum()), int((~truth).sum())
    u = mean_rank[inverse][truth].sum() - positives * (positives + 1) / 2
    return float(u / (positives * negatives))


def average_precision(scores: np.ndarray, truth: np.ndarray) -> float:
    """Area under the precision-recall curve as steps: each distinct score's precision times its gain of recall."""
    distinct, inverse = np.unique(-scores, return_inverse=True)
    kept = np.cumsum(np.bincount(inverse, minlength=len(distinct)))
    right = np.cumsum(np.bincount(inverse, weights=truth, minlength=len(distinct)))
    gain = np.diff(right, prepend=0) / right[-1]
    return float((gain * right / kept).sum())


def calibration_error(scores: np.ndarray, truth: np.ndarray) -> float:
    """Mean distance between score and share of positives, over ten equal bins of score weighted by their size."""
    bins = np.minimum((scores * CALIBRATION_BINS).astype(np.int64), CALIBRATION_BINS - 1)
    score_sums = np.bincount(bins, weights=scores, minlength=CALIBRATION_BINS)
    true_sums = np.bincount(bins, weights=truth, minlength=CALIBRATION_BINS)
    return float(np.abs(score_sums - true_sums).sum() / len(scores))
