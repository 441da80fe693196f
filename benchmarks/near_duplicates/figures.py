"""Recall and precision of what was found, against all pairs that there are."""

from dataclasses import dataclass

import numpy as np

from benchmarks.near_duplicates.exhaustive import SimilarPairs
from benchmarks.near_duplicates.found import Found
from filters.minhash.bands import band_hashes
from filters.minhash.curve import expected_recall
from filters.minhash.jaccard import jaccard_of_pairs
from filters.minhash.permutations import permutations
from filters.minhash.shingles import Shingles
from filters.minhash.signature import signatures

STEP = 0.05
"""Width of a row of the table by similarity."""


@dataclass(frozen=True)
class Recall:
    """Of pairs of about one similarity: the parts that share a band, and that end in one cluster.

    ``expected`` is what the S-curve says of these very similarities, ``mean`` and ``deviation`` what other choices of
    hash functions gave: pairs of one cluster are found or missed together, so a single choice may be far off.
    """

    label: str
    pairs: int
    in_band: float
    mean: float
    deviation: float
    expected: float
    in_cluster: float


@dataclass(frozen=True)
class Judgement:
    """How well a program did. Shares, 1 where there is nothing to judge.

    ``recall``: of similar pairs those in one cluster; ``recall_of_unequal``: of those whose sets of shingles differ.
    ``precision``: of the pairs that it joined those that are similar. ``justified``: of the documents that it dropped
    those with a similar one; ``covered``: those with a similar one that it kept.
    """

    recall: float
    recall_of_unequal: float
    precision: float
    justified: float
    covered: float


def recall_by_similarity(
    truth: SimilarPairs, bands: np.ndarray, others: list[np.ndarray], found: Found, *, rows: int, least: float
) -> list[Recall]:
    """A row for each step of similarity from ``least``, for equal sets, and for all.

    ``bands`` (uint64[documents, bands]) are those of the run, ``others`` those of other hash functions.
    """
    chosen = {
        f"{low:.2f} to {high:.2f}": (truth.jaccard >= low) & (truth.jaccard < high) for low, high in _steps(least)
    }
    equal = truth.jaccard == 1
    chosen |= {"equal sets": equal, "all but equal sets": ~equal, "all": np.ones(len(truth), bool)}
    in_band, in_cluster = share_band(truth, bands), same_cluster(truth, found)
    in_others = [share_band(truth, other) for other in others]
    result = []
    for label, pairs in chosen.items():
        shares = [share(in_other[pairs]) for in_other in in_others]
        expected = expected_recall(truth.jaccard[pairs], bands.shape[1], rows)
        spread = float(np.mean(shares)), float(np.std(shares))
        result.append(
            Recall(label, int(pairs.sum()), share(in_band[pairs]), *spread, expected, share(in_cluster[pairs]))
        )
    return result


def _steps(least: float) -> list[tuple[float, float]]:
    hundredths = range(round(100 * least), 100, round(100 * STEP))
    return [(low / 100, min(1, low / 100 + STEP)) for low in hundredths]


def bands_of_pairs(sets: Shingles, pairs: SimilarPairs, bands: int, rows: int, seed: int) -> np.ndarray:
    """uint64[documents, bands] by the hash functions of a seed; of documents in no pair 0."""
    members = np.unique(np.concatenate([pairs.left, pairs.right]))
    starts, sizes = sets.offsets[members], sets.per_document[members]
    offsets = np.concatenate(([0], np.cumsum(sizes)))
    hashes = sets.hashes[np.repeat(starts - offsets[:-1], sizes) + np.arange(offsets[-1])]
    found = signatures(hashes, offsets, permutations(bands * rows, seed))
    result = np.zeros((len(sets.offsets) - 1, bands), np.uint64)
    result[members] = band_hashes(found, np.zeros(len(members), np.uint64), bands, rows)
    return result


def judge(truth: SimilarPairs, sets: Shingles, found: Found, min_jaccard: float) -> Judgement:
    """Compare what was found with the truth."""
    together = same_cluster(truth, found)
    joined = jaccard_of_pairs(sets, found.pairs[:, 0], found.pairs[:, 1])
    similar, kept_similar = np.zeros(len(found.dropped), bool), np.zeros(len(found.dropped), bool)
    for here, there in ((truth.left, truth.right), (truth.right, truth.left)):
        similar[here] = True
        kept_similar[here[~found.dropped[there]]] = True
    return Judgement(
        recall=share(together),
        recall_of_unequal=share(together[truth.jaccard < 1]),
        precision=share(joined >= min_jaccard),
        justified=share(similar[found.dropped]),
        covered=share(kept_similar[found.dropped]),
    )


def share_band(pairs: SimilarPairs, bands: np.ndarray) -> np.ndarray:
    """bool[pairs]: the two agree in a band."""
    found = np.zeros(len(pairs), bool)
    for band in bands.T:
        found |= band[pairs.left] == band[pairs.right]
    return found


def same_cluster(pairs: SimilarPairs, found: Found) -> np.ndarray:
    """bool[pairs]: the two are in one cluster."""
    return found.cluster[pairs.left] == found.cluster[pairs.right]


def share(chosen: np.ndarray) -> float:
    """The part that is true; 1 of nothing."""
    return float(chosen.mean()) if len(chosen) else 1.0
