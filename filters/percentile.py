"""The percentile of a corpus' scores from counts that add up, whatever the shards and their order."""

from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Self

import numpy as np
import pyarrow as pa

STEPS = 2**15
"""Bins between a power of two and the next, of the distance to 0 (scores below 0.5) or to 1 (the others)."""


@dataclass(frozen=True)
class ScoreHistogram:
    """How many scores lie in each of the fixed bins of [0, 1] that have any.

    ``edges`` (float64, rising) are lower ends of bins and ``counts`` (int64) their scores. The bins get finer towards
    0 and 1, where the scores of a confident classifier crowd: at most 1/65,536 wide everywhere, and under 1/16,384 of
    the distance to the nearer end. Bins are fixed and counts exact, so a threshold does not depend on how the corpus
    is cut into shards; it is an edge, so ``score >= threshold`` keeps whole bins and the kept share is exact. Memory:
    16 bytes for each bin that has a score, 13 MB if a corpus filled all down to 2^-25.
    """

    edges: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float64))
    counts: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))

    @classmethod
    def of(cls, scores: pa.Array) -> Self:
        """The histogram of scores (float32 or float64); nulls do not count.

        Raises ``ValueError`` where a score is NaN or not between 0 and 1: a percentile needs a probability.
        """
        values = scores.drop_null().to_numpy(zero_copy_only=False).astype(np.float64)
        if not np.all((values >= 0) & (values <= 1)):
            raise ValueError("a percentile needs scores between 0 and 1, such as a classifier's")
        edges, counts = np.unique(_lower_edges(values), return_counts=True)
        return cls(edges, counts.astype(np.int64))

    def merge(self, other: Self) -> Self:
        """The histogram of both corpora."""
        edges, place = np.unique(np.concatenate([self.edges, other.edges]), return_inverse=True)
        counts = np.zeros(len(edges), np.int64)
        np.add.at(counts, place, np.concatenate([self.counts, other.counts]))
        return type(self)(edges, counts)

    @property
    def total(self) -> int:
        """How many scores there are."""
        return int(self.counts.sum())

    def percentile(self, percentile: float) -> float:
        """The threshold at a percentile (0 to 100): the highest edge that keeps enough of the corpus.

        Ties: scores of one bin are kept or dropped together, and the bin that the percentile falls in is kept. So at
        least ``100 - percentile`` % of the scores are at or above the threshold, and at most that bin's more. The
        100th keeps the best bin, and a percentile of no scores is 0, which keeps everything.
        """
        if not 0 <= percentile <= 100:
            raise ValueError(f"a percentile is between 0 and 100, not {percentile}")
        if not len(self.edges):
            return 0.0
        # As a fraction: 100 - 99.9 is not 0.1 in binary, and one document more or less would follow.
        wanted = max(1, ceil((100 - Fraction(str(percentile))) * self.total / 100))
        kept_from = np.cumsum(self.counts[::-1])[::-1]
        return float(self.edges[np.flatnonzero(kept_from >= wanted)[-1]])

    def to_bytes(self) -> bytes:
        """The edges (little-endian float64), then the counts (int64)."""
        return self.edges.astype("<f8").tobytes() + self.counts.astype("<i8").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The histogram that ``to_bytes`` wrote."""
        bins = len(data) // 16
        edges = np.frombuffer(data, "<f8", bins).astype(np.float64)
        return cls(edges, np.frombuffer(data, "<i8", bins, bins * 8).astype(np.int64))


def _lower_edges(values: np.ndarray) -> np.ndarray:
    """The lower end of each value's bin. Steps are powers of two, so every operation is exact on every machine."""
    near_one = values >= 0.5
    mantissa, exponent = np.frexp(np.where(near_one, 1 - values, values))
    steps = mantissa * STEPS
    # Towards 0 in value: below 0.5 that is a shorter distance to 0, else a longer one to 1.
    distance = np.ldexp(np.where(near_one, np.ceil(steps), np.floor(steps)) / STEPS, exponent)
    return np.where(near_one, 1 - distance, distance)
