"""Locality-sensitive hashing: documents that agree in all rows of a band of their signatures meet in its hash."""

import numpy as np
from numba import uint64

from filters.kernel import kernel
from filters.minhash.mixing import join, mix


def band_hashes(signatures: np.ndarray, scope: np.ndarray, bands: int, rows: int) -> np.ndarray:
    """uint64[documents, bands]: equal for equal rows of one band and one scope, all else apart.

    ``signatures`` is uint32[documents, at least bands * rows]: band i is its columns ``i * rows`` to
    ``(i + 1) * rows - 1``, as in datasketch. ``scope`` is uint64[documents]: only documents of one scope meet.
    Documents without shingles are all alike: leave them out. Raises ValueError if the signatures are too short.
    """
    if signatures.shape[1] < bands * rows:
        raise ValueError(f"{bands} bands of {rows} rows need {bands * rows} permutations, not {signatures.shape[1]}")
    return _band_hashes(signatures, scope, bands, rows)


@kernel
def _band_hashes(signatures: np.ndarray, scope: np.ndarray, bands: int, rows: int) -> np.ndarray:
    documents = len(signatures)
    result = np.empty((documents, bands), np.uint64)
    for document in range(documents):
        for band in range(bands):
            key = mix(scope[document] + uint64(1)) ^ mix(~uint64(band))
            for row in range(band * rows, (band + 1) * rows):
                key = join(key, uint64(signatures[document, row]))
            result[document, band] = mix(key)
    return result
