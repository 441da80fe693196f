"""MinHash signatures: of each document the least hash of its shingles under every permutation (Broder 1997)."""

import numpy as np
from numba import uint32

from filters.kernel import inlined, kernel
from filters.minhash.permutations import Permutations

EMPTY = 0xFFFFFFFF
"""Every value of the signature of a document without shingles, as in datasketch."""

LANES = 32
"""Shingles that are hashed side by side: four vector registers of AVX2, which hide the latency of a multiplication."""


def signatures(hashes: np.ndarray, offsets: np.ndarray, by: Permutations) -> np.ndarray:
    """uint32[documents, permutations]: the signature of every document.

    ``hashes`` is uint64[shingles], of which the lower 32 bits count, repeated or not; the shingles of document d are
    ``hashes[offsets[d]:offsets[d + 1]]`` (int64[documents + 1]). Equal to ``datasketch.MinHash(scheme="affine32")``
    with a ``hashfunc`` that gives these 32 bits: they are mixed by MurmurHash3's finaliser, then permuted.
    """
    return _signatures(hashes, offsets, by.multipliers, by.increments)


@kernel
def _signatures(hashes: np.ndarray, offsets: np.ndarray, multipliers: np.ndarray, increments: np.ndarray) -> np.ndarray:
    documents, count = len(offsets) - 1, len(multipliers)
    result = np.full((documents, count), EMPTY, np.uint32)
    mixed = np.empty(_padded(_longest(offsets)), np.uint32)
    for document in range(documents):
        start, shingles = offsets[document], offsets[document + 1] - offsets[document]
        if shingles == 0:
            continue
        for i in range(shingles):
            mixed[i] = mix(uint32(hashes[start + i] & np.uint64(0xFFFFFFFF)))
        # The last shingle repeated changes no minimum and leaves no remainder to go through one by one.
        padded = _padded(shingles)
        mixed[shingles:padded] = mixed[shingles - 1]
        for k in range(count):
            result[document, k] = _least(mixed[:padded], multipliers[k], increments[k])
    return result


@inlined
def mix(value: np.uint32) -> np.uint32:
    """MurmurHash3's finaliser for 32 bits (https://github.com/aappleby/smhasher), a permutation."""
    value = uint32((value ^ (value >> uint32(16))) * uint32(0x85EBCA6B))
    value = uint32((value ^ (value >> uint32(13))) * uint32(0xC2B2AE35))
    return uint32(value ^ (value >> uint32(16)))


@kernel
def _least(values: np.ndarray, multiplier: np.uint32, increment: np.uint32) -> np.uint32:
    """The least ``multiplier * value + increment`` modulo 2^32."""
    least = uint32(0xFFFFFFFF)
    for i in range(len(values)):
        least = min(least, uint32(multiplier * values[i] + increment))
    return least


@inlined
def _padded(shingles: int) -> int:
    return (shingles + LANES - 1) // LANES * LANES


@kernel
def _longest(offsets: np.ndarray) -> int:
    longest = 0
    for document in range(len(offsets) - 1):
        longest = max(longest, offsets[document + 1] - offsets[document])
    return longest
