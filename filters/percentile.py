"""The percentile of a corpus' scores from counts that add up, whatever the shards and their order."""

from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Self

import numpy as np
import pyarrow as pa

BINS = 65_536
"""Bins of a score's range [0, 1]: about as fine as fastText's own probabilities, which carry 1e-5 of smoothing."""


@dataclass(frozen=True)
class ScoreHistogram:
    """How many scores lie in each of 65,536 equal bins of [0, 1]; 1 is in the last.

    ``counts`` is int64, shape (65536,). The counts are exact and adding them is associative and commutative, so a
    threshold does not depend on how the corpus is cut into shards. It differs by less than 1/65,536 from the exact
    percentile, and the share that it keeps is exact: ``score >= threshold`` holds for whole bins.
    """

    counts: np.ndarray = field(default_factory=lambda: np.zeros(BINS, np.int64))

    @classmethod
    def of(cls, scores: pa.Array) -> Self:
        """The histogram of scores (float32 or float64); nulls do not count.

        Raises ``ValueError`` where a score is NaN or not between 0 and 1: a percentile needs a probability.
        """
        values = scores.drop_null().to_numpy(zero_copy_only=False).astype(np.float64)
        if not np.all((values >= 0) & (values <= 1)):
            raise ValueError("a percentile needs scores between 0 and 1, such as a classifier's")
        bins = np.minimum((values * BINS).astype(np.int64), BINS - 1)
        return cls(np.bincount(bins, minlength=BINS).astype(np.int64))

    def merge(self, other: Self) -> Self:
        """The histogram of both corpora."""
        return type(self)(self.counts + other.counts)

    @property
    def total(self) -> int:
        """How many scores there are."""
        return int(self.counts.sum())

    def percentile(self, percentile: float) -> float:
        """The threshold at a percentile (0 to 100): the highest bin edge that keeps enough of the corpus.

        Ties: scores of one bin are kept or dropped together, and the bin that the percentile falls in is kept. So at
        least ``100 - percentile`` % of the scores are at or above the threshold, and at most that bin's more. The
        100th keeps the best bin, and a percentile of no scores is 0, which keeps everything.
        """
        if not 0 <= percentile <= 100:
            raise ValueError(f"a percentile is between 0 and 100, not {percentile}")
        # As a fraction: 100 - 99.9 is not 0.1 in binary, and one document more or less would follow.
        wanted = max(1, ceil((100 - Fraction(str(percentile))) * self.total / 100))
        kept_from = np.cumsum(self.counts[::-1])[::-1]
        enough = np.flatnonzero(kept_from >= wanted)
        return float(enough[-1]) / BINS if len(enough) else 0.0

    def to_bytes(self) -> bytes:
        """The bins that are not empty with their counts, as pairs of little-endian int64: 16 bytes a bin."""
        occupied = np.flatnonzero(self.counts)
        return np.stack([occupied, self.counts[occupied]], axis=1).astype("<i8").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The histogram that ``to_bytes`` wrote."""
        pairs = np.frombuffer(data, "<i8").reshape(-1, 2)
        counts = np.zeros(BINS, np.int64)
        counts[pairs[:, 0]] = pairs[:, 1]
        return cls(counts)
