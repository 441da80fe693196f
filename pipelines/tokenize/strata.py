"""How much of each stratum a sample takes, and which documents that are."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xxhash

from filters.mixture.shares import by_temperature, share_out

BINS = 1 << 14
"""Steps of the hash in which bytes are counted: a sample is full to one of them, or to one document."""
_SHIFT = np.uint64(64 - BINS.bit_length() + 1)

Hashes = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]


def hashes(doc_ids: Sequence[str], seed: int) -> Hashes:
    """uint64: a place for each document in an order that only its identity and the seed decide."""
    return np.fromiter((xxhash.xxh3_64_intdigest(each.encode(), seed) for each in doc_ids), np.uint64, len(doc_ids))


def bins(found: Hashes) -> Integers:
    """The step of each hash, from 0 to ``BINS``."""
    return (found >> _SHIFT).astype(np.int64)


def allocate(sizes: npt.NDArray[np.int64], budget: int, temperature: float) -> npt.NDArray[np.float64]:
    """Bytes to take of each stratum of ``sizes``: in proportion to ``sizes ** (1 / temperature)``.

    A stratum gives no more than it has; what is left of its share goes to the others in the same proportion.
    """
    bytes_of = sizes.astype(np.float64)
    return share_out(by_temperature(bytes_of, temperature), bytes_of, budget)


def cutoffs(by_bin: npt.NDArray[np.int64], wanted: npt.NDArray[np.float64]) -> Integers:
    """For each stratum (a row of ``by_bin``, bytes by step) the first step that no longer fits what is ``wanted``.

    Rounding is no reason to leave out the last document of a stratum that is wanted whole.
    """
    fits = np.cumsum(by_bin, axis=1) <= np.floor(wanted + 0.5)[:, None]
    return fits.sum(axis=1).astype(np.int64)
