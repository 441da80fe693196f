"""The true Jaccard similarity of two documents: the shingles that both have, of those that either has."""

from itertools import pairwise

import numpy as np

from filters.kernel import kernel
from filters.minhash.shingles import Shingles

FALSE = -1.0
"""What `jaccard_if` says of a pair that is below the threshold."""

STRIDE = 32
"""Steps of a merge between two looks at whether the threshold can still be reached."""


def shingle_sets(shingles: Shingles) -> Shingles:
    """The same shingles as sets: sorted within each document, each once."""
    hashes = shingles.hashes.copy()
    for start, end in pairwise(shingles.offsets.tolist()):
        hashes[start:end].sort()  # NumPy's own, since it sorts by vector instructions and Numba's does not
    return Shingles(*_unique(hashes, shingles.offsets))


def jaccard_of_pairs(sets: Shingles, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """float64[pairs]: the similarity of documents ``left[i]`` and ``right[i]`` (int64[pairs]) of sorted sets.

    0 where neither has a shingle: nothing is shared.
    """
    return _of_pairs(sets.hashes, sets.offsets, left, right)


@kernel
def jaccard_if(left: np.ndarray, right: np.ndarray, threshold: float) -> float:
    """The similarity of two sorted sets (uint64) if it is at least ``threshold``, else `FALSE`, often sooner."""
    total = len(left) + len(right)
    i = j = common = 0
    while i < len(left) and j < len(right):
        possible = common + min(len(left) - i, len(right) - j)
        if possible / (total - possible) < threshold:
            return FALSE
        for _ in range(STRIDE):
            if i == len(left) or j == len(right):
                break
            a, b = left[i], right[j]
            common += int(a == b)
            i += int(a <= b)
            j += int(b <= a)
    similarity = common / (total - common) if total else 0.0
    return similarity if similarity >= threshold else FALSE


@kernel
def _of_pairs(hashes: np.ndarray, offsets: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    result = np.empty(len(left), np.float64)
    for pair in range(len(left)):
        a, b = left[pair], right[pair]
        result[pair] = jaccard_if(hashes[offsets[a] : offsets[a + 1]], hashes[offsets[b] : offsets[b + 1]], 0.0)
    return result


@kernel
def _unique(hashes: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    result = np.empty(len(hashes), np.uint64)
    result_offsets = np.zeros(len(offsets), np.int64)
    found = 0
    for document in range(len(offsets) - 1):
        start, end = offsets[document], offsets[document + 1]
        for position in range(start, end):
            result[found] = hashes[position]
            found += int(position + 1 == end or hashes[position + 1] != hashes[position])
        result_offsets[document + 1] = found
    return result[:found].copy(), result_offsets
