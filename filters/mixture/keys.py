"""A document's place on the ring of its stratum, and its place in the reading order of a stage."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import xxhash
from numba import uint64

from filters.kernel import kernel
from filters.lexing.concatenation import text_hashes
from filters.lexing.utf8 import utf8
from filters.minhash.mixing import join, mix

Keys = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

KEY_BITS = 63
"""Keys are below 2^63, so that the distance of two is too, with a bit to spare."""


def document_keys(doc_ids: pa.Array, seed: int) -> Keys:
    """uint64: a place from 0 to 2^63 for each ``doc_id`` (text), in an order that only it and the seed decide."""
    hashes, _ = text_hashes(*utf8(doc_ids.cast(pa.large_string())))
    return _mixed(hashes, np.uint64(xxhash.xxh3_64_intdigest(b"document", seed)), np.zeros(len(hashes), np.int64))


def order_keys(keys: Keys, copy: Integers, stage: str, seed: int) -> Keys:
    """uint64 below 2^63: a chance for each reading of a document, its ``copy``-th (from 0) in a stage."""
    return _mixed(keys, np.uint64(xxhash.xxh3_64_intdigest(stage.encode(), seed)), copy)


def as_fractions(keys: Keys) -> Numbers:
    """float64 from 0 to below 1: how far along the ring keys are."""
    return (keys >> np.uint64(KEY_BITS - 53)).astype(np.float64) / (1 << 53)


@kernel
def _mixed(hashes: Keys, salt: np.uint64, copy: Integers) -> Keys:
    found = np.empty(len(hashes), np.uint64)
    for row in range(len(hashes)):
        found[row] = mix(join(join(salt, hashes[row]), mix(uint64(copy[row]) + uint64(1)))) >> uint64(1)
    return found
